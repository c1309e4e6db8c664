//! What a PDF carries that is on no page: files, filled fields, the data of forms, words of comments, its properties, and the
//! pictures as they came from a camera.
//!
//! Every object is met once, whatever refers to it: what a table of names leaves out is in the file all the same.

use super::beside::decoded;
use flate2::read::ZlibDecoder;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Stream, String as PdfString};
use std::collections::BTreeSet;
use std::io::Read;

/// The most bytes that all of it may come to.
const MOST_BYTES: usize = 200_000_000;
/// How deep dictionaries and lists are looked into.
const DEEPEST: usize = 12;
/// The most files and pictures that are taken out.
const MOST_FILES: usize = 50;
const MOST_PICTURES: usize = 5_000;

/// What is carried beside the pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// Files inside it: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Fields of forms that are filled: name and value, a line each.
    pub fields: String,
    /// Fields that are filled and not shown.
    pub n_hidden_fields: usize,
    /// The words of the data of an XFA form.
    pub form_data: String,
    /// The words of comments.
    pub comments: String,
    /// Its title, author, subject and keywords, and what its catalogue says of it (XMP).
    pub properties: String,
    /// Whether an author is named.
    pub names_author: bool,
    /// Whether small pictures of its pages are kept.
    pub has_previews: bool,
    /// Pictures as a camera or a program made them (JPEG): each as it lies in the file.
    pub pictures: Vec<Vec<u8>>,
    /// Whether an XMP packet says where something was taken.
    pub has_place: bool,
    /// Whether there was more than may be taken out.
    pub is_cut: bool,
}

/// Gathers what is carried.
pub fn carried(pdf: &Pdf) -> Carried {
    let mut gathering = Gathering { found: Carried::default(), left: MOST_BYTES, met: BTreeSet::new(), unnamed: Vec::new() };
    let about = pdf.metadata();
    let said = [&about.title, &about.subject, &about.keywords, &about.author, &about.creator];
    for words in said.into_iter().flatten() {
        gathering.found.properties += &decoded(words);
        gathering.found.properties.push('\n');
    }
    gathering.found.names_author = about.author.as_ref().is_some_and(|author| !decoded(author).trim().is_empty());
    for object in pdf.objects() {
        gathering.object(&object, 0);
    }
    for stream in std::mem::take(&mut gathering.unnamed) {
        gathering.file(String::new(), &stream);
    }
    gathering.found
}

struct Gathering<'a> {
    found: Carried,
    left: usize,
    /// Where streams that were taken out lie in the file.
    met: BTreeSet<(i32, i32)>,
    /// Files that say themselves that they are some: they are taken last, when it is known which ones have names.
    unnamed: Vec<Stream<'a>>,
}

impl<'a> Gathering<'a> {
    fn object(&mut self, object: &Object<'a>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match object {
            Object::Dict(dict) => self.dict(dict, depth),
            Object::Stream(stream) => self.stream(stream),
            Object::Array(array) => {
                for item in array.raw_iter() {
                    if let MaybeRef::NotRef(item) = item {
                        self.object(&item, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn dict(&mut self, dict: &Dict<'a>, depth: usize) {
        if let Some(file) = dict.get::<Dict<'_>>(b"EF") {
            let name = [&b"UF"[..], b"F"].iter().find_map(|key| dict.get::<PdfString<'_>>(key)).map(|name| decoded(name.as_bytes()));
            for key in [&b"UF"[..], b"F", b"Unix", b"Mac", b"DOS"] {
                if let Some(stream) = file.get::<Stream<'_>>(key) {
                    self.file(name.clone().unwrap_or_default(), &stream);
                }
            }
        }
        if dict.contains_key(b"FT") || dict.contains_key(b"V") && (dict.contains_key(b"T") || dict.contains_key(b"Parent")) {
            self.field(dict);
        }
        if let Some(kind) = dict.get::<Name<'_>>(b"Subtype")
            && !matches!(kind.as_ref(), b"Link" | b"Widget" | b"Popup")
            && dict.contains_key(b"Rect")
        {
            for key in [&b"Contents"[..], b"RC"] {
                if let Some(words) = dict.get::<PdfString<'_>>(key) {
                    self.found.comments += &decoded(words.as_bytes());
                    self.found.comments.push('\n');
                }
            }
        }
        if dict.contains_key(b"XFA") {
            let parts: Vec<Stream<'_>> = dict
                .get::<Array<'_>>(b"XFA")
                .map_or_else(|| dict.get(b"XFA").into_iter().collect(), |parts| parts.iter::<Object<'_>>().filter_map(Object::into_stream).collect());
            for part in parts {
                if let Some(bytes) = self.bytes(&part) {
                    self.found.form_data += &words_of_xml(&String::from_utf8_lossy(&bytes));
                }
            }
        }
        self.found.has_previews |= dict.contains_key(b"Thumb");
        // Not `entries`, which panics at a value that cannot be read.
        let mut keys: Vec<Name<'_>> = dict.keys().collect();
        keys.sort_by(|a, b| a.as_ref().cmp(b.as_ref()));
        for key in keys {
            if let Some(MaybeRef::NotRef(value)) = dict.get_raw::<Object<'_>>(key.as_ref()) {
                self.object(&value, depth + 1);
            }
        }
    }

    fn stream(&mut self, stream: &Stream<'a>) {
        let dict = stream.dict();
        let name = |key: &[u8]| dict.get::<Name<'_>>(key).map(|name| name.as_ref().to_vec()).unwrap_or_default();
        if name(b"Type") == b"EmbeddedFile" {
            self.unnamed.push(stream.clone());
        } else if name(b"Type") == b"Metadata" {
            if let Some(bytes) = self.bytes(stream) {
                let packet = String::from_utf8_lossy(&bytes).into_owned();
                self.found.has_place |= has_place(&packet);
                self.found.names_author |= packet.contains("dc:creator");
                self.found.properties += &words_of_xml(&packet);
            }
        } else if name(b"Subtype") == b"Image"
            && filters(dict).last().is_some_and(|last| last == b"DCTDecode" || last == b"DCT")
            && self.found.pictures.len() < MOST_PICTURES
            && let Some(picture) = before_dct(stream, self.left)
        {
            // Only what comes before the picture itself says anything of a camera.
            let head = picture[..picture.len().min(256 * 1024)].to_vec();
            self.left = self.left.saturating_sub(head.len());
            self.found.pictures.push(head);
        }
    }

    fn file(&mut self, name: String, stream: &Stream<'_>) {
        let id = stream.obj_id();
        if !self.met.insert((id.obj_number, id.gen_number)) {
            return;
        }
        if self.found.files.len() == MOST_FILES {
            self.found.is_cut = true;
            return;
        }
        if let Some(bytes) = self.bytes(stream) {
            self.found.files.push((name, bytes));
        }
    }

    fn field(&mut self, dict: &Dict<'_>) {
        let value = match dict.get::<Object<'_>>(b"V") {
            Some(Object::String(words)) => decoded(words.as_bytes()),
            Some(Object::Stream(stream)) => self.bytes(&stream).map(|bytes| decoded(&bytes)).unwrap_or_default(),
            Some(Object::Array(chosen)) => chosen.iter::<PdfString<'_>>().map(|words| decoded(words.as_bytes())).collect::<Vec<_>>().join(", "),
            _ => return,
        };
        if value.trim().is_empty() {
            return;
        }
        let label = |key: &[u8]| dict.get::<PdfString<'_>>(key).map(|label| decoded(label.as_bytes()));
        let name = label(b"TU").or_else(|| label(b"T")).unwrap_or_default();
        self.found.fields += &format!("{}: {value}\n", name.replace(['_', '.'], " "));
        let flags = dict.get::<i32>(b"F").unwrap_or(0);
        // Hidden, and shown in no view (ISO 32000-1 table 165).
        self.found.n_hidden_fields += usize::from(flags & (1 << 1 | 1 << 5) != 0);
    }

    fn bytes(&mut self, stream: &Stream<'_>) -> Option<Vec<u8>> {
        let bytes = stream.decoded().ok()?;
        if bytes.len() > self.left {
            self.found.is_cut = true;
            return None;
        }
        self.left -= bytes.len();
        Some(bytes.into_owned())
    }
}

/// Whether an XMP packet says where something was taken.
pub fn has_place(packet: &str) -> bool {
    packet.contains("GPSLatitude") || packet.contains("GPSLongitude")
}

/// The words of some XML, an element a line, with its name before it: what is broken is read as far as it goes.
fn words_of_xml(text: &str) -> String {
    let mut out = String::new();
    let mut name = "";
    let mut events = crate::xml::Events::new(text);
    while let Ok(Some(event)) = events.next() {
        match event {
            crate::xml::Event::Start { name: of, .. } => name = of,
            crate::xml::Event::Text(words) | crate::xml::Event::Literal(words) if !words.trim().is_empty() => {
                out += &format!("{}: {}\n", name.rsplit(':').next().unwrap_or(name).replace('_', " "), crate::xml::unescape(words).trim());
            }
            _ => {}
        }
    }
    out
}

/// How a stream is packed, the outermost way first.
fn filters(dict: &Dict<'_>) -> Vec<Vec<u8>> {
    match dict.get::<Object<'_>>(b"Filter") {
        Some(Object::Name(name)) => vec![name.as_ref().to_vec()],
        Some(Object::Array(names)) => names.iter::<Name<'_>>().map(|name| name.as_ref().to_vec()).collect(),
        _ => Vec::new(),
    }
}

/// A JPEG as it was put into the file: what is packed around it is taken off.
fn before_dct(stream: &Stream<'_>, most: usize) -> Option<Vec<u8>> {
    let raw = stream.raw_data();
    let mut data = if raw.len() <= most { raw.into_owned() } else { return None };
    let filters = filters(stream.dict());
    for filter in filters.split_last()?.1 {
        data = match filter.as_slice() {
            b"FlateDecode" | b"Fl" => {
                let mut out = Vec::new();
                ZlibDecoder::new(data.as_slice()).take(most as u64).read_to_end(&mut out).ok()?;
                out
            }
            b"ASCII85Decode" | b"A85" => ascii85(&data),
            b"ASCIIHexDecode" | b"AHx" => {
                let digits: Vec<u8> = data.iter().filter_map(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8).collect();
                digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect()
            }
            _ => return None,
        };
    }
    Some(data)
}

/// Five letters for four bytes (ISO 32000-1 7.4.3), as far as they go.
fn ascii85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let (mut group, mut n) = (0_u64, 0);
    for byte in data {
        match byte {
            b'~' => break,
            b'z' if n == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                group = group * 85 + u64::from(byte - b'!');
                n += 1;
                if n == 5 {
                    out.extend(((group & 0xffff_ffff) as u32).to_be_bytes());
                    (group, n) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if n > 1 {
        for _ in n..5 {
            group = group * 85 + 84;
        }
        out.extend(&((group & 0xffff_ffff) as u32).to_be_bytes()[..n - 1]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_for_bytes_are_read_to_the_last() {
        assert_eq!(ascii85(b"<~87cURD]i,\"Ebo80~>".strip_prefix(b"<~").unwrap()), b"Hello World!");
        assert_eq!(ascii85(b"87cURDZ~>"), b"Hello");
        assert_eq!(ascii85(b"z~>"), [0; 4]);
    }

    #[test]
    fn words_of_xml_are_lines_with_their_names() {
        assert_eq!(words_of_xml("<a><x:date_of_birth>1 May</x:date_of_birth><b/></a>"), "date of birth: 1 May\n");
        assert_eq!(words_of_xml("<a>one<"), "a: one\n");
    }
}
