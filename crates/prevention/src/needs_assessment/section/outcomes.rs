//! What came of recorded crimes: by type from the street files' last outcome, by month from the outcomes files.

use crate::definition::Indicator;
use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{dips, percent, share, treated};
use crate::period::{Month, Period};
use crate::source::Kind;
use crate::source::outcome::{OutcomeGroup, OutcomeTable};
use crate::source::street::CrimeType;
use headwater_release::{Block, Column, Figure, FigureParts, Passage, Section, Table, Value, View};
use std::collections::{BTreeMap, BTreeSet};

/// The last months of the period, in which crimes have had little time to be closed.
const RECENT_MONTHS: usize = 3;
/// More changes of extract than this are told in a caution, not drawn into the chart.
const MOST_BREAKS: usize = 3;

type Groups = [u64; OutcomeGroup::COUNT];

/// The section, or what it needs.
pub(in crate::needs_assessment) fn outcomes(setting: &Setting<'_>, scope: &Scope) -> Result<Result<Section, &'static str>, String> {
    if !scope.is_whole {
        return Ok(Err("What came of crimes here needs outcomes by small area; they are told for the whole force area."));
    }
    let with_outcomes: Vec<&Indicator> = setting
        .indicators
        .iter()
        .filter(|indicator| !indicator.crime_types.contains(&CrimeType::AntiSocialBehaviour))
        .filter(|indicator| setting.counted.months.iter().any(|month| of_month(setting, indicator, *month).is_some()))
        .copied()
        .collect();
    let mut blocks = Vec::new();
    for indicator in &with_outcomes {
        if let Some(figure) = by_outcome(setting, scope, indicator)? {
            blocks.push(Block::Figure(Box::new(figure)));
        }
    }
    match still_open(setting, scope, &with_outcomes)? {
        Some(Ok(figure)) => {
            blocks.push(Block::Heading("How many are still under investigation".into()));
            blocks.push(Block::Figure(Box::new(figure)));
        }
        Some(Err(why)) => {
            blocks.push(Block::Heading("How many are still under investigation".into()));
            blocks.push(Block::Paragraph(why));
        }
        None => {}
    }
    if let Some(figure) = reached(setting, scope)? {
        blocks.push(Block::Heading("Outcomes by the month in which they were reached".into()));
        blocks.push(Block::Figure(Box::new(figure)));
    }
    if blocks.is_empty() {
        return Ok(Err("What came of recorded crimes needs street files whose last outcome can be read, or the outcomes files of data.police.uk."));
    }
    blocks.push(Block::NotYetKnown(Passage::new().say("Needs the force's own records to tell why suspects were not prosecuted: police.uk does not say whether the victim supported action, and has given no court results since June 2019.")));
    Ok(Ok(Section {
        slug: "outcomes".into(),
        name: "What came of recorded crimes".into(),
        title: Passage::new().say("What came of the violence that was recorded"),
        lede: Passage::new().say("Shares rest on the last outcome in the street files, where each row is a crime with its type. The outcomes files name no type and date a row to the month of the outcome, so they show only how many outcomes were reached when."),
        blocks,
    }))
}

/// What came of an indicator's crimes in a month; `None` where it is not told.
fn of_month(setting: &Setting<'_>, indicator: &Indicator, month: Month) -> Option<Groups> {
    let mut sum = [0; OutcomeGroup::COUNT];
    for crime_type in &indicator.crime_types {
        let groups = setting.evidence.last_outcomes(setting.ask.force, month, *crime_type)?;
        sum.iter_mut().zip(groups).for_each(|(sum, n)| *sum += n);
    }
    Some(sum)
}

/// The sum over some months, and how many of them tell.
fn over(setting: &Setting<'_>, indicator: &Indicator, within: impl Fn(Month) -> bool) -> (Groups, usize) {
    let mut out = ([0; OutcomeGroup::COUNT], 0);
    for groups in setting.counted.months.iter().filter(|month| within(**month)).filter_map(|month| of_month(setting, indicator, *month)) {
        out.0.iter_mut().zip(groups).for_each(|(sum, n)| *sum += n);
        out.1 += 1;
    }
    out
}

/// The crimes of an indicator in the last year by outcome.
fn by_outcome(setting: &Setting<'_>, scope: &Scope, indicator: &Indicator) -> Result<Option<Figure>, String> {
    let year = setting.last_year();
    let (groups, n_months) = over(setting, indicator, |month| year.contains(month));
    let total: u64 = groups.iter().sum();
    if total == 0 {
        return Ok(None);
    }
    let is_rare = |group: OutcomeGroup| matches!(group, OutcomeGroup::NotGiven | OutcomeGroup::OtherWords);
    let rows: Vec<Vec<Value>> = OutcomeGroup::ALL
        .into_iter()
        .filter(|group| groups[*group as usize] > 0 || !is_rare(*group))
        .map(|group| {
            let n = groups[group as usize];
            let share = share(n, total);
            let role = if group == OutcomeGroup::Charged { "charged" } else { "" };
            vec![Value::label(group.name()), Value::count(treated(n)), share.value, share.lower, share.upper, Value::label(role)]
        })
        .collect();
    let part = |group: OutcomeGroup| share(groups[group as usize], total);
    let charged = part(OutcomeGroup::Charged);
    // Old files hold no open case: what was never updated is then the uncertain part.
    let none_open = groups[OutcomeGroup::UnderInvestigation as usize] == 0 && groups[OutcomeGroup::NotGiven as usize] > 0;
    let rest = if none_open { OutcomeGroup::NotGiven } else { OutcomeGroup::UnderInvestigation };
    let figure = Figure::build(FigureParts {
        slug: format!("outcomes-{}", indicator.id),
        title: Passage::new()
            .name(indicator.name.clone())
            .say(": ")
            .value(&charged.value)
            .say(" % charged, ")
            .value(&part(rest).value)
            .say(if rest == OutcomeGroup::NotGiven { " % without an outcome" } else { " % still open" }),
        subtitle: format!("Share of recorded crimes by last outcome, {}, {}", scope.name, year.name()),
        description: Passage::new()
            .say("Bars with 95 % intervals for what came of ")
            .value(&Value::count(treated(total)))
            .say(" recorded crimes. ")
            .value(&charged.value)
            .say(" % (")
            .value(&charged.lower)
            .say(" to ")
            .value(&charged.upper)
            .say(") were charged or dealt with by a court; ")
            .value(&part(OutcomeGroup::UnableToProsecute).value)
            .say(" % had a suspect who could not be prosecuted; ")
            .value(&part(OutcomeGroup::NoSuspect).value)
            .say(" % were closed without a suspect."),
        table: Table::new(
            format!("{} by last outcome, {}, {}", indicator.name, scope.name, year.name()),
            vec![
                Column::text("outcome", "Last outcome"),
                Column::number("crimes", "Crimes", ""),
                Column::number("share_per_cent", "Share of crimes", "%"),
                Column::number("lower_95", "Lower 95 % limit", "%"),
                Column::number("upper_95", "Upper 95 % limit", "%"),
                Column::text("role", "Marked"),
            ],
            rows,
        )?
        .with_note(wordings(&groups)),
        view: View::Bars { label: 0, value: 2, lower: Some(3), upper: Some(4), reference: None, highlight: Some(5) },
        cautions: [
            Passage::new()
                .say("Outcomes are as they stood when the files were made. Recent crimes have had less time: their share still open is higher, and every other share lower, than it will be."),
            Passage::new().say("Charged is not convicted. \"Suspect known, unable to prosecute\" holds cases that failed on evidence and cases that the victim did not support."),
            Passage::new().say("The intervals say what chance does to a share of so many crimes; they do not say whether recording is right."),
        ]
        .into_iter()
        .chain((n_months < year.n_months()).then(|| {
            Passage::new()
                .value(&setting.number(n_months as f64, 0))
                .say(" of ")
                .value(&setting.number(year.n_months() as f64, 0))
                .say(" months are told; the others are gaps.")
        }))
        .collect(),
        provenance: setting.provenance(Some(indicator), &[], &[("Wilson's interval for a share", "wilson")]),
    })?;
    Ok(Some(figure))
}

/// Which wordings of police.uk stand behind the groups that hold several.
fn wordings(groups: &Groups) -> Passage {
    let mut note = Passage::new().say("Each crime has one last outcome, and the shares add up to 100 %.");
    for group in OutcomeGroup::ALL.into_iter().filter(|group| groups[*group as usize] > 0 && group.wordings().len() > 1) {
        let named: Vec<&str> = group.wordings().iter().map(|wording| if wording.is_empty() { "nothing at all" } else { wording }).collect();
        note = note.say(" \"").name(group.name()).say("\" holds: ").name(named.join("; ")).say(".");
    }
    note
}

/// The share still under investigation by month of the crime, or a sentence where no crime is.
fn still_open(setting: &Setting<'_>, scope: &Scope, indicators: &[&Indicator]) -> Result<Option<Result<Figure, Passage>>, String> {
    let Some(widest) = indicators.last() else { return Ok(None) };
    let open = OutcomeGroup::UnderInvestigation as usize;
    let told: Vec<Month> = setting.counted.months.iter().copied().filter(|month| of_month(setting, widest, *month).is_some()).collect();
    // With no month older than the recent ones there is nothing to set them beside.
    if told.len() <= RECENT_MONTHS {
        return Ok(None);
    }
    let sums: Vec<Groups> = indicators.iter().map(|indicator| over(setting, indicator, |_| true).0).collect();
    if sums.iter().all(|groups| groups[open] == 0) {
        let not_given: u64 = sums.iter().map(|groups| groups[OutcomeGroup::NotGiven as usize]).sum();
        return Ok(Some(Err(Passage::new()
            .say("None of the crimes above is marked so: the files were made long after the last of them, or the force does not tell. ")
            .value(&Value::count(treated(not_given)))
            .say(" have no outcome, or one that says only that no update is available."))));
    }
    let recent: BTreeSet<Month> = told[told.len() - RECENT_MONTHS..].iter().copied().collect();
    let (late, _) = over(setting, widest, |month| recent.contains(&month));
    let (early, _) = over(setting, widest, |month| !recent.contains(&month));
    let of = |groups: &Groups| share(groups[open], groups.iter().sum());
    let (late, early) = (of(&late), of(&early));
    let rows: Vec<Vec<Value>> = setting
        .counted
        .months
        .iter()
        .map(|month| {
            let groups: Vec<Option<Groups>> = indicators.iter().map(|indicator| of_month(setting, indicator, *month)).collect();
            let cell =
                |groups: &Option<Groups>, value: &dyn Fn(&Groups) -> Value| groups.as_ref().map_or_else(|| Value::refused("not supplied"), value);
            let mut row = vec![Value::label(month.name())];
            row.extend(groups.iter().map(|g| cell(g, &|g| percent(g[open], g.iter().sum()))));
            row.extend(groups.iter().map(|g| cell(g, &|g| Value::count(treated(g[open])))));
            row
        })
        .collect();
    let column = |what: &str, indicator: &Indicator| format!("{what}_{}", indicator.id.replace('-', "_"));
    let mut columns = vec![Column::text("month", "Month of the crime")];
    columns.extend(indicators.iter().map(|i| Column::number(&column("open_per_cent", i), &i.name, "% still under investigation")));
    columns.extend(indicators.iter().map(|i| Column::number(&column("open", i), &format!("{}, still open", i.name), "crimes")));
    let breaks = changes_of_extract(setting);
    let n_extracts = setting.street_extracts().len();
    let mut cautions = vec![
        Passage::new()
            .say("The files show each crime as it stood when they were made: read nothing into a fall of charges, or a rise of open cases, in the last months."),
    ];
    if n_extracts > 1 {
        cautions.push(Passage::new().say("The months come from ").value(&setting.number(n_extracts as f64, 0)).say(
            " files or archives received separately, which may have been made at different times: shares still open are not comparable between them.",
        ));
    }
    let month = |month: Option<&Month>| month.map_or_else(String::new, |month| month.name());
    Figure::build(FigureParts {
        slug: "still-under-investigation".into(),
        title: Passage::new().name(widest.name.clone()).say(": ").value(&late.value).say(" % of the last three months still open"),
        subtitle: format!("Share of recorded crimes still under investigation by month of the crime, {}", scope.name),
        description: Passage::new()
            .say("Lines by month from ")
            .name(month(told.first()))
            .say(" to ")
            .name(month(told.last()))
            .say(". Of ")
            .name(widest.name.to_lowercase())
            .say(", ")
            .value(&early.value)
            .say(" % (")
            .value(&early.lower)
            .say(" to ")
            .value(&early.upper)
            .say(") of the older months is still under investigation, and ")
            .value(&late.value)
            .say(" % (")
            .value(&late.lower)
            .say(" to ")
            .value(&late.upper)
            .say(") of the last three."),
        table: Table::new(format!("Crimes still under investigation, {}, {}", scope.name, setting.ask.period.name()), columns, rows)?,
        view: View::Line { x: 0, series: (1..=indicators.len()).collect(), band: None, breaks },
        cautions,
        provenance: setting.provenance(None, &[], &[("Wilson's interval for a share", "wilson")]),
    })
    .map(|figure| Some(Ok(figure)))
}

/// Where another extract begins to speak, when that happens seldom enough to be drawn.
fn changes_of_extract(setting: &Setting<'_>) -> Vec<(String, String)> {
    let mut breaks = Vec::new();
    let mut before = None;
    for month in &setting.counted.months {
        let Some(file) = setting.evidence.speaks(setting.ask.force, *month) else { continue };
        if before.is_some_and(|before| before != file.extract) {
            breaks.push((month.name(), "another download".to_owned()));
        }
        before = Some(file.extract);
    }
    if breaks.len() > MOST_BREAKS { Vec::new() } else { breaks }
}

/// The outcomes files that speak for the force, the one added last for each month.
fn files<'a>(setting: &'a Setting<'_>) -> BTreeMap<Month, (&'a OutcomeTable, usize)> {
    let mut files = BTreeMap::new();
    for file in &setting.evidence.outcome {
        for ((month, force, _), n) in &file.read.tallies {
            // Outcomes dated to another month than the file's own have strayed into it: that month's own file speaks for it.
            let is_named = file.read.named.as_ref().is_none_or(|(named, _)| named == month);
            if force == setting.ask.force && *n > 0 && is_named && setting.ask.period.contains(*month) {
                files.insert(*month, (&file.read, file.extract));
            }
        }
    }
    files
}

/// Outcomes of all crimes by the month in which they were reached.
fn reached(setting: &Setting<'_>, scope: &Scope) -> Result<Option<Figure>, String> {
    let files = files(setting);
    if files.is_empty() {
        return Ok(None);
    }
    let of = |month: Month| {
        files.get(&month).map(|(read, _)| {
            let mut groups = [0; OutcomeGroup::COUNT];
            for ((m, force, outcome), n) in &read.tallies {
                if *m == month && force == setting.ask.force {
                    groups[OutcomeGroup::of(outcome.as_bytes()) as usize] += n;
                }
            }
            groups
        })
    };
    let totals: Vec<Option<u64>> = setting.counted.months.iter().map(|month| of(*month).map(|groups| groups.iter().sum())).collect();
    let shown = [OutcomeGroup::NoSuspect, OutcomeGroup::UnableToProsecute, OutcomeGroup::Charged, OutcomeGroup::OutOfCourt];
    let year: Period = setting.last_year();
    let (mut total, mut charged) = (0, 0);
    let rows: Vec<Vec<Value>> = setting
        .counted
        .months
        .iter()
        .map(|month| {
            let groups = of(*month);
            if let Some(groups) = groups.filter(|_| year.contains(*month)) {
                total += groups.iter().sum::<u64>();
                charged += groups[OutcomeGroup::Charged as usize];
            }
            let cell = |n: &dyn Fn(&Groups) -> u64| groups.as_ref().map_or_else(|| Value::refused("not supplied"), |g| Value::count(treated(n(g))));
            let mut row = vec![Value::label(month.name())];
            row.extend(shown.map(|group| cell(&|g| g[group as usize])));
            row.push(cell(&|g| OutcomeGroup::ALL.into_iter().filter(|group| !shown.contains(group)).map(|group| g[group as usize]).sum()));
            row.push(cell(&|g| g.iter().sum()));
            row
        })
        .collect();
    let mut columns = vec![Column::text("month", "Month of the outcome")];
    columns.extend(
        ["closed_no_suspect", "unable_to_prosecute", "charged", "out_of_court"]
            .iter()
            .zip(shown)
            .map(|(id, group)| Column::number(id, if group == OutcomeGroup::Charged { "Charged" } else { group.name() }, "outcomes")),
    );
    columns.push(Column::number("other", "Others", "outcomes"));
    columns.push(Column::number("all", "All outcomes", "outcomes"));
    let used: BTreeSet<(usize, Kind)> = files.values().map(|(_, extract)| (*extract, Kind::Outcome)).collect();
    Figure::build(FigureParts {
        slug: "outcomes-reached".into(),
        title: Passage::new()
            .value(&Value::count(treated(charged)))
            .say(" charges among ")
            .value(&Value::count(treated(total)))
            .say(" outcomes reached in the last year"),
        subtitle: format!("Outcomes of crimes of all types by the month in which they were reached, {}", setting.ask.force),
        description: Passage::new()
            .say("Lines by month for four kinds of outcome. From ")
            .name(year.name())
            .say(" the force recorded ")
            .value(&Value::count(treated(total)))
            .say(" outcomes, ")
            .value(&Value::count(treated(charged)))
            .say(" of them charges or court results."),
        table: Table::new(format!("Outcomes reached, {}, {}", scope.name, setting.ask.period.name()), columns, rows)?,
        view: View::Line { x: 0, series: vec![1, 2, 3, 4], band: None, breaks: vec![] },
        cautions: [
            Passage::new().say("These are outcomes, not crimes: a crime may have several, and most belong to crimes of earlier months. Divided by the crimes of the same month they are no rate of success."),
            Passage::new().say("A month without an outcomes file is a gap."),
        ]
        .into_iter()
        .chain(dips(&setting.counted.months, &totals))
        .collect(),
        provenance: setting.provenance_of(&used, setting.ask.period.name(), &[]),
    })
    .map(Some)
}
