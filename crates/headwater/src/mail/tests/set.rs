//! `[mail]` as people write it.

use std::path::Path;

use super::super::settings::{Mail, MailFile, Security, checked};
use crate::problem::Problem;

const EVERY: &str = "address = \"office@vru.example\"\n[imap]\nhost = \"a.example\"\nuser = \"u\"\npassword_file = \"p\"\nevery = MINUTES";

fn read(text: &str) -> Result<Mail, Problem> {
    let file: MailFile = toml::from_str(text).map_err(|error| Problem::new(error.to_string()))?;
    checked("ws/headwater.toml", file, Some("A partnership"))
}

#[test]
fn ports_and_paths_follow_from_what_is_said() {
    let mail = read(
        "address = \"office@vru.example\"\n[smtp]\nhost = \"smtp.vru.example\"\nsecurity = \"starttls\"\nuser = \"office\"\npassword_file = \"secrets/smtp\"\n\
         [imap]\nhost = \"imap.vru.example\"\nuser = \"office\"\npassword_file = \"/etc/headwater/imap\"\n",
    )
    .unwrap();
    let (smtp, imap) = (mail.smtp.clone().unwrap(), mail.imap.clone().unwrap());
    assert_eq!((smtp.port, smtp.security, imap.port, imap.security), (587, Security::Starttls, 993, Security::Tls));
    assert_eq!(smtp.password_file.as_deref(), Some(Path::new("ws/secrets/smtp")));
    assert_eq!(imap.password_file.as_deref(), Some(Path::new("/etc/headwater/imap")));
    assert_eq!((mail.every_minutes, read(&EVERY.replace("MINUTES", "0")).unwrap().every_minutes), (5, 0));
    assert_eq!((mail.office.name(), mail.folder.as_str()), ("A partnership", "INBOX"));
    let shown = mail.shown();
    assert!(shown.contains(&("mail.smtp.security", "\"starttls\"".to_owned())) && shown.contains(&("mail.imap.port", "993".to_owned())));
}

#[test]
fn what_is_wrong_is_named() {
    let smtp = "address = \"office@vru.example\"\n[smtp]\nhost = \"smtp.vru.example\"\n";
    for (text, words) in [
        ("address = \"office\"".to_owned(), "mail.address"),
        ("address = \"office+x@vru.example\"".to_owned(), "no +"),
        ("address = \"office@vru.example\"\nname = \"a\\nb\"".to_owned(), "mail.name"),
        (format!("{smtp}security = \"plain\""), "another computer"),
        (format!("{smtp}user = \"x\""), "only one of user and password_file"),
        (format!("{smtp}password = \"x\""), "unknown field `password`"),
        ("address = \"office@vru.example\"\n[smtp]\nhost = \"a b\"".to_owned(), "mail.smtp.host"),
        ("address = \"office@vru.example\"\n[imap]\nhost = \"a\"".to_owned(), "mail.imap has no user"),
        (EVERY.replace("MINUTES", "20000"), "mail.imap.every is 20000"),
        (EVERY.replace("MINUTES", "-1"), "-1"),
        (
            "address = \"office@vru.example\"\n[imap]\nhost = \"a\"\nuser = \"u\"\npassword_file = \"p\"\nfolder = \"a\\\"b\"".to_owned(),
            "mail.imap.folder",
        ),
    ] {
        let problem = format!("{:?}", read(&text).unwrap_err());
        assert!(problem.contains(words), "{problem}");
    }
}

#[cfg(unix)]
#[test]
fn a_password_that_everybody_may_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let text = format!("address = \"office@vru.example\"\n[smtp]\nhost = \"localhost\"\nuser = \"u\"\npassword_file = \"{}\"\n", file.display());
    let server = read(&text).unwrap().smtp.unwrap();
    assert!(server.sign_in().is_err(), "it is not there");
    std::fs::write(&file, "secret\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(server.sign_in().unwrap_err().to_string().contains("everybody"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(server.sign_in().unwrap(), Some(("u", "secret".to_owned())));
    std::fs::write(&file, "\n").unwrap();
    assert!(server.sign_in().unwrap_err().to_string().contains("no password"));
}
