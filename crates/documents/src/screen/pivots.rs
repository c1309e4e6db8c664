//! Does it hold the source of a pivot table? It may have every row that the table shows only in sum.

use super::{Finding, Look, Screened, compound};
use crate::kind::Kind;

/// Looks for the stores of pivot tables.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    let stores = match look.kind {
        // Records hold every row; a definition alone still holds every value that occurs.
        Kind::Xlsx | Kind::Xlsb => look.parts_where(|name| name.starts_with("xl/pivotcache/") && !name.contains("/_rels/")),
        Kind::OldOffice => look.compound().map_or_else(Vec::new, |file| {
            compound::paths(file).into_iter().filter(|path| ["_SX_DB_CUR", "_SX_DB"].contains(&path.as_str())).collect()
        }),
        _ => return,
    };
    screened.add_places(
        Finding::PivotCache,
        &stores,
        "this part holds the source of a pivot table, which may have rows that no sheet shows",
        "ask the sender for a copy with the pivot table pasted as values",
    );
}
