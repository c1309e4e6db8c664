//! The project's files, as every rule reads them.

use std::fs;
use std::path::{Path, PathBuf};

/// One text file of the project.
pub struct TextFile {
    /// Its place, with `/` between the parts, from the root of the project.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the crate lies in crates/ below the root")
}

/// Reads one file of the project; a file that is not there fails with its name.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// All text files of the project with one of these endings (all endings when there are none), sorted by path.
///
/// Leaves out what is built (`target`, `node_modules`, `out`), hidden folders other than `.ci`, and lock files, which no
/// person writes.
pub fn text_files(endings: &[&str]) -> Vec<TextFile> {
    let mut paths = Vec::new();
    gather(&root(), "", &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter(|path| endings.is_empty() || endings.iter().any(|ending| path.ends_with(ending)))
        .filter_map(|path| fs::read_to_string(root().join(&path)).ok().map(|text| TextFile { path, text }))
        .collect()
}

/// All Rust files, sorted by path.
pub fn rust_files() -> Vec<TextFile> {
    let files = text_files(&[".rs"]);
    assert!(files.len() > 50, "only {} Rust files were found; the walk over the project is broken", files.len());
    files
}

fn gather(root: &Path, below: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(root.join(below)).expect("a folder that was just listed can be read") {
        let entry = entry.expect("an entry of a folder can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type().expect("an entry of a folder has a kind");
        let built = matches!(name.as_str(), "target" | "node_modules" | "out" | "__pycache__") || path == "bench/peers";
        if kind.is_dir() && !built && (!name.starts_with('.') || name == ".ci") {
            gather(root, &path, paths);
        } else if kind.is_file() && !matches!(name.as_str(), "Cargo.lock" | "package-lock.json") {
            paths.push(path);
        }
    }
}

/// Fails with all faults of one rule at once, so that they can be mended in one go.
#[track_caller]
pub fn hold(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{rule}\n  {}\n", faults.join("\n  "));
}
