//! What a column of a file holds.

use headwater_release::{ColumnKind, Shorthand, Table};

/// The marks that stand in place of a value.
pub(super) const MARKS: [Shorthand; 3] = [Shorthand::Confidential, Shorthand::NotAvailable, Shorthand::NotApplicable];

/// The kind of a column, told from its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Words in every cell, or words and numbers.
    Words,
    /// Numbers without decimals.
    Whole,
    /// Numbers, some with decimals.
    Decimal,
}

impl Field {
    /// The kind of a column of a table.
    pub(super) fn of(table: &Table, column: usize) -> Self {
        let cells = || table.rows().iter().filter_map(|row| row.get(column));
        let is_text = table.columns().get(column).is_none_or(|column| column.kind == ColumnKind::Text);
        if is_text || cells().any(|cell| cell.is_label()) {
            return Self::Words;
        }
        if cells().any(|cell| cell.as_number().is_some_and(|_| cell.csv().contains('.'))) { Self::Decimal } else { Self::Whole }
    }
}

/// The unit of a column of numbers; none for words and plain counts.
pub(super) fn unit(kind: &ColumnKind) -> Option<&str> {
    match kind {
        ColumnKind::Number { unit } if !unit.is_empty() => Some(unit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_release::{Column, Open, Rule, Value};

    fn number(value: f64, decimals: u8) -> Value {
        Value::reference(Open::under(Rule::already_public()).unwrap(), value, decimals)
    }

    #[test]
    fn a_column_is_told_from_all_its_cells() {
        let one = |cells: Vec<Value>| {
            let table = Table::new("T", vec![Column::number("n", "N", "")], cells.into_iter().map(|cell| vec![cell]).collect()).unwrap();
            Field::of(&table, 0)
        };
        assert_eq!(one(vec![number(3.0, 0), Value::gap(Shorthand::Confidential)]), Field::Whole);
        assert_eq!(one(vec![number(3.0, 0), number(3.5, 1)]), Field::Decimal);
        assert_eq!(one(vec![number(3.0, 0), Value::label("many")]), Field::Words);
    }
}
