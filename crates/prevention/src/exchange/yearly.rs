//! The statement of a year for an annual report, as pages and tables: what was asked, who answered, what became of recommendations
//! (Modern Slavery Act 2015 s.42: the annual report says what was done towards each objective, and what else).

use super::campaign::{PublishPolicy, Recipient};
use super::grid::statistics::{Activities, activities};
use super::id::{CampaignId, RecipientId};
use super::moment::Day;
use super::public::done;
use super::recommendation::DutyResponse;
use super::state::State;
use headwater_release::{
    Audience, Block, Column, Document, Imprint, NotOpen, Open, Passage, Publication, Publisher, Rule, Section, Subject, Table, Value,
};

/// A financial year: from 1 April to 31 March.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FinancialYear(u16);

impl FinancialYear {
    /// The year that begins on 1 April of a calendar year from 2000 to 2100; `None` for any other.
    pub fn of(year: u16) -> Option<Self> {
        (2000..=2100).contains(&year).then_some(Self(year))
    }

    /// The year in which a day lies.
    ///
    /// ```
    /// use headwater_prevention::exchange::yearly::FinancialYear;
    /// let year = FinancialYear::holding("2027-03-31".parse()?).ok_or("not a year of this century")?;
    /// assert_eq!(year.words(), "April 2026 to March 2027");
    /// # Ok::<(), String>(())
    /// ```
    pub fn holding(day: Day) -> Option<Self> {
        Self::of(if Day::new(day.year(), 4, 1).is_some_and(|april| day >= april) { day.year() } else { day.year() - 1 })
    }

    /// The calendar year in which it begins.
    pub fn begins_in(self) -> u16 {
        self.0
    }

    /// Its first day.
    pub fn first(self) -> Day {
        Day::new(self.0, 4, 1).expect("every year has a first of April")
    }

    /// Its last day.
    pub fn last(self) -> Day {
        Day::new(self.0 + 1, 3, 31).expect("every year has a last of March")
    }

    /// The year in words.
    pub fn words(self) -> String {
        format!("April {} to March {}", self.0, self.0 + 1)
    }
}

/// The statement of a year, as it stood at its end or stands on `today`, whichever is earlier; `None` where nothing was done.
///
/// Of campaigns whose answers are not published only counts stand there. What a body answered after the end of the year is not
/// counted in it.
///
/// # Errors
/// None in practice: that states of public bodies are open is a rule that ships.
pub fn statement(state: &State, year: FinancialYear, today: Day, publisher: &Publisher) -> Result<Option<Publication>, NotOpen> {
    let open = Open::under(Rule::already_public())?;
    let until = year.last().min(today);
    let sections: Vec<Section> =
        [objectives(state, open, year, until), asked(state, open, year, until), recommended(state, year, until)].into_iter().flatten().collect();
    if sections.is_empty() {
        return Ok(None);
    }
    let name = publisher.name.clone().unwrap_or_else(|| "This office".to_owned());
    let title = format!("Statement of activities, {}", year.words());
    let document = Document {
        slug: format!("statement-{}", year.begins_in()),
        title: title.clone(),
        area: "Statement of activities".to_owned(),
        area_kind: "statement".to_owned(),
        period: year.words(),
        audience: Audience::Public,
        standfirst: Passage::new().name(&name).say(": what was asked of other bodies in the year, who answered, and what became of recommendations."),
        key_figures: Vec::new(),
        front: vec![
            ("Made by".to_owned(), Passage::new().name(&name)),
            ("Ground".to_owned(), Passage::new().say("Modern Slavery Act 2015 s.42: the annual report states what was done")),
            ("As it stood on".to_owned(), Passage::new().name(until.name())),
        ],
        sections,
    };
    Ok(Some(Publication {
        subject: Subject::Statement,
        title: format!("{name}: {}{}", title[..1].to_lowercase(), &title[1..]),
        standfirst: document.standfirst.clone(),
        documents: vec![document],
        imprint: Imprint { publisher: publisher.clone(), issued: None },
        ..Publication::default()
    }))
}

fn section(slug: &str, name: &str, title: Passage, lede: &'static str, tables: Vec<Table>) -> Section {
    let blocks = tables.into_iter().map(|table| Block::Table(Box::new(table))).collect();
    Section { slug: slug.to_owned(), name: name.to_owned(), title, lede: Passage::new().say(lede), blocks }
}

fn count(open: Open, n: u64) -> Value {
    Value::reference(open, n as f64, 0)
}

/// What was done towards each objective of the plan.
fn objectives(state: &State, open: Open, year: FinancialYear, until: Day) -> Option<Section> {
    let found = activities(state, year.first(), until);
    let table = |caption: &str, columns: &[(&str, &str)], numbers: &dyn Fn(&Activities) -> Vec<u64>| {
        let columns = columns.iter().map(|(id, title)| Column::number(id, title, ""));
        let columns = std::iter::once(Column::text("objective", "Objective of the plan")).chain(columns).collect();
        let row = |(objective, it): (&String, &Activities)| {
            std::iter::once(Value::label(objective.as_str())).chain(numbers(it).into_iter().map(|n| count(open, n))).collect()
        };
        Table::new(format!("{caption}, {}", year.words()), columns, found.iter().map(row).collect()).ok()
    };
    let asked = [
        ("campaigns", "Campaigns"),
        ("bodies", "Bodies asked"),
        ("asked", "Things asked"),
        ("answered", "Answered"),
        ("published", "Documents published"),
    ];
    let recommended = [("recommendations", "Recommendations made"), ("due", "Answers that fell due"), ("came", "Of these, came")];
    let tables = [
        table("What was asked under each objective", &asked, &|it| vec![it.n_campaigns, it.n_bodies, it.n_asks, it.n_answered, it.n_published]),
        table("What was recommended under each objective", &recommended, &|it| vec![it.n_recommendations, it.duties.of, it.duties.n]),
    ];
    let (n_asks, n_answered) = found.values().fold((0, 0), |(asks, answered), it| (asks + it.n_asks, answered + it.n_answered));
    let title = Passage::new()
        .value(&count(open, n_answered))
        .say(" of ")
        .value(&count(open, n_asks))
        .say(" things asked in the year were answered by ")
        .name(until.name());
    let lede = "A body that several campaigns asked is counted in each. A document that answers campaigns of two objectives is counted under both.";
    (!found.is_empty()).then(|| section("objectives", "By objective", title, lede, tables.into_iter().flatten().collect()))
}

/// Whom the office wrote to in the year, and who answered.
fn asked(state: &State, open: Open, year: FinancialYear, until: Day) -> Option<Section> {
    let within = |day: Day| year.first() <= day && day <= until;
    let mut tables: Vec<Table> = Vec::new();
    let mut n_closed = 0;
    for (number, campaign) in (0u32..).zip(state.campaigns()) {
        let mut of_campaign: Vec<(&str, RecipientId, &Recipient)> = state
            .recipients_of(CampaignId(number))
            .filter(|(_, recipient)| recipient.letter_sent.is_some_and(within))
            .filter_map(|(id, recipient)| Some((state.body(recipient.body)?.entry.name.as_str(), id, recipient)))
            .collect();
        if of_campaign.is_empty() {
            continue;
        }
        if campaign.brief.publish_policy == PublishPolicy::Closed {
            n_closed += 1;
            continue;
        }
        of_campaign.sort_unstable_by_key(|(name, id, _)| (*name, *id));
        let row = |(name, _, recipient): (&str, RecipientId, &Recipient)| {
            let n_answered = recipient.asks().filter(|(_, ask)| ask.answered.is_some_and(|on| on <= until)).count() as u64;
            vec![
                Value::label(name),
                Value::label(recipient.letter_sent.map_or_else(String::new, Day::name)),
                count(open, recipient.asks().count() as u64),
                count(open, n_answered),
                Value::label(done(recipient)),
            ]
        };
        let columns = vec![
            Column::text("body", "Body"),
            Column::text("sent", "Letter sent"),
            Column::number("asked", "Asked", "things"),
            Column::number("answered", "Answered in the year", "things"),
            Column::text("now", "As it stands when this is made"),
        ];
        let rows = of_campaign.into_iter().map(row).collect();
        tables.extend(Table::new(format!("{}: who answered", campaign.brief.title), columns, rows));
    }
    if n_closed > 0
        && let Some(last) = tables.pop()
    {
        tables.push(
            last.with_note(
                Passage::new()
                    .say("Campaigns that publish nothing of their answers: ")
                    .value(&count(open, n_closed))
                    .say(". Their bodies are counted by objective, and not named."),
            ),
        );
    }
    let lede = "Every body to which a letter went in the year. That something was passed to another body is no answer to it.";
    (!tables.is_empty()).then(|| section("answers", "Who answered", Passage::new().say("Who was asked, and who answered"), lede, tables))
}

/// Answers to recommendations that fell due in the year, or came before they were due.
fn recommended(state: &State, year: FinancialYear, until: Day) -> Option<Section> {
    let within = |day: Day| year.first() <= day && day <= until;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for it in state.recommendations() {
        for duty in it.duties.iter().filter(|duty| !duty.withdrawn) {
            let due = duty.clock.due(duty.started, &duty.pauses);
            let answered = duty.answered.filter(|on| *on <= until);
            if !due.into_iter().chain(answered).min().is_some_and(within) {
                continue;
            }
            let kind = match (&duty.response, answered) {
                (Some(DutyResponse::Action(_)), Some(on)) => format!("action, {}", on.name()),
                (Some(DutyResponse::ReasonForNone(_)), Some(on)) => format!("reason for no action, {}", on.name()),
                _ => format!("none by {}", until.name()),
            };
            rows.push(vec![
                Value::label(format!("{}: {} ({})", it.number, it.title, it.report)),
                Value::label(state.body(duty.body).map_or("", |body| body.entry.name.as_str())),
                Value::label(due.map_or_else(|| "no time limit".to_owned(), Day::name)),
                Value::label(kind),
            ]);
        }
    }
    let columns = vec![
        Column::text("recommendation", "Recommendation"),
        Column::text("body", "Body"),
        Column::text("due", "Due"),
        Column::text("answer", "Answer"),
    ];
    let is_empty = rows.is_empty();
    let table = Table::new(format!("Answers to recommendations, {}", year.words()), columns, rows).ok()?;
    let lede = "Each answer that fell due in the year, or came in it before it was due.";
    (!is_empty).then(|| section("recommendations", "Recommendations", Passage::new().say("Who answered which recommendation"), lede, vec![table]))
}
