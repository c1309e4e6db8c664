//! Stop and search: how often, for what, of whom, and with which result.

use crate::evidence::ReadFile;
use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{dips, percent, rate_per_1_000, share, treated};
use crate::period::{Month, Period};
use crate::source::Kind;
use crate::source::stop_search::{Dimension, SearchTally, StopSearchTable};
use headwater_release::{Block, Column, Figure, FigureParts, Passage, Section, Table, Value, View};
use std::collections::{BTreeMap, BTreeSet};

mod people;

/// What a search may be for that bears on violence.
const WEAPONS: [&str; 4] = ["Offensive weapons", "Firearms", "Anything to threaten or harm anyone", "Crossbows"];
const DRUGS: [&str; 2] = ["Controlled drugs", "Psychoactive substances"];
/// How a label that is not there is shown.
const NOT_RECORDED: &str = "Not recorded";

/// The section, or what it needs.
pub(in crate::needs_assessment) fn searches(setting: &Setting<'_>, scope: &Scope) -> Result<Result<Section, &'static str>, String> {
    if !scope.is_whole {
        return Ok(Err(
            "How stop and search is used here needs searches by small area: the files name none, and their points are moved. It is told for the whole force area.",
        ));
    }
    let searches = Searches::of(setting);
    let year = setting.last_year();
    let all = searches.all(year);
    if all.n == 0 {
        return Ok(Err(
            "How stop and search is used needs the stop and search files of data.police.uk for this force and period, under the names they were published with: only the name says the force.",
        ));
    }
    let months = searches.n_supplied(year);
    let is_sound = scope.lsoas.iter().all(|lsoa| setting.residents[*lsoa].is_some());
    let rate = rate_per_1_000(all.n, setting.residents_of(scope).filter(|_| is_sound), months);
    let mut lede = Passage::new().value(&Value::count(treated(all.n))).say(" searches ");
    if months < year.n_months() {
        let of = setting.number(year.n_months() as f64, 0);
        lede = lede.say("in ").value(&setting.number(months as f64, 0)).say(" of the ").value(&of).say(" months ");
    }
    lede = lede.say("from ").name(year.name());
    if rate.value.as_number().is_some() {
        lede = lede
            .say(": ")
            .value(&rate.value)
            .say(" per 1,000 residents a year (95 % interval ")
            .value(&rate.lower)
            .say(" to ")
            .value(&rate.upper)
            .say("), though those searched need not live here");
    }
    let blocks = vec![
        Block::Figure(Box::new(searches.by_month(setting, scope, year)?)),
        Block::Figure(Box::new(searches.find_rate(setting, scope, year)?)),
        Block::Figure(Box::new(searches.by_outcome(setting, scope, year)?)),
        Block::Heading("Who is searched".into()),
        Block::Figure(Box::new(people::by_age(&searches, setting, scope, year)?)),
        Block::Figure(Box::new(people::by_ethnicity(&searches, setting, scope, year)?)),
        Block::NotYetKnown(Passage::new().say("Whether any group is searched more than its numbers is not known: needs residents by ethnic group and age (Census 2021), and even they are not the people who are out where searches take place.")),
        Block::NotYetKnown(Passage::new().say("Needs the force's own records for the grounds written down, repeat searches of one person, use of force, complaints, and what body-worn video shows.")),
    ];
    Ok(Ok(Section {
        slug: "stop-and-search".into(),
        name: "Stop and search".into(),
        title: Passage::new().say("How stop and search is used, and what comes of it"),
        lede: lede.say("."),
        blocks,
    }))
}

/// The files that speak for the force in the period.
struct Searches<'a> {
    files: Vec<&'a ReadFile<StopSearchTable>>,
    months: Vec<Month>,
    supplied: Vec<bool>,
}

impl<'a> Searches<'a> {
    fn of(setting: &Setting<'a>) -> Self {
        let slug = force_slug(setting);
        let mut speaks: BTreeMap<Month, &ReadFile<StopSearchTable>> = BTreeMap::new();
        for file in &setting.evidence.stop_search {
            // A file of a header alone is what a force that sent nothing looks like.
            if let (Some(force), Some(month)) = (&file.read.force, file.read.named_month)
                && *force == slug
                && file.read.months.contains_key(&month)
            {
                speaks.insert(month, file);
            }
        }
        let months = setting.counted.months.clone();
        let supplied = months.iter().map(|month| speaks.contains_key(month)).collect();
        // Late records stray into the files of the neighbouring months, which lie outside the period at its ends.
        let files = speaks.into_values().filter(|file| file.read.months.keys().any(|month| setting.ask.period.contains(*month))).collect();
        Self { files, months, supplied }
    }

    fn is_supplied(&self, month: Month) -> bool {
        self.months.iter().zip(&self.supplied).any(|(known, supplied)| *known == month && *supplied)
    }

    fn n_supplied(&self, within: Period) -> usize {
        self.months.iter().filter(|month| within.contains(**month) && self.is_supplied(**month)).count()
    }

    /// Searches by label over some months; those dated to a month that was not supplied are left out with it.
    fn by_label(&self, dimension: Dimension, within: impl Fn(Month) -> bool) -> BTreeMap<&'a str, SearchTally> {
        let mut out: BTreeMap<&str, SearchTally> = BTreeMap::new();
        for file in &self.files {
            for ((month, of, label), tally) in &file.read.tallies {
                if *of == dimension && within(*month) && self.is_supplied(*month) {
                    out.entry(label.as_str()).or_default().add(*tally);
                }
            }
        }
        out
    }

    fn all(&self, within: Period) -> SearchTally {
        sum(self.by_label(Dimension::Object, |month| within.contains(month)).into_values())
    }

    fn extracts(&self) -> BTreeSet<(usize, Kind)> {
        self.files.iter().map(|file| (file.extract, Kind::StopAndSearch)).collect()
    }

    fn gaps(&self, setting: &Setting<'_>) -> Option<Passage> {
        let gaps: Vec<String> = self.months.iter().zip(&self.supplied).filter(|(_, supplied)| !**supplied).map(|(month, _)| month.name()).collect();
        match gaps.len() {
            0 => None,
            n @ 1..=6 => Some(
                Passage::new()
                    .say(if n == 1 { "Not supplied, so a gap and not a nought: " } else { "Not supplied, so gaps and not noughts: " })
                    .name(gaps.join(", "))
                    .say("."),
            ),
            n => Some(Passage::new().value(&setting.number(n as f64, 0)).say(" months were not supplied: they are gaps, not noughts.")),
        }
    }

    /// Searches a month by what was looked for.
    fn by_month(&self, setting: &Setting<'_>, scope: &Scope, year: Period) -> Result<Figure, String> {
        let mut by_month = Vec::new();
        for (month, supplied) in self.months.iter().zip(&self.supplied) {
            let labels = self.by_label(Dimension::Object, |m| m == *month);
            let of = |wanted: &[&str]| sum(wanted.iter().filter_map(|label| labels.get(label).copied())).n;
            let (all, weapons, drugs) = (sum(labels.values().copied()).n, of(&WEAPONS), of(&DRUGS));
            by_month.push((*month, supplied.then_some([all, weapons, drugs, all - weapons - drugs])));
        }
        let in_year: Vec<[u64; 4]> = by_month.iter().filter(|(month, _)| year.contains(*month)).filter_map(|(_, n)| *n).collect();
        let [all, weapons]: [u64; 2] = [0, 1].map(|i| in_year.iter().map(|n| n[i]).sum());
        let share_of_weapons = percent(weapons, all);
        let rows = by_month
            .iter()
            .map(|(month, n)| {
                let cells = (0..4).map(|i| n.map_or_else(|| Value::refused("not supplied"), |n| Value::count(treated(n[i]))));
                std::iter::once(Value::label(month.name())).chain(cells).collect()
            })
            .collect();
        Figure::build(FigureParts {
            slug: "searches-by-month".into(),
            title: Passage::new()
                .value(&Value::count(treated(all)))
                .say(" searches in the last year, ")
                .value(&share_of_weapons)
                .say(" % of them for weapons"),
            subtitle: format!("Stop and search by month and by what was looked for, {}, {}", setting.ask.force, setting.ask.period.name()),
            description: Passage::new()
                .say("Lines by month: all searches, and those for weapons, for drugs and for other things. From ")
                .name(year.name())
                .say(" there were ")
                .value(&Value::count(treated(all)))
                .say(" searches, ")
                .value(&Value::count(treated(weapons)))
                .say(" of them for weapons."),
            table: Table::new(
                format!("Searches by month, {}", scope.name),
                vec![
                    Column::text("month", "Month"),
                    Column::number("all", "All searches", "searches"),
                    Column::number("weapons", "For weapons", "searches"),
                    Column::number("drugs", "For drugs", "searches"),
                    Column::number("other", "For other things", "searches"),
                ],
                rows,
            )?,
            view: View::Line { x: 0, series: vec![1, 2, 3, 4], band: None, breaks: vec![] },
            cautions: self
                .gaps(setting)
                .into_iter()
                .chain(dips(&self.months, &by_month.iter().map(|(_, n)| n.map(|n| n[0])).collect::<Vec<_>>()))
                .chain([
                    Passage::new().say("The number of searches is a decision of the police: a rise is not a rise in crime. Possession of weapons is found by searching, so the two rise and fall together."),
                    Passage::new().say("A search is not a person: the same person may be searched again. Times are universal, so the first hour of a summer month is dated to the month before."),
                ])
                .collect(),
            provenance: setting.provenance_of(&self.extracts(), setting.ask.period.name(), &[]),
        })
    }

    /// After which share of searches something was done, by what was looked for.
    fn find_rate(&self, setting: &Setting<'_>, scope: &Scope, year: Period) -> Result<Figure, String> {
        let labels = self.by_label(Dimension::Object, |month| year.contains(month));
        let all = sum(labels.values().copied());
        let mut objects: Vec<(&str, SearchTally)> = labels.into_iter().collect();
        objects.sort_by(|a, b| b.1.n.cmp(&a.1.n).then(a.0.cmp(b.0)));
        let row = |label: &str, tally: &SearchTally| {
            let found = share(tally.n_action, tally.n_with_outcome);
            vec![
                Value::label(if label.is_empty() { NOT_RECORDED } else { label }),
                Value::count(treated(tally.n)),
                Value::count(treated(tally.n_with_outcome)),
                Value::count(treated(tally.n_action)),
                found.value,
                found.lower,
                found.upper,
                Value::count(treated(tally.n_linked)),
            ]
        };
        let found = share(all.n_action, all.n_with_outcome);
        Figure::build(FigureParts {
            slug: "search-find-rate".into(),
            title: Passage::new()
                .say("Something came of ")
                .value(&found.value)
                .say(" % of searches (")
                .value(&found.lower)
                .say(" to ")
                .value(&found.upper)
                .say(")"),
            subtitle: format!("Share of searches followed by any police action, by what was looked for, {}, {}", setting.ask.force, year.name()),
            description: Passage::new()
                .say("Bars with 95 % intervals by what was looked for. Of ")
                .value(&Value::count(treated(all.n_with_outcome)))
                .say(" searches with an outcome, ")
                .value(&Value::count(treated(all.n_action)))
                .say(" were followed by an arrest, a warning, a resolution or another action; ")
                .value(&Value::count(treated(all.n_linked)))
                .say(" of these are marked as linked to what was looked for."),
            table: Table::new(
                format!("What searches led to, {}, {}", scope.name, year.name()),
                vec![
                    Column::text("object", "Looked for"),
                    Column::number("searches", "Searches", ""),
                    Column::number("with_outcome", "With an outcome recorded", ""),
                    Column::number("action", "Followed by an action", ""),
                    Column::number("find_rate_per_cent", "Find rate", "%"),
                    Column::number("lower_95", "Lower 95 % limit", "%"),
                    Column::number("upper_95", "Upper 95 % limit", "%"),
                    Column::number("linked", "Action linked to what was looked for", ""),
                ],
                objects.iter().map(|(label, tally)| row(label, tally)).collect(),
            )?,
            view: View::Bars { label: 0, value: 4, lower: Some(5), upper: Some(6), reference: Some(("All searches".into(), found.value)), highlight: None },
            cautions: vec![
                Passage::new().say("Any outcome but \"no further action\" counts as a find. It may concern something else than what was looked for, and whether it does is often left empty."),
                Passage::new().say("Where few were searched the interval is wide: compare intervals, not bars."),
                Passage::new().say("Searches of one person or one operation are not independent, so the true uncertainty is somewhat larger."),
            ],
            provenance: setting.provenance_of(&self.extracts(), year.name(), &[("Wilson's interval for a share", "wilson")]),
        })
    }

    /// What followed the searches.
    fn by_outcome(&self, setting: &Setting<'_>, scope: &Scope, year: Period) -> Result<Figure, String> {
        let labels = self.by_label(Dimension::Outcome, |month| year.contains(month));
        let all = sum(labels.values().copied()).n;
        let arrests: u64 = labels.iter().filter(|(label, _)| label.to_lowercase().contains("arrest")).map(|(_, tally)| tally.n).sum();
        let mut outcomes: Vec<(&str, SearchTally)> = labels.into_iter().collect();
        outcomes.sort_by(|a, b| b.1.n.cmp(&a.1.n).then(a.0.cmp(b.0)));
        let rows = outcomes
            .iter()
            .map(|(label, tally)| {
                let label = if label.is_empty() { NOT_RECORDED } else { label };
                vec![Value::label(label), Value::count(treated(tally.n)), percent(tally.n, all)]
            })
            .collect();
        let share_of_arrests = percent(arrests, all);
        Figure::build(FigureParts {
            slug: "search-outcomes".into(),
            title: Passage::new().value(&share_of_arrests).say(" % of searches ended in an arrest"),
            subtitle: format!("Searches by outcome, per cent, {}, {}", setting.ask.force, year.name()),
            description: Passage::new()
                .say("Bars of the outcomes of ")
                .value(&Value::count(treated(all)))
                .say(" searches, the commonest first. ")
                .value(&Value::count(treated(arrests)))
                .say(" ended in an arrest, ")
                .value(&share_of_arrests)
                .say(" %."),
            table: Table::new(
                format!("Searches by outcome, {}, {}", scope.name, year.name()),
                vec![Column::text("outcome", "Outcome"), Column::number("searches", "Searches", ""), Column::number("share_per_cent", "Share", "%")],
                rows,
            )?,
            view: View::Bars { label: 0, value: 2, lower: None, upper: None, reference: None, highlight: None },
            cautions: vec![Passage::new().say("Outcomes are named as in the files. An arrest is not a charge.")],
            provenance: setting.provenance_of(&self.extracts(), year.name(), &[]),
        })
    }
}

fn sum(tallies: impl IntoIterator<Item = SearchTally>) -> SearchTally {
    let mut out = SearchTally::default();
    tallies.into_iter().for_each(|tally| out.add(tally));
    out
}

/// The force as police.uk's file names have it: as its street files do, or made from its name.
fn force_slug(setting: &Setting<'_>) -> String {
    let promised = setting.ask.period.months().find_map(|month| {
        let file = setting.evidence.speaks(setting.ask.force, month)?;
        // A file that several forces were joined into promises none of them.
        let is_alone = file.read.force_months().all(|(force, ..)| force == setting.ask.force);
        file.read.promised().filter(|_| is_alone).map(|(_, slug)| slug.to_owned())
    });
    promised.unwrap_or_else(|| slug_of(setting.ask.force))
}

/// "Avon and Somerset Constabulary" is avon-and-somerset in file names.
fn slug_of(force: &str) -> String {
    let name = force.to_lowercase().replace('&', "and");
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let kept: Vec<&str> = words.filter(|word| !matches!(*word, "police" | "constabulary" | "service" | "heddlu")).collect();
    kept.join("-")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_force_has_the_name_of_its_files() {
        for (force, slug) in [
            ("Avon and Somerset Constabulary", "avon-and-somerset"),
            ("Devon & Cornwall Police", "devon-and-cornwall"),
            ("Metropolitan Police Service", "metropolitan"),
            ("Dyfed-Powys Police", "dyfed-powys"),
        ] {
            assert_eq!(super::slug_of(force), slug);
        }
    }
}
