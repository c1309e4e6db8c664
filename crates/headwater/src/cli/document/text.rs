//! `document text`: what files say, page by page.

use std::path::{Path, PathBuf};

use headwater_documents::kind::{Kind, sniff};
use headwater_documents::text::{BlockKind, DocumentText, PageText};
use headwater_documents::{Refusal, arrival};
use serde_json::{Value, json};

use super::{Context, read};
use crate::problem::{Exit, Problem};
use crate::reading;

/// Prints the text of each file. One that cannot be read keeps none of the others from being read.
pub fn run(files: &[PathBuf], context: &mut Context) -> Result<(), Problem> {
    let most = arrival::Limits::default().most_bytes;
    let mut list = Vec::new();
    let mut refused: Vec<(&Path, Refusal)> = Vec::new();
    for file in files {
        let dropped = read(file, &mut (most as u64), most)?;
        let kind = sniff(&dropped.bytes);
        let text = reading::read(&dropped.name, &dropped.bytes);
        if context.shared.json {
            list.push(of_file(file, kind, &text));
        }
        match text {
            Ok(text) if !context.shared.json => {
                if files.len() > 1 {
                    writeln!(context.out, "==> {} <==", file.display())?;
                }
                writeln!(context.out, "{}", text.plain().trim_end_matches('\n'))?;
                for remark in &text.remarks {
                    eprintln!("{}: {remark}", file.display());
                }
            }
            Ok(_) => {}
            Err(refusal) => refused.push((file, refusal)),
        }
    }
    if context.shared.json {
        // Every word has a line of its own when it is set out for people; this is for programs.
        serde_json::to_writer(&mut *context.out, &list).map_err(std::io::Error::from)?;
        writeln!(context.out)?;
    }
    let n_refused = refused.len();
    let Some((file, refusal)) = refused.into_iter().next() else { return Ok(()) };
    let which = match files.len() {
        1 => file.display().to_string(),
        n => format!("{n_refused} of {n} files could not be read, the first of them {}", file.display()),
    };
    Err(Problem::new(format!("{which}: {}", refusal.what)).hint(refusal.remedy).exit(Exit::Unreadable))
}

fn of_file(file: &Path, kind: Kind, text: &Result<DocumentText, Refusal>) -> Value {
    let mut value = json!({ "file": file.display().to_string(), "kind": kind.name() });
    match text {
        Ok(text) => {
            value["remarks"] = json!(text.remarks);
            value["pages"] = text.pages.iter().map(of_page).collect();
        }
        Err(refusal) => value["refused"] = json!({ "what": refusal.what, "remedy": refusal.remedy }),
    }
    value
}

/// Places in the text are bytes of its UTF-8; areas are points from the top left corner: left, top, right, bottom.
fn of_page(page: &PageText) -> Value {
    let blocks = page.blocks.iter().map(|block| {
        let (kind, level) = of_kind(block.kind);
        json!({ "kind": kind, "level": level, "start": block.range.start, "end": block.range.end, "text": &page.text[block.range.clone()] })
    });
    let words = page.words.iter().map(|word| {
        let area = word.area.map(|area| [area.left, area.top, area.right, area.bottom]);
        json!({ "start": word.range.start, "end": word.range.end, "text": &page.text[word.range.clone()], "area": area, "is_visible": word.is_visible })
    });
    json!({
        "name": page.name,
        "size": page.size.map(|(width, height)| [width, height]),
        "n_unknown": page.n_unknown,
        "text": page.text,
        "blocks": blocks.collect::<Vec<_>>(),
        "words": words.collect::<Vec<_>>(),
    })
}

fn of_kind(kind: BlockKind) -> (&'static str, Option<u8>) {
    match kind {
        BlockKind::Heading(level) => ("heading", Some(level)),
        BlockKind::Paragraph => ("paragraph", None),
        BlockKind::Item(level) => ("item", Some(level)),
        BlockKind::Row => ("row", None),
        BlockKind::Note => ("note", None),
        BlockKind::Margin => ("margin", None),
    }
}
