//! Files that somebody drops or sends, taken apart: messages find their recipients, files are kept and looked into.
//!
//! A message is kept as it came, and names the files it carried; who wrote it stands nowhere but in it.

use std::cell::Cell;
use std::io::{Read, Seek, SeekFrom};

use headwater_documents::arrival::{Arrival, Arrived, Dropped, Limits, Unpacking, cleaned, is_container};
use headwater_documents::kind::{Kind, sniff};
use headwater_documents::mail::{Automatic, DeliveryAction, Mail};
use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::communication::{Communication, DeliveryOutcome, Direction, HoldReason};
use headwater_prevention::exchange::decide::correspondence::log_delivery;
use headwater_prevention::exchange::decide::duty_reminders;
use headwater_prevention::exchange::handover::HandoverStage;
use headwater_prevention::exchange::id::{BlobHash, CommunicationId, MessageKey, PersonId, RecipientId};
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::thread::Matched;
use jiff::Timestamp;
use maud::html;

use super::form::{Problems, Sent};
use super::gate;
use super::layout;
use super::matching::{key, matched};
use super::replies::{self, Came, LOOKED_INTO_BYTES, Logged, Piece, SCREENED_BYTES};
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::mail::compose::message_id_of;
use crate::problem::Problem;
use crate::store::blobs::Staged;

/// What became of what was dropped.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Messages that found their recipients.
    pub n_placed: usize,
    /// Messages and files that wait in the holding list.
    pub n_held: usize,
    /// Messages that came before.
    pub n_again: usize,
    /// Reports that a message of ours came back.
    pub n_bounced: usize,
    /// What could not be taken apart, in sentences.
    pub left_out: Vec<String>,
    /// What was logged, in its order.
    pub logged: Vec<Logged>,
}

/// The page onto which files are dropped.
///
/// # Errors
/// None: it has the form of a handler.
pub fn show(visit: &Visit) -> Answer {
    let main = html! {
        p { "Messages (" code { ".eml" } ", " code { ".msg" } ", whole mailboxes), zips and files of any kind. Messages find their recipients by the reply address they were sent to and by what they answer; what finds none waits in the holding list." }
        (layout::order_with_files(visit, &visit.path, "Take these in", &layout::files(visit, "file", "Files", &format!("{}. Each is kept as it came; a file of more than {} MB, and what is beyond {} MB together, is held without being looked into", gate::largest(&visit.app), SCREENED_BYTES / 1_000_000, LOOKED_INTO_BYTES / 1_000_000))))
    };
    page(layout::page(visit, "Take in messages and files", &[("Messages", "/messages")], &main))
}

/// Takes in what was dropped.
///
/// # Errors
/// Nothing was chosen, or it is made to do harm.
pub fn submit(visit: &Visit) -> Answer {
    if visit.files.is_empty() {
        return Err(Problems::one("file", "Choose at least one file").into());
    }
    let came = Came::unplaced(Channel::Email, visit.today());
    let taken = take_in(visit, visit.person()?, &came, &visit.files)?;
    see("/messages", &taken.said())
}

impl Taken {
    /// Adds what became of more.
    pub fn add(&mut self, more: Self) {
        self.n_placed += more.n_placed;
        self.n_held += more.n_held;
        self.n_again += more.n_again;
        self.n_bounced += more.n_bounced;
        self.left_out.extend(more.left_out);
        self.logged.extend(more.logged);
    }

    /// What became of it, in one sentence for each kind.
    pub fn said(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |n: usize, one: &str, many: &str, rest: &str| {
            if n > 0 {
                parts.push(format!("{} {rest}", layout::counted(n, one, many)));
            }
        };
        add(self.n_placed, "message", "messages", "placed");
        add(self.n_held, "thing", "things", "held until somebody says whom it is from");
        add(self.n_again, "message", "messages", "taken in before, and left as it is");
        add(self.n_bounced, "report", "reports", "of a message of ours that came back");
        parts.extend(self.left_out.iter().take(5).cloned());
        parts.join(". ")
    }
}

/// Takes apart what came, logs each message and the files that came by themselves, and looks into every file.
///
/// With recipients in `came` a person, or the link it came by, has said whom all of it is for.
///
/// # Errors
/// The parcel is made to do harm or beyond the limits, or something cannot be written.
pub fn take_in(visit: &Visit, by: PersonId, came: &Came, files: &[Sent]) -> Result<Taken, Refusal> {
    // What fits into memory is taken apart; what is too large for that is kept as it is, and held.
    let (mut parcel, mut too_large, mut n_bytes) = (Vec::new(), Vec::new(), 0);
    for file in files {
        let is_large = file.staged.n_bytes() > SCREENED_BYTES && !is_container(&file.name, kind_of(file)?);
        if is_large || n_bytes + file.staged.n_bytes() > LOOKED_INTO_BYTES {
            too_large.push(piece_of(visit, file)?);
        } else {
            n_bytes += file.staged.n_bytes();
            parcel.push(file);
        }
    }
    let unpacked = unpack(visit, n_bytes, parcel.into_iter().map(Whole::Sent).collect())?;
    log_all(visit, by, came, unpacked, too_large)
}

/// What kind a file is, by its first and its last bytes.
fn kind_of(file: &Sent) -> Result<Kind, Problem> {
    let (mut bytes, n_bytes) = (Vec::new(), file.staged.n_bytes());
    let read = file.staged.open().and_then(|mut sent| {
        sent.by_ref().take(KIND_BYTES).read_to_end(&mut bytes)?;
        sent.seek(SeekFrom::Start(n_bytes.saturating_sub(KIND_BYTES).max(KIND_BYTES.min(n_bytes))))?;
        sent.read_to_end(&mut bytes)
    });
    read.map(|_| sniff(&bytes)).map_err(|error| Problem::of_files("reading what was sent", &error))
}

/// Takes in one message of a mailbox. One that cannot be taken apart, or that is made to do harm, is kept as it came and held:
/// it keeps none of those behind it waiting.
///
/// # Errors
/// Something cannot be read or written: then it is to be taken in again.
pub fn take_message(visit: &Visit, by: PersonId, bytes: Vec<u8>) -> Result<Taken, Refusal> {
    let again = || Taken { n_again: 1, ..Taken::default() };
    let message = message_id_of(&bytes).map(|id| id.key());
    let content = BlobHash::of(&bytes);
    if message.is_none() && came_before(visit, content) {
        return Ok(again());
    }
    let came = Came::unplaced(Channel::Email, visit.today());
    let whole = vec![Whole::Read(Dropped { name: "message.eml".to_owned(), bytes: bytes.clone() })];
    match unpack(visit, bytes.len() as u64, whole).and_then(|unpacked| log_all(visit, by, &came, unpacked, Vec::new())) {
        Err(Refusal::Wrong(_) | Refusal::NotAllowed(_)) => {}
        taken => return taken,
    }
    let was_logged = message.is_some_and(|key| visit.app.office.known().state.by_message(key).is_some());
    if was_logged || came_before(visit, content) {
        return Ok(again());
    }
    let content = replies::keep(visit, &bytes)?;
    let logged = replies::log(visit, by, &Came { held: vec![HoldReason::NothingToMatch], content: Some(content), message, ..came }, Vec::new())?;
    Ok(Taken { n_held: 1, logged: vec![logged], ..Taken::default() })
}

/// Whether these bytes came in before, as a message or as a file.
fn came_before(visit: &Visit, content: BlobHash) -> bool {
    let known = visit.app.office.known();
    // What was destroyed here does not come back by a mailbox that still holds it.
    let is_it = |it: &Communication| it.content == Some(content) || it.destroyed.iter().any(|gone| gone.content == content);
    let as_message = known.state.communications().iter().any(|it| it.direction == Direction::In && is_it(it));
    as_message || known.state.documents().iter().any(|it| it.original == content)
}

/// A parcel taken apart: what is in it, without its bytes, and where these are, for each that is kept.
struct Unpacked {
    arrivals: Vec<Arrival>,
    pieces: Vec<Option<Piece>>,
}

/// How many bytes are looked at for the kind of a large file.
const KIND_BYTES: u64 = 1 << 20;

/// How many times its own size a container may take in memory while it is taken apart.
const MEMORY_FOR_UNPACKING: u64 = 4;

/// A file that is to be taken apart.
enum Whole<'a> {
    Sent(&'a Sent),
    Read(Dropped),
}

/// Takes apart what came, one file after the other; what is found goes to the disk at once, so that memory holds one file.
fn unpack(visit: &Visit, n_bytes: u64, wholes: Vec<Whole<'_>>) -> Result<Unpacked, Refusal> {
    let refused =
        |refusal: headwater_documents::Refusal| Problems::one("file", layout::sentence(&format!("{}. To mend it: {}", refusal.what, refusal.remedy)));
    let limits = Limits::default();
    let (mut pieces, mut failure): (Vec<Option<Piece>>, Option<Problem>) = (Vec::new(), None);
    // The zip that is being taken apart where it lies: damaged or locked, it is kept as it came.
    let zip: Cell<Option<&Sent>> = Cell::new(None);
    let mut put_away = |_: usize, found: &mut Arrival| {
        // Pictures in a signature are no documents.
        let bytes = found.bytes.take().filter(|_| !matches!(found.what, Arrived::File { is_inline: true }));
        let staged = match (bytes, zip.get()) {
            (Some(bytes), _) => visit.app.ws.blobs().stage(&mut bytes.as_slice()).map(Some),
            (None, Some(zip)) if found.place.is_empty() => restaged(visit, zip).map(Some),
            (None, _) => Ok(None),
        };
        let staged = staged.map_err(|problem| {
            failure = Some(problem);
            headwater_documents::Refusal::new("it cannot be written", "nothing was kept; try again")
        })?;
        pieces.push(staged.map(|staged| Piece { name: found.name.clone(), staged }));
        Ok(())
    };
    let mut unpacking = Unpacking::begin(n_bytes, wholes.len(), &limits, &mut put_away).map_err(refused)?;
    let mut taken = Ok(());
    for whole in wholes {
        let n_bytes = match &whole {
            Whole::Sent(sent) => sent.staged.n_bytes(),
            Whole::Read(dropped) => dropped.bytes.len() as u64,
        };
        let _held = visit.app.memory.hold(n_bytes.saturating_mul(MEMORY_FOR_UNPACKING).min(LOOKED_INTO_BYTES));
        taken = match whole {
            Whole::Sent(sent) if kind_of(sent)? == Kind::Zip => {
                zip.set(Some(sent));
                let lies = sent.staged.open().map_err(|error| Problem::of_files("reading what was sent", &error))?;
                unpacking.take_zip_apart(&sent.name, lies)
            }
            Whole::Sent(sent) => unpacking.take_apart(Dropped { name: sent.name.clone(), bytes: sent.staged.bytes()? }),
            Whole::Read(dropped) => unpacking.take_apart(dropped),
        };
        zip.set(None);
        if taken.is_err() {
            break;
        }
    }
    let arrivals = unpacking.end();
    match (failure, taken) {
        (Some(problem), _) => Err(problem.into()),
        (None, Err(refusal)) => Err(refused(refusal).into()),
        (None, Ok(())) => Ok(Unpacked { arrivals, pieces }),
    }
}

fn log_all(visit: &Visit, by: PersonId, came: &Came, unpacked: Unpacked, too_large: Vec<Piece>) -> Result<Taken, Refusal> {
    let Unpacked { arrivals, mut pieces } = unpacked;
    let mut taken = Taken::default();
    let mut loose = too_large;
    for (number, arrival) in arrivals.iter().enumerate() {
        match &arrival.what {
            Arrived::Message(mail) if arrival.carried_by.is_none() => {
                let (content, files) = (pieces[number].take(), carried(&arrivals, &mut pieces, number));
                message(visit, by, came, mail, content, files, &mut taken)?
            }
            // A message within a message goes with the outer one, as a file of it.
            Arrived::Message(_) => {}
            Arrived::File { .. } if arrival.carried_by.is_none() => loose.extend(pieces[number].take()),
            Arrived::File { .. } => {}
            Arrived::LeftOut(refusal) => {
                taken.left_out.push(format!("{}: {}", arrival.path(), refusal.what));
                // What a computer adds by itself has no bytes worth keeping; what is damaged or locked is kept and held.
                if arrival.carried_by.is_none() {
                    loose.extend(pieces[number].take());
                }
            }
        }
    }
    // Words beside the files are a message of their own: they may say what may be published.
    if !loose.is_empty() || !came.note.is_empty() {
        let held = came.recipients.is_empty() && came.held.is_empty();
        let came = if held { Came { held: vec![HoldReason::NothingToMatch], ..came.clone() } } else { came.clone() };
        taken.logged.push(replies::log(visit, by, &came, loose)?);
        if came.recipients.is_empty() { taken.n_held += 1 } else { taken.n_placed += 1 }
    }
    Ok(taken)
}

/// A file that somebody sent, as it came.
///
/// # Errors
/// It cannot be read or written.
pub fn piece_of(visit: &Visit, file: &Sent) -> Result<Piece, Refusal> {
    Ok(Piece { name: cleaned(&file.name), staged: restaged(visit, file)? })
}

fn restaged(visit: &Visit, file: &Sent) -> Result<Staged, Problem> {
    let mut sent = file.staged.open().map_err(|error| Problem::of_files("reading what was sent", &error))?;
    visit.app.ws.blobs().stage(&mut sent)
}

/// The files that a message carried, those of the messages within it among them.
fn carried(arrivals: &[Arrival], pieces: &mut [Option<Piece>], message: usize) -> Vec<Piece> {
    let is_under = |mut at: usize| loop {
        match arrivals[at].carried_by {
            Some(outer) if outer == message => return true,
            Some(outer) => at = outer,
            None => return false,
        }
    };
    (0..arrivals.len()).filter(|at| is_under(*at)).filter_map(|at| pieces[at].take()).collect()
}

fn message(
    visit: &Visit,
    by: PersonId,
    came: &Came,
    mail: &Mail,
    content: Option<Piece>,
    files: Vec<Piece>,
    taken: &mut Taken,
) -> Result<(), Refusal> {
    if mail.automatic == Some(Automatic::DeliveryReport)
        && let Some(is_new) = bounced(visit, by, mail)?
    {
        *(if is_new { &mut taken.n_bounced } else { &mut taken.n_again }) += 1;
        return Ok(());
    }
    let hash: Option<BlobHash> = content.as_ref().map(|piece| piece.staged.sha256().parse::<BlobHash>().map_err(Problem::new)).transpose()?;
    // Without a Message-ID it is known by its bytes.
    let is_nameless = mail.message_id.as_deref().is_none_or(str::is_empty);
    if is_nameless && hash.is_some_and(|hash| came_before(visit, hash)) {
        taken.n_again += 1;
        return Ok(());
    }
    let (recipients, held, answers) = match matched(visit, mail) {
        Matched::SeenBefore(_) => {
            taken.n_again += 1;
            return Ok(());
        }
        Matched::Placed { answers, .. } | Matched::Held { answers, .. } if !came.recipients.is_empty() => {
            (came.recipients.clone(), Vec::new(), answers)
        }
        Matched::Placed { recipients, answers, .. } => (recipients, Vec::new(), answers),
        Matched::Held { reasons, answers, .. } => (Vec::new(), reasons, answers),
    };
    if recipients.is_empty() {
        taken.n_held += 1
    } else {
        taken.n_placed += 1
    }
    let content = match (content, hash) {
        (Some(piece), Some(hash)) => {
            visit.app.ws.blobs().keep(piece.staged)?;
            hash
        }
        _ => replies::keep(visit, mail.text.as_bytes())?,
    };
    // What came through a body's link came today, whatever is written in it.
    let by_link = came.channel == Channel::Upload;
    let on = if by_link { None } else { day_of(mail) }.filter(|day| *day <= visit.today()).unwrap_or_else(|| visit.today());
    let came = Came {
        channel: if by_link { Channel::Upload } else { Channel::Email },
        on,
        recipients,
        held,
        note: String::new(),
        content: Some(content),
        message: key(mail.message_id.as_deref()),
        answers,
    };
    taken.logged.push(replies::log(visit, by, &came, files)?);
    Ok(())
}

/// The day in London on which the office's server had it. Only where no server left a word, what its sender wrote: a message
/// of its own date could make itself early or late.
fn day_of(mail: &Mail) -> Option<Day> {
    let at: Timestamp = mail.received.as_deref().or(mail.date.as_deref())?.parse().ok()?;
    Some(Moment::from_microseconds(at.as_microsecond()).day_in_london())
}

/// Logs that messages of ours came back, if the report names any that we know; and says whether that was new.
fn bounced(visit: &Visit, by: PersonId, mail: &Mail) -> Result<Option<bool>, Refusal> {
    let mut is_of_ours = false;
    let mut found: Vec<(CommunicationId, RecipientId)> = Vec::new();
    let mut reminders: Vec<MessageKey> = Vec::new();
    {
        let known = visit.app.office.known();
        for report in mail.deliveries.iter().filter(|report| report.action == DeliveryAction::Failed) {
            let Some(about) = key(report.about.as_deref()) else { continue };
            // A reminder of recommendations belongs to no request: it is known by its handover.
            match known.state.handover(about).map(|handover| &handover.stage) {
                Some(HandoverStage::Reminded { .. }) => (is_of_ours, reminders) = (true, [&reminders[..], &[about]].concat()),
                Some(HandoverStage::CameBack { .. }) => is_of_ours = true,
                _ => {}
            }
            let Some(id) = known.state.by_message(about) else { continue };
            let Some(communication) = known.state.communication(id).filter(|it| it.direction == Direction::Out) else { continue };
            is_of_ours = true;
            let is_logged = |recipient: &RecipientId| communication.deliveries.contains(&(*recipient, DeliveryOutcome::Bounced));
            found.extend(communication.recipients.iter().filter(|recipient| !is_logged(recipient)).map(|recipient| (id, *recipient)));
        }
    }
    reminders.dedup();
    let is_new = !found.is_empty() || !reminders.is_empty();
    let evidence: Option<BlobHash> = is_new.then(|| replies::keep(visit, mail.text.as_bytes())).transpose()?;
    for message in reminders {
        visit.act_as(by, &|state, order| duty_reminders::came_back(state, order, message, evidence, order.today()))?;
    }
    for (communication, recipient) in &found {
        let on = visit.today();
        visit.act_as(by, &|state, order| log_delivery(state, order, *communication, *recipient, DeliveryOutcome::Bounced, evidence, on))?;
    }
    Ok(is_of_ours.then_some(is_new))
}
