//! An exhibit: a table and one way to look at it.

use crate::{Passage, Provenance, Table, Value};

/// How the areas of one map class are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// A step of the sequential scale, 0 the palest, 4 the darkest.
    Step(u8),
    /// The strong colour for what the message is about, such as a hot spot.
    Focus,
    /// The second strong colour, for the opposite, such as a cold spot.
    Contrast,
    /// Grey: nothing to report.
    Plain,
    /// Hatched: hidden to protect people.
    Hidden,
    /// Dotted: no data.
    NoData,
}

/// One class of a map: the word in the table's class column, its words in the key, its fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapClass {
    /// The word that the class column holds.
    pub key: String,
    /// The class limits in words.
    pub label: String,
    /// How it is filled.
    pub fill: Fill,
}

/// An area's outline in degrees of longitude and latitude, simplified for drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The area's code, to find it in the table.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Closed rings; holes run the other way round and are filled by the even-odd rule.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// Outlines to be drawn together.
pub type Shapes = Vec<Shape>;

/// One way to look at a table; columns are given by position.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// The table alone.
    TableOnly,
    /// Horizontal bars, longest names welcome, with intervals.
    Bars {
        /// Names.
        label: usize,
        /// Lengths.
        value: usize,
        /// Lower interval limits.
        lower: Option<usize>,
        /// Upper interval limits.
        upper: Option<usize>,
        /// A labelled reference line.
        reference: Option<(String, Value)>,
        /// A text column; rows with a word there are drawn strong.
        highlight: Option<usize>,
    },
    /// Lines over time, at most four; a gap breaks the line.
    Line {
        /// Months or years, as labels.
        x: usize,
        /// The series.
        series: Vec<usize>,
        /// Interval limits of the first series.
        band: Option<(usize, usize)>,
        /// Labelled vertical lines: before which x label, and what happened.
        breaks: Vec<(String, String)>,
    },
    /// A control chart: values, centre line, limits, and which rule a point breaks.
    ControlChart {
        /// Months, as labels.
        x: usize,
        /// Values.
        y: usize,
        /// Centre line.
        mean: usize,
        /// Lower limits.
        lower: usize,
        /// Upper limits.
        upper: usize,
        /// Text column: empty label, or the rule broken.
        signal: usize,
        /// Labelled vertical lines.
        breaks: Vec<(String, String)>,
    },
    /// A funnel: areas against the limits of chance.
    Funnel {
        /// Names.
        label: usize,
        /// Size: events or population.
        x: usize,
        /// Rates.
        y: usize,
        /// Text column: where it stands, such as "High (0.001)"; empty when within.
        class: usize,
        /// Limit lines: columns x, lower 99.8, lower 95, average, upper 95, upper 99.8 in this order.
        limits: Table,
    },
    /// A Lorenz curve: share of places against share of events.
    Lorenz {
        /// Cumulative share of places, per cent.
        x: usize,
        /// Cumulative share of events, per cent.
        y: usize,
        /// The same under chance.
        baseline: Option<usize>,
    },
    /// A gradient over deprivation groups with its fitted line.
    Gradient {
        /// Names of the groups.
        label: usize,
        /// Mid rank from 0 (most deprived) to 1.
        x: usize,
        /// Rates.
        y: usize,
        /// Lower limits.
        lower: usize,
        /// Upper limits.
        upper: usize,
        /// Fitted line.
        fitted: usize,
    },
    /// Upright bars for the months of the year around 100.
    SeasonBars {
        /// Months.
        label: usize,
        /// Index, 100 being an average month.
        value: usize,
        /// Lower limits.
        lower: usize,
        /// Upper limits.
        upper: usize,
    },
    /// Two sets of bars back to back by age.
    Pyramid {
        /// Age groups, youngest first.
        label: usize,
        /// Left side.
        left: usize,
        /// Right side.
        right: usize,
    },
    /// A map.
    Map {
        /// Area codes.
        code: usize,
        /// Area names.
        name: usize,
        /// Class words.
        class: usize,
        /// Outlines.
        shapes: Shapes,
        /// Classes in the order of the key.
        classes: Vec<MapClass>,
        /// Heavier outlines drawn and named on top.
        outlines: Shapes,
    },
}

/// What a figure is made of; see [`Figure::build`].
#[derive(Clone, Debug)]
pub struct FigureParts {
    /// Permanent name in addresses: lower case, dashes.
    pub slug: String,
    /// The message, in about ten words.
    pub title: Passage,
    /// What is measured, where and when.
    pub subtitle: String,
    /// For those who do not see the chart: kind of chart, what it shows, main trend, two or three values.
    pub description: Passage,
    /// The data.
    pub table: Table,
    /// How to look at them.
    pub view: View,
    /// What the figure does not show.
    pub cautions: Vec<Passage>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// An exhibit that may be shown: it has a message, a statistical subtitle, a description, its data and its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    slug: String,
    title: Passage,
    subtitle: String,
    description: Passage,
    table: Table,
    view: View,
    cautions: Vec<Passage>,
    provenance: Provenance,
}

impl Figure {
    /// Makes a figure.
    ///
    /// # Errors
    /// Refuses a figure without title, subtitle, description or program version, a slug that is not one, and a view that
    /// names a column the table does not have.
    pub fn build(parts: FigureParts) -> Result<Self, String> {
        let FigureParts { slug, title, subtitle, description, table, view, cautions, provenance } = parts;
        if slug.is_empty() || !slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(format!("\"{slug}\" cannot be part of an address: use lower case letters, digits and dashes"));
        }
        for (what, missing) in [
            ("message title", title.is_empty()),
            ("statistical subtitle", subtitle.trim().is_empty()),
            ("text description", description.is_empty()),
            ("program version", provenance.program.is_empty()),
        ] {
            if missing {
                return Err(format!("the figure {slug} has no {what}"));
            }
        }
        if let Some(column) = view.columns().into_iter().find(|column| *column >= table.columns().len()) {
            return Err(format!("the figure {slug} looks at column {column}, which its table does not have"));
        }
        Ok(Self { slug, title, subtitle, description, table, view, cautions, provenance })
    }

    /// Permanent name in addresses.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// The message.
    pub fn title(&self) -> &Passage {
        &self.title
    }

    /// What is measured, where and when.
    pub fn subtitle(&self) -> &str {
        &self.subtitle
    }

    /// The text description.
    pub fn description(&self) -> &Passage {
        &self.description
    }

    /// The data.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// How to look at them.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// What the figure does not show.
    pub fn cautions(&self) -> &[Passage] {
        &self.cautions
    }

    /// Where it comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }
}

impl View {
    fn columns(&self) -> Vec<usize> {
        match self {
            Self::TableOnly => vec![],
            Self::Bars { label, value, lower, upper, highlight, .. } => {
                [Some(*label), Some(*value), *lower, *upper, *highlight].into_iter().flatten().collect()
            }
            Self::Line { x, series, band, .. } => {
                let mut columns = vec![*x];
                columns.extend(series);
                columns.extend(band.iter().flat_map(|(lower, upper)| [*lower, *upper]));
                columns
            }
            Self::ControlChart { x, y, mean, lower, upper, signal, .. } => vec![*x, *y, *mean, *lower, *upper, *signal],
            Self::Funnel { label, x, y, class, .. } => vec![*label, *x, *y, *class],
            Self::Lorenz { x, y, baseline } => [Some(*x), Some(*y), *baseline].into_iter().flatten().collect(),
            Self::Gradient { label, x, y, lower, upper, fitted } => vec![*label, *x, *y, *lower, *upper, *fitted],
            Self::SeasonBars { label, value, lower, upper } => vec![*label, *value, *lower, *upper],
            Self::Pyramid { label, left, right } => vec![*label, *left, *right],
            Self::Map { code, name, class, .. } => vec![*code, *name, *class],
        }
    }
}
