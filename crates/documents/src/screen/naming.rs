//! Is the file of a kind that may be taken in, and what its name says?

use super::compound::{Old, what};
use super::{Finding, Look, Screened};
use crate::kind::Kind;

/// Endings under which a computer runs a file, whatever is in it.
const RUNS: [&str; 27] = [
    "exe", "com", "scr", "pif", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "lnk", "msi", "jar", "dll", "cpl", "reg", "iso",
    "img", "chm", "appx", "sh", "app", "url",
];

/// The kinds that a name promises by its ending; `None` where nothing is promised.
fn promised(ending: &str) -> Option<&'static [Kind]> {
    Some(match ending {
        "pdf" => &[Kind::Pdf],
        "docx" | "docm" | "dotx" | "dotm" => &[Kind::Docx],
        "xlsx" | "xlsm" | "xltx" | "xltm" => &[Kind::Xlsx],
        "xlsb" => &[Kind::Xlsb],
        "pptx" | "pptm" | "ppsx" => &[Kind::Pptx],
        "odt" | "ott" => &[Kind::Odt, Kind::OfficeDocument],
        "ods" | "ots" => &[Kind::Ods],
        "odp" | "odg" | "vsdx" => &[Kind::OfficeDocument],
        "doc" | "dot" | "xls" | "xlt" | "ppt" | "pps" => &[Kind::OldOffice],
        "rtf" => &[Kind::Rtf],
        "htm" | "html" => &[Kind::HtmlPage],
        "xml" | "svg" => &[Kind::Xml, Kind::HtmlPage],
        "csv" | "tsv" | "txt" | "md" | "log" => &[Kind::Text, Kind::Utf16Text, Kind::Mail, Kind::Json],
        "json" | "geojson" => &[Kind::Json, Kind::GeoJson],
        "png" | "jpg" | "jpeg" | "gif" | "tif" | "tiff" | "bmp" | "webp" | "heic" => &[Kind::Image],
        "eml" => &[Kind::Mail, Kind::Text],
        "mht" | "mhtml" => &[Kind::Mail],
        "msg" => &[Kind::OutlookMessage],
        "mbox" => &[Kind::Mailbox],
        "zip" => &[Kind::Zip],
        "gz" => &[Kind::Gzip],
        _ => return None,
    })
}

fn ending(name: &str) -> Option<String> {
    let name = name.trim_end_matches(['.', ' ']);
    name.rsplit(['/', '\\']).next()?.rsplit_once('.').map(|(_, ending)| ending.to_lowercase())
}

/// Looks at the name, the content, and whether they agree.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    let old = look.compound().map(|file| what(file));
    match (look.kind, old) {
        // A newer file with a password has the form of an older one: that it is locked says enough.
        (Kind::OldOffice, Some(Old::Encrypted)) => return,
        (Kind::OldOffice, Some(Old::Unknown)) => screened.add(
            Finding::WrongKind,
            "",
            "the file has the form of an old office file and is neither a workbook, a document nor a presentation",
            "do not open it; ask the sender what it is",
        ),
        (Kind::OldOffice, Some(old)) => {
            let (said, endings): (_, &[&str]) = match old {
                Old::Workbook => ("an Excel workbook of before 2007", &["xls", "xlt"]),
                Old::Document => ("a Word document of before 2007", &["doc", "dot"]),
                _ => ("a presentation of before 2007", &["ppt", "pps"]),
            };
            let ending = ending(look.name).unwrap_or_default();
            if promised(&ending) == Some(&[Kind::OldOffice]) && !endings.contains(&ending.as_str()) {
                disagrees(&ending, said, screened);
            }
        }
        _ => {}
    }
    by_name(look.name, look.kind, screened);
}

/// What the name and the kind alone tell.
pub(super) fn by_name(name: &str, kind: Kind, screened: &mut Screened) {
    let ending = ending(name).unwrap_or_default();
    // What turns the direction of writing can make "fdp.exe" look like "exe.pdf".
    if name.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        screened.add(
            Finding::WrongKind,
            "",
            "its name holds letters that turn the direction of writing, which hide its ending",
            "do not open it; ask the sender what it is",
        );
    }
    match kind {
        Kind::Program => {
            screened.add(Finding::WrongKind, "", "the file is a program", "do not open it; ask the sender what was meant");
            return;
        }
        Kind::Empty => {
            screened.add(Finding::WrongKind, "", "the file is empty", "ask the sender to send it again");
            return;
        }
        _ if RUNS.contains(&ending.as_str()) => {
            screened.add(
                Finding::WrongKind,
                "",
                format!("its name ends in .{ending}, and a computer that opens it would run it"),
                "do not open it; ask the sender what was meant",
            );
            return;
        }
        Kind::OtherArchive => screened.add(
            Finding::WrongKind,
            "",
            "the file is an archive of a kind that is not unpacked here (RAR, 7-Zip, tar or another)",
            "ask the sender for the documents by themselves, or packed as a zip",
        ),
        Kind::Gzip => screened.add(
            Finding::WrongKind,
            "",
            "the file is packed with gzip and was not looked into",
            "unpack it and hand over what comes out, or ask for a zip",
        ),
        Kind::Binary => screened.add(
            Finding::WrongKind,
            "",
            "the file is of a kind that is not known here",
            "ask the sender for it as PDF, as a document or workbook of today, or as CSV",
        ),
        _ => {}
    }
    if let Some(kinds) = promised(&ending)
        && !kinds.contains(&kind)
        && !matches!(kind, Kind::Binary | Kind::OtherArchive | Kind::Gzip)
    {
        disagrees(&ending, kind.name(), screened);
    }
}

fn disagrees(ending: &str, said: &str, screened: &mut Screened) {
    screened.add(
        Finding::WrongKind,
        "",
        format!("its name ends in .{ending}, but it is {said}"),
        "open it only if the sender confirms what it is; rename it or ask for it in the form its name says",
    );
}
