//! Works out what the sources of the readers come to, so that a reading that other sources made is not taken for one of these.

#![allow(clippy::unwrap_used)] // A build that cannot read its own sources has to end.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for (name, sources) in [("HEADWATER_READERS", "../prevention/src"), ("HEADWATER_TEXT_READERS", "../documents/src")] {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
        println!("cargo::rerun-if-changed={}", sources.display());
        println!("cargo::rustc-env={name}={:016x}", sum(&sources));
    }
}

/// What all source files under a folder come to.
fn sum(sources: &Path) -> u64 {
    let mut files = Vec::new();
    gather(sources, &mut files);
    files.sort();
    // FNV-1a, of 64 bits: https://datatracker.ietf.org/doc/draft-eastlake-fnv/
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files {
        let name = file.strip_prefix(sources).unwrap().to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&file).unwrap();
        for byte in [name.as_bytes(), &[0], &(bytes.len() as u64).to_le_bytes(), &bytes].concat() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// Every source file under a folder: what a street file is read with leans on more than its own folder, and an index that is
/// read anew after a change elsewhere costs a minute, one that is not costs a wrong number.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
