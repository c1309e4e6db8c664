//! A workspace on disk: settings, definitions, the event log and the blobs.
//!
//! | In the folder | Written | Why it survives |
//! |---|---|---|
//! | `headwater.toml` | last, when all else of a new workspace is there | a folder without it is not yet a workspace |
//! | `log.sqlite` | one transaction for events that belong together, flushed to the disk; or a PostgreSQL database | the write-ahead log of either |
//! | `blobs/ab/cdef…` | whole under another name, flushed, then renamed; or objects in a bucket | an event names a blob only when it is durable |
//! | `definitions/` | copies of those shipped; yours to edit | never overwritten |
//! | `index/` | whole under another name, then renamed | made from the blobs: may be deleted, is made again |

pub mod blobs;
mod in_use;
mod incoming;
pub mod index;
pub mod log;
pub mod moving;
pub mod records;
pub mod texts;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::config::{self, Settings};
use crate::problem::{Exit, Problem};
use crate::store::log::postgres::Postgres;
use crate::store::log::sqlite::Sqlite;
use crate::store::log::{Event, Log};
use crate::store::records::Records;
use headwater_prevention::source::Kind;

/// Marks a workspace whose making was interrupted; `new` may then begin again in the same folder.
const UNFINISHED: &str = ".headwater-unfinished";

/// How the names of files begin that are being written.
const HALF_WRITTEN: &str = ".headwater-half-";

/// The file that makes a folder a workspace.
pub const SETTINGS_FILE: &str = "headwater.toml";

/// An open workspace.
pub struct Workspace {
    root: PathBuf,
    settings: Settings,
    log: Arc<dyn Log>,
    records: Arc<dyn Records>,
    blobs: blobs::Blobs,
    index: index::Index,
    texts: texts::Texts,
    in_use: in_use::InUse,
}

/// The log and the records, unless the settings name a database.
pub const LOG_FILE: &str = "log.sqlite";

/// One store, for its events and for its records.
fn both<T: Log + Records + 'static>(store: T) -> (Arc<dyn Log>, Arc<dyn Records>) {
    let store = Arc::new(store);
    (Arc::clone(&store) as Arc<dyn Log>, store)
}

/// A file that was added, as the log tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Extract {
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Its name, relative to the folder that was added, with `/` between the parts.
    pub name: String,
    /// Its size.
    pub n_bytes: u64,
    /// How it was packed: `plain`, `gzip`, `zip` or `workbook`.
    pub form: String,
    /// What it holds that can be read, in its own order.
    pub members: Vec<Member>,
    /// How many things it holds that no source here reads.
    pub n_not_used: u64,
    /// When it was added.
    #[serde(serialize_with = "as_text")]
    pub added_at: Timestamp,
}

fn as_text<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

impl Extract {
    /// The kinds of data set in it, each once, in the order of [`Kind::ALL`].
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.members.iter().map(|member| member.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// One readable file of an extract, or one sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name inside the extract; of a plain file, the extract's own.
    pub name: String,
    /// The data set it belongs to.
    pub kind: Kind,
    /// Its size unpacked.
    pub n_bytes: u64,
}

impl Serialize for Member {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({"name": self.name, "kind": self.kind.id(), "n_bytes": self.n_bytes}).serialize(serializer)
    }
}

impl Workspace {
    /// Makes a workspace in a folder that is missing or empty, with the definitions given as (name, text).
    ///
    /// Interrupted at any moment, it can be made again in the same folder.
    ///
    /// # Errors
    /// Refuses a folder that holds anything, and leaves it as it is.
    pub fn create(root: &Path, settings: &Settings, definitions: &[(&str, &str)], actor: &str, at: Timestamp) -> Result<Self, Problem> {
        fs::create_dir_all(root).map_err(|error| Problem::of_files(format!("making the folder {}", root.display()), &error))?;
        if !root.join(UNFINISHED).exists() || root.join(SETTINGS_FILE).exists() {
            refuse_unless_empty(root)?;
        }
        let write = |name: &str, text: &str| {
            write_durably(&root.join(name), text).map_err(|error| Problem::of_files(format!("writing {}", root.join(name).display()), &error))
        };
        // An empty file is there whole or not at all; whatever else an earlier, interrupted run left is half-written.
        fs::File::create(root.join(UNFINISHED)).map_err(|error| Problem::of_files(format!("writing to {}", root.display()), &error))?;
        sweep(root);
        sweep(&root.join("definitions"));
        for folder in ["definitions", "blobs", "index"] {
            let path = root.join(folder);
            fs::create_dir_all(&path).map_err(|error| Problem::of_files(format!("making the folder {}", path.display()), &error))?;
        }
        for (name, text) in definitions {
            write(&format!("definitions/{name}"), text)?;
        }
        write(".gitignore", "# Rebuilt at will.\n/index/\n# Half-written files of a running `source add`.\n/blobs/incoming/\n/blobs/lock\n")?;
        let log: &dyn Log = &Sqlite::create(&root.join(LOG_FILE))?;
        if log.head()?.is_none() {
            let area = settings.area.as_ref().map(|area| json!({"slug": area.slug, "name": area.name, "code": area.code, "force": area.force}));
            let body = match area {
                Some(area) => json!({"area": area, "program": env!("CARGO_PKG_VERSION")}),
                None => json!({"office": settings.name(), "program": env!("CARGO_PKG_VERSION")}),
            };
            log.append("workspace.created", body, actor, at)?;
        }
        write(SETTINGS_FILE, &config::to_toml(settings))?;
        fs::remove_file(root.join(UNFINISHED)).map_err(|error| Problem::of_files("finishing the workspace", &error))?;
        blobs::sync_folder(root).map_err(|error| Problem::of_files("finishing the workspace", &error))?;
        Self::open(root)
    }

    /// Opens a workspace and sweeps away what an interrupted `source add` may have left half-written.
    ///
    /// # Errors
    /// A folder that is no workspace, settings that cannot be read, a log of another program or a newer version.
    pub fn open(root: &Path) -> Result<Self, Problem> {
        let read = || config::read(&root.join(SETTINGS_FILE));
        // A folder that is no workspace is left as it is.
        read()?;
        let in_use = in_use::InUse::join(root)?;
        // Until we were in, it may have been moved.
        let settings = read()?;
        let (log, records): (Arc<dyn Log>, Arc<dyn Records>) = match &settings.store {
            Some(address) => both(Postgres::open(address)?),
            None => both(Sqlite::open(&root.join(LOG_FILE))?),
        };
        let blobs = match &settings.blobs {
            Some(address) => blobs::Blobs::in_bucket(address, &root.join("blobs"))?,
            None => blobs::Blobs::in_folder(root.join("blobs")),
        };
        blobs.sweep();
        let index = index::Index::open(&root.join("index"));
        let texts = texts::Texts::open(&root.join("index"));
        index.sweep();
        Ok(Self { root: root.to_owned(), settings, log, records, blobs, index, texts, in_use })
    }

    /// The workspace that holds a folder: the folder itself or the nearest one above with a `headwater.toml`.
    ///
    /// # Errors
    /// There is none.
    pub fn find(from: &Path) -> Result<PathBuf, Problem> {
        from.ancestors().find(|folder| folder.join(SETTINGS_FILE).is_file()).map(Path::to_owned).ok_or_else(|| {
            Problem::new(format!("{} is not in a workspace: there is no {SETTINGS_FILE} here or above", from.display()))
                .hint("make one with `headwater new DIR --area AREA` or `--office NAME`, or name one with `--workspace DIR`")
                .exit(Exit::WrongUse)
        })
    }

    /// The workspace's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its event log.
    pub fn log(&self) -> &dyn Log {
        self.log.as_ref()
    }

    /// What may be changed and erased: people, accounts, sessions.
    pub fn records(&self) -> &dyn Records {
        self.records.as_ref()
    }

    /// Its blobs.
    pub fn blobs(&self) -> &blobs::Blobs {
        &self.blobs
    }

    /// What was read of its street files.
    pub fn index(&self) -> &index::Index {
        &self.index
    }

    /// What was read of its documents.
    pub fn texts(&self) -> &texts::Texts {
        &self.texts
    }

    /// Every file that was added, in order of the log.
    ///
    /// # Errors
    /// The log cannot be read, or an event in it is not one that this program writes.
    pub fn extracts(&self) -> Result<Vec<Extract>, Problem> {
        self.log.events()?.iter().filter(|event| event.kind == "source.added").map(extract).collect()
    }
}

/// The body of a `source.added` event.
pub fn added_body(extract: &Extract, not_used: &[(String, String)]) -> Value {
    let mut licences: Vec<&str> = extract.kinds().into_iter().map(Kind::licence).collect();
    licences.dedup();
    json!({
        "sha256": extract.sha256,
        "name": extract.name,
        "n_bytes": extract.n_bytes,
        "form": extract.form,
        "licence": licences,
        "members": extract.members,
        "not_used": not_used.iter().map(|(name, why)| json!({"name": name, "why": why})).collect::<Vec<_>>(),
    })
}

fn extract(event: &Event) -> Result<Extract, Problem> {
    let unknown = || {
        Problem::new(format!("event {} of the log is not one that this version writes", event.seq)).hint("use the version of Headwater that wrote it")
    };
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(unknown);
    let body = &event.body;
    let member = |member: &Value| {
        Ok(Member {
            name: text(&member["name"])?,
            kind: member["kind"].as_str().and_then(Kind::from_id).ok_or_else(unknown)?,
            n_bytes: member["n_bytes"].as_u64().ok_or_else(unknown)?,
        })
    };
    Ok(Extract {
        sha256: text(&body["sha256"])?,
        name: text(&body["name"])?,
        n_bytes: body["n_bytes"].as_u64().ok_or_else(unknown)?,
        form: text(&body["form"])?,
        members: body["members"].as_array().ok_or_else(unknown)?.iter().map(member).collect::<Result<_, Problem>>()?,
        n_not_used: body["not_used"].as_array().map_or(0, |list| list.len() as u64),
        added_at: event.at,
    })
}

fn refuse_unless_empty(root: &Path) -> Result<(), Problem> {
    let mut entries = fs::read_dir(root).map_err(|error| Problem::of_files(format!("looking into {}", root.display()), &error))?;
    let Some(first) = entries.next() else { return Ok(()) };
    let name = first.map(|entry| entry.file_name().to_string_lossy().into_owned()).unwrap_or_default();
    let problem = Problem::new(format!("{} is not empty: it holds \"{name}\"", root.display()));
    Err(if root.join(SETTINGS_FILE).exists() {
        problem.hint("it is a workspace already: use it with `--workspace`, or name another folder")
    } else {
        problem.hint("name a folder that does not exist yet; nothing was changed")
    })
}

/// Removes what an interrupted `new` left half-written; what cannot be removed does no harm.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(HALF_WRITTEN) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Flushes every file and folder of a tree to the disk.
fn sync_tree(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_tree(&path)? } else { fs::File::open(&path)?.sync_all()? }
    }
    blobs::sync_folder(folder)
}

/// Writes a small file whole: another name first, flushed, then renamed.
pub(crate) fn write_durably(path: &Path, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(HALF_WRITTEN).tempfile_in(folder)?;
    file.write_all(bytes.as_ref())?;
    blobs::open_to_readers(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    blobs::sync_folder(folder)
}
