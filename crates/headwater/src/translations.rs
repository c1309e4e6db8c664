//! What people wrote for other readers, in the workspace's folder `translations`.
//!
//! | File | What it is |
//! |---|---|
//! | `cymraeg.md`, `cymraeg.pdf` | the front page in Welsh |
//! | `easy-read.md`, `easy-read.pdf` | the front page in Easy Read |
//! | `sussex/cymraeg.md`, … | the same for one document, by its name in addresses |
//!
//! They are published as they came; nobody here can read them.

use std::fs;
use std::io;
use std::path::Path;

use headwater_release::{Readership, Rendering, Translation};
use sha2::{Digest, Sha256};

use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::blobs::hex;

/// A translation with its path below the folder and the SHA-256 of its file.
pub struct Written {
    /// The translation.
    pub translation: Translation,
    /// Its path, with `/` between the parts.
    pub path: String,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// Every translation, in order of path; none where the folder is missing.
///
/// # Errors
/// A file that is no translation, a text that is not UTF-8, a PDF that is none, a second version of the same.
pub fn read(ws: &Workspace) -> Result<Vec<Written>, Problem> {
    let folder = ws.root().join("translations");
    let mut all: Vec<Written> = Vec::new();
    for (name, path) in entries(&folder)? {
        if path.is_dir() {
            for (file, path) in entries(&path)? {
                all.push(one(Some(&name), &file, &path)?);
            }
        } else {
            all.push(one(None, &name, &path)?);
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    let key = |it: &Written| (it.translation.readership, it.translation.document.clone());
    if let Some((i, twice)) = all.iter().enumerate().find(|(i, it)| all[..*i].iter().any(|other| key(other) == key(it))) {
        let first = all[..i].iter().find(|other| key(other) == key(twice)).map_or("", |it| &it.path);
        return Err(Problem::new(format!("translations/{first} and translations/{} are the same page twice", twice.path))
            .hint("keep one of them: words in Markdown, or a PDF")
            .exit(Exit::Unreadable));
    }
    Ok(all)
}

/// Names and paths of what a folder holds, hidden files left out.
fn entries(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>, Problem> {
    let listing = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| Problem::of_files(format!("reading {}", folder.display()), &error))?,
    };
    let mut all = Vec::new();
    for entry in listing {
        let path = entry.map_err(|error| Problem::of_files(format!("reading {}", folder.display()), &error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('.') {
            all.push((name, path));
        }
    }
    Ok(all)
}

fn one(document: Option<&str>, file: &str, path: &Path) -> Result<Written, Problem> {
    let path_below = document.map_or_else(|| file.to_owned(), |document| format!("{document}/{file}"));
    let wrong = |what: &str| {
        Problem::new(format!("translations/{path_below} {what}"))
            .hint("name it cymraeg.md, cymraeg.pdf, easy-read.md or easy-read.pdf, for one document in a folder with its name in addresses")
            .exit(Exit::Unreadable)
    };
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let readership =
        Readership::ALL.into_iter().find(|readership| readership.slug() == stem).ok_or_else(|| wrong("is no translation that is known"))?;
    let bytes = fs::read(path).map_err(|error| Problem::of_files(format!("reading {}", path.display()), &error))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let rendering = match ending {
        "md" => Rendering::Words(String::from_utf8(bytes).map_err(|_| wrong("is not text in UTF-8"))?),
        "pdf" if bytes.starts_with(b"%PDF-") => Rendering::Pdf(bytes),
        "pdf" => return Err(wrong("is not a PDF")),
        _ => return Err(wrong("is neither Markdown nor PDF")),
    };
    Ok(Written { translation: Translation { readership, document: document.map(str::to_owned), rendering }, path: path_below, sha256 })
}
