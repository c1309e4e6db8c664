//! Who is searched: by age and by ethnicity, as shares of searches and never as a rate of a population that is not known.

use super::{NOT_RECORDED, Searches, sum};
use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{percent, share, treated};
use crate::period::Period;
use crate::source::stop_search::{Dimension, SearchTally};
use headwater_release::{Column, Figure, FigureParts, Passage, Table, Value, View};

/// The ages as the files have them, youngest first.
const AGES: [&str; 5] = ["under 10", "10-17", "18-24", "25-34", "over 34"];
/// The broad groups of both ethnicities, in the order in which they are shown.
const GROUPS: [&str; 5] = ["Asian", "Black", "Mixed", "White", "Other"];

/// The position of the mixed group, which the officer's codes long did not have.
const MIXED: usize = 2;

pub(super) fn by_age(searches: &Searches<'_>, setting: &Setting<'_>, scope: &Scope, year: Period) -> Result<Figure, String> {
    let labels = searches.by_label(Dimension::Age, |month| year.contains(month));
    let all = sum(labels.values().copied()).n;
    let n = |label: &str| labels.get(label).map_or(0, |tally| tally.n);
    let known: u64 = all - n("");
    let others: Vec<&str> = labels.keys().copied().filter(|label| !label.is_empty() && !AGES.contains(label)).collect();
    let rows: Vec<Vec<Value>> = AGES
        .into_iter()
        .chain(others)
        .filter(|label| n(label) > 0)
        .map(|label| (label, n(label), percent(n(label), known)))
        .chain((n("") > 0).then(|| (NOT_RECORDED, n(""), Value::gap(headwater_release::Shorthand::NotApplicable))))
        .map(|(label, n, share)| vec![Value::label(label), Value::count(treated(n)), share])
        .collect();
    let young = n("under 10") + n("10-17") + n("18-24");
    let (children, young) = (percent(n("under 10") + n("10-17"), known), percent(young, known));
    Figure::build(FigureParts {
        slug: "searched-by-age".into(),
        title: Passage::new().value(&young).say(" % of searches were of people under 25, ").value(&children).say(" % of children"),
        subtitle: format!("Searches by age of the person, per cent of those with an age, {}, {}", setting.ask.force, year.name()),
        description: Passage::new()
            .say("Bars by age band, youngest first. Of ")
            .value(&Value::count(treated(known)))
            .say(" searches with an age, ")
            .value(&children)
            .say(" % were of children under 18 and ")
            .value(&young)
            .say(" % of people under 25."),
        table: Table::new(
            format!("Searches by age, {}, {}", scope.name, year.name()),
            vec![
                Column::text("age", "Age, years"),
                Column::number("searches", "Searches", ""),
                Column::number("share_per_cent", "Share of those with an age", "%"),
            ],
            rows,
        )?,
        view: View::Bars { label: 0, value: 2, lower: None, upper: None, reference: None, highlight: None },
        cautions: vec![
            Passage::new().say("Bands are of unequal width, and \"over 34\" has no end. Searches of vehicles alone have no age by right."),
            Passage::new().say("A child who is searched may be a victim of exploitation: the files say nothing of safeguarding."),
        ],
        provenance: setting.provenance_of(&searches.extracts(), year.name(), &[]),
    })
}

pub(super) fn by_ethnicity(searches: &Searches<'_>, setting: &Setting<'_>, scope: &Scope, year: Period) -> Result<Figure, String> {
    let broad = |dimension| {
        let mut groups = [SearchTally::default(); GROUPS.len() + 1];
        for (label, tally) in searches.by_label(dimension, |month| year.contains(month)) {
            groups[group_of(label).unwrap_or(GROUPS.len())].add(tally);
        }
        groups
    };
    let (officer, own) = (broad(Dimension::OfficerDefinedEthnicity), broad(Dimension::SelfDefinedEthnicity));
    let known = |groups: &[SearchTally]| groups[..GROUPS.len()].iter().map(|tally| tally.n).sum::<u64>();
    let (by_officer, by_self) = (known(&officer), known(&own));
    let all = by_officer + officer[GROUPS.len()].n;
    let white = GROUPS.iter().position(|group| *group == "White").map_or(0, |at| officer[at].n);
    let not_stated = percent(own[GROUPS.len()].n, all);
    let rows = (0..=GROUPS.len())
        .map(|at| {
            let is_group = at < GROUPS.len();
            let cell = |n, of| if is_group { percent(n, of) } else { Value::gap(headwater_release::Shorthand::NotApplicable) };
            let found = share(officer[at].n_action, officer[at].n_with_outcome);
            vec![
                Value::label(GROUPS.get(at).copied().unwrap_or("Not stated or not recorded")),
                Value::count(treated(officer[at].n)),
                cell(officer[at].n, by_officer),
                found.value,
                found.lower,
                found.upper,
                Value::count(treated(own[at].n)),
                cell(own[at].n, by_self),
            ]
        })
        .collect();
    let minority = percent(by_officer - white, by_officer);
    Figure::build(FigureParts {
        slug: "searched-by-ethnicity".into(),
        title: Passage::new().say("Officers recorded ").value(&percent(white, by_officer)).say(" % of those searched as White"),
        subtitle: format!("Searches by ethnicity as recorded by the officer, per cent of those recorded, {}, {}", setting.ask.force, year.name()),
        description: Passage::new()
            .say("Bars by broad ethnic group. Officers recorded an ethnicity in ")
            .value(&Value::count(treated(by_officer)))
            .say(" of ")
            .value(&Value::count(treated(all)))
            .say(" searches, ")
            .value(&minority)
            .say(" % of them other than White. The person's own answer is missing or not stated in ")
            .value(&not_stated)
            .say(" % of searches."),
        table: Table::new(
            format!("Searches by ethnicity, {}, {}", scope.name, year.name()),
            vec![
                Column::text("group", "Broad ethnic group"),
                Column::number("officer_defined", "Officer-defined, searches", ""),
                Column::number("officer_defined_per_cent", "Officer-defined, share", "%"),
                Column::number("find_rate_per_cent", "Find rate (officer-defined)", "%"),
                Column::number("lower_95", "Lower 95 % limit", "%"),
                Column::number("upper_95", "Upper 95 % limit", "%"),
                Column::number("self_defined", "Self-defined, searches", ""),
                Column::number("self_defined_per_cent", "Self-defined, share", "%"),
            ],
            rows,
        )?,
        view: View::Bars { label: 0, value: 2, lower: None, upper: None, reference: None, highlight: None },
        cautions: [
            Passage::new().say("These are shares of searches. They do not show disproportionality: that needs the population of each group, which is not loaded, and no figure here stands in for it."),
            Passage::new().say("What the officer saw and what the person said are different things and are never mixed. People may decline to say, more often where nothing was found, so the self-defined shares are biased."),
            Passage::new().say("Equal find rates do not prove fair searching, nor unequal ones the contrary; they are a question to ask. Each group holds very different communities."),
        ]
        .into_iter()
        .chain((officer[MIXED].n == 0 && own[MIXED].n > 0).then(|| Passage::new().say("The officer's codes in these files have no mixed group.")))
        .collect(),
        provenance: setting.provenance_of(&searches.extracts(), year.name(), &[("Wilson's interval for a share", "wilson")]),
    })
}

/// The broad group of a label of either column; `None` where it is not stated or not recorded.
fn group_of(label: &str) -> Option<usize> {
    let label = label.to_lowercase();
    if label.is_empty() || label.contains("not stated") || label.contains("not known") {
        return None;
    }
    let starts = ["asian", "black", "mixed", "white", "other"];
    Some(starts.iter().position(|start| label.starts_with(start)).unwrap_or(GROUPS.len() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_columns_have_the_same_broad_groups() {
        let group = |label| group_of(label).map(|at| GROUPS[at]);
        for (label, wanted) in [
            ("White - English/Welsh/Scottish/Northern Irish/British", Some("White")),
            ("Black/African/Caribbean/Black British - African", Some("Black")),
            ("Asian/Asian British - Chinese", Some("Asian")),
            ("Mixed/Multiple ethnic groups - White and Asian", Some("Mixed")),
            ("Other ethnic group - Any other ethnic group", Some("Other")),
            ("Other ethnic group - Not stated", None),
            ("Black", Some("Black")),
            ("", None),
            ("Arab", Some("Other")),
        ] {
            assert_eq!(group(label), wanted, "{label}");
        }
    }
}
