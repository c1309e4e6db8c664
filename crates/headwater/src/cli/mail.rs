//! `mail check`, `mail send`, `mail waiting`, `mail settle`, `mail fetch`: letters out by a server or by hand, answers in.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use headwater_prevention::exchange::decide::{Order, campaigns, handovers};
use headwater_prevention::exchange::id::{BodyId, CampaignId, MessageKey, PersonId};
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::words::Remark;
use jiff::Timestamp;
use serde_json::json;

use super::{Context, counted};
use crate::mail::by_hand::{self, Sheet};
use crate::mail::compose::Way;
use crate::mail::desk::LogDesk;
use crate::mail::fetch::{Filed, into_folder};
use crate::mail::imap::Imap;
use crate::mail::outbox::{Desk, Errand, Fate, Outbox};
use crate::mail::send::{Answer, Smtp};
use crate::mail::settings::{Mail, Server};
use crate::people::{self, Person};
use crate::problem::{Exit, Problem};
use crate::store::Workspace;

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Connect to the mail servers of [mail] and say what they offer; sends nothing
    Check,
    /// Hand over the letters of a campaign that may go: approved, and past the recall window
    ///
    /// Each letter is kept and told to the log before it goes. One of which nobody knows whether it went is never sent
    /// again by itself: `mail waiting` lists it, `mail settle` says what became of it.
    Send {
        /// The campaign's number
        campaign: u32,
        /// Write the letters into this new folder, or file ending in .zip, for somebody to send by hand
        #[arg(long, value_name = "DIR")]
        by_hand: Option<PathBuf>,
    },
    /// Read what came into the mailbox since the last time, one file for each message; the mailbox is not changed
    Fetch {
        /// The folder for the files; it remembers how far the mailbox was read
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// List the messages of which it is not known whether they went, and those that a server refused
    Waiting,
    /// Say what became of a message
    Settle {
        /// Its key, as `mail waiting` prints it
        message: MessageKey,
        #[command(flatten)]
        what: What,
        /// The day on which it went, if not today
        #[arg(long, value_name = "YYYY-MM-DD", requires = "went")]
        on: Option<Day>,
    },
}

/// What became of it.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct What {
    /// It went
    #[arg(long)]
    went: bool,
    /// It did not go and will not, and why
    #[arg(long, value_name = "REASON")]
    lost: Option<Remark>,
    /// Hand it over again, and accept that it may arrive twice
    #[arg(long)]
    again: bool,
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    match command {
        Command::Check => check(settings(&ws)?, context),
        Command::Send { campaign, by_hand } => send(&ws, CampaignId(*campaign), by_hand.as_ref(), context),
        Command::Fetch { out } => fetch(settings(&ws)?, out, context),
        Command::Waiting => waiting(&ws, context),
        Command::Settle { message, what, on } => settle(&ws, *message, what, *on, context),
    }
}

fn settings(ws: &Workspace) -> Result<&Mail, Problem> {
    ws.settings().mail.as_ref().ok_or_else(|| {
        Problem::new("there is no [mail] in headwater.toml")
            .hint("write [mail] with address = \"office@vru.example\", and [mail.smtp] with host, user and password_file")
            .exit(Exit::WrongUse)
    })
}

fn smtp(mail: &Mail) -> Result<&Server, Problem> {
    mail.smtp.as_ref().ok_or_else(|| {
        Problem::new("there is no [mail.smtp] in headwater.toml")
            .hint("name a server there, or write the letters out with --by-hand DIR")
            .exit(Exit::WrongUse)
    })
}

fn actor(context: &Context) -> Result<PersonId, Problem> {
    context.shared.actor.parse().map_err(|why: String| Problem::new(why).exit(Exit::WrongUse))
}

fn check(mail: &Mail, context: &mut Context) -> Result<(), Problem> {
    if mail.smtp.is_none() && mail.imap.is_none() {
        return Err(Problem::new("there is no mail server in headwater.toml").hint("name one in [mail.smtp] or [mail.imap]").exit(Exit::WrongUse));
    }
    let mut found = serde_json::Map::new();
    if let Some(server) = &mail.smtp {
        let connection = Smtp::connect(server, mail.ca_file.as_deref())?;
        let offer = connection.offer();
        connection.quit();
        if !context.shared.json {
            let line = if offer.is_sealed { "TLS" } else { "no TLS" };
            let signed_in = if offer.is_signed_in { "signed in" } else { "not signed in" };
            writeln!(context.out, "smtp  {}:{}  {}  {line}, {signed_in}  {}", server.host, server.port, offer.name, offer.extensions.join(", "))?;
        }
        found.insert(
            "smtp".to_owned(),
            json!({"host": server.host, "port": server.port, "name": offer.name, "sealed": offer.is_sealed, "signed_in": offer.is_signed_in, "extensions": offer.extensions}),
        );
    }
    if let Some(server) = &mail.imap {
        let mut imap = Imap::connect(server, mail.ca_file.as_deref())?;
        let n_messages = imap.count(&mail.folder)?;
        let capabilities = imap.capabilities.clone();
        imap.quit();
        if !context.shared.json {
            let messages = counted(n_messages as usize, "message", "messages");
            writeln!(context.out, "imap  {}:{}  signed in  {messages} in {}  {}", server.host, server.port, mail.folder, capabilities.join(", "))?;
        }
        found.insert(
            "imap".to_owned(),
            json!({"host": server.host, "port": server.port, "folder": mail.folder, "messages": n_messages, "capabilities": capabilities}),
        );
    }
    if context.shared.json { context.json(&found) } else { Ok(()) }
}

fn fetch(mail: &Mail, out: &Path, context: &mut Context) -> Result<(), Problem> {
    let server = mail.imap.as_ref().ok_or_else(|| {
        Problem::new("there is no [mail.imap] in headwater.toml").hint("name a server there, with user and password_file").exit(Exit::WrongUse)
    })?;
    let filed = into_folder(mail, server, out)?;
    let Filed { fetched, n_new } = &filed;
    if context.shared.json {
        return context.json(&json!({"read": fetched.n_read, "new": n_new, "renumbered": fetched.was_renumbered, "too_large": fetched.too_large}));
    }
    if fetched.was_renumbered {
        eprintln!("The server has numbered its messages anew; all of them were read again.");
    }
    for (uid, n_bytes) in &fetched.too_large {
        eprintln!("Message {uid} was left: it has {n_bytes} bytes.");
    }
    Ok(writeln!(context.out, "{} new in {}", counted(*n_new, "message is", "messages are"), out.display())?)
}

fn with_outbox<T>(
    ws: &Workspace,
    mail: &Mail,
    context: &mut Context,
    act: impl FnOnce(&Outbox<'_>, &mut Context) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let people: BTreeMap<String, Person> = people::all(ws)?.into_iter().collect();
    let desk = LogDesk::new(ws)?;
    let by = actor(context)?;
    act(&Outbox { ws, mail, people: &people, desk: &desk, by }, context)
}

fn send(ws: &Workspace, campaign: CampaignId, by_hand: Option<&PathBuf>, context: &mut Context) -> Result<(), Problem> {
    let mail = settings(ws)?;
    let server = if by_hand.is_none() { Some(smtp(mail)?) } else { None };
    with_outbox(ws, mail, context, |outbox, context| {
        let state = outbox.desk.state()?;
        let stage = state.campaign(campaign).ok_or_else(|| Problem::new(format!("there is no {campaign}")).exit(Exit::WrongUse))?.stage.words();
        let to_send = campaigns::letters_to_send(&state, campaign, Moment::from_microseconds(context.at.as_microsecond()));
        if to_send.is_empty() {
            return Err(Problem::new(format!("{campaign} has no letter that may go: it is {stage}"))
                .hint("a campaign's letters go once it is approved, on its way, and past the recall window; `headwater mail waiting` lists those in doubt")
                .exit(Exit::NotPermitted));
        }
        let Some(server) = server else {
            let Some(out) = by_hand else { return Ok(()) };
            let messages = to_send.iter().map(|id| outbox.message(&state, Errand::Letter(*id), Way::ByHand)).collect::<Result<Vec<_>, Problem>>()?;
            let sheets: Vec<Sheet> = messages.into_iter().map(|it| Sheet { body: it.body, subject: it.subject, bytes: it.bytes }).collect();
            by_hand::write(&sheets, out)?;
            let letters = counted(sheets.len(), "letter", "letters");
            if context.shared.json {
                return context.json(&json!({"written": sheets.len(), "to": out}));
            }
            return Ok(writeln!(context.out, "{letters} in {}: none is sent yet, read-me.txt says how.", out.display())?);
        };
        let mut connection = Smtp::connect(server, mail.ca_file.as_deref())?;
        let mut fates: Vec<(String, Fate)> = Vec::new();
        let outcome = outbox.send(campaign, &mut connection, &mut |body, fate| {
            fates.push((body.to_owned(), fate.clone()));
            ControlFlow::Continue(())
        });
        connection.quit();
        say(&fates, to_send.len(), context)?;
        outcome?;
        let n_accepted = fates.iter().filter(|(_, fate)| *fate == Fate::Answered(Answer::Accepted)).count();
        if n_accepted < to_send.len() {
            return Err(Problem::new(format!("{} of {} did not go", to_send.len() - n_accepted, counted(to_send.len(), "letter", "letters")))
                .hint("`headwater mail waiting` lists what a person must look at; `headwater mail send` again sends what was refused for now")
                .exit(Exit::Findings));
        }
        Ok(())
    })
}

fn say(fates: &[(String, Fate)], n_letters: usize, context: &mut Context) -> Result<(), Problem> {
    let words = |fate: &Fate| match fate {
        Fate::NotBegun(why) => ("not begun", None, why.clone()),
        Fate::Answered(Answer::Accepted) => ("accepted", None, String::new()),
        Fate::Answered(Answer::Refused { for_good: true, code, words, .. }) => ("refused for good", *code, words.clone()),
        Fate::Answered(Answer::Refused { code, words, .. }) => ("refused for now", *code, words.clone()),
        Fate::Answered(Answer::Silence { words }) => ("no answer", None, words.clone()),
    };
    if context.shared.json {
        let list: Vec<_> = fates
            .iter()
            .map(|(body, fate)| {
                let (fate, code, words) = words(fate);
                json!({"body": body, "fate": fate, "code": code, "words": words})
            })
            .collect();
        return context.json(&json!({"letters": n_letters, "fates": list}));
    }
    for (body, fate) in fates {
        let (fate, _, words) = words(fate);
        writeln!(context.out, "{body}: {fate}{}{words}", if words.is_empty() { "" } else { ": " })?;
    }
    Ok(())
}

fn waiting(ws: &Workspace, context: &mut Context) -> Result<(), Problem> {
    let desk = LogDesk::new(ws)?;
    let state = desk.state()?;
    let mut found = Vec::new();
    for (key, it) in state.handovers() {
        if it.stage.is_settled() {
            continue;
        }
        let name = |id: &BodyId| state.body(*id).map_or_else(|| id.to_string(), |body| body.entry.name.to_string());
        let names: Vec<String> = it.bodies(&state).iter().map(name).collect();
        found.push((key, it.stage.words(), names, it.n_begun));
    }
    if context.shared.json {
        let list: Vec<_> =
            found.iter().map(|(key, stage, names, n)| json!({"message": key, "stage": stage, "bodies": names, "handed_over": n})).collect();
        return context.json(&list);
    }
    for (key, stage, names, n_begun) in found {
        writeln!(context.out, "{key}  {}  {stage}, handed over {}", names.join(", "), counted(n_begun as usize, "time", "times"))?;
    }
    Ok(())
}

fn settle(ws: &Workspace, message: MessageKey, what: &What, on: Option<Day>, context: &mut Context) -> Result<(), Problem> {
    let by = actor(context)?;
    let desk = LogDesk::new(ws)?;
    let order = Order { by, at: Moment::from_microseconds(Timestamp::now().as_microsecond()), seen: desk.state()?.seq() };
    if what.again {
        let mail = settings(ws)?;
        let server = smtp(mail)?;
        return with_outbox(ws, mail, context, |outbox, context| {
            let mut connection = Smtp::connect(server, mail.ca_file.as_deref())?;
            let answer = outbox.send_again(message, order.seen, &mut connection)?;
            connection.quit();
            say(&[(message.to_string(), Fate::Answered(answer))], 1, context)
        });
    }
    match &what.lost {
        Some(reason) => desk.act(&order, &|state, order| handovers::give_up(state, order, message, reason.clone()))?,
        None => desk.act(&order, &|state, order| handovers::went(state, order, message, on.unwrap_or(order.today())))?,
    }
    if context.shared.json {
        return context.json(&json!({"message": message, "settled": if what.went { "went" } else { "lost" }}));
    }
    eprintln!("Written down.");
    Ok(())
}
