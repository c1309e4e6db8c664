//! The texts of documents as they were read, so that a long one is read once.
//!
//! Made from the blobs and nothing else: they may be deleted at any time, and a copy of a workspace is without them. Each is one
//! file, `index/text/SHA-256`, which is written under another name and then renamed: a mark, which sources of the readers wrote
//! it, the text or why there is none, and the CRC-32 of all before. What is of other readers or damaged counts as absent. A folder
//! that cannot be written costs time and nothing else. A text that has to go, however, goes or its staying is told.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use headwater_documents::Refusal;
use headwater_documents::text::DocumentText;

use super::incoming::Incoming;
use crate::problem::Problem;

/// How each begins: with what the sources of the readers come to, which `build.rs` works out.
const MARK: &[u8] = concat!("headwater text ", env!("HEADWATER_TEXT_READERS"), "\n").as_bytes();

/// The text of a document, or why there is none.
pub type Read = Result<DocumentText, Refusal>;

/// The texts of a workspace.
pub struct Texts {
    folder: PathBuf,
    incoming: Incoming,
}

impl Texts {
    /// The texts in a folder.
    pub fn open(root: &Path) -> Self {
        Self { folder: root.join("text"), incoming: Incoming::into_folder(root) }
    }

    /// What was read of a document, if it is here.
    pub fn get(&self, sha256: &str) -> Option<Read> {
        let bytes = fs::read(self.folder.join(sha256)).ok()?;
        let (body, sum) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
            return None;
        }
        postcard::from_bytes(body.strip_prefix(MARK)?).ok()
    }

    /// Keeps what was read of a document.
    pub fn keep(&self, sha256: &str, read: &Read) {
        let write = || -> Option<()> {
            let body = postcard::to_extend(read, MARK.to_vec()).ok()?;
            let mut unfinished = self.incoming.begin().ok()?;
            unfinished.file.write_all(&body).ok()?;
            unfinished.file.write_all(&crc32fast::hash(&body).to_le_bytes()).ok()?;
            fs::create_dir_all(&self.folder).ok()?;
            unfinished.file.persist(self.folder.join(sha256)).ok().map(|_| ())
        };
        // It is read again where this fails.
        let _ = write();
    }

    /// Removes the text of a document.
    ///
    /// # Errors
    /// It is there and cannot be removed.
    pub fn forget(&self, sha256: &str) -> Result<(), Problem> {
        match fs::remove_file(self.folder.join(sha256)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Problem::of_files("removing the text of a document", &error)),
            _ => Ok(()),
        }
    }

    /// The documents of which a text is here.
    pub fn all(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_it_was_read_until_it_is_forgotten_or_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let texts = Texts::open(folder.path());
        let read: Read = Ok(DocumentText { remarks: vec!["it was long".into()], ..DocumentText::default() });
        let refused: Read = Err(Refusal::new("a picture", "ask for text"));
        texts.keep("aa", &read);
        texts.keep("bb", &refused);
        assert_eq!((texts.get("aa"), texts.get("bb"), texts.get("cc")), (Some(read), Some(refused), None));
        assert_eq!(texts.all().len(), 2);
        texts.forget("aa").unwrap();
        texts.forget("aa").unwrap();
        let file = folder.path().join("text/bb");
        let whole = std::fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&file, &damaged).unwrap();
            assert_eq!(texts.get("bb"), None);
            std::fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(texts.get("bb"), None);
        }
        assert_eq!(texts.all(), ["bb"]);
    }
}
