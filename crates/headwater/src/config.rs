//! The settings of a workspace, `headwater.toml`: who we are and what an assessment uses.
//!
//! A value comes from a flag, from the environment, from the file or is built in, in this order; `config show` says which.

pub mod register;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use headwater_release::Publisher;
use serde::Deserialize;

use crate::mail::address::Mailbox;
use crate::mail::settings::{self, Mail, MailFile};
use crate::problem::{Exit, Problem};
use crate::store::blobs::settings::{self as bucket, BlobsFile, BucketAddress};

/// The seed used where none is set.
const BUILT_IN_SEED: u64 = 1;

/// The case definition used where none is set.
pub const BUILT_IN_DEFINITION: &str = "sussex-vrp";

/// The largest file that pages take, in millions of bytes, where nothing else is set: as much as may come at once.
pub const LARGEST_FILE_MB: u64 = 2_000;

/// The environment variable that sets `assessment.definition`.
const DEFINITION_VARIABLE: &str = "HEADWATER_DEFINITION";

/// The environment variable that sets `assessment.seed`.
const SEED_VARIABLE: &str = "HEADWATER_SEED";

/// The settings of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The area whose partnership this is; none for an office that asks many, and makes no assessment.
    pub area: Option<Area>,
    /// What an assessment uses.
    pub assessment: Assessment,
    /// Who publishes.
    pub publisher: Publisher,
    /// Who writes mails, and by which servers, if any.
    pub mail: Option<Mail>,
    /// How large a file may be that somebody sends to the pages, in millions of bytes.
    pub largest_file_mb: u64,
    /// The address of the PostgreSQL database with the log and the records; without one they are in `log.sqlite`.
    pub store: Option<String>,
    /// The bucket with the files that are kept; without one they are in `blobs/`.
    pub blobs: Option<BucketAddress>,
    origins: BTreeMap<&'static str, String>,
}

/// The area: that of one police force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its short name in addresses and file names: `sussex`.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// The code of its police force area, such as E23000033.
    pub code: String,
    /// The force's name in police.uk files.
    pub force: String,
}

/// What an assessment uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The id of the case definition.
    pub definition: String,
    /// The seed of all chance.
    pub seed: u64,
    /// Slugs or codes of the areas to compare with; empty means every area that the sources hold.
    pub comparators: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    store: Option<String>,
    area: Option<Area>,
    #[serde(default)]
    assessment: AssessmentFile,
    #[serde(default)]
    publisher: PublisherFile,
    mail: Option<MailFile>,
    blobs: Option<BlobsFile>,
    #[serde(default)]
    uploads: UploadsFile,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadsFile {
    largest_file_mb: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublisherFile {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    site: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssessmentFile {
    definition: Option<String>,
    seed: Option<u64>,
    comparators: Option<Vec<String>>,
}

impl Settings {
    /// What people call whoever works here: the publisher, or the area.
    pub fn name(&self) -> &str {
        let area = self.area.as_ref().map(|area| area.name.as_str());
        self.publisher.name.as_deref().or(area).unwrap_or("This office")
    }

    /// The area, for what is counted in one.
    ///
    /// # Errors
    /// There is none: it is an office's workspace.
    pub fn the_area(&self) -> Result<&Area, Problem> {
        self.area.as_ref().ok_or_else(|| {
            Problem::new("this is the workspace of an office, which has no area to count in")
                .hint("make a workspace for an area beside it: `headwater new DIR --area AREA`")
                .exit(Exit::WrongUse)
        })
    }

    /// The office's own address for mail, to which each recipient's token is added: that of `[mail]`, or else of the publisher.
    pub fn office_address(&self) -> Option<&str> {
        self.mail.as_ref().map(|mail| mail.office.address().as_str()).or(self.publisher.email.as_deref())
    }

    /// Who writes mails: as `[mail]` says, or else under the publisher's address, if letters can bear it.
    pub fn office_mail(&self) -> Option<Cow<'_, Mail>> {
        if let Some(mail) = &self.mail {
            return Some(Cow::Borrowed(mail));
        }
        let address = self.publisher.email.as_deref()?.parse().ok()?;
        let office = Mailbox::new(self.publisher.name.as_deref().unwrap_or(self.name()), address).ok()?;
        Some(Cow::Owned(Mail::without_servers(office)))
    }

    /// The settings of a new workspace of an office that has no area.
    pub fn of_office(name: &str) -> Self {
        let settings = Self::new(None::<Area>, BUILT_IN_DEFINITION);
        Self { publisher: Publisher { name: Some(name.to_owned()), ..Publisher::default() }, ..settings }
    }

    /// The settings of a new workspace.
    pub fn new(area: impl Into<Option<Area>>, definition: &str) -> Self {
        let assessment = Assessment { definition: definition.to_owned(), seed: BUILT_IN_SEED, comparators: Vec::new() };
        Self {
            area: area.into(),
            assessment,
            publisher: Publisher::default(),
            mail: None,
            largest_file_mb: LARGEST_FILE_MB,
            store: None,
            blobs: None,
            origins: BTreeMap::new(),
        }
    }

    /// Every setting: its name, its value as TOML, and where it comes from.
    pub fn shown(&self) -> Vec<(&'static str, String, &str)> {
        let comparators: Vec<String> = self.assessment.comparators.iter().map(|area| quoted(area)).collect();
        let of_area = |part: fn(&Area) -> &String| quoted(self.area.as_ref().map_or("", |area| part(area)));
        [
            ("store", quoted(self.store.as_deref().unwrap_or("log.sqlite"))),
            ("area.slug", of_area(|area| &area.slug)),
            ("area.name", of_area(|area| &area.name)),
            ("area.code", of_area(|area| &area.code)),
            ("area.force", of_area(|area| &area.force)),
            ("assessment.definition", quoted(&self.assessment.definition)),
            ("assessment.seed", self.assessment.seed.to_string()),
            ("assessment.comparators", format!("[{}]", comparators.join(", "))),
            ("publisher.name", quoted(self.publisher.name.as_deref().unwrap_or_default())),
            ("publisher.email", quoted(self.publisher.email.as_deref().unwrap_or_default())),
            ("publisher.address", quoted(self.publisher.address.as_deref().unwrap_or_default())),
            ("publisher.site", quoted(self.publisher.site.as_deref().unwrap_or_default())),
            ("uploads.largest_file_mb", self.largest_file_mb.to_string()),
        ]
        .into_iter()
        .chain(self.blobs.as_ref().map_or_else(|| vec![("blobs", quoted("blobs/"))], BucketAddress::shown))
        .chain(self.mail.iter().flat_map(Mail::shown))
        .map(|(name, value)| (name, value, self.origins.get(name).map_or("built in", String::as_str)))
        .collect()
    }
}

/// Reads a settings file, and the environment over it.
///
/// # Errors
/// Names file, line and remedy.
pub fn read(path: &Path) -> Result<Settings, Problem> {
    let text = fs::read_to_string(path).map_err(|error| {
        Problem::while_doing(format!("reading {}", path.display()), error)
            .hint("name a workspace with `--workspace DIR`, or make one with `headwater new`")
            .exit(Exit::Unreadable)
    })?;
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    parse(&path.display().to_string(), &text, &environment)
}

/// Reads the text of a settings file; `environment` gives what stands over it.
///
/// # Errors
/// As [`read`].
pub fn parse(path: &str, text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Settings, Problem> {
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        Problem::new(format!("{path}, line {line}: {}", error.message().replace('\n', " ")))
            .hint("mend that line; `headwater new` in an empty folder shows a good file")
            .exit(Exit::Unreadable)
    })?;
    match &file.area {
        Some(area) => check_area(path, area)?,
        None if file.publisher.name.trim().is_empty() => {
            return Err(Problem::new(format!("{path}: it names neither an [area] nor, under [publisher], an office"))
                .hint("say who publishes: name = \"…\" under [publisher]; or give the area, as `headwater new DIR --area AREA` writes it")
                .exit(Exit::Unreadable));
        }
        None => {}
    }
    let mut settings = Settings::new(file.area, BUILT_IN_DEFINITION);
    if settings.area.is_some() {
        for name in ["area.slug", "area.name", "area.code", "area.force"] {
            settings.origins.insert(name, path.to_owned());
        }
    }
    if let Some(store) = file.store {
        settings.store = Some(store);
        settings.origins.insert("store", path.to_owned());
    }
    let origins = &mut settings.origins;
    let assessment = &mut settings.assessment;
    if let Some(definition) = file.assessment.definition {
        assessment.definition = definition;
        origins.insert("assessment.definition", path.to_owned());
    }
    if let Some(seed) = file.assessment.seed {
        assessment.seed = seed;
        origins.insert("assessment.seed", path.to_owned());
    }
    if let Some(comparators) = file.assessment.comparators {
        for area in &comparators {
            if !is_code(area) && register::find(area).is_none() {
                return Err(
                    register::unknown(area, &format!("{path}: assessment.comparators names \"{area}\", which is no area")).exit(Exit::Unreadable)
                );
            }
        }
        assessment.comparators = comparators;
        origins.insert("assessment.comparators", path.to_owned());
    }
    let publisher = &mut settings.publisher;
    let PublisherFile { name, email, address, site } = file.publisher;
    for (key, value, given) in [
        ("publisher.name", name, &mut publisher.name),
        ("publisher.email", email, &mut publisher.email),
        ("publisher.address", address, &mut publisher.address),
        ("publisher.site", site, &mut publisher.site),
    ] {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let is_address = |value: &str| value.split_once('@').is_some_and(|(who, at)| !who.is_empty() && at.contains('.'));
        if key == "publisher.email" && (!is_address(value) || value.contains(|c: char| c.is_whitespace() || c.is_control() || "?&<>\"".contains(c))) {
            return Err(Problem::new(format!("{path}: {key} is \"{value}\""))
                .hint("it takes one e-mail address, such as vru@sussex.example")
                .exit(Exit::Unreadable));
        }
        if key == "publisher.site" && !is_site(value) {
            return Err(Problem::new(format!("{path}: {key} is \"{value}\""))
                .hint("it takes the address of the first page without its file, such as https://vru.example/needs-assessment/")
                .exit(Exit::Unreadable));
        }
        *given = Some(value.to_owned());
        origins.insert(key, path.to_owned());
    }
    if let Some(largest) = file.uploads.largest_file_mb {
        if !(1..=LARGEST_FILE_MB).contains(&largest) {
            return Err(Problem::new(format!("{path}: uploads.largest_file_mb is {largest}"))
                .hint(format!("it takes a whole number from 1 to {LARGEST_FILE_MB}"))
                .exit(Exit::Unreadable));
        }
        settings.largest_file_mb = largest;
        origins.insert("uploads.largest_file_mb", path.to_owned());
    }
    if let Some(mail) = file.mail {
        let mail = settings::checked(path, mail, publisher.name.as_deref())?;
        origins.extend(mail.shown().into_iter().map(|(name, _)| (name, path.to_owned())));
        settings.mail = Some(mail);
    }
    if let Some(blobs) = file.blobs {
        let blobs = bucket::checked(&format!("{path}: blobs."), Path::new(path).parent().unwrap_or(Path::new("")), blobs)?;
        settings.origins.extend(blobs.shown().into_iter().map(|(name, _)| (name, path.to_owned())));
        settings.blobs = Some(blobs);
    }
    let (origins, assessment) = (&mut settings.origins, &mut settings.assessment);
    if let Some(definition) = environment(DEFINITION_VARIABLE) {
        assessment.definition = definition;
        origins.insert("assessment.definition", format!("environment variable {DEFINITION_VARIABLE}"));
    }
    if let Some(seed) = environment(SEED_VARIABLE) {
        assessment.seed = seed.parse().map_err(|_| {
            Problem::new(format!("the environment variable {SEED_VARIABLE} is \"{seed}\", not a whole number"))
                .hint("unset it or give it a whole number")
                .exit(Exit::WrongUse)
        })?;
        origins.insert("assessment.seed", format!("environment variable {SEED_VARIABLE}"));
    }
    Ok(settings)
}

fn check_area(path: &str, area: &Area) -> Result<(), Problem> {
    let fault = if !is_code(&area.code) {
        Some(("code", &area.code, "the nine characters of a police force area's code, such as \"E23000033\""))
    } else if !is_slug(&area.slug) {
        Some(("slug", &area.slug, "lower-case letters, digits and dashes only, such as \"avon-and-somerset\""))
    } else if area.name.trim().is_empty() {
        Some(("name", &area.name, "the name that readers know"))
    } else if area.force.trim().is_empty() {
        Some(("force", &area.force, "the force's name in police.uk files, such as \"Sussex Police\""))
    } else {
        None
    };
    match fault {
        Some((key, value, remedy)) => {
            Err(Problem::new(format!("{path}: area.{key} is \"{value}\"")).hint(format!("it takes {remedy}")).exit(Exit::Unreadable))
        }
        None => Ok(()),
    }
}

/// Checks an area that was given on the command line rather than taken from the register.
///
/// # Errors
/// Names the value that is wrong.
pub fn checked(area: Area) -> Result<Area, Problem> {
    check_area("the area given", &area).map_err(|problem| problem.exit(Exit::WrongUse))?;
    Ok(area)
}

fn is_code(text: &str) -> bool {
    text.len() == 9 && text.starts_with(|c: char| c.is_ascii_uppercase()) && text[1..].bytes().all(|b| b.is_ascii_digit())
}

/// An address of a server and perhaps of a folder on it.
fn is_site(text: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:%".contains(c);
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(is_plain) && !rest.contains("..") && !rest.ends_with(".html")
    })
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The settings as the file that `new` writes, with a word on each.
pub fn to_toml(settings: &Settings) -> String {
    let Settings { area, assessment, publisher, .. } = settings;
    let comparators: Vec<String> = assessment.comparators.iter().map(|area| quoted(area)).collect();
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = match area {
        Some(area) => write!(
            out,
            "\
# Who we are. `headwater config show` prints every setting and where it comes from.
[area]
slug = {}
name = {}
# The code of the police force area.
code = {}
# The force's name in the column \"Falls within\" of police.uk files.
force = {}
",
            quoted(&area.slug),
            quoted(&area.name),
            quoted(&area.code),
            quoted(&area.force)
        ),
        None => writeln!(
            out,
            "# An office that asks many bodies, and has no area of its own. `headwater config show` prints every setting and where it comes from."
        ),
    };
    let _ = write!(
        out,
        "
[assessment]
# The id of a case definition in definitions/.
definition = {}
# All chance begins from this number: the same number, the same pages.
seed = {}
# Slugs or codes of areas to compare with; empty compares with every area that the sources hold.
comparators = [{}]

# Who publishes the site and answers for it: on every page, in the accessibility statement, in the catalogues.
[publisher]
name = {}
# An address that someone reads.
email = {}
# By post, on one line.
address = {}
# Where the pages will be found, such as https://vru.example/needs/: the page for what is not found links there.
site = {}
",
        quoted(&assessment.definition),
        assessment.seed,
        comparators.join(", "),
        quoted(publisher.name.as_deref().unwrap_or_default()),
        quoted(publisher.email.as_deref().unwrap_or_default()),
        quoted(publisher.address.as_deref().unwrap_or_default()),
        quoted(publisher.site.as_deref().unwrap_or_default())
    );
    out
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sussex() -> Settings {
        Settings::new(register::find("sussex").unwrap().area(), "sussex-vrp")
    }

    fn parsed(text: &str) -> Result<Settings, Problem> {
        parse("headwater.toml", text, &|_| None)
    }

    #[test]
    fn what_new_writes_is_read_back_whatever_the_name() {
        let mut settings = sussex();
        settings.area.as_mut().unwrap().name = "Ynys \"Môn\" \\ # Anglesey".to_owned();
        settings.assessment.comparators = vec!["kent".to_owned(), "E23000031".to_owned()];
        settings.publisher.name = Some("Partneriaeth \"Môn\"".to_owned());
        settings.publisher.email = Some("vru@mon.example".to_owned());
        settings.publisher.site = Some("https://mon.example/anghenion/".to_owned());
        let back = parsed(&to_toml(&settings)).unwrap();
        assert_eq!((back.area, back.assessment, back.publisher), (settings.area, settings.assessment, settings.publisher));
        let office = Settings::of_office("The \"Commissioner\"");
        let back = parsed(&to_toml(&office)).unwrap();
        assert_eq!((back.name(), &back.area), ("The \"Commissioner\"", &None));
        assert!(back.the_area().unwrap_err().to_string().contains("no area to count in"));
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let good = to_toml(&sussex());
        for (text, words) in [
            (good.replace("seed = 1", "sede = 1"), ["line 14", "sede"]),
            (good.replace("seed = 1", "seed = \"one\""), ["line 14", "string"]),
            (good.replace("name = ", "name "), ["line 4", "headwater.toml"]),
            (good.replace("E23000033", "E2300003"), ["area.code", "E2300003"]),
            (good.replace("comparators = []", "comparators = [\"narnia\"]"), ["comparators", "narnia"]),
            (good.replace("email = \"\"", "email = \"us\""), ["publisher.email", "\"us\""]),
            (good.replace("email = \"\"", "email = \"a@b.example?cc=c@d.example\""), ["publisher.email", "cc="]),
            (good.replace("site = \"\"", "site = \"vru.example\""), ["publisher.site", "vru.example"]),
            (good.replace("site = \"\"", "site = \"https://vru.example/?a=b\""), ["publisher.site", "?a=b"]),
            (good.replace("slug = \"sussex\"", "slug = \"../sussex\""), ["area.slug", "../sussex"]),
            (to_toml(&Settings::of_office("x")).replace("name = \"x\"", "name = \" \""), ["neither an [area]", "[publisher]"]),
            (good.clone() + "[uploads]\nlargest_file_mb = 0\n", ["uploads.largest_file_mb", "0"]),
        ] {
            let problem = parsed(&text).unwrap_err().to_string();
            assert!(words.iter().all(|word| problem.contains(word)), "{problem}");
        }
    }

    #[test]
    fn the_environment_stands_over_the_file_and_says_so() {
        let environment = |name: &str| (name == SEED_VARIABLE).then(|| "7".to_owned());
        let settings = parse("headwater.toml", &to_toml(&sussex()), &environment).unwrap();
        let shown = settings.shown();
        let seed = shown.iter().find(|(name, ..)| *name == "assessment.seed").unwrap();
        assert_eq!((seed.1.as_str(), seed.2), ("7", "environment variable HEADWATER_SEED"));
        assert_eq!(shown[1].2, "headwater.toml");
        assert!(parse("x", &to_toml(&sussex()), &|_| Some("many".to_owned())).is_err());
    }

    #[test]
    fn what_the_file_leaves_out_is_built_in() {
        let text = to_toml(&sussex());
        let settings = parsed(text.split("[assessment]").next().unwrap()).unwrap();
        assert_eq!(settings.assessment.seed, BUILT_IN_SEED);
        assert!(settings.shown().iter().any(|(name, _, origin)| *name == "assessment.seed" && *origin == "built in"));
    }
}
