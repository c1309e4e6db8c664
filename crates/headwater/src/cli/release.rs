//! `release check`, `release clear`, `release ledger`: counts that are to leave.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use headwater_release::{Audience, Decision, Fate, Rule, Seen, scan};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Context, counted};
use crate::clearing::counts::{self, CountTable, Totals};
use crate::clearing::{self, Earlier, Prepared, Proposed};
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::blobs::hex;

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// See what must be hidden before counts may leave, and propose them
    ///
    /// Takes tables in CSV with a column "count"; the other columns say of what. They are made safe together, with everything
    /// that left before: small counts are hidden, and larger ones where a hidden one could be worked out from them.
    Check(CheckArguments),
    /// Decide on a proposed release: a second person, who sees the raw counts
    ///
    /// Without a decision, prints what there is to decide on. The hidden counts in it are for the person who decides.
    Clear(ClearArguments),
    /// List everything that left, and to whom
    Ledger,
    /// List the rules on small numbers, or print one
    Rules {
        /// The rule to print
        name: Option<String>,
    },
}

/// What `release check` takes.
#[derive(clap::Args)]
pub struct CheckArguments {
    /// The tables
    #[arg(required = true, value_name = "FILE")]
    tables: Vec<PathBuf>,
    /// The rule on small numbers: a name of `release rules`, or a file
    #[arg(long, value_name = "NAME|FILE")]
    rule: String,
    /// What is counted, where no column "measure" says it
    #[arg(long, value_name = "WORDS")]
    measure: Option<String>,
    /// A table that does not leave, such as the finest counts behind the others: it ties them together, so that nothing
    /// follows from them that nobody thought of
    #[arg(long, value_name = "FILE")]
    latent: Vec<PathBuf>,
    /// A file that says which categories are made of which others
    #[arg(long, value_name = "FILE")]
    axes: Option<PathBuf>,
    /// Who is to receive them
    #[arg(long, value_enum, default_value_t = To::Public)]
    audience: To,
    /// Propose the release, for a second person to decide on
    #[arg(long)]
    propose: bool,
    /// Write the tables as they would leave into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What `release clear` takes.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("decision").multiple(false))]
pub struct ClearArguments {
    /// The release: its id, or the first characters of it
    id: String,
    /// It may go
    #[arg(long, group = "decision")]
    approve: bool,
    /// It may not go as it is: what has to change
    #[arg(long, value_name = "WORDS", group = "decision")]
    ask_for_changes: Option<String>,
    /// It may not go: why
    #[arg(long, value_name = "WORDS", group = "decision")]
    reject: Option<String>,
    /// Approve although counts can be worked out: why; printed with the release
    #[arg(long = "override", value_name = "WORDS", requires = "approve")]
    override_because: Option<String>,
    /// A text that goes with it, searched for hidden counts
    #[arg(long, value_name = "FILE")]
    text: Vec<PathBuf>,
    /// Write the approved tables into this folder
    #[arg(long, value_name = "DIR", requires = "approve")]
    out: Option<PathBuf>,
}

/// Outsiders.
#[derive(Clone, Copy, clap::ValueEnum)]
enum To {
    /// The specified authorities under their information sharing agreement
    Partners,
    /// Anyone
    Public,
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    match command {
        Command::Check(arguments) => check(arguments, context),
        Command::Clear(arguments) => clear(arguments, context),
        Command::Ledger => ledger(context),
        Command::Rules { name } => rules(name.as_deref(), context),
    }
}

fn check(arguments: &CheckArguments, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let (rule, own) = rule(&arguments.rule)?;
    let axes = arguments.axes.as_ref().map(|path| read_text(path)).transpose()?;
    let said = axes.as_deref().map(counts::totals).transpose()?.unwrap_or_else(Totals::new);
    let mut files = Vec::new();
    let mut names = BTreeSet::new();
    let latent = arguments.latent.iter().map(|path| (path, true));
    for (path, is_latent) in arguments.tables.iter().map(|path| (path, false)).chain(latent) {
        let name = path.file_name().map_or_else(|| "table.csv".to_owned(), |name| name.to_string_lossy().into_owned());
        if !names.insert(name.clone()) {
            return Err(Problem::new(format!("two tables are called {name}")).hint("give one of them another name").exit(Exit::WrongUse));
        }
        files.push((name, fs::read(path).map_err(|error| unreadable(path, &error))?, is_latent));
    }
    let read = |(name, bytes, is_latent): &(String, Vec<u8>, bool)| -> Result<CountTable, Problem> {
        Ok(CountTable { is_latent: *is_latent, ..CountTable::read(name, bytes, arguments.measure.as_deref())? })
    };
    let tables = files.iter().map(read).collect::<Result<_, _>>()?;
    let audience = match arguments.audience {
        To::Partners => Audience::Partners,
        To::Public => Audience::Public,
    };
    let earlier = clearing::earlier(&ws)?;
    let prepared = clearing::prepare(tables, &said, rule, audience, &earlier)?;
    if let Some(out) = &arguments.out {
        write_tables(&prepared, out, None)?;
    }
    if arguments.propose {
        let rule = own.as_deref().map_or((arguments.rule.as_str(), false), |text| (text, true));
        let kept = clearing::keep(&ws, &files, axes.as_deref(), rule, arguments.measure.as_deref())?;
        if !clearing::propose(&ws, &prepared, &kept, context.occasion())? {
            eprintln!("This release was proposed before.");
        }
    }
    say(&prepared, context)?;
    if arguments.propose && !context.shared.json {
        eprintln!("Proposed. A second person decides: headwater release clear {} --actor THEIR-ID", short(&prepared.id));
    }
    Ok(())
}

fn say(prepared: &Prepared, context: &mut Context) -> Result<(), Problem> {
    let [shown, hidden, to_protect] = prepared.n_fates();
    if context.shared.json {
        let redesigns: Vec<_> = prepared
            .redesigns
            .iter()
            .map(|redesign| json!({"without": redesign.column, "n_small": redesign.n_small, "n_small_without": redesign.n_small_without}))
            .collect();
        return context.json(&json!({
            "release": prepared.id,
            "rule": prepared.rule.to_string(),
            "audience": prepared.audience.to_string(),
            "n_shown": shown,
            "n_hidden": hidden,
            "n_hidden_to_protect": to_protect,
            "lost_percent": prepared.lost_percent,
            "farthest_from_shown": prepared.pattern.farthest(),
            "n_noughts_to_look_at": prepared.noughts_to_look_at().count(),
            "n_earlier": prepared.n_earlier,
            "attack": {"n_must_stay_unknown": prepared.audit.n_needy, "n_proven": prepared.audit.n_proven_by_tables, "n_worked_out": prepared.audit.pinned.len()},
            "redesigns": redesigns,
        }));
    }
    writeln!(context.out, "Release {} for {}", short(&prepared.id), prepared.audience)?;
    writeln!(context.out, "  rule    {}: {}", prepared.rule, prepared.rule.sentence())?;
    writeln!(
        context.out,
        "  counts  {}, {}, {} to protect them; lost: {:.1} % of what the finest counts add up to",
        counted(shown, "shown", "shown"),
        counted(hidden, "hidden", "hidden"),
        counted(to_protect, "more", "more"),
        prepared.lost_percent
    )?;
    if let Some(farthest) = prepared.pattern.farthest() {
        writeln!(context.out, "  rounded so that all sums hold; no count is further than {farthest} from what is shown")?;
    }
    let n_noughts = prepared.noughts_to_look_at().count();
    if n_noughts > 0 {
        let noughts = counted(n_noughts, "nought is", "noughts are");
        writeln!(context.out, "  look at {noughts} shown: each may say something of everyone in its group; `release clear` lists them")?;
    }
    if prepared.n_earlier > 0 {
        writeln!(context.out, "  before  tied to {} that left earlier", counted(prepared.n_earlier, "count", "counts"))?;
    }
    if prepared.places.n_untied() > 0 {
        let untied = counted(prepared.places.n_untied(), "sum", "sums");
        writeln!(context.out, "  before  {untied} with counts of an earlier edition do not fit this one's, and cannot be subtracted")?;
    }
    if prepared.rule.hides_to_protect() {
        writeln!(
            context.out,
            "  attack  {} must stay unknown: other tables prove it for {}, {} can be worked out",
            counted(prepared.audit.n_needy, "count", "counts"),
            prepared.audit.n_proven_by_tables,
            prepared.audit.pinned.len()
        )?;
    } else if hidden > 0 {
        writeln!(context.out, "  attack  not made: this rule hides small counts only, whatever gives them away")?;
    }
    for redesign in &prepared.redesigns {
        writeln!(
            context.out,
            "  instead add up the column {}: {} of {} left",
            redesign.column,
            counted(redesign.n_small_without, "small count", "small counts"),
            redesign.n_small
        )?;
    }
    Ok(())
}

fn clear(arguments: &ClearArguments, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let proposal = find(&ws, &arguments.id)?;
    let earlier = clearing::earlier(&ws)?;
    let prepared = proposal.prepare(&ws, &earlier)?;
    search_texts(&prepared, &arguments.text)?;
    let decision = match (arguments.approve, &arguments.ask_for_changes, &arguments.reject) {
        (true, _, _) => Decision::Approve,
        (_, Some(why), _) => Decision::AskForChanges(why.clone()),
        (_, _, Some(why)) => Decision::Reject(why.clone()),
        _ => return review(&proposal, &prepared, &earlier, context),
    };
    let clearance = clearing::decide(&ws, &proposal, &prepared, decision, arguments.override_because.as_deref(), context.occasion())?;
    if let Some(out) = &arguments.out {
        write_tables(&prepared, out, Some(&clearance))?;
    }
    let word = if clearance.lets_go() { "Approved: it may go" } else { "Not approved; the reason is in the log" };
    eprintln!("{word}.");
    Ok(())
}

/// What there is to decide on, with the raw counts.
fn review(proposal: &Proposed, prepared: &Prepared, earlier: &Earlier, context: &mut Context) -> Result<(), Problem> {
    say(prepared, context)?;
    if context.shared.json {
        return Ok(());
    }
    let decided = proposal
        .decided
        .as_ref()
        .map_or_else(|| "not decided".to_owned(), |decided| format!("{} by {}, {:.0}", decided.decision, decided.by, decided.at));
    writeln!(context.out, "  proposed by {}, {:.0}; {decided}", proposal.by, proposal.at)?;
    writeln!(context.out, "\nHidden counts, for you alone:")?;
    let (ledger, _) = earlier.over(&prepared.axes);
    for (key, n, fate) in prepared.keys().filter(|(_, _, fate)| *fate != Fate::Shown) {
        let why = if fate == Fate::Hidden { "small" } else { "protects others" };
        let before = ledger.of(key).iter().map(|entry| match entry.seen {
            Seen::Count { shown, .. } => format!("; shown as {shown} in {}", short(&entry.release)),
            Seen::Hidden => format!("; hidden in {}", short(&entry.release)),
        });
        writeln!(context.out, "  {n:>6}  {:<15}  {}{}", why, key.join(", "), before.collect::<String>())?;
    }
    for (at, key) in prepared.noughts_to_look_at().enumerate() {
        if at == 0 {
            writeln!(context.out, "\nNoughts that are shown, to be looked at:")?;
        }
        writeln!(context.out, "  {}", key.join(", "))?;
    }
    eprintln!("Decide with --approve, --ask-for-changes WORDS or --reject WORDS.");
    Ok(())
}

/// Names the numbers of free text that are hidden counts: a person must look at them.
fn search_texts(prepared: &Prepared, texts: &[PathBuf]) -> Result<(), Problem> {
    let hidden: BTreeSet<u64> = prepared.keys().filter(|(_, _, fate)| *fate != Fate::Shown).map(|(_, n, _)| n).collect();
    let hidden: Vec<u64> = hidden.into_iter().collect();
    for path in texts {
        let found = scan(&read_text(path)?, &hidden);
        for one in &found {
            eprintln!("look at  {}:{}: \"{}\" may be a hidden count: … {} …", path.display(), one.line, one.written, one.around);
        }
        if found.is_empty() {
            eprintln!("{}: no number in it is a hidden count", path.display());
        }
    }
    Ok(())
}

fn ledger(context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let all = clearing::proposed(&ws)?;
    let n_counts = clearing::earlier(&ws)?.n_counts();
    if context.shared.json {
        let rows: Vec<_> = all
            .iter()
            .map(|one| {
                let decided =
                    one.decided.as_ref().map(|decided| json!({"decision": decided.decision, "by": decided.by, "at": decided.at.to_string()}));
                json!({"release": one.id, "proposed_by": one.by, "proposed_at": one.at.to_string(), "what": one.body, "decided": decided})
            })
            .collect();
        return context.json(&json!({"releases": rows, "n_counts_out": n_counts}));
    }
    for one in &all {
        let decided =
            one.decided.as_ref().map_or_else(|| "waits for a second person".to_owned(), |decided| format!("{} by {}", decided.decision, decided.by));
        let field = |key: &str| one.body[key].as_str().unwrap_or_default().to_owned();
        writeln!(context.out, "{}  {:.0}  {:<8}  {:<20}  by {}; {decided}", short(&one.id), one.at, field("audience"), field("name"), one.by)?;
    }
    eprintln!("{} proposed; {} left.", counted(all.len(), "release", "releases"), counted(n_counts, "count", "counts"));
    Ok(())
}

fn rules(name: Option<&str>, context: &mut Context) -> Result<(), Problem> {
    let chosen: Vec<&Rule> = match name {
        Some(name) => vec![
            Rule::named(name).map_err(|error| Problem::new(error.to_string()).hint("`headwater release rules` lists them").exit(Exit::WrongUse))?,
        ],
        None => Rule::shipped().iter().collect(),
    };
    if context.shared.json {
        let rows: Vec<_> = chosen
            .iter()
            .map(|rule| json!({"id": rule.id(), "version": rule.version(), "name": rule.name(), "says_who": rule.says_who(), "address": rule.address(), "sentence": rule.sentence()}))
            .collect();
        return context.json(&rows);
    }
    for rule in chosen {
        writeln!(context.out, "{:<22}  {}", rule.id(), rule.sentence())?;
        if name.is_some() {
            writeln!(context.out, "\n{}\nversion {}\n{}", rule.says_who(), rule.version(), rule.address())?;
        }
    }
    Ok(())
}

/// A rule by its name or from a file; with the file's text if it is one's own.
fn rule(named: &str) -> Result<(Rule, Option<String>), Problem> {
    match Rule::named(named) {
        Ok(rule) => Ok((rule.clone(), None)),
        Err(_) if Path::new(named).is_file() => {
            let text = read_text(Path::new(named))?;
            let rule = Rule::from_toml(&text).map_err(|error| {
                Problem::new(format!("{named}: {error}")).hint("`headwater release rules` shows what rules say").exit(Exit::Unreadable)
            })?;
            Ok((rule, Some(text)))
        }
        Err(error) => Err(Problem::new(error.to_string()).hint("name one of these, or a file").exit(Exit::WrongUse)),
    }
}

/// The proposal whose id begins so.
fn find(ws: &Workspace, begin: &str) -> Result<Proposed, Problem> {
    let mut found: Vec<Proposed> = clearing::proposed(ws)?.into_iter().filter(|one| begin.len() >= 6 && one.id.starts_with(begin)).collect();
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => {
            Err(Problem::new(format!("several releases begin with {begin}")).hint("give more of its characters").exit(Exit::WrongUse))
        }
        (None, _) => Err(Problem::new(format!("no proposed release begins with \"{begin}\""))
            .hint("give at least six characters of an id of `headwater release ledger`")
            .exit(Exit::WrongUse)),
    }
}

/// Writes the tables as they leave, with a file that says under which rule; each is there whole or not at all.
fn write_tables(prepared: &Prepared, out: &Path, clearance: Option<&headwater_release::Clearance>) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::of_files(format!("writing to {}", out.display()), &error);
    fs::create_dir_all(out).map_err(failed)?;
    let write = |name: &str, bytes: &[u8]| -> Result<(), Problem> {
        let mut file = tempfile::NamedTempFile::new_in(out).map_err(failed)?;
        std::io::Write::write_all(&mut file, bytes).map_err(failed)?;
        crate::store::blobs::open_to_readers(file.as_file()).map_err(failed)?;
        file.persist(out.join(name)).map_err(|error| failed(error.error))?;
        Ok(())
    };
    let mut tables = Vec::new();
    for (name, bytes) in prepared.leaving()? {
        write(name, &bytes)?;
        tables.push(json!({"name": name, "sha256": hex(&Sha256::digest(&bytes))}));
    }
    // By what left, never by the release's id: that is a hash of the raw counts, and gives few hidden ones away.
    let about = json!({
        "tables": tables,
        "audience": prepared.audience.to_string(),
        "rule": prepared.rule.to_string(),
        "rule_says": prepared.rule.sentence(),
        "farthest_from_shown": prepared.pattern.farthest(),
        "cleared": clearance.is_some_and(headwater_release::Clearance::lets_go),
        "cleared_although": clearance.and_then(headwater_release::Clearance::overridden),
    });
    write("release.json", format!("{about:#}\n").as_bytes())
}

fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn read_text(path: &Path) -> Result<String, Problem> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::while_doing(format!("reading {}", path.display()), error).hint("check the path and whether you may read it").exit(Exit::Unreadable)
}
