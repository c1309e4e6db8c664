//! Text of Rich Text documents (RTF).
//!
//! As with Word documents: insertions are in, deletions out, headers and footers are told once, notes and text boxes come behind
//! their paragraph. Characters are read in the character set of their font.

mod token;

use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits};
use crate::Refusal;
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::{BTreeMap, BTreeSet};
use token::{Token, Tokens};

/// The deepest that groups may nest; deeper ones are read as if they did not.
const DEEPEST: usize = 500;

/// Groups that hold no text of the document.
const NO_TEXT: [&str; 15] = [
    "colortbl",
    "info",
    "pict",
    "object",
    "listtable",
    "listoverridetable",
    "filetbl",
    "revtbl",
    "nonshppict",
    "xe",
    "tc",
    "rxe",
    "sp",
    "template",
    "fldinst",
];

/// Reads a Rich Text document.
pub(super) fn text(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let mut document = Document {
        writer: Writer::new(limits),
        groups: vec![Group::default()],
        n_beyond: 0,
        paragraph: Paragraph::default(),
        in_row: false,
        in_cell: false,
        gathered: Vec::new(),
        high: None,
        skip: 0,
        usual: WINDOWS_1252,
        sets: BTreeMap::new(),
        outlines: BTreeMap::new(),
        label: String::new(),
        told: BTreeSet::new(),
        is_starred: false,
    };
    for token in Tokens::new(bytes) {
        document.take(token)?;
    }
    document.flush()?;
    document.writer.end_page(None)?;
    Ok(document.writer.finish())
}

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Goes {
    #[default]
    Body,
    Nowhere,
    Fonts,
    Styles,
    Label,
    Note,
    Margin,
    Box,
}

/// One level of braces.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    goes: Goes,
    /// It began where its text goes.
    begins: bool,
    is_hidden: bool,
    is_deleted: bool,
    font: i32,
    /// How many letters stand in for one in `\u`, less one.
    n_more_stand_ins: usize,
    /// The style that is described, in the table of styles.
    style: Option<i32>,
}

/// What is known of the paragraph that is open.
#[derive(Clone, Copy, Debug, Default)]
struct Paragraph {
    in_table: bool,
    outline: Option<u8>,
    style: Option<i32>,
    list: bool,
    level: u8,
    is_begun: bool,
}

struct Document<'a> {
    writer: Writer<'a>,
    groups: Vec<Group>,
    n_beyond: usize,
    paragraph: Paragraph,
    in_row: bool,
    in_cell: bool,
    /// Bytes of one character set, which may need several for a letter.
    gathered: Vec<u8>,
    /// The first half of a letter beyond the first 65,536.
    high: Option<u16>,
    skip: usize,
    usual: &'static Encoding,
    sets: BTreeMap<i32, &'static Encoding>,
    outlines: BTreeMap<i32, u8>,
    label: String,
    /// Headers and footers that were told.
    told: BTreeSet<String>,
    is_starred: bool,
}

impl Document<'_> {
    fn take(&mut self, token: Token<'_>) -> Result<(), Refusal> {
        let was_starred = std::mem::take(&mut self.is_starred);
        match token {
            Token::Byte(byte) => {
                if self.skip > 0 {
                    self.skip -= 1;
                } else {
                    self.gathered.push(byte);
                    if self.gathered.len() >= 4_096 && byte.is_ascii() {
                        self.flush()?;
                    }
                }
                return Ok(());
            }
            Token::Word("u", number) => {
                self.flush()?;
                self.letter(number)?;
                return Ok(());
            }
            _ => self.flush()?,
        }
        self.skip = 0;
        match token {
            Token::Open => {
                if self.groups.len() < DEEPEST {
                    self.groups.push(Group { begins: false, ..self.group() });
                } else {
                    self.n_beyond += 1;
                }
            }
            Token::Close if self.n_beyond > 0 => self.n_beyond -= 1,
            Token::Close => self.close(),
            Token::Sign(b'*') => self.is_starred = true,
            Token::Sign(sign) => match sign {
                b'~' => self.write("\u{a0}")?,
                b'_' => self.write("\u{2011}")?,
                b'{' | b'}' | b'\\' => self.write(char::from(sign).encode_utf8(&mut [0; 4]))?,
                _ => {}
            },
            Token::Word(word, number) => self.word(word, number, was_starred)?,
            Token::Byte(_) => {}
        }
        Ok(())
    }

    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or_default()
    }

    fn change(&mut self, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.last_mut() {
            change(group);
        }
    }

    /// Sends the text of the group elsewhere.
    fn send(&mut self, goes: Goes) -> Result<(), Refusal> {
        let from = self.group().goes;
        if from == Goes::Nowhere {
            return Ok(());
        }
        // A note or a box comes behind its paragraph, also when it is the first thing in it.
        if matches!(goes, Goes::Note | Goes::Box) && from == Goes::Body {
            self.begin()?;
        }
        if matches!(goes, Goes::Note | Goes::Margin | Goes::Box) {
            // A group is one thing, and what is beyond the deepest is part of that.
            if self.group().begins || self.n_beyond > 0 {
                return Ok(());
            }
            self.writer.begin_aside();
            self.paragraph.is_begun = false;
        }
        self.change(|group| (group.goes, group.begins) = (goes, true));
        Ok(())
    }

    fn close(&mut self) {
        let group = self.group();
        // The outermost level stays, however many close it.
        if self.groups.len() > 1 {
            self.groups.pop();
        } else {
            return;
        }
        if !group.begins {
            return;
        }
        match group.goes {
            Goes::Note => self.writer.end_aside(Some(BlockKind::Note)),
            Goes::Box => self.writer.end_aside(None),
            Goes::Margin => {
                let mut drafts = self.writer.take_aside();
                drafts.retain(|draft| self.told.insert(draft.text().to_owned()));
                self.writer.place(drafts, Some(BlockKind::Margin));
            }
            _ => return,
        }
        // The paragraph around it goes on, if there is one.
        self.paragraph.is_begun = self.writer.open_kind().is_some();
        if group.goes == Goes::Margin {
            self.paragraph = Paragraph::default();
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, is_starred: bool) -> Result<(), Refusal> {
        let goes = self.group().goes;
        let is_on = number != Some(0);
        match word {
            _ if NO_TEXT.contains(&word) => self.send(Goes::Nowhere)?,
            "fonttbl" => self.send(Goes::Fonts)?,
            "stylesheet" => self.send(Goes::Styles)?,
            "listtext" | "pntext" => {
                self.label.clear();
                self.send(Goes::Label)?;
            }
            "footnote" => self.send(Goes::Note)?,
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf" => self.send(Goes::Margin)?,
            "shptxt" => self.send(Goes::Box)?,
            "shpinst" | "result" => {}
            // What a newer program added for itself.
            _ if is_starred => self.send(Goes::Nowhere)?,
            "ansicpg" => self.usual = page(number.unwrap_or(1252)),
            "f" => self.change(|group| group.font = number.unwrap_or(0)),
            "fcharset" if goes == Goes::Fonts => {
                if let Some(set) = set(number.unwrap_or(0)) {
                    self.sets.insert(self.group().font, set);
                }
            }
            "uc" => self.change(|group| group.n_more_stand_ins = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(10).wrapping_sub(1)),
            "s" if goes == Goes::Styles => self.change(|group| group.style = number),
            "outlinelevel" if goes == Goes::Styles => {
                if let (Some(style), Ok(level)) = (self.group().style, u8::try_from(number.unwrap_or(9))) {
                    self.outlines.insert(style, level);
                }
            }
            _ if matches!(goes, Goes::Nowhere | Goes::Fonts | Goes::Styles) => {}
            // A label has properties of its own, which are not those of its paragraph.
            "tab" | "line" | "par" | "pard" | "plain" | "s" | "ls" | "ilvl" | "outlinelevel" | "intbl" if goes == Goes::Label => {}
            "v" => self.change(|group| group.is_hidden = is_on),
            "deleted" => {
                self.change(|group| group.is_deleted = is_on);
                self.writer.remark("it has tracked changes: it was read as if all were accepted, without what was deleted");
            }
            "plain" => self.change(|group| (group.is_hidden, group.is_deleted) = (false, false)),
            "tab" if self.begin()? => self.writer.tab(),
            "line" if self.begin()? => self.writer.line(),
            "pard" => self.paragraph = Paragraph { is_begun: self.paragraph.is_begun, ..Paragraph::default() },
            "intbl" => self.paragraph.in_table = true,
            "s" => self.paragraph.style = number,
            "outlinelevel" => self.paragraph.outline = number.and_then(|level| u8::try_from(level).ok()),
            "ls" => self.paragraph.list = is_on,
            "ilvl" => self.paragraph.level = number.and_then(|level| u8::try_from(level).ok()).unwrap_or(0).min(8),
            "par" | "sect" | "page" | "nestcell" | "nestrow" => self.end_paragraph(),
            "cell" if goes == Goes::Body => {
                self.open_cell()?;
                self.end_paragraph();
                self.writer.end_cell();
                self.in_cell = false;
            }
            "row" if goes == Goes::Body => {
                self.end_paragraph();
                self.writer.end_row();
                (self.in_row, self.in_cell) = (false, false);
            }
            "lquote" => self.write("\u{2018}")?,
            "rquote" => self.write("\u{2019}")?,
            "ldblquote" => self.write("\u{201c}")?,
            "rdblquote" => self.write("\u{201d}")?,
            "endash" => self.write("\u{2013}")?,
            "emdash" => self.write("\u{2014}")?,
            "bullet" => self.write("\u{2022}")?,
            "enspace" | "emspace" | "qmspace" => self.write(" ")?,
            _ => {}
        }
        Ok(())
    }

    fn open_cell(&mut self) -> Result<(), Refusal> {
        if !std::mem::replace(&mut self.in_row, true) {
            self.writer.begin_row()?;
        }
        if !std::mem::replace(&mut self.in_cell, true) {
            self.writer.begin_cell()?;
        }
        Ok(())
    }

    fn end_paragraph(&mut self) {
        self.writer.end();
        self.paragraph.is_begun = false;
        self.label.clear();
    }

    /// Begins a paragraph if none is open; says whether text is to be written at all.
    fn begin(&mut self) -> Result<bool, Refusal> {
        let group = self.group();
        if matches!(group.goes, Goes::Nowhere | Goes::Fonts | Goes::Styles | Goes::Label) || group.is_deleted {
            return Ok(false);
        }
        self.writer.is_visible = !group.is_hidden;
        if std::mem::replace(&mut self.paragraph.is_begun, true) {
            return Ok(true);
        }
        if group.goes == Goes::Body {
            if self.paragraph.in_table {
                self.open_cell()?;
            } else if self.in_row {
                // A row that was never ended.
                self.writer.end_row();
                (self.in_row, self.in_cell) = (false, false);
            }
        }
        let outline = self.paragraph.outline.or_else(|| self.outlines.get(&self.paragraph.style?).copied()).filter(|level| *level < 9);
        let label = std::mem::take(&mut self.label);
        let is_item = self.paragraph.list || !label.is_empty();
        self.writer.begin(match outline {
            Some(level) => BlockKind::Heading(level + 1),
            None if is_item => BlockKind::Item(self.paragraph.level + 1),
            None => BlockKind::Paragraph,
        });
        // A bullet is no number.
        if label.chars().any(char::is_alphanumeric) {
            self.writer.label(&label)?;
        }
        Ok(true)
    }

    fn write(&mut self, text: &str) -> Result<(), Refusal> {
        if self.group().goes == Goes::Label {
            if self.label.len() < 100 {
                self.label.push_str(text);
            }
            return Ok(());
        }
        if self.begin()? {
            self.writer.text(text)?;
        }
        Ok(())
    }

    /// A letter by its number.
    fn letter(&mut self, number: Option<i32>) -> Result<(), Refusal> {
        self.skip = self.group().n_more_stand_ins.wrapping_add(1);
        let code = number.map_or(0xfffd, |n| if n < 0 { n.saturating_add(0x1_0000) } else { n });
        let code = u16::try_from(code).unwrap_or(0xfffd);
        if (0xd800..0xdc00).contains(&code) {
            self.high = Some(code);
            return Ok(());
        }
        let pair = [self.high.take().unwrap_or(code), code];
        let letters = if pair[0] == code { &pair[1..] } else { &pair[..] };
        let text = String::from_utf16_lossy(letters);
        self.write(&text)
    }

    /// Letters of the font's character set, gathered so far.
    fn flush(&mut self) -> Result<(), Refusal> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.gathered);
        let set = self.sets.get(&self.group().font).copied().unwrap_or(self.usual);
        let text = set.decode_without_bom_handling(&bytes).0.into_owned();
        self.write(&text)
    }
}

/// The character set of a Windows code page; unknown ones are nearly always the one of western Europe.
fn page(number: i32) -> &'static Encoding {
    let label = match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        65001 => "utf-8".to_owned(),
        n => format!("windows-{n}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// The character set of a font; none for the usual one.
fn set(charset: i32) -> Option<&'static Encoding> {
    let number = match charset {
        77 => return Encoding::for_label(b"macintosh"),
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    Some(page(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_rich_text_become_blocks() {
        use BlockKind::{Heading, Item, Margin, Note, Paragraph, Row};
        type Blocks = &'static [(BlockKind, &'static str)];
        let cases: [(&[u8], Blocks); 10] = [
            (b"{\\rtf1{\\fonttbl{\\f0 Arial;}}Dear \\'e9t\\'e9,\\par \\u8217 ?s\\tab {\\b bold}\\~x\\{y\\}}", &[(Paragraph, "Dear \u{e9}t\u{e9},"), (Paragraph, "\u{2019}s\tbold\u{a0}x{y}")]),
            (b"{\\rtf1{\\stylesheet{\\s1\\outlinelevel0 heading 1;}}{\\header OFFICIAL\\par}\\pard\\s1 Aims\\par{\\header OFFICIAL\\par}\\pard text{\\footnote See.}\\line on\\par}", &[(Margin, "OFFICIAL"), (Heading(1), "Aims"), (Paragraph, "text\non"), (Note, "See.")]),
            (b"{\\rtf1{\\listtext\\pard\\plain 1.\\tab}\\ls1 one\\par\\pard\\ilvl1\\ls1{\\listtext\\'b7\\tab}in it\\par\\pard out}", &[(Item(1), "1. one"), (Item(2), "in it"), (Paragraph, "out")]),
            (b"{\\rtf1\\trowd\\intbl a\\cell\\cell 1\\par 2\\cell\\row\\pard after\\par}", &[(Row, "a\t\t1 2"), (Paragraph, "after")]),
            (b"{\\rtf1 a{\\deleted b}{\\*\\unknown c}{\\pict 0102}{\\field{\\*\\fldinst PAGE}{\\fldrslt 4}}\\bin3 }}{d}", &[(Paragraph, "a4d")]),
            (b"{\\rtf1\\uc0\\u-10179\\u-8704 \\uc2\\u233??x}", &[(Paragraph, "\u{1f600}\u{e9}x")]),
            (b"{\\rtf1{\\fonttbl{\\f1\\fcharset204 A;}}{\\f1\\'c4\\'e0}\\'c4}", &[(Paragraph, "\u{414}\u{430}\u{c4}")]),
            (b"{\\rtf1 a{\\shp{\\*\\shpinst{\\sp{\\sn x}}{\\shptxt box\\par}}}b}", &[(Paragraph, "ab"), (Paragraph, "box")]),
            // A number may hold anything; what steers a terminal is no part of it.
            (b"{\\rtf1{\\listtext\x12 1.\x1b\\tab}one}", &[(Item(1), "1. one")]),
            (b"}}}\\u-10179?{{\\", &[]),
        ];
        for (rtf, wanted) in cases {
            let read = text(rtf, &Limits::default()).unwrap();
            let blocks: Vec<(BlockKind, &str)> =
                read.pages[0].blocks.iter().map(|block| (block.kind, &read.pages[0].text[block.range.clone()])).collect();
            assert_eq!(blocks, wanted, "{}", String::from_utf8_lossy(rtf));
        }
        let read = text(b"{\\rtf1 a {\\v b} c}", &Limits::default()).unwrap();
        assert_eq!(read.pages[0].words.iter().map(|word| word.is_visible).collect::<Vec<_>>(), [true, false, true]);
    }
}
