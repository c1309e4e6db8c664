//! Letters of a campaign on their way to a server that takes them, refuses them, falls silent; and a program that is killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc;

use headwater_prevention::exchange::body::{BodyEntry, BodyKind, Channel, Language};
use headwater_prevention::exchange::campaign::{AskItem, Brief, DutyApplies, ItemKind, MergedLetter, PublishPolicy, Stage};
use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::clock::PRESETS;
use headwater_prevention::exchange::decide::campaigns::{self, NewRecipient, letters_to_send};
use headwater_prevention::exchange::decide::duties::NewRecommendation;
use headwater_prevention::exchange::decide::{Allowed, Order, bodies, duties, duty_reminders, handovers};
use headwater_prevention::exchange::handover::HandoverStage;
use headwater_prevention::exchange::id::{BlobHash, BodyId, CampaignId, ContactId, MessageKey, PersonId, RecipientId, RecommendationId};
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::state::State;
use jiff::Timestamp;

use super::super::address::Address;
use super::super::compose::message_id_of;
use super::super::desk::LogDesk;
use super::super::outbox::{Desk, Errand, Fate, Outbox};
use super::super::send::{Answer, Postbox, Smtp};
use super::super::settings::{Mail, Security, Server};
use super::{mailbox, merged};
use crate::config::{self, Settings};
use crate::intake::Occasion;
use crate::people::{self, Person};
use crate::problem::Problem;
use crate::store::Workspace;

pub const CAMPAIGN: CampaignId = CampaignId(0);

/// An office with a campaign of approved letters to these addresses.
pub fn office(root: &Path, addresses: &[&str]) -> Workspace {
    let settings = Settings::new(config::register::find("sussex").unwrap().area(), "sussex-vrp");
    let ws = Workspace::create(root, &settings, &[], "owner", Timestamp::now()).unwrap();
    let desk = LogDesk::new(&ws).unwrap();
    let act = |by: &str, decide: &dyn Fn(&State, &Order) -> Allowed| desk.act(&order(by), decide).unwrap();
    let title = |text: &str| text.parse().unwrap();
    let mut recipients = Vec::new();
    for (number, address) in addresses.iter().enumerate() {
        let entry = BodyEntry {
            name: title(&format!("Area {number}")),
            kind: BodyKind::LocalPolicingBody,
            area: None,
            register: None,
            aliases: vec![],
            domains: vec![],
            languages: vec![Language::En],
            duties: vec![],
        };
        act("lead", &|state, order| bodies::enter(state, order, entry.clone()));
        let body = BodyId(number as u32);
        let person = Person { name: format!("Invented Person {number}"), email: Some((*address).to_owned()), ..Person::default() };
        let id: PersonId = people::add(&ws, &person, Occasion { actor: "lead", at: Timestamp::now() }).unwrap().parse().unwrap();
        act("lead", &|state, order| bodies::enter_contact(state, order, body, id, title("Chief executive"), Channel::Email, Language::En));
        recipients.push(NewRecipient {
            body,
            contact: Some(ContactId(number as u32)),
            duty_applies: DutyApplies::NotConfirmed,
            reply_token: format!("token-{number:03}").parse().unwrap(),
        });
    }
    let brief = Brief {
        title: title("An invented request"),
        purpose: "To learn".parse().unwrap(),
        legal_basis: "None, it is invented".parse().unwrap(),
        plan_priority: title("Prevention"),
        clock: PRESETS[4].clock,
        languages: vec![Language::En],
        publish_policy: PublishPolicy::AsPermitted,
    };
    let item = AskItem { title: title("An answer"), kind: ItemKind::Answer, required: true, definition: "Any".parse().unwrap(), format: None };
    act("lead", &|state, order| campaigns::draft(state, order, brief.clone(), None));
    act("lead", &|state, order| campaigns::set_item(state, order, CAMPAIGN, None, item.clone()));
    act("lead", &|state, order| campaigns::add_recipients(state, order, CAMPAIGN, recipients.clone()));
    act("lead", &|state, order| campaigns::write_letter(state, order, CAMPAIGN, Language::En, BlobHash::of(b"template")));
    let mut letters = Vec::new();
    for number in 0..addresses.len() {
        let letter = merged(&format!("Request {number}"));
        let kept = ws.blobs().put(&mut serde_json::to_vec(&letter).unwrap().as_slice()).unwrap();
        assert_eq!(kept.sha256, letter.hash().to_string());
        letters.push((
            RecipientId(number as u32),
            Language::En,
            MergedLetter { letter: letter.hash(), values: BlobHash::of(b"values"), n_missing: 0 },
        ));
    }
    act("lead", &|state, order| campaigns::merge_letters(state, order, CAMPAIGN, letters.clone()));
    act("lead", &|state, order| campaigns::submit(state, order, CAMPAIGN));
    act("second", &|state, order| campaigns::approve(state, order, CAMPAIGN, state.seal_of_letters(CAMPAIGN)));
    act("lead", &|state, order| campaigns::begin_sending(state, order, CAMPAIGN, 0));
    ws
}

fn order(by: &str) -> Order {
    Order { by: by.parse().unwrap(), at: Moment::from_microseconds(Timestamp::now().as_microsecond()), seen: u64::MAX }
}

pub fn mail(smtp: Option<Server>) -> Mail {
    Mail { smtp, ..Mail::without_servers(mailbox("An invented office", "office@vru.example")) }
}

fn state(ws: &Workspace) -> State {
    LogDesk::new(ws).unwrap().state().unwrap()
}

/// Sends what may go; gives what became of each.
pub fn send(ws: &Workspace, mail: &Mail, server: &mut dyn Postbox) -> Result<Vec<Fate>, Problem> {
    let people: BTreeMap<String, Person> = people::all(ws)?.into_iter().collect();
    let desk = LogDesk::new(ws)?;
    let outbox = Outbox { ws, mail, people: &people, desk: &desk, by: "lead".parse().unwrap() };
    let mut fates = Vec::new();
    outbox.send(CAMPAIGN, server, &mut |_, fate| {
        fates.push(fate.clone());
        ControlFlow::Continue(())
    })?;
    Ok(fates)
}

fn again(ws: &Workspace, key: MessageKey, server: &mut dyn Postbox) -> Result<Answer, Problem> {
    let people: BTreeMap<String, Person> = people::all(ws)?.into_iter().collect();
    let desk = LogDesk::new(ws)?;
    Outbox { ws, mail: &mail(None), people: &people, desk: &desk, by: "lead".parse().unwrap() }.send_again(key, u64::MAX, server)
}

/// A server that answers as it is told, and keeps what it was given.
struct Told {
    answers: Vec<Answer>,
    given: Vec<(String, Vec<u8>)>,
}

impl Told {
    fn to_say(answers: &[Answer]) -> Self {
        Self { answers: answers.iter().rev().cloned().collect(), given: Vec::new() }
    }
}

impl Postbox for Told {
    fn hand_over(&mut self, from: &Address, to: &Address, message: &[u8]) -> Answer {
        assert_eq!(from.as_str(), "office@vru.example");
        self.given.push((to.to_string(), message.to_vec()));
        self.answers.pop().unwrap_or(Answer::Accepted)
    }
}

fn refused(for_good: bool, code: u16) -> Answer {
    Answer::Refused { for_good, of_address: for_good, code: Some(code), words: "no".to_owned() }
}

fn no_answer() -> Answer {
    Answer::Silence { words: "hung up".to_owned() }
}

#[test]
fn every_letter_goes_once_to_its_own_body_and_the_campaign_opens() {
    let folder = tempfile::tempdir().unwrap();
    let ws = office(&folder.path().join("ws"), &["a@area.example", "b@area.example"]);
    let mut server = Told::to_say(&[]);
    assert_eq!(send(&ws, &mail(None), &mut server).unwrap(), [Fate::Answered(Answer::Accepted), Fate::Answered(Answer::Accepted)]);
    for (number, (to, bytes)) in server.given.iter().enumerate() {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(to, ["a@area.example", "b@area.example"][number]);
        assert!(
            text.contains(&format!("Reply-To: <office+token-{number:03}@vru.example>")) && text.contains(&format!("Subject: Request {number}\r\n"))
        );
        assert!(!text.contains(["b@area.example", "a@area.example"][number]) && !text.contains(&format!("token-{:03}", 1 - number)));
        let state = state(&ws);
        let sent = state.communication(state.by_message(message_id_of(bytes).unwrap().key()).unwrap()).unwrap();
        assert_eq!(sent.content, Some(BlobHash::of(bytes)), "what was sent is kept byte for byte");
    }
    assert_eq!(state(&ws).campaign(CAMPAIGN).unwrap().stage, Stage::Open);
    assert!(send(&ws, &mail(None), &mut server).unwrap().is_empty(), "nothing goes twice");
    let log: String = ws.log().events().unwrap().iter().map(|event| event.body.to_string()).collect();
    assert!(!log.contains("area.example") && !log.contains("Invented Person"), "the log names nobody");
}

#[test]
fn what_is_refused_for_now_goes_again_as_the_same_message_and_a_silence_ends_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let ws = office(&folder.path().join("ws"), &["a@area.example", "b@area.example", "c@area.example"]);
    let mut first = Told::to_say(&[refused(false, 451), no_answer()]);
    let fates = send(&ws, &mail(None), &mut first).unwrap();
    assert_eq!(fates, [Fate::Answered(refused(false, 451)), Fate::Answered(no_answer())], "the third is not tried on a dead line");
    let mut second = Told::to_say(&[]);
    assert_eq!(send(&ws, &mail(None), &mut second).unwrap().len(), 2);
    assert_eq!(second.given[0], first.given[0], "the same bytes, with the same Message-ID");
    assert_eq!(second.given[1].0, "c@area.example", "the one in doubt is left alone");

    let key = message_id_of(&first.given[1].1).unwrap().key();
    let mut third = Told::to_say(&[]);
    assert_eq!(again(&ws, key, &mut third).unwrap(), Answer::Accepted);
    assert_eq!(third.given[0], first.given[1]);
    assert!(again(&ws, key, &mut third).is_err() && third.given.len() == 1, "what is settled does not go again");
    assert_eq!(state(&ws).campaign(CAMPAIGN).unwrap().stage, Stage::Open);
}

#[test]
fn a_letter_refused_for_good_goes_to_another_contact_as_another_message() {
    let folder = tempfile::tempdir().unwrap();
    let ws = office(&folder.path().join("ws"), &["a@area.example"]);
    let mut first = Told::to_say(&[refused(true, 550)]);
    send(&ws, &mail(None), &mut first).unwrap();
    let person = Person { name: "Invented Successor".to_owned(), email: Some("new@area.example".to_owned()), ..Person::default() };
    let id: PersonId = people::add(&ws, &person, Occasion { actor: "lead", at: Timestamp::now() }).unwrap().parse().unwrap();
    let desk = LogDesk::new(&ws).unwrap();
    desk.act(&order("lead"), &|state, order| {
        bodies::enter_contact(state, order, BodyId(0), id, "Chief executive".parse().unwrap(), Channel::Email, Language::En)
    })
    .unwrap();
    desk.act(&order("lead"), &|state, order| bodies::replace_contact(state, order, ContactId(0), ContactId(1), "It came back".parse().unwrap()))
        .unwrap();
    let mut second = Told::to_say(&[]);
    let fates = send(&ws, &mail(None), &mut second).unwrap();
    assert_eq!(fates, [Fate::Answered(Answer::Accepted)]);
    assert_eq!(second.given[0].0, "new@area.example");
    assert_ne!(message_id_of(&second.given[0].1), message_id_of(&first.given[0].1));
}

#[test]
fn a_contact_without_an_address_is_told_and_holds_nobody_else_up() {
    let folder = tempfile::tempdir().unwrap();
    let ws = office(&folder.path().join("ws"), &["a@area.example", "b@area.example"]);
    let first = people::all(&ws).unwrap().into_iter().find(|(_, person)| person.name.ends_with('0')).unwrap().0;
    people::erase(&ws, &first, Occasion { actor: "lead", at: Timestamp::now() }).unwrap();
    let mut server = Told::to_say(&[]);
    let fates = send(&ws, &mail(None), &mut server).unwrap();
    assert!(matches!(&fates[0], Fate::NotBegun(why) if why.contains("Area 0") && why.contains("erased")), "{fates:?}");
    assert_eq!(fates[1], Fate::Answered(Answer::Accepted));
}

/// A server that falls silent at a word and tells of it; what it was given until then is in the answer.
fn silent_at(word: &'static str) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut answer = stream.try_clone().unwrap();
        let mut heard = String::new();
        answer.write_all(b"220 silent.example\r\n").unwrap();
        let mut in_message = false;
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap_or_default();
            heard.push_str(&line);
            heard.push_str("\r\n");
            // The end of a message is a dot alone; a line of it may begin with one.
            if line == word || word != "." && line.starts_with(word) {
                tell.send(heard.clone()).unwrap();
                // Whoever waits for an answer now waits in vain.
                std::thread::park();
            }
            if in_message {
                continue;
            }
            in_message = line == "DATA";
            answer.write_all(if in_message { b"354 go on\r\n" } else { b"250 OK\r\n" }).unwrap();
        }
    });
    (port, told)
}

fn plain_server(port: u16) -> Server {
    Server { host: "127.0.0.1".to_owned(), port, security: Security::Plain, user: None, password_file: None }
}

#[test]
fn killed_at_any_moment_of_a_handover_the_letter_is_in_doubt_and_whole() {
    const PLACE: &str = "HEADWATER_TEST_TO_BE_KILLED";
    if let Ok(place) = std::env::var(PLACE) {
        // This is the process that is killed.
        let (port, root) = place.split_once(' ').unwrap();
        let server = plain_server(port.parse().unwrap());
        let ws = Workspace::open(Path::new(root)).unwrap();
        let mut connection = Smtp::connect(&server, None).unwrap();
        send(&ws, &mail(None), &mut connection).unwrap();
        panic!("the server answers nothing, so this is never reached");
    }
    for word in ["MAIL", "DATA", "."] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("ws");
        drop(office(&root, &["a@area.example", "b@area.example"]));
        let (port, told) = silent_at(word);
        let name = "mail::tests::handed_over::killed_at_any_moment_of_a_handover_the_letter_is_in_doubt_and_whole";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env(PLACE, format!("{port} {}", root.display()))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let heard = told.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();

        let ws = Workspace::open(&root).unwrap();
        assert!(ws.log().verify(None).unwrap().is_ok());
        let known = state(&ws);
        let in_doubt: Vec<_> = known.handovers().filter(|(_, it)| it.stage == HandoverStage::Unanswered).collect();
        assert_eq!(in_doubt.len(), 1, "{word}: one letter at most is in doubt");
        let (key, handover) = in_doubt[0];
        assert_eq!(letters_to_send(&known, CAMPAIGN, order("lead").at), [RecipientId(1)], "{word}: it does not go by itself");
        let mut server = Told::to_say(&[]);
        assert_eq!(again(&ws, key, &mut server).unwrap(), Answer::Accepted);
        assert_eq!(BlobHash::of(&server.given[0].1), handover.content);
        if word == "." {
            let given = String::from_utf8(server.given[0].1.clone()).unwrap();
            // A line that begins with a dot goes with two (RFC 5321, 4.5.2).
            let heard = heard.replace("\n..", "\n.");
            assert!(heard.contains(given.trim_end()), "the server has the same message under the same Message-ID");
        }
    }
}

#[test]
fn a_server_that_hangs_up_after_the_message_leaves_doubt_and_before_it_none() {
    for (word, is_doubtful) in [("DATA", false), (".", true)] {
        let folder = tempfile::tempdir().unwrap();
        let ws = office(&folder.path().join("ws"), &["a@area.example"]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = plain_server(listener.local_addr().unwrap().port());
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut answer = stream.try_clone().unwrap();
            answer.write_all(b"220 hasty.example\r\n").unwrap();
            let mut in_message = false;
            for line in BufReader::new(stream).lines() {
                let line = line.unwrap_or_default();
                if line == word {
                    return;
                }
                if !in_message {
                    in_message = line == "DATA";
                    answer.write_all(if in_message { b"354 go on\r\n" } else { b"250 OK\r\n" }).unwrap();
                }
            }
        });
        let mut connection = Smtp::connect(&server, None).unwrap();
        let fates = send(&ws, &mail(None), &mut connection).unwrap();
        let doubtful = matches!(fates[0], Fate::Answered(Answer::Silence { .. }));
        assert_eq!(doubtful, is_doubtful, "{word}: {fates:?}");
        assert_eq!(state(&ws).unanswered_letter(RecipientId(0)).is_some(), is_doubtful);
    }
}

#[test]
fn a_person_settles_what_is_in_doubt() {
    let folder = tempfile::tempdir().unwrap();
    let ws = office(&folder.path().join("ws"), &["a@area.example"]);
    let mut server = Told::to_say(&[no_answer()]);
    send(&ws, &mail(None), &mut server).unwrap();
    let key = message_id_of(&server.given[0].1).unwrap().key();
    let desk = LogDesk::new(&ws).unwrap();
    desk.act(&order("lead"), &|state, order| handovers::give_up(state, order, key, "Not among what was sent".parse().unwrap())).unwrap();
    assert_eq!(send(&ws, &mail(None), &mut server).unwrap(), [Fate::Answered(Answer::Accepted)]);
    assert_ne!(message_id_of(&server.given[1].1).unwrap().key(), key, "what was given up does not come back");
}

#[test]
fn a_reminder_of_recommendations_goes_by_mail_and_its_answers_come_to_the_office() {
    let root = tempfile::tempdir().unwrap();
    let ws = office(root.path(), &["chair@area-0.example"]);
    let desk = LogDesk::new(&ws).unwrap();
    let act = |by: &str, decide: &dyn Fn(&State, &Order) -> Allowed| desk.act(&order(by), decide).unwrap();
    let text: BlobHash = ws.blobs().put(&mut "Dear Chair,\n\nThis is owed.".as_bytes()).unwrap().sha256.parse().unwrap();
    let new = NewRecommendation {
        report: "What areas see".parse().unwrap(),
        number: "1".parse().unwrap(),
        title: "Ask three questions".parse().unwrap(),
        text,
        published: "2020-10-01".parse().unwrap(),
        plan_priority: "Prevention".parse().unwrap(),
    };
    let (body, id) = (BodyId(0), RecommendationId(0));
    act("lead", &|state, order| duties::enter(state, order, new.clone()));
    act("lead", &|state, order| duties::lay(state, order, id, &[body], PRESETS[2].clock, None));
    act("lead", &|state, order| duty_reminders::propose(state, order, &Throttle::default(), body, vec![id], text));
    let people: BTreeMap<String, Person> = people::all(&ws).unwrap().into_iter().collect();
    let mail = mail(None);
    let outbox = Outbox { ws: &ws, mail: &mail, people: &people, desk: &desk, by: "lead".parse().unwrap() };
    let mut server = Told::to_say(&[refused(false, 451), Answer::Accepted]);
    let early = outbox.send_one(Errand::DutyReminder(body), &mut server).unwrap();
    assert!(matches!(&early, Fate::NotBegun(why) if why.contains("not approved")), "{early:?}");
    act("second", &|state, order| duty_reminders::approve(state, order, body, text));
    for fate in [refused(false, 451), Answer::Accepted] {
        assert_eq!(outbox.send_one(Errand::DutyReminder(body), &mut server).unwrap(), Fate::Answered(fate));
    }
    // The same message both times, to the contact of the body; its answers come to the office, for it belongs to no request.
    let [(to, first), (_, second)] = server.given.as_slice() else { panic!("{} were given", server.given.len()) };
    assert_eq!((to.as_str(), first), ("chair@area-0.example", second));
    let text = String::from_utf8_lossy(first);
    assert!(text.contains("Reply-To: <office@vru.example>") && text.contains("Subject: Reminder: our recommendations to you"), "{text}");
    assert!(text.contains("This is owed."));
    assert!(state(&ws).duty_reminder(body).is_none());
}
