//! What somebody dropped, taken apart: zips in zips, messages in zips, files in messages, as one flat list.
//!
//! Each message and each file comes with where it lay and with the message that carried it. What cannot be taken apart is in
//! the list too, with its reason: nothing that arrived is lost silently. A parcel that is made to do harm is refused whole.

use crate::Refusal;
use crate::allowance::Allowance;
use crate::kind::{Kind, sniff};
use crate::mail::{self, Mail};
use crate::package::{Fault, Package, stays_inside};
use std::io::{Read, Seek};

/// How much may arrive at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of all that was dropped.
    pub most_bytes: usize,
    /// The most bytes that it may unpack to; they are held at once.
    pub most_unpacked_bytes: u64,
    /// The most messages and files that it may come to.
    pub most_files: usize,
    /// How deep zips, mailboxes and messages may lie in each other.
    pub deepest: usize,
    /// What one message may hold.
    pub mail: mail::Limits,
}

impl Default for Limits {
    /// 200 MB, which unpack to 500 MB at most; 1,000 messages and files; six deep.
    fn default() -> Self {
        Self { most_bytes: 200_000_000, most_unpacked_bytes: 500_000_000, most_files: 1_000, deepest: 6, mail: mail::Limits::default() }
    }
}

/// One file that somebody dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The name it was dropped under.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What a thing that arrived is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// A message. Its files, and the messages in it, follow it in the list; they are not in it any more.
    Message(Box<Mail>),
    /// A file.
    File {
        /// Whether it is shown within the text of its message, as a picture in a signature is.
        is_inline: bool,
    },
    /// Something that was left as it is, and why: damaged, locked, or litter that a computer adds.
    LeftOut(Refusal),
}

/// A message or a file that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its name, without folders and without letters that steer a terminal. It can still be misleading.
    pub name: String,
    /// What it lay in, the outermost first; empty for what was dropped by itself.
    pub place: Vec<String>,
    /// The message that carried it, as its place in the list.
    pub carried_by: Option<usize>,
    /// What it is.
    pub what: Arrived,
    /// Its bytes as they came; Outlook keeps a message within a message as no file of its own, and what was refused within a
    /// zip is not unpacked.
    pub bytes: Option<Vec<u8>>,
}

impl Arrival {
    /// Where it lay and what it is called, as one line.
    ///
    /// ```
    /// use headwater_documents::arrival::{Dropped, Limits, unpack};
    /// let dropped = Dropped { name: "C:\\post\\counts.csv".to_owned(), bytes: b"Area,Count\n".to_vec() };
    /// let list = unpack(vec![dropped], &Limits::default())?;
    /// assert_eq!(list[0].path(), "counts.csv");
    /// # Ok::<(), headwater_documents::Refusal>(())
    /// ```
    pub fn path(&self) -> String {
        self.place.iter().chain([&self.name]).map(String::as_str).collect::<Vec<_>>().join(" > ")
    }
}

/// Takes apart what was dropped at once.
///
/// # Errors
/// Refuses everything when it is more than the limits allow, or when a zip in it is made to fill a memory or to mislead.
pub fn unpack(dropped: Vec<Dropped>, limits: &Limits) -> Result<Vec<Arrival>, Refusal> {
    let n_bytes = dropped.iter().fold(0_u64, |n, file| n.saturating_add(file.bytes.len() as u64));
    let mut as_it_is = |_: usize, _: &mut Arrival| Ok(());
    let mut unpacking = Unpacking::begin(n_bytes, dropped.len(), limits, &mut as_it_is)?;
    for file in dropped {
        unpacking.take_apart(file)?;
    }
    Ok(unpacking.end())
}

/// Takes apart what was dropped at once, one file after the other: for what is too large to be held together.
///
/// Each thing is shown as soon as it is found, with its place in the list; whoever sees it may take its bytes away.
///
/// ```
/// use headwater_documents::arrival::{Arrival, Dropped, Limits, Unpacking};
/// let mut n_bytes = 0;
/// let mut count = |_: usize, found: &mut Arrival| {
///     n_bytes += found.bytes.take().map_or(0, |bytes| bytes.len());
///     Ok(())
/// };
/// let limits = Limits::default();
/// let mut unpacking = Unpacking::begin(11, 1, &limits, &mut count)?;
/// unpacking.take_apart(Dropped { name: "counts.csv".to_owned(), bytes: b"Area,Count\n".to_vec() })?;
/// let list = unpacking.end();
/// assert_eq!((list[0].name.as_str(), &list[0].bytes, n_bytes), ("counts.csv", &None, 11));
/// # Ok::<(), headwater_documents::Refusal>(())
/// ```
pub struct Unpacking<'a, 'b> {
    limits: &'a Limits,
    allowance: Allowance,
    list: Vec<Arrival>,
    found: &'a mut (dyn FnMut(usize, &mut Arrival) -> Result<(), Refusal> + 'b),
}

impl<'a, 'b> Unpacking<'a, 'b> {
    /// Begins with so many bytes in so many files.
    ///
    /// # Errors
    /// Refuses everything when that is more than the limits allow.
    pub fn begin(
        n_bytes: u64,
        n_files: usize,
        limits: &'a Limits,
        found: &'a mut (dyn FnMut(usize, &mut Arrival) -> Result<(), Refusal> + 'b),
    ) -> Result<Self, Refusal> {
        if n_bytes > limits.most_bytes as u64 {
            return Err(Refusal::new(
                format!("what was dropped is {n_bytes} bytes long; at once it may be {}", limits.most_bytes),
                "hand it over in several parts",
            ));
        }
        if n_files > limits.most_files {
            return Err(too_many(&format!("{n_files} files were dropped"), limits));
        }
        Ok(Self { limits, allowance: Allowance::new(n_bytes, limits.most_unpacked_bytes), list: Vec::new(), found })
    }

    /// Takes one file apart.
    ///
    /// # Errors
    /// Refuses everything when it is more than the limits allow, or when a zip in it is made to fill a memory or to mislead.
    pub fn take_apart(&mut self, file: Dropped) -> Result<(), Refusal> {
        self.take(cleaned(&file.name), Vec::new(), None, file.bytes, false)
    }

    /// Takes a zip apart that lies elsewhere than in memory: one of its files at a time is held there.
    ///
    /// What is damaged or locked is shown without its bytes.
    ///
    /// # Errors
    /// As [`take_apart`](Self::take_apart).
    pub fn take_zip_apart(&mut self, name: &str, zip: impl Read + Seek) -> Result<(), Refusal> {
        self.unzip(cleaned(name), Vec::new(), None, Package::of(zip, self.limits.most_files), || None)
    }

    /// The list of all that was found.
    pub fn end(self) -> Vec<Arrival> {
        self.list
    }
}

/// Whether a file of this kind is taken apart.
///
/// A note that quotes a message is a note; a message with a poor header is a message if its name says so.
pub fn is_container(name: &str, kind: Kind) -> bool {
    let lower = name.to_lowercase();
    match kind {
        Kind::Zip | Kind::Mailbox | Kind::OutlookMessage => true,
        Kind::Mail => ![".txt", ".csv", ".md", ".log"].iter().any(|ending| lower.ends_with(ending)),
        Kind::Text | Kind::Binary => lower.ends_with(".eml"),
        _ => false,
    }
}

fn too_many(what: &str, limits: &Limits) -> Refusal {
    Refusal::new(
        format!("{what}; at once there may be {}, those in zips and messages counted too", limits.most_files),
        "hand over only what belongs to this answer, or hand it over in several parts",
    )
}

impl Unpacking<'_, '_> {
    fn add(&mut self, name: String, place: Vec<String>, carried_by: Option<usize>, what: Arrived, bytes: Option<Vec<u8>>) -> Result<usize, Refusal> {
        if self.list.len() == self.limits.most_files {
            return Err(too_many(&format!("it comes to more than {} messages and files", self.limits.most_files), self.limits));
        }
        let mut arrival = Arrival { name, place, carried_by, what, bytes };
        (self.found)(self.list.len(), &mut arrival)?;
        self.list.push(arrival);
        Ok(self.list.len() - 1)
    }

    fn leave_out(
        &mut self,
        name: String,
        place: Vec<String>,
        carried_by: Option<usize>,
        why: Refusal,
        bytes: Option<Vec<u8>>,
    ) -> Result<(), Refusal> {
        self.add(name, place, carried_by, Arrived::LeftOut(why), bytes).map(|_| ())
    }

    /// Takes one thing: apart, if it is a container, and as it is otherwise.
    fn take(&mut self, name: String, place: Vec<String>, carried_by: Option<usize>, bytes: Vec<u8>, is_inline: bool) -> Result<(), Refusal> {
        let kind = sniff(&bytes);
        if !is_container(&name, kind) {
            return self.add(name, place, carried_by, Arrived::File { is_inline }, Some(bytes)).map(|_| ());
        }
        if place.len() >= self.limits.deepest {
            let why = Refusal::new(
                format!("zips and messages lie in each other more than {} deep", self.limits.deepest),
                "unpack the inner ones and hand over what comes out",
            );
            return self.leave_out(name, place, carried_by, why, Some(bytes));
        }
        match kind {
            Kind::Zip => self.unzip(name, place, carried_by, Package::open(&bytes, self.limits.most_files), || Some(bytes.clone())),
            Kind::Mailbox => match mail::split(&bytes, self.limits.most_files) {
                Ok(messages) => {
                    let inside = within(&place, &name);
                    for (i, message) in messages.into_iter().enumerate() {
                        self.message(format!("message {}", i + 1), inside.clone(), carried_by, message)?;
                    }
                    Ok(())
                }
                Err(why) => self.leave_out(name, place, carried_by, why, Some(bytes)),
            },
            _ => self.message(name, place, carried_by, bytes),
        }
    }

    fn message(&mut self, name: String, place: Vec<String>, carried_by: Option<usize>, bytes: Vec<u8>) -> Result<(), Refusal> {
        match mail::read(&bytes, &self.limits.mail) {
            Ok(mail) => self.carry(name, place, carried_by, mail, Some(bytes)),
            Err(why) => self.leave_out(name, place, carried_by, why, Some(bytes)),
        }
    }

    /// Lists a message, and then what it carries.
    fn carry(&mut self, name: String, place: Vec<String>, carried_by: Option<usize>, mut mail: Mail, bytes: Option<Vec<u8>>) -> Result<(), Refusal> {
        let attachments = std::mem::take(&mut mail.attachments);
        let messages = std::mem::take(&mut mail.messages);
        let inside = within(&place, &name);
        let at = self.add(name, place, carried_by, Arrived::Message(Box::new(mail)), bytes)?;
        for (i, file) in attachments.into_iter().enumerate() {
            let name = file.name.as_deref().map_or_else(|| format!("attachment {}", i + 1), cleaned);
            self.take(name, inside.clone(), Some(at), file.bytes, file.is_inline)?;
        }
        for (i, enclosed) in messages.into_iter().enumerate() {
            self.carry(format!("message {}", i + 1), inside.clone(), Some(at), enclosed.mail, enclosed.bytes)?;
        }
        Ok(())
    }

    fn unzip<R: Read + Seek>(
        &mut self,
        name: String,
        place: Vec<String>,
        carried_by: Option<usize>,
        opened: Result<Package<R>, Fault>,
        whole: impl FnOnce() -> Option<Vec<u8>>,
    ) -> Result<(), Refusal> {
        let mut package = match opened {
            Ok(package) => package,
            Err(fault) => {
                let why = self.harmless(&name, fault)?;
                return self.leave_out(name, place, carried_by, why, whole());
            }
        };
        let inside = within(&place, &name);
        for i in 0..package.names().len() {
            let packed_name = package.names()[i].clone();
            if package.is_folder(i) {
                continue;
            }
            if !stays_inside(&packed_name) {
                let why = Refusal::new(
                    format!("its name leads out of the folder that the zip is unpacked to: {:?}", shown(&packed_name)),
                    "pack the files again, or hand them over one by one",
                );
                self.leave_out(cleaned(&packed_name), inside.clone(), carried_by, why, None)?;
                continue;
            }
            if is_litter(&packed_name) {
                let why = Refusal::new("it is a file that the sender's computer adds of itself", "nothing needs to be done; no document is in it");
                self.leave_out(cleaned(&packed_name), inside.clone(), carried_by, why, None)?;
                continue;
            }
            let most = self.limits.most_unpacked_bytes.min(usize::MAX as u64) as usize;
            match package.read(i, &mut self.allowance, most) {
                Ok(bytes) => self.take(cleaned(&packed_name), inside.clone(), carried_by, bytes, false)?,
                Err(fault) => {
                    let why = self.harmless(&packed_name, fault)?;
                    self.leave_out(cleaned(&packed_name), inside.clone(), carried_by, why, None)?;
                }
            }
        }
        Ok(())
    }

    /// Why something packed was left out; an error if it is made to do harm.
    fn harmless(&self, name: &str, fault: Fault) -> Result<Refusal, Refusal> {
        let name = shown(name);
        match fault {
            Fault::Broken(why) => {
                Ok(Refusal::new(format!("it is damaged or was cut off: {why}"), "ask for it again, or hand over its files one by one"))
            }
            Fault::Locked => Ok(Refusal::new("it is protected by a password", "unpack it with the password and hand over what comes out")),
            Fault::Bomb | Fault::PartTooLarge => Err(Refusal::new(
                format!("\"{name}\": with it, what was dropped unpacks to more than {} bytes", self.allowance.most()),
                "do not open it unless the sender confirms what it is; then hand over its files in several parts",
            )),
            Fault::TooMany(n) => Err(too_many(&format!("\"{name}\" holds {n} files"), self.limits)),
            Fault::Misleading(why) => {
                Err(Refusal::new(format!("\"{name}\": {why}"), "do not open it; ask the sender for the files again by another way"))
            }
        }
    }
}

fn within(place: &[String], name: &str) -> Vec<String> {
    place.iter().cloned().chain([name.to_owned()]).collect()
}

/// The longest name that is kept, in letters.
const LONGEST_NAME: usize = 200;

/// A name without folders and control characters.
pub fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let name = shown(last);
    if name.trim_matches(['.', ' ']).is_empty() { "without a name".to_owned() } else { name }
}

/// Text of others as it may be shown in a line.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

/// Files that macOS and Windows add to folders.
fn is_litter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&last)
}
