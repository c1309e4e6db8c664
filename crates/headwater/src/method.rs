//! Any method, on anyone's numbers: what `method list` shows and `method run` computes.
//!
//! Input and output have the shape of the oracle files that hold the methods to account: a file's `inputs` go in, the
//! keys of its `expected` come out. A value that is refused is `null`, and its reason stands under `refusals`; what a
//! reader must know besides stands under `notes`. So an auditor can set any of our numbers beside their own tool's.
//!
//! One file per group of methods, each holding nothing but the way from JSON to the library and back.

mod agreement;
mod answer;
mod compare;
mod concentration;
mod control_chart;
mod count;
mod funnel;
mod inequality;
mod inputs;
mod over_time;
mod place;
mod rate;
mod standardise;
mod suppress;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde_json::Value;

use answer::Answer;
use inputs::Inputs;

/// One method that can be run by name.
pub struct MethodEntry {
    /// Its name: that of its oracle file and of its page.
    pub name: &'static str,
    /// What it answers, in one line.
    pub description: &'static str,
    /// Its page for readers who are not programmers, in Markdown.
    pub page: &'static str,
    run: fn(&Inputs) -> Result<Answer, String>,
}

/// An entry whose page is `methods/<name>.md`.
macro_rules! entry {
    ($name:literal, $description:literal, $run:path) => {
        MethodEntry { name: $name, description: $description, page: include_str!(concat!("../../../methods/", $name, ".md")), run: $run }
    };
}

/// All methods, in the order in which a reader meets them.
static METHODS: [MethodEntry; 19] = [
    entry!("count_police_uk", "records of a police.uk street file by LSOA, month and crime type, and its faults", count::police_uk),
    entry!("rate_byar_exact", "crude rates per 100,000 with exact (under 10 events) or Byar limits", rate::crude),
    entry!("wilson", "proportions with Wilson's score interval", rate::wilson),
    entry!("dsr_byar_dobson", "directly age-standardised rates with Dobson's limits", standardise::direct),
    entry!("isr_smr", "indirectly standardised rates and ratios", standardise::indirect),
    entry!("rate_ratio", "two rates compared: score and exact tests, intervals of their ratio", compare::rate_ratio),
    entry!("multiple_testing", "many p-values read together: Benjamini-Hochberg, Yekutieli, Holm", compare::multiple_testing),
    entry!("funnel_rate", "which areas differ from the average by more than chance", funnel::rate),
    entry!("sii_rii", "slope and relative index of inequality over deprivation groups", inequality::gradient),
    entry!("gini_sparse", "how bunched events are over places, Gini and generalised Gini", concentration::gini),
    entry!("spc_xmr_making_data_count", "control charts with the NHS Making Data Count rules", control_chart::xmr),
    entry!("trend", "change in per cent a year, and this month against the same month last year", over_time::trend),
    entry!("season", "indices for the twelve months of the year", over_time::season),
    entry!("sudden_changes", "steps in the level of a monthly series, and odd months", over_time::sudden_changes),
    entry!("contiguity", "which areas touch, at a corner (queen) or along an edge (rook)", place::contiguity),
    entry!("local_moran", "is each area like its neighbours or unlike them", place::local_moran),
    entry!("getis_ord", "hot and cold spots: Gi and Gi*", place::getis_ord),
    entry!("agreement", "whether those who read the same say the same: Cohen's kappa, Krippendorff's alpha", agreement::of_readers),
    entry!("suppression_acro", "small counts of a table hidden, and what would give them away", suppress::threshold),
];

/// All methods that can be run by name.
pub fn list() -> &'static [MethodEntry] {
    &METHODS
}

/// Run a method on the contents of an oracle file, or on its `inputs` alone; files that they name lie in `folder`.
///
/// The result has the keys of that file's `expected`, then `refusals` (a list of `{where, reason}`) and, where there is
/// something to know, `notes`. A method whose `expected` is a list answers with a list, and each of its members carries
/// its own refusals.
///
/// # Errors
/// A sentence that names the unknown method, or the input that is missing or has the wrong shape.
pub fn run(name: &str, input: &Value, folder: &Path) -> Result<Value, String> {
    let entry = list().iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names: Vec<&str> = list().iter().map(|entry| entry.name).collect();
        format!("There is no method named '{name}'. There are: {}.", names.join(", "))
    })?;
    let inputs = Inputs::new(input.get("inputs").unwrap_or(input), folder)?;
    (entry.run)(&inputs).map(Answer::into_value)
}
