//! What came in since the last time, read without changing the mailbox.
//!
//! A server numbers the messages of a folder upwards and never gives a number twice, until it says that it has begun anew
//! (UIDVALIDITY). Then everything is read again, and whoever takes the messages knows those it has by Message-ID and bytes.

use std::fs;
use std::path::Path;

use headwater_prevention::exchange::id::{BlobHash, MessageKey};
use headwater_prevention::exchange::moment::Day;
use serde::{Deserialize, Serialize};

use super::compose::message_id_of;
use super::imap::{Imap, LARGEST, Listed};
use super::settings::{Mail, Server};
use crate::problem::{Exit, Problem};
use crate::store::write_durably;

/// How far a folder was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The server's numbering.
    pub uid_validity: u32,
    /// The last message that was read.
    pub last_uid: u32,
}

/// A message that came in.
pub struct Arrived {
    /// The key of its Message-ID, if it has one.
    pub key: Option<MessageKey>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What of a mailbox is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// What came after the message at which somebody stopped.
    pub after: Option<Position>,
    /// Where there is no such message: what the server got on this day or later.
    pub since: Option<Day>,
}

/// What a look into the mailbox found.
pub struct Fetched {
    /// How far it was read.
    pub position: Position,
    /// How many messages were handed on.
    pub n_read: usize,
    /// Whether the server has numbered its messages anew.
    pub was_renumbered: bool,
    /// Messages too large to be read, by number, with their sizes.
    pub too_large: Vec<(u32, u32)>,
}

/// Reads what came in after a position and hands each message on, in the order of the server, with the position at which
/// whoever has taken it may stop; the last position counts only when all of them were taken.
///
/// # Errors
/// The server, or what `take` says.
pub fn fetch(
    mail: &Mail,
    server: &Server,
    wanted: Wanted,
    take: &mut dyn FnMut(Arrived, Position) -> Result<(), Problem>,
) -> Result<Fetched, Problem> {
    let mut imap = Imap::connect(server, mail.ca_file.as_deref())?;
    let folder = imap.examine(&mail.folder)?;
    let known = wanted.after.filter(|position| position.uid_validity == folder.uid_validity);
    let mut fetched = Fetched {
        position: Position { uid_validity: folder.uid_validity, last_uid: known.map_or(0, |known| known.last_uid) },
        n_read: 0,
        was_renumbered: wanted.after.is_some() && known.is_none(),
        too_large: Vec::new(),
    };
    for Listed { uid, n_bytes, came } in imap.after(fetched.position.last_uid)? {
        let reached = Position { last_uid: uid, ..fetched.position };
        let is_earlier = known.is_none() && wanted.since.zip(came).is_some_and(|(since, came)| came < since);
        if is_earlier {
            // It is passed over.
        } else if n_bytes > LARGEST {
            fetched.too_large.push((uid, n_bytes));
        } else if let Some(bytes) = imap.read(uid)? {
            take(Arrived { key: message_id_of(&bytes).map(|id| id.key()), bytes }, reached)?;
            fetched.n_read += 1;
        }
        fetched.position = reached;
    }
    imap.quit();
    Ok(fetched)
}

/// How far a folder of files goes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Which mailbox it holds.
    mailbox: String,
    position: Position,
}

/// The file with the position, beside the messages.
const KEPT: &str = "fetched.json";

/// What was put into a folder.
pub struct Filed {
    /// What was read.
    pub fetched: Fetched,
    /// How many messages were new.
    pub n_new: usize,
}

/// Puts what came in since the last time into a folder, one `.eml` for each message. Broken off and begun again, it ends
/// with the same files.
///
/// # Errors
/// The server, the folder, or a folder that holds another mailbox.
pub fn into_folder(mail: &Mail, server: &Server, out: &Path) -> Result<Filed, Problem> {
    let writing = |error: std::io::Error| Problem::of_files(format!("writing to {}", out.display()), &error);
    let mailbox = format!("{}@{}:{}/{}", server.user.as_deref().unwrap_or(""), server.host, server.port, mail.folder);
    fs::create_dir_all(out).map_err(writing)?;
    let path = out.join(KEPT);
    let position = if path.exists() {
        let text = fs::read_to_string(&path).map_err(writing)?;
        let kept: Kept = serde_json::from_str(&text).map_err(|error| {
            Problem::while_doing(format!("reading {}", path.display()), error)
                .hint("remove it: what is there is then known by its content")
                .exit(Exit::Unreadable)
        })?;
        if kept.mailbox != mailbox {
            return Err(Problem::new(format!("{} holds the mail of another mailbox", out.display()))
                .hint("name another folder with --out")
                .exit(Exit::WrongUse));
        }
        Some(kept.position)
    } else {
        None
    };
    let mut n_new = 0;
    let fetched = fetch(mail, server, Wanted { after: position, since: None }, &mut |arrived, _| {
        n_new += usize::from(file(&arrived, out)?);
        Ok(())
    })?;
    let kept = Kept { mailbox, position: fetched.position };
    let text = serde_json::to_string_pretty(&kept).map_err(|error| Problem::while_doing("writing the position", error))?;
    write_durably(&path, &(text + "\n")).map_err(writing)?;
    Ok(Filed { fetched, n_new })
}

/// Files a message by its Message-ID, and says whether it was new. Another message with the same Message-ID is kept too.
fn file(arrived: &Arrived, out: &Path) -> Result<bool, Problem> {
    let hash = BlobHash::of(&arrived.bytes).to_string();
    let names = match arrived.key {
        Some(key) => [format!("{key}.eml"), format!("{key}-{}.eml", &hash[..16])],
        None => [format!("no-id-{hash}.eml"), format!("no-id-{hash}.eml")],
    };
    for name in names {
        let path = out.join(name);
        let failed = |error: std::io::Error| Problem::of_files(format!("writing {}", path.display()), &error);
        if !path.exists() {
            write_durably(&path, &arrived.bytes).map_err(failed)?;
            return Ok(true);
        }
        if BlobHash::of(&fs::read(&path).map_err(failed)?).to_string() == hash {
            return Ok(false);
        }
    }
    Ok(false)
}
