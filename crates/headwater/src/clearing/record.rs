//! What the log and the blobs hold of releases: proposals, decisions, and every count that ever left.

use std::collections::BTreeMap;
use std::io::Read;

use headwater_release::{Audience, Clearance, Decision, Entry, Ledger, NotCleared, Proposal, Rule, Seen};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Prepared;
use super::counts::{self, CountTable, Totals};
use crate::intake::Occasion;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::blobs::hex;
use crate::store::log::{Condition, Entry as Told, Event};

/// The events of releases.
const PROPOSED: &str = "release.proposed";
const DECIDED: &str = "release.decided";

/// What a release is made from, as kept in the workspace.
pub struct Kept {
    /// Each table by name and SHA-256, and whether it is not to leave.
    pub tables: Vec<(String, String, bool)>,
    /// The file that says what totals are made of, by SHA-256.
    pub axes: Option<String>,
    /// The rule's file, by SHA-256, if it is one of one's own; else its name.
    pub rule: String,
    /// What is counted in tables that do not say it.
    pub measure: Option<String>,
}

/// A proposal in the log.
pub struct Proposed {
    /// The release's id.
    pub id: String,
    /// The event's body.
    pub body: Value,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at: jiff::Timestamp,
    /// The last decision on it.
    pub decided: Option<Decided>,
    /// Where the log ended when all this was read.
    pub read_at: u64,
}

/// A decision in the log.
pub struct Decided {
    /// `approve`, `ask for changes` or `reject`.
    pub decision: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: jiff::Timestamp,
}

/// Keeps the files of a release in the workspace.
///
/// # Errors
/// They cannot be written.
pub fn keep(
    ws: &Workspace,
    tables: &[(String, Vec<u8>, bool)],
    axes: Option<&str>,
    rule: (&str, bool),
    measure: Option<&str>,
) -> Result<Kept, Problem> {
    let put = |bytes: &[u8]| ws.blobs().put(&mut &*bytes).map(|blob| blob.sha256);
    let tables = tables.iter().map(|(name, bytes, is_latent)| Ok((name.clone(), put(bytes)?, *is_latent))).collect::<Result<_, Problem>>()?;
    let (rule, is_own) = rule;
    let rule = if is_own { put(rule.as_bytes())? } else { rule.to_owned() };
    Ok(Kept { tables, axes: axes.map(|text| put(text.as_bytes())).transpose()?, rule, measure: measure.map(str::to_owned) })
}

/// Writes a proposal down. The log holds no count of it that is hidden, only how many there are.
///
/// # Errors
/// The log cannot be written.
pub fn propose(ws: &Workspace, prepared: &Prepared, kept: &Kept, occasion: Occasion) -> Result<bool, Problem> {
    let [shown, hidden, hidden_to_protect] = prepared.n_fates();
    let body = json!({
        "sha256": prepared.id,
        "name": kept.tables.first().map(|(name, ..)| name),
        "tables": kept.tables.iter().map(|(name, sha256, is_latent)| json!({"name": name, "sha256": sha256, "latent": is_latent})).collect::<Vec<_>>(),
        "axes": kept.axes,
        "rule": kept.rule,
        "rule_version": prepared.rule.to_string(),
        "measure": kept.measure,
        "audience": prepared.audience.to_string(),
        "n_shown": shown,
        "n_hidden": hidden,
        "n_hidden_to_protect": hidden_to_protect,
        "n_earlier": prepared.n_earlier,
        "n_proven": prepared.audit.n_proven_by_tables,
        "n_pinned": prepared.audit.pinned.len(),
    });
    Ok(ws.log().append_once(PROPOSED, &prepared.id, body, occasion.actor, occasion.at)?.is_some())
}

/// Every proposal with the last decision on it, oldest first.
///
/// # Errors
/// The log cannot be read.
pub fn proposed(ws: &Workspace) -> Result<Vec<Proposed>, Problem> {
    let mut found: Vec<Proposed> = Vec::new();
    let events = ws.log().events()?;
    let read_at = events.last().map_or(0, |event| event.seq);
    for event in events {
        let id = text(&event.body, "sha256");
        match event.kind.as_str() {
            PROPOSED => found.push(Proposed { id, body: event.body, by: event.actor, at: event.at, decided: None, read_at }),
            DECIDED => {
                if let Some(proposal) = found.iter_mut().find(|proposal| proposal.id == text(&event.body, "release")) {
                    proposal.decided = Some(Decided { decision: text(&event.body, "decision"), by: event.actor, at: event.at });
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

impl Proposed {
    /// Prepares the release once more from what was kept, and makes sure that it is the same.
    ///
    /// # Errors
    /// A file is missing or damaged, or this version of the program comes to something else.
    pub fn prepare(&self, ws: &Workspace, earlier: &Earlier) -> Result<Prepared, Problem> {
        let (tables, said) = material(ws, &self.body)?;
        let rule = rule_of(ws, &text(&self.body, "rule"))?;
        let audience = audience_of(&text(&self.body, "audience"))?;
        let prepared = super::prepare(tables, &said, rule, audience, earlier)?;
        if prepared.id != self.id {
            return Err(Problem::new("the release is not what was proposed: the rule or the program has changed since")
                .hint("propose it again with `headwater release check`"));
        }
        Ok(prepared)
    }
}

/// Decides on a proposal, and writes down what left if it may.
///
/// # Errors
/// The person may not decide on it, the release is not safe, or it is decided already.
pub fn decide(
    ws: &Workspace,
    proposal: &Proposed,
    prepared: &Prepared,
    decision: Decision,
    override_because: Option<&str>,
    occasion: Occasion,
) -> Result<Clearance, Problem> {
    if proposal.decided.as_ref().is_some_and(|decided| decided.decision == "approve") {
        return Err(Problem::new("this release was approved already; what has left cannot be taken back")
            .hint("`headwater release ledger` lists what left")
            .exit(Exit::ClearanceRefused));
    }
    let asked = Proposal::new(&proposal.id, &proposal.by, prepared.audience, prepared.rule.to_string(), &prepared.audit);
    let clearance = Clearance::decide(asked, occasion.actor, decision, override_because).map_err(|error| refused(&error))?;
    let ledger = if clearance.lets_go() { Some(ws.blobs().put(&mut written(prepared)?.as_slice())?.sha256) } else { None };
    // So that a file somebody has is found again: `release.json`, which leaves with it, says the same.
    let left = if clearance.lets_go() { prepared.leaving()? } else { Vec::new() };
    let left: Vec<Value> = left.iter().map(|(name, bytes)| json!({"name": name, "sha256": hex(&Sha256::digest(bytes))})).collect();
    let (word, reason) = match clearance.decision() {
        Decision::Approve => ("approve", clearance.overridden()),
        Decision::AskForChanges(why) => ("ask for changes", Some(why.as_str())),
        Decision::Reject(why) => ("reject", Some(why.as_str())),
    };
    let body = json!({
        "release": proposal.id,
        "name": proposal.body["name"],
        "decision": word,
        "reason": reason,
        "overridden": clearance.overridden().is_some(),
        "audience": prepared.audience.to_string(),
        "ledger": ledger,
        "left": left,
    });
    // Safe beside everything that had left when it was weighed; what leaves at the same moment was not weighed with it.
    let entry = Told { kind: DECIDED, body: &body, actor: occasion.actor, at: occasion.at };
    match ws.log().write(&[entry], Condition::HeadIs(proposal.read_at))? {
        Some(_) => Ok(clearance),
        None => Err(Problem::new("someone wrote to the log while this release was weighed; nothing was decided")
            .hint("give the same command again: it weighs the release beside what is there now")),
    }
}

fn refused(error: &NotCleared) -> Problem {
    let (hint, exit) = match error {
        NotCleared::SamePerson { .. } => ("let a colleague decide, under their own id: --actor ID", Exit::NotPermitted),
        NotCleared::NotSafe { .. } => (
            "ask for changes; or, if the rule did not foresee this case, approve with --override and the reason, which is printed",
            Exit::ClearanceRefused,
        ),
        NotCleared::NoReason => ("say why", Exit::WrongUse),
    };
    Problem::new(error.to_string()).hint(hint).exit(exit)
}

/// What left, as a table: the categories of each count, and what was seen of it.
fn written(prepared: &Prepared) -> Result<Vec<u8>, Problem> {
    let failed = |error: csv::Error| Problem::while_doing("writing the ledger", error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(prepared.axes.iter().map(String::as_str).chain(["seen", "low", "high"])).map_err(failed)?;
    let safety = prepared.rule.safety();
    for (key, _, _) in prepared.keys() {
        let Some(seen) = prepared.places.cell(key).and_then(|cell| prepared.pattern.seen(&prepared.linked, cell, &safety)) else { continue };
        let (shown, low, high) = match seen {
            Seen::Count { shown, low, high } => (shown.to_string(), low.to_string(), high.to_string()),
            Seen::Hidden => ("[c]".to_owned(), String::new(), String::new()),
        };
        writer.write_record(key.iter().map(String::as_str).chain([shown.as_str(), &low, &high])).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Problem::while_doing("writing the ledger", error))
}

/// Every file that releases rest on, as what it is and SHA-256.
///
/// # Errors
/// The log cannot be read.
pub fn files(ws: &Workspace) -> Result<Vec<(String, String)>, Problem> {
    let mut all = Vec::new();
    for event in ws.log().events()? {
        let (body, id) = (&event.body, text(&event.body, "sha256"));
        match event.kind.as_str() {
            PROPOSED => {
                for table in body["tables"].as_array().map(Vec::as_slice).unwrap_or_default() {
                    all.push((format!("the table {} of a release", text(table, "name")), text(table, "sha256")));
                }
                all.extend(body["axes"].as_str().map(|sha256| ("the axes of a release".to_owned(), sha256.to_owned())));
                let rule = text(body, "rule");
                if Rule::named(&rule).is_err() {
                    all.push((format!("the rule of release {id}"), rule));
                }
            }
            DECIDED => all.extend(body["ledger"].as_str().map(|sha256| ("the ledger of a release".to_owned(), sha256.to_owned()))),
            _ => {}
        }
    }
    Ok(all)
}

/// Everything that left before.
#[derive(Default)]
pub struct Earlier {
    axes: Vec<String>,
    entries: Vec<(BTreeMap<String, String>, Entry)>,
    counts: Vec<(String, CountTable)>,
}

/// Reads what left before, from the log and the blobs.
///
/// # Errors
/// A file of an earlier release is missing, or not as it was written.
pub fn earlier(ws: &Workspace) -> Result<Earlier, Problem> {
    let events = ws.log().events()?;
    let mut earlier = Earlier::default();
    for event in events.iter().filter(|event| event.kind == DECIDED && event.body["decision"] == "approve") {
        let id = text(&event.body, "release");
        let proposal = events.iter().find(|other| other.kind == PROPOSED && text(&other.body, "sha256") == id);
        let proposal = proposal.ok_or_else(|| damaged("a release was approved that nobody proposed"))?;
        earlier.take(ws, event, &id)?;
        earlier.counts.extend(material(ws, &proposal.body)?.0.into_iter().map(|table| (id.clone(), table)));
    }
    Ok(earlier)
}

impl Earlier {
    fn take(&mut self, ws: &Workspace, event: &Event, id: &str) -> Result<(), Problem> {
        let bytes = blob(ws, &text(&event.body, "ledger"))?;
        let audience = audience_of(&text(&event.body, "audience"))?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().map_err(|_| damaged("the ledger cannot be read"))?.clone();
        let n_axes = header.len().checked_sub(3).ok_or_else(|| damaged("the ledger has too few columns"))?;
        for name in header.iter().take(n_axes).filter(|name| !self.axes.iter().any(|known| known == name)).map(str::to_owned).collect::<Vec<_>>() {
            self.axes.push(name);
        }
        for record in reader.records() {
            let record = record.map_err(|_| damaged("the ledger cannot be read"))?;
            let number = |at: usize| record.get(at).and_then(|cell| cell.parse().ok());
            let seen = match (number(n_axes), number(n_axes + 1), number(n_axes + 2)) {
                (Some(shown), Some(low), Some(high)) => Seen::Count { shown, low, high },
                _ if record.get(n_axes) == Some("[c]") => Seen::Hidden,
                _ => return Err(damaged("the ledger has a line that is neither a count nor hidden")),
            };
            let key = header.iter().take(n_axes).zip(record.iter()).map(|(axis, category)| (axis.to_owned(), category.to_owned())).collect();
            self.entries.push((key, Entry { release: id.to_owned(), audience, seen }));
        }
        Ok(())
    }

    /// The axes of all that left.
    pub fn axes(&self) -> impl Iterator<Item = &String> {
        self.axes.iter()
    }

    /// What left over axes of these names, and what each release counted then.
    pub fn over(&self, axes: &[String]) -> (Ledger, BTreeMap<(String, Vec<String>), u64>) {
        let mut ledger = Ledger::default();
        for (key, entry) in &self.entries {
            let category = |axis: &String| key.get(axis).map_or(counts::ALL, String::as_str).to_owned();
            ledger.add(axes.iter().map(category).collect(), entry.clone());
        }
        let rows = self.counts.iter().flat_map(|(id, table)| table.rows.iter().map(|(row, n)| ((id.clone(), table.key(row, axes)), *n)));
        (ledger, rows.collect())
    }

    /// How many counts left, and in how many of them nothing was hidden.
    pub fn n_counts(&self) -> usize {
        self.entries.len()
    }
}

/// The tables and totals of a proposal, from the blobs.
fn material(ws: &Workspace, body: &Value) -> Result<(Vec<CountTable>, Totals), Problem> {
    let measure = body["measure"].as_str();
    let tables = body["tables"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tables =
        tables.iter().map(|table| CountTable::read(&text(table, "name"), &blob(ws, &text(table, "sha256"))?, measure)).collect::<Result<_, _>>()?;
    let said = match body["axes"].as_str() {
        Some(sha256) => counts::totals(&String::from_utf8_lossy(&blob(ws, sha256)?))?,
        None => Totals::new(),
    };
    Ok((tables, said))
}

fn rule_of(ws: &Workspace, named: &str) -> Result<Rule, Problem> {
    match Rule::named(named) {
        Ok(rule) => Ok(rule.clone()),
        Err(_) => Rule::from_toml(&String::from_utf8_lossy(&blob(ws, named)?)).map_err(|error| damaged(&error.to_string())),
    }
}

fn audience_of(word: &str) -> Result<Audience, Problem> {
    [Audience::Team, Audience::Partners, Audience::Public]
        .into_iter()
        .find(|audience| audience.to_string() == word)
        .ok_or_else(|| damaged("a release is for an audience that there is not"))
}

fn blob(ws: &Workspace, sha256: &str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    ws.blobs().read(sha256)?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a file of a release", &error))?;
    if hex(&Sha256::digest(&bytes)) == sha256 { Ok(bytes) } else { Err(damaged("a file of a release is not as it was")) }
}

fn damaged(what: &str) -> Problem {
    Problem::new(what).hint("restore the workspace from a copy; `headwater log verify` says what was changed").exit(Exit::Findings)
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
