//! Against real servers, started by `./test`: letters over each kind of line, and the answers read back.

use std::fs;
use std::path::{Path, PathBuf};

use headwater_prevention::exchange::moment::Day;
use jiff::Timestamp;

use super::super::address::{Address, MessageId};
use super::super::fetch::{Position, Wanted, fetch, into_folder};
use super::super::imap::Imap;
use super::super::send::{Answer, Postbox, Smtp};
use super::super::settings::{Mail, Security, Server};
use super::handed_over::{CAMPAIGN, mail, office, send};
use crate::mail::compose::message_id_of;
use crate::mail::outbox::Fate;

struct Servers {
    folder: PathBuf,
    ports: serde_json::Value,
}

impl Servers {
    fn find() -> Option<Self> {
        let Ok(folder) = std::env::var("HEADWATER_TEST_MAIL") else {
            eprintln!("skipped: HEADWATER_TEST_MAIL names no mail servers; ./test starts them");
            return None;
        };
        let folder = PathBuf::from(folder);
        let ports = serde_json::from_str(&fs::read_to_string(folder.join("servers.json")).unwrap()).unwrap();
        Some(Self { folder, ports })
    }

    fn server(&self, name: &str, security: Security, user: &str) -> Server {
        Server {
            host: "localhost".to_owned(),
            port: u16::try_from(self.ports[name].as_u64().unwrap()).unwrap(),
            security,
            user: Some(user.to_owned()),
            password_file: Some(self.folder.join("password")),
        }
    }

    fn authority(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The message of this Message-ID as the server took it.
    fn taken(&self, id: &MessageId) -> Option<Vec<u8>> {
        let bytes = fs::read_dir(self.folder.join("taken")).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
        bytes.into_iter().find(|bytes| message_id_of(bytes).as_ref() == Some(id))
    }
}

fn message(id: &MessageId) -> Vec<u8> {
    format!("Message-ID: <{}>\r\nSubject: x\r\n\r\n.a line that begins with a dot\r\n.\r\nand the last\r\n", id.as_str()).into_bytes()
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

#[test]
fn a_message_arrives_byte_for_byte_over_every_kind_of_line() {
    let Some(servers) = Servers::find() else { return };
    let authority = servers.authority();
    for (name, security) in [("smtp_tls", Security::Tls), ("smtp_starttls", Security::Starttls), ("smtp_plain", Security::Plain)] {
        let server = servers.server(name, security, "office");
        let mut connection = Smtp::connect(&server, Some(&authority)).unwrap();
        let offer = connection.offer();
        assert_eq!((offer.is_sealed, offer.is_signed_in), (security != Security::Plain, true), "{name}");
        for _ in 0..2 {
            let id = MessageId::fresh("vru.example").unwrap();
            assert_eq!(connection.hand_over(&address("office@vru.example"), &address("a@area.example"), &message(&id)), Answer::Accepted, "{name}");
            assert_eq!(servers.taken(&id).unwrap(), message(&id), "{name}");
        }
        connection.quit();
    }
}

#[test]
fn what_the_server_refuses_is_told_apart_and_the_line_still_serves() {
    let Some(servers) = Servers::find() else { return };
    let authority = servers.authority();
    let server = servers.server("smtp_tls", Security::Tls, "office");
    let mut connection = Smtp::connect(&server, Some(&authority)).unwrap();
    let id = MessageId::fresh("vru.example").unwrap();
    let mut to = |recipient: &str| connection.hand_over(&address("office@vru.example"), &address(recipient), &message(&id));
    let Answer::Refused { for_good: true, of_address: true, code: Some(550), words } = to("nobody@area.example") else { panic!("550 is for good") };
    assert!(words.contains("[address]") && !words.contains("nobody@"), "{words}");
    assert!(matches!(to("later@area.example"), Answer::Refused { for_good: false, code: Some(451), .. }));
    assert_eq!(to("a@area.example"), Answer::Accepted);
}

#[test]
fn a_wrong_password_an_unknown_authority_and_a_closed_port_are_sentences() {
    let Some(servers) = Servers::find() else { return };
    let authority = servers.authority();
    let server = |user| servers.server("smtp_tls", Security::Tls, user);
    let failure = |server: &Server, authority: Option<&Path>| Smtp::connect(server, authority).err().unwrap().to_string();
    assert!(failure(&server("stranger"), Some(&authority)).contains("signing in"));
    assert!(failure(&server("office"), None).contains("certificate"), "{}", failure(&server("office"), None));
    let by_number = Server { host: "127.0.0.1".to_owned(), ..server("office") };
    assert!(failure(&by_number, Some(&authority)).contains("certificate"), "its certificate bears another name");
    let closed = Server { port: 1, ..server("office") };
    assert!(failure(&closed, Some(&authority)).contains("port 1"));
    let imap = servers.server("imap_tls", Security::Tls, "stranger");
    assert!(Imap::connect(&imap, Some(&authority)).err().unwrap().to_string().contains("refuses LOGIN"));
    let imap = servers.server("imap_tls", Security::Tls, "office");
    assert!(Imap::connect(&imap, None).err().unwrap().to_string().contains("secure"));
}

fn inbox(servers: &Servers, security: Security) -> Mail {
    let name = if security == Security::Tls { "imap_tls" } else { "imap_plain" };
    Mail { imap: Some(servers.server(name, security, "other")), ca_file: Some(servers.authority()), ..mail(None) }
}

/// The files of a mailbox with the flags that dovecot keeps in their names.
fn mailbox_files(servers: &Servers) -> Vec<String> {
    let folder = servers.folder.join("mail/other");
    let names = ["new", "cur"]
        .iter()
        .flat_map(|part| fs::read_dir(folder.join(part)).unwrap().map(move |it| format!("{part}/{}", it.unwrap().file_name().to_string_lossy())));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn what_came_in_is_read_once_and_the_mailbox_stays_as_it_was() {
    let Some(servers) = Servers::find() else { return };
    let authority = servers.authority();
    let smtp = servers.server("smtp_tls", Security::Tls, "office");
    let mut connection = Smtp::connect(&smtp, Some(&authority)).unwrap();
    let mut put = |id: &MessageId, n_bytes: usize| {
        let mut bytes = message(id);
        bytes.extend("a line to make it longer, \u{fc}\r\n".as_bytes().repeat(n_bytes / 28));
        assert_eq!(connection.hand_over(&address("office@vru.example"), &address("other+token-000@vru.example"), &bytes), Answer::Accepted);
        bytes
    };
    let ids: Vec<MessageId> = (0..3).map(|_| MessageId::fresh("area.example").unwrap()).collect();
    let first = put(&ids[0], 0);
    let large = put(&ids[1], 600_000);
    let before = mailbox_files(&servers);
    assert!(before.len() >= 2);

    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("in");
    for security in [Security::Tls, Security::Starttls, Security::Plain] {
        let mail = inbox(&servers, security);
        let server = mail.imap.as_ref().unwrap();
        let out = folder.path().join(format!("{security:?}"));
        assert_eq!(into_folder(&mail, server, &out).unwrap().n_new, before.len(), "{security:?}");
        assert_eq!(fs::read(out.join(format!("{}.eml", ids[0].key()))).unwrap(), first);
        assert_eq!(fs::read(out.join(format!("{}.eml", ids[1].key()))).unwrap(), large);
    }
    assert_eq!(mailbox_files(&servers), before, "not even a flag was set");

    let mail = inbox(&servers, Security::Tls);
    let server = mail.imap.as_ref().unwrap();
    into_folder(&mail, server, &out).unwrap();
    assert_eq!(into_folder(&mail, server, &out).unwrap().fetched.n_read, 0, "what was read is not read again");
    put(&ids[2], 0);
    let filed = into_folder(&mail, server, &out).unwrap();
    assert_eq!((filed.fetched.n_read, filed.n_new), (1, 1));
    // The position is lost, or the server numbers anew: all is read again, and nothing is there twice.
    fs::remove_file(out.join("fetched.json")).unwrap();
    let filed = into_folder(&mail, server, &out).unwrap();
    assert_eq!((filed.fetched.n_read, filed.n_new), (before.len() + 1, 0));
    let other = Position { uid_validity: filed.fetched.position.uid_validity.wrapping_add(1), last_uid: 1 };
    let renumbered = fetch(&mail, server, Wanted { after: Some(other), since: None }, &mut |_, _| Ok(())).unwrap();
    assert!(renumbered.was_renumbered && renumbered.n_read == before.len() + 1);
    // What came before a day is passed over.
    let today: Day = Timestamp::now().strftime("%Y-%m-%d").to_string().parse().unwrap();
    let since = |days: i32| fetch(&mail, server, Wanted { after: None, since: Some(today.plus(days)) }, &mut |_, _| Ok(())).unwrap();
    assert_eq!(since(-1).n_read, before.len() + 1);
    let later = since(2);
    assert_eq!((later.n_read, later.position), (0, renumbered.position), "and is not asked for again");
}

#[test]
fn the_letters_of_a_campaign_reach_a_real_server() {
    let Some(servers) = Servers::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let ws = office(&folder.path().join("ws"), &["a@area.example", "nobody@area.example", "later@area.example"]);
    let authority = servers.authority();
    let server = servers.server("smtp_starttls", Security::Starttls, "office");
    let mut connection = Smtp::connect(&server, Some(&authority)).unwrap();
    let fates = send(&ws, &mail(None), &mut connection).unwrap();
    let codes: Vec<Option<u16>> =
        fates.iter().map(|fate| if let Fate::Answered(Answer::Refused { code, .. }) = fate { *code } else { None }).collect();
    assert_eq!(fates[0], Fate::Answered(Answer::Accepted));
    assert_eq!(codes, [None, Some(550), Some(451)], "{CAMPAIGN}: {fates:?}");
}
