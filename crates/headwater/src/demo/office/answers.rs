//! What each area sends this year, and what the office makes of it: a tale for each, told in one place.

use headwater_prevention::exchange::communication::DeliveryOutcome;
use headwater_prevention::exchange::decide::bodies::replace_contact;
use headwater_prevention::exchange::decide::correspondence::log_delivery;
use headwater_prevention::exchange::id::{BlobHash, BodyId, CommunicationId, ContactId, MessageKey, RecipientId};
use headwater_prevention::exchange::letter::merge::{Letter, LetterBlock, Run};

use super::areas::{DOMAIN, PLACES, at};
use super::mail::{Message, returned};
use super::papers::{document, scan, workbook};
use super::rounds::{ALL, ASSESSMENT, ROUND, SENT, STATEMENT, STRATEGY, UPDATE};
use super::scene::{Scene, Story};
use crate::demo::archive::zip;
use crate::problem::Problem;
use crate::web::{contacts, messages, public, publication, recipient, upload};

/// Tells of all answers.
pub(super) fn tell(story: &mut Story) {
    whole_answer_and_its_way_to_the_public(story);
    zip_in_zip_through_the_link(story);
    scan_and_a_promise_that_was_not_kept(story);
    welsh_answer(story);
    hidden_sheet(story);
    wrong_thread_and_a_late_promise(story);
    joint_answer(story);
    said_by_the_link(story);
    refusal(story);
    replaced_contact_with_a_question(story);
    letter_that_came_back(story);
    same_file_again(story);
    transfer_and_withdrawal(story);
    acknowledged_and_delivered(story);
    nobody_knows_whom_it_is_from(story);
    reply_that_nobody_has_read(story);
}

/// The contact of a body and their address.
fn contact(body: u32) -> (&'static str, String) {
    let place = &PLACES[body as usize];
    (place.contact, format!("{}@{}.example", place.contact.to_lowercase().replace(' ', "."), place.domain))
}

fn mail(scene: &Scene<'_>, body: u32, text: &str, files: Vec<(&str, Vec<u8>)>) -> Result<(), Problem> {
    let (name, address) = contact(body);
    scene.mail(ROUND, body, (name, &address), "Re: Serious violence and exploitation: the second round", text, files)
}

fn paper(title: &str, text: &str) -> Result<Vec<u8>, Problem> {
    Ok(document("en-GB", title, &["Invented, like everything here.", text])?)
}

fn whole_answer_and_its_way_to_the_public(story: &mut Story) {
    const FILES: [(&str, &str, &str, u32); 4] = [
        ("aldermarsh-assessment-this-year.docx", "Aldermarsh: strategic needs assessment, this year's", "needs-assessment", ASSESSMENT),
        ("aldermarsh-strategy.docx", "Aldermarsh: response strategy", "strategy", STRATEGY),
        ("aldermarsh-update.docx", "Aldermarsh: delivery so far", "update", UPDATE),
        ("aldermarsh-answer.docx", "Aldermarsh: answer to the Commissioner", "letter", STATEMENT),
    ];
    story.on(62, 10, |scene| {
        let files = FILES
            .iter()
            .map(|(file, title, ..)| Ok((*file, paper(title, "Of every ten children known to two services, four are known to a third.")?)))
            .collect::<Result<_, Problem>>()?;
        mail(
            scene,
            at::ALDERMARSH,
            "Everything you asked for is attached. The first three may be published; on the fourth our board has yet to decide.",
            files,
        )?;
        for (file, title, kind, item) in FILES {
            scene.file(ROUND, file, (title, kind, "en"), &[(at::ALDERMARSH, item)])?;
        }
        scene.say(ROUND, at::ALDERMARSH, &ALL, "provided", &[])
    });
    let [(assessment, ..), (strategy, ..), (update, ..), _] = FILES;
    story.on(60, 10, move |scene| {
        scene.permit(assessment, "publish")?;
        scene.propose(assessment)
    });
    story.on(58, 10, move |scene| scene.approve(assessment));
    story.on(57, 10, move |scene| scene.approver().order(publication::publish, &[("document", &scene.document(assessment)?)], &[], &[]));
    // A wrong number was found in it, and it was corrected with a notice.
    story.on(32, 10, move |scene| {
        let corrected =
            paper("Aldermarsh: strategic needs assessment, this year's", "Of every ten children known to two services, five are known to a third.")?;
        scene.analyst().order(publication::replace, &[("document", &scene.document(assessment)?)], &[], &[(assessment, &corrected)])
    });
    story.on(31, 10, move |scene| {
        scene.approve(assessment)?;
        let notice = "Page 1 said that four of ten are known to a third service; it is five.";
        scene.approver().order(publication::correct, &[("document", &scene.document(assessment)?)], &[("notice", notice)], &[])
    });
    story.on(11, 10, move |scene| {
        scene.permit(strategy, "publish")?;
        scene.propose(strategy)
    });
    story.on(9, 10, move |scene| scene.approve(strategy));
    story.on(3, 10, move |scene| {
        scene.permit(update, "publish")?;
        scene.propose(update)
    });
}

/// What a body says by the link of its letter, without a file: nothing follows from it until somebody confirms it.
fn said_by_the_link(story: &mut Story) {
    story.on(1, 16, |scene| {
        let (token, until) = (link_in_letter(scene, at::FENNIMORE)?, scene.date(21));
        let form = [
            ("later", "0"),
            ("later", "1"),
            ("until", until.as_str()),
            ("none", "2"),
            ("unclear", "3"),
            ("question", "Should our statement speak of the whole year, or of the months since your letter?"),
        ];
        scene.outside().order(upload::say, &[("token", &token)], &form, &[])
    });
}

/// The secret part of the upload link in our letter to a body.
fn link_in_letter(scene: &Scene<'_>, body: u32) -> Result<String, Problem> {
    let id = RecipientId(scene.recipient(ROUND, body)?);
    let hash: Option<BlobHash> = {
        let known = scene.rehearsal().known();
        known.state.recipient(id).and_then(|it| it.letters.values().next()).map(|merged| merged.letter)
    };
    let hash = hash.ok_or_else(|| Problem::new("a letter of the demo is missing"))?;
    let file = scene.rehearsal().workspace().blobs().read(&hash.to_string())?;
    let letter: Letter = serde_json::from_reader(file).map_err(|error| Problem::while_doing("reading a letter", error))?;
    let words = letter.blocks.iter().filter_map(|block| match block {
        LetterBlock::Paragraph(runs) => Some(runs.iter().filter_map(|run| if let Run::Words(words) = run { Some(words.as_str()) } else { None })),
        _ => None,
    });
    let text: String = words.flatten().collect();
    let after = text.split_once("/upload/").map(|(_, after)| after.chars().take_while(char::is_ascii_hexdigit).collect());
    after.ok_or_else(|| Problem::new("a letter of the demo has no link"))
}

fn zip_in_zip_through_the_link(story: &mut Story) {
    story.on(61, 14, |scene| {
        let token = link_in_letter(scene, at::BRINDLECOMBE)?;
        let rows: &[&[&str]] = &[&["Year", "Knives found"], &["2024", "118"], &["2025", "97"]];
        let annexes = zip(&[
            ("brindlecombe-strategy.docx".to_owned(), paper("Brindlecombe: response strategy", "Three aims, each with a name beside it.")?),
            ("brindlecombe-figures.xlsx".to_owned(), workbook(&[("Knives found", false, rows)])?),
        ])?;
        let all = zip(&[
            (
                "brindlecombe-assessment.docx".to_owned(),
                paper(
                    "Brindlecombe: strategic needs assessment",
                    "Where knives are found, violence follows. Searches go on at Harrowgate Wharf and on the west quay until the spring.",
                )?,
            ),
            ("annexes.zip".to_owned(), annexes),
        ])?;
        let form = [("note", "Assessment, strategy and figures, in one zip. The update follows.")];
        let leave = || scene.outside().order(upload::submit, &[("token", &token)], &form, &[("brindlecombe.zip", &all)]);
        leave()?;
        // A second press, a quarter of an hour later: the link works once, and the page says so.
        match leave() {
            Err(_) => Ok(()),
            Ok(()) => Err(Problem::new("an upload link worked twice")),
        }
    });
    story.on(59, 10, |scene| {
        let own = |item| [(at::BRINDLECOMBE, item)];
        scene.file(
            ROUND,
            "brindlecombe-assessment.docx",
            ("Brindlecombe: strategic needs assessment", "needs-assessment", "en"),
            &own(ASSESSMENT),
        )?;
        scene.file(ROUND, "brindlecombe-strategy.docx", ("Brindlecombe: response strategy", "strategy", "en"), &own(STRATEGY))?;
        scene.permit("brindlecombe-assessment.docx", "publish-redacted")?;
        scene.permit("brindlecombe-strategy.docx", "closed")?;
        scene.say(ROUND, at::BRINDLECOMBE, &[ASSESSMENT, STRATEGY], "provided", &[])?;
        scene.say(ROUND, at::BRINDLECOMBE, &[UPDATE], "part", &[])
    });
    // Where an operation looks may not be said: what is left is made anew, read by somebody else, and public.
    story.on(41, 10, |scene| scene.redact("brindlecombe-assessment.docx", "Harrowgate Wharf\nwest quay", "2"));
    story.on(40, 11, |scene| {
        scene.approve("brindlecombe-assessment.docx")?;
        scene.approver().order(publication::publish, &[("document", &scene.document("brindlecombe-assessment.docx")?)], &[], &[])
    });
}

fn scan_and_a_promise_that_was_not_kept(story: &mut Story) {
    story.on(52, 10, |scene| {
        let text = "Attached is the assessment, scanned: we have no other copy. The rest will follow within six weeks.";
        mail(scene, at::CAWDREY_VALE, text, vec![("cawdrey-vale-scan.pdf", scan())])?;
        let what = ("Cawdrey Vale: problem profile (scanned)", "needs-assessment", "en");
        scene.file(ROUND, "cawdrey-vale-scan.pdf", what, &[(at::CAWDREY_VALE, ASSESSMENT)])?;
        scene.permit("cawdrey-vale-scan.pdf", "name-only")?;
        scene.say(ROUND, at::CAWDREY_VALE, &[ASSESSMENT], "provided", &[])?;
        scene.say(ROUND, at::CAWDREY_VALE, &[STRATEGY, UPDATE, STATEMENT], "promised", &[("until", &scene.date(42))])
    });
}

fn welsh_answer(story: &mut Story) {
    const FILE: &str = "asesiad-anghenion-strategol.docx";
    story.on(58, 11, |scene| {
        let title = "Dyffryn Eirlys: asesiad o anghenion strategol";
        let paper = document("cy-GB", title, &["Dyfeisiwyd popeth yma.", "Mae trais difrifol wedi gostwng mewn pum ward."])?;
        let (name, address) = contact(at::DYFFRYN_EIRLYS);
        let text = "Annwyl Gomisiynydd\n\nDiolch am eich llythyr. Mae ein hasesiad o anghenion strategol wedi'i atodi. Cewch ei gyhoeddi fel y mae.\n\nYn gywir";
        scene.mail(ROUND, at::DYFFRYN_EIRLYS, (name, &address), "ATB: Serious violence and exploitation: the second round", text, vec![(FILE, paper)])?;
        scene.file(ROUND, FILE, (title, "needs-assessment", "cy"), &[(at::DYFFRYN_EIRLYS, ASSESSMENT), (at::DYFFRYN_EIRLYS, STRATEGY)])?;
        scene.say(ROUND, at::DYFFRYN_EIRLYS, &ALL, "provided", &[])
    });
    story.on(16, 11, |scene| {
        scene.permit(FILE, "publish")?;
        scene.propose(FILE)
    });
    story.on(13, 11, |scene| {
        scene.approve(FILE)?;
        let until = scene.date(13 + 10);
        scene.approver().order(publication::embargo, &[("document", &scene.document(FILE)?)], &[("until", &until)], &[])
    });
}

fn hidden_sheet(story: &mut Story) {
    story.on(50, 10, |scene| {
        let shown: &[&[&str]] = &[&["Quarter", "Referrals"], &["Q1", "31"], &["Q2", "28"]];
        let hidden: &[&[&str]] = &[&["Case", "Initials", "Born"], &["1", "X.Y.", "1 January 1900"], &["2", "Z.Z.", "2 January 1900"]];
        let files = vec![
            (
                "eskerby-assessment.docx",
                paper(
                    "Eskerby: strategic needs assessment",
                    "One referral in three comes from the port. The project is led by Ottoline Fernsby-Quill.",
                )?,
            ),
            ("eskerby-figures.xlsx", workbook(&[("Referrals", false, shown), ("Working", true, hidden)])?),
        ];
        mail(scene, at::ESKERBY, "Our assessment, and the figures behind it.", files)?;
        let what = ("Eskerby: strategic needs assessment", "needs-assessment", "en");
        scene.file(ROUND, "eskerby-assessment.docx", what, &[(at::ESKERBY, ASSESSMENT)])?;
        scene.permit("eskerby-assessment.docx", "publish-redacted")?;
        scene.say(ROUND, at::ESKERBY, &[ASSESSMENT], "provided", &[])?;
        scene.say(ROUND, at::ESKERBY, &[UPDATE], "part", &[])
    });
    // It waits for somebody else to read it.
    story.on(3, 10, |scene| scene.redact("eskerby-assessment.docx", "Ottoline Fernsby-Quill", "5"));
}

/// Fennimore's co-ordinator answers a letter that a colleague at Eskerby passed on: to Eskerby's address, in Eskerby's thread.
fn wrong_thread_and_a_late_promise(story: &mut Story) {
    story.on(44, 10, |scene| {
        let (name, address) = contact(at::FENNIMORE);
        let text = "Eskerby kindly sent this on: our own letter must have gone astray. We need more time, and will answer in eight weeks.";
        scene.mail(ROUND, at::ESKERBY, (name, &address), "FW: Serious violence and exploitation: the second round", text, vec![])
    });
    story.on(43, 10, |scene| {
        let right = scene.recipient(ROUND, at::FENNIMORE)?.to_string();
        scene.analyst().order(messages::place, &[("message", &scene.last_message())], &[("recipient", &right)], &[])?;
        scene.say(ROUND, at::FENNIMORE, &ALL, "promised", &[("until", &scene.date(43 + 12))])
    });
}

fn joint_answer(story: &mut Story) {
    const FILE: &str = "gallowmere-and-harrowdene.docx";
    story.on(55, 10, |scene| {
        let (name, address) = contact(at::GALLOWMERE);
        let title = "Gallowmere and Harrowdene: one assessment, one strategy";
        let message = Message {
            from: (name, &address),
            to: vec![scene.reply_address(ROUND, at::GALLOWMERE)?, scene.reply_address(ROUND, at::HARROWDENE)?],
            subject: "Re: Serious violence and exploitation: the second round",
            id: "joint@gallowmere.example",
            answers: None,
            date: scene.header_date(),
            text: "We answer for both areas: we have one unit, one assessment and one strategy. All of it may be published.",
            files: vec![(FILE, paper(title, "Two areas, one river, one market.")?)],
        };
        scene.take_in(&message.bytes())
    });
    story.on(54, 10, |scene| {
        let both = [scene.recipient(ROUND, at::GALLOWMERE)?.to_string(), scene.recipient(ROUND, at::HARROWDENE)?.to_string()];
        let form = [("recipient", both[0].as_str()), ("recipient", both[1].as_str())];
        scene.analyst().order(messages::place, &[("message", &scene.last_message())], &form, &[])?;
        let asks: Vec<(u32, u32)> =
            [at::GALLOWMERE, at::HARROWDENE].into_iter().flat_map(|body| [ASSESSMENT, STRATEGY].map(|item| (body, item))).collect();
        scene.file(ROUND, FILE, ("Gallowmere and Harrowdene: one assessment, one strategy", "needs-assessment", "en"), &asks)?;
        scene.permit(FILE, "publish")?;
        for body in [at::GALLOWMERE, at::HARROWDENE] {
            scene.say(ROUND, body, &[ASSESSMENT, STRATEGY], "provided", &[])?;
        }
        Ok(())
    });
}

/// An answer after the time was over: one thing sent, one refused, one not held.
fn refusal(story: &mut Story) {
    story.on(31, 10, |scene| {
        let files = vec![("inglesby-assessment.docx", paper("Inglesby Wold: strategic needs assessment", "Empty houses stand near three schools.")?)];
        mail(
            scene,
            at::INGLESBY,
            "The assessment is attached. The strategy names places that we watch: we cannot share it. There is no update.",
            files,
        )?;
        let what = ("Inglesby Wold: strategic needs assessment", "needs-assessment", "en");
        scene.file(ROUND, "inglesby-assessment.docx", what, &[(at::INGLESBY, ASSESSMENT)])?;
        scene.permit("inglesby-assessment.docx", "closed")?;
        scene.say(ROUND, at::INGLESBY, &[ASSESSMENT], "provided", &[])?;
        scene.say(ROUND, at::INGLESBY, &[STRATEGY], "refused", &[("reason", "It names places that are watched.")])?;
        scene.say(ROUND, at::INGLESBY, &[UPDATE], "not-held", &[])
    });
    // A second person reads the reason before readers do; a reason of another body waits for that.
    story.on(30, 10, |scene| {
        let ask = format!("{}-{STRATEGY}", scene.recipient(ROUND, at::INGLESBY)?);
        let text = BlobHash::of(b"It names places that are watched.").to_string();
        scene.approver().order(public::clear_words, &[], &[("ask", &ask), ("text", &text)], &[])
    });
}

fn replaced_contact_with_a_question(story: &mut Story) {
    story.on(68, 10, |scene| {
        let id = scene.recipient(ROUND, at::JESSAMY)?;
        let (own, on) = (id.to_string(), scene.date(0));
        let note = "The director has left. The deputy takes her place, and asks for the letter and a new link.";
        let form = [("channel", "phone"), ("on", on.as_str()), ("recipient", own.as_str()), ("note", note)];
        scene.analyst().order(recipient::reply, &[("recipient", &id)], &form, &[])
    });
    story.on(67, 10, |scene| {
        let form = [
            ("name", "Lionel Example"),
            ("role", "Deputy director"),
            ("email", "lionel.example@jessamy.example"),
            ("salutation", "Lionel Example"),
            ("language", "en"),
        ];
        scene.analyst().order(contacts::enter, &[("body", &at::JESSAMY)], &form, &[])?;
        let (old, new) = {
            let known = scene.rehearsal().known();
            let all: Vec<ContactId> = known.state.body(BodyId(at::JESSAMY)).map(|body| body.contacts.clone()).unwrap_or_default();
            (all.first().copied(), all.last().copied())
        };
        let (Some(old), Some(new)) = (old, new) else { return Err(Problem::new("a contact of the demo is missing")) };
        let reason: headwater_prevention::exchange::words::Remark = "the director has left".parse().map_err(Problem::new)?;
        scene.analyst().decide(&|state, order| replace_contact(state, order, old, new, reason.clone()))?;
        // From now on the link in the letter is no longer good.
        scene.analyst().order(recipient::link, &[("recipient", &scene.recipient(ROUND, at::JESSAMY)?)], &[], &[])
    });
    story.on(51, 10, |scene| {
        let text = "Thank you for the letter. Does \"update on delivery\" mean the whole programme, or what the grant pays for?";
        let from = ("Lionel Example", "lionel.example@jessamy.example");
        scene.mail(ROUND, at::JESSAMY, from, "Re: Serious violence and exploitation: the second round", text, vec![])?;
        scene.say(ROUND, at::JESSAMY, &[ASSESSMENT, STRATEGY, STATEMENT], "acknowledged", &[])?;
        scene.say(ROUND, at::JESSAMY, &[UPDATE], "clarification", &[])
    });
}

fn letter_that_came_back(story: &mut Story) {
    story.on(SENT - 1, 9, |scene| {
        let (_, address) = contact(at::KESTRELSHIRE);
        scene.take_in(&returned(DOMAIN, &address, &Scene::letter_id(ROUND, at::KESTRELSHIRE), &scene.header_date()))
    });
}

/// The very file of last year, under another name.
fn same_file_again(story: &mut Story) {
    const FILE: &str = "lorrimer-assessment-final-FINAL.docx";
    story.on(48, 10, |scene| {
        let last = scene.document("lorrimer-assessment.docx")?;
        let hash = {
            let known = scene.rehearsal().known();
            let hash = known.state.document(headwater_prevention::exchange::id::DocumentId(last)).map(|it| it.original);
            hash.ok_or_else(|| Problem::new("a document of the demo is missing"))?
        };
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut scene.rehearsal().workspace().blobs().read(&hash.to_string())?, &mut bytes)?;
        let strategy = paper("Lorrimer: response strategy", "What is counted is done.")?;
        mail(scene, at::LORRIMER, "Our new assessment and the strategy.", vec![(FILE, bytes), ("lorrimer-strategy.docx", strategy)])?;
        scene.file(ROUND, "lorrimer-strategy.docx", ("Lorrimer: response strategy", "strategy", "en"), &[(at::LORRIMER, STRATEGY)])?;
        scene.file(ROUND, FILE, ("Lorrimer: last year's assessment again", "needs-assessment", "en"), &[(at::LORRIMER, ASSESSMENT)])?;
        scene.permit("lorrimer-strategy.docx", "publish")?;
        scene.permit(FILE, "name-only")?;
        scene.say(ROUND, at::LORRIMER, &[STRATEGY], "provided", &[])?;
        scene.say(ROUND, at::LORRIMER, &[ASSESSMENT], "part", &[])
    });
}

fn transfer_and_withdrawal(story: &mut Story) {
    story.on(45, 10, |scene| {
        let id = scene.recipient(ROUND, at::MOTHWICK)?;
        let (own, on) = (id.to_string(), scene.date(0));
        let note = "A letter by post: the assessment as a printed book, which is on the shelf. The health board now keeps the update.";
        let form = [("channel", "post"), ("on", on.as_str()), ("recipient", own.as_str()), ("note", note)];
        scene.analyst().order(recipient::reply, &[("recipient", &id)], &form, &[])?;
        scene.say(ROUND, at::MOTHWICK, &[ASSESSMENT], "provided", &[])?;
        scene.say(ROUND, at::MOTHWICK, &[UPDATE], "transferred", &[("to", &at::HEALTH_BOARD.to_string())])
    });
    story.on(30, 10, |scene| {
        let reason = "Its answer stands on its own site, and we have read it there.";
        scene.say(ROUND, at::MOTHWICK, &[STATEMENT], "withdrawn", &[("reason", reason)])
    });
}

fn acknowledged_and_delivered(story: &mut Story) {
    story.on(65, 10, |scene| {
        mail(scene, at::WEALDMERE, "Thank you. The letter is with the director.", vec![])?;
        scene.say(ROUND, at::WEALDMERE, &ALL, "acknowledged", &[])
    });
    // The receipt that a mail server sends on request; the office logs what it says.
    story.on(SENT - 1, 11, |scene| {
        let recipient = RecipientId(scene.recipient(ROUND, at::PENNYWORT)?);
        let letter: Option<CommunicationId> = scene.rehearsal().known().state.by_message(MessageKey::of(&Scene::letter_id(ROUND, at::PENNYWORT)));
        let letter = letter.ok_or_else(|| Problem::new("a letter of the demo is missing"))?;
        let on = scene.day(0);
        scene.analyst().decide(&|state, order| log_delivery(state, order, letter, recipient, DeliveryOutcome::Delivered, None, on))
    });
}

fn reply_that_nobody_has_read(story: &mut Story) {
    story.on(1, 16, |scene| mail(scene, at::HARROWDENE, "Our board meets next week; you will hear from us after that.", vec![]));
}

fn nobody_knows_whom_it_is_from(story: &mut Story) {
    story.on(4, 16, |scene| {
        let message = Message {
            from: ("Winifred Stranger", "winifred@elsewhere.example"),
            to: vec![format!("replies@{DOMAIN}")],
            subject: "Your request",
            id: "request@elsewhere.example",
            answers: None,
            date: scene.header_date(),
            text: "I am new here and was told to answer you. Which area am I to answer for?",
            files: vec![],
        };
        scene.take_in(&message.bytes())
    });
    // What concerns no campaign is set aside, with a reason.
    story.on(39, 16, |scene| {
        let message = Message {
            from: ("Invented Conferences", "offers@conferences.example"),
            to: vec![format!("replies@{DOMAIN}")],
            subject: "Early bird tickets",
            id: "offer@conferences.example",
            answers: None,
            date: scene.header_date(),
            text: "Two for the price of three, until Friday.",
            files: vec![],
        };
        scene.take_in(&message.bytes())
    });
    story.on(38, 9, |scene| {
        let message = scene.last_message();
        scene.analyst().order(messages::set_aside, &[("message", &message)], &[("reason", "It sells something, and answers nothing.")], &[])
    });
}
