//! Exhibits of the invented county, one function for each kind of chart.

use crate::county::{figure, label, months, noise, number, say};
use headwater_release::{Audience, Block, Column, Count, Rule, Table, Value, View, derive_interval, treat};

pub fn control_chart(slug: &str, level: f64, hidden: bool) -> Block {
    let rows = months(36)
        .into_iter()
        .enumerate()
        .map(|(i, month)| {
            let mean = if i < 20 { level } else { level * 1.24 };
            let y = if i == 27 { mean * 1.31 } else { mean * (0.9 + 0.2 * noise(i as u64 * 7 + level as u64)) };
            let signal = match i {
                27 => "beyond the limits",
                30..=35 => "six in a row rising",
                _ => "",
            };
            let value = if i == 9 || i == 10 { Value::refused("not supplied") } else { number(y, 0) };
            let value = if hidden && i == 14 { Value::gap(headwater_release::Shorthand::Confidential) } else { value };
            vec![label(month), value, number(mean, 1), number(mean * 0.82, 1), number(mean * 1.18, 1), label(signal)]
        })
        .collect();
    let columns = vec![
        Column::text("month", "Month"),
        Column::number("records", "Records", ""),
        Column::number("average", "Average", ""),
        Column::number("lower_limit", "Lower limit", ""),
        Column::number("upper_limit", "Upper limit", ""),
        Column::text("signal", "What the rules found"),
    ];
    let breaks = vec![("March 2020".to_owned(), "first lockdown".to_owned()), ("August 2021".to_owned(), "new recording system in use".to_owned())];
    figure(
        slug,
        say("Violence and sexual offences rose by 24 % on the year before"),
        "Violence and sexual offences, records a month, Wealdmere, December 2019 to November 2022",
        Table::new("Violence and sexual offences by month", columns, rows).unwrap(),
        View::ControlChart { x: 0, y: 1, mean: 2, lower: 3, upper: 4, signal: 5, breaks },
    )
}

pub const AREAS: [(&str, f64, f64, &str); 11] = [
    ("Fellmarket", 61_000.0, 41.2, "above the 99.8 % limit"),
    ("Brighthelm and Hove-under-Lyme", 290_000.0, 29.5, "above the 99.8 % limit"),
    ("Ashcombe", 64_000.0, 22.9, ""),
    ("North Weald", 112_000.0, 22.0, ""),
    ("Mereside", 118_000.0, 23.4, ""),
    ("Stony Stratton", 144_000.0, 21.8, ""),
    ("Harbour Towns", 161_000.0, 24.6, ""),
    ("Upper Lyme", 167_000.0, 18.9, "below the 99.8 % limit"),
    ("Priory Vale", 104_000.0, 21.5, ""),
    ("Downland", 142_000.0, 19.9, "below the 95 % limit"),
    ("Eastmarsh", 95_000.0, 23.5, ""),
];

pub fn funnel() -> Block {
    let average = 23.1;
    let rows = AREAS
        .iter()
        .map(|(name, people, rate, class)| {
            vec![label(*name), number(*people, 0), number(*rate, 1), number(rate * 0.96, 1), number(rate * 1.04, 1), label(*class)]
        })
        .collect();
    let limits = (0..=40)
        .map(|i| {
            let people = 55_000.0 + 250_000.0 * f64::from(i) / 40.0;
            let sd = 1000.0 * (average / 1000.0 / people).sqrt();
            [people, average - 3.09 * sd, average - 1.96 * sd, average, average + 1.96 * sd, average + 3.09 * sd].map(|v| number(v, 2)).to_vec()
        })
        .collect();
    let columns = ["people", "lower_99_8", "lower_95", "average", "upper_95", "upper_99_8"].map(|id| Column::number(id, id, "")).to_vec();
    figure(
        "beside-other-areas",
        say("Two of 11 areas stand well above the average"),
        "Violence per 1,000 residents, Community Safety Partnerships of Wealdmere, year to November 2021",
        Table::new(
            "Violence by area",
            vec![
                Column::text("area", "Area"),
                Column::number("residents", "Residents", ""),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("lower_95", "Lower 95 % limit", "per 1,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 1,000"),
                Column::text("standing", "Beside the average"),
            ],
            rows,
        )
        .unwrap(),
        View::Funnel { label: 0, x: 1, y: 2, class: 5, limits: Table::new("Limits", columns, limits).unwrap() },
    )
}

pub fn lines(slug: &str, series: usize, band: bool) -> Block {
    let names = ["People referred", "Criminal exploitation claimed", "Aged 17 or under when exploited", "Labour exploitation claimed"];
    let quarters: Vec<String> = (0..14).map(|i| format!("{} Q{}", 2019 + (i + 3) / 4, (i + 3) % 4 + 1)).collect();
    let rows = quarters
        .into_iter()
        .enumerate()
        .map(|(i, quarter)| {
            let mut row = vec![label(quarter)];
            for s in 0..4 {
                let value = (30.0 - 7.0 * s as f64) * (0.6 + 0.06 * i as f64) + 6.0 * noise((i * 4 + s) as u64);
                row.push(if i == 6 { Value::gap(headwater_release::Shorthand::NotAvailable) } else { number(value, 0) });
            }
            let first = row[1].as_number();
            row.extend([0.8, 1.25].map(|f| first.map_or_else(|| Value::refused("no value"), |v| number(v * f, 1))));
            row
        })
        .collect();
    let mut columns = vec![Column::text("quarter", "Quarter")];
    columns.extend(["all", "criminal", "young", "labour"].iter().zip(names).map(|(id, name)| Column::number(id, name, "people")));
    columns.extend([Column::number("lower_95", "Lower 95 % limit", "people"), Column::number("upper_95", "Upper 95 % limit", "people")]);
    figure(
        slug,
        say("Referrals have doubled in three years"),
        "People referred to the National Referral Mechanism with Wealdmere Police as first responder, 2019 Q4 to 2023 Q1",
        Table::new(format!("Referrals by quarter ({series} series)"), columns, rows).unwrap(),
        View::Line {
            x: 0,
            series: (1..=series).collect(),
            band: band.then_some((5, 6)),
            breaks: vec![("2020 Q2".into(), "first lockdown".into()), ("2022 Q1".into(), "form changed".into())],
        },
    )
}

pub fn bars(slug: &str, audience: Audience) -> Block {
    let kinds = [
        ("Violence and sexual offences", 3_412u64),
        ("Anti-social behaviour", 2_804),
        ("Criminal damage and arson", 1_190),
        ("Public order", 1_022),
        ("Shoplifting", 902),
        ("Vehicle crime, including theft of and from vehicles and interference with them", 711),
        ("Drugs", 388),
        ("Possession of weapons", 97),
        ("Robbery", 61),
        ("Bicycle theft", 5),
    ];
    let rule = if audience == Audience::Public { Rule::already_public().clone() } else { Rule::named("nhs-subnational").unwrap().clone() };
    let rows = kinds
        .iter()
        .map(|(kind, n)| {
            let treated = treat(Count::new(*n), &rule, audience);
            let rate = derive_interval(&[treated], 1, |n| {
                let n = n[0] as f64;
                Ok([n / 64.0, (n - 1.96 * n.sqrt()) / 64.0, (n + 1.96 * n.sqrt()) / 64.0])
            });
            let role = if ["Violence and sexual offences", "Possession of weapons", "Robbery"].contains(kind) {
                "stands in for serious violence"
            } else {
                ""
            };
            vec![label(*kind), Value::count(treated), rate.value, rate.lower, rate.upper, label(role)]
        })
        .collect();
    figure(
        slug,
        say("Violence is the largest of ten types"),
        "Records per 1,000 residents, Fellmarket, year to November 2021",
        Table::new(
            "Records by crime type",
            vec![
                Column::text("crime_type", "Crime type"),
                Column::number("records", "Records", ""),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("lower_95", "Lower 95 % limit", "per 1,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 1,000"),
                Column::text("role", "Role here"),
            ],
            rows,
        )
        .unwrap(),
        View::Bars { label: 0, value: 2, lower: Some(3), upper: Some(4), reference: None, highlight: Some(5) },
    )
}

pub fn changes() -> Block {
    let rows = AREAS
        .iter()
        .enumerate()
        .map(|(i, (name, ..))| {
            let change = 40.0 * noise(i as u64 + 3) - 18.0;
            vec![label(*name), number(change, 1), number(change - 6.0, 1), number(change + 6.0, 1)]
        })
        .collect();
    let column = |id, name| Column::number(id, name, "%");
    figure(
        "changes",
        say("Violence fell in some areas and rose in most"),
        "Change in violence on the year before in per cent, areas of Wealdmere, year to November 2021",
        Table::new(
            "Change by area",
            vec![Column::text("area", "Area"), column("change", "Change"), column("lower", "Lower 95 % limit"), column("upper", "Upper 95 % limit")],
            rows,
        )
        .unwrap(),
        View::Bars {
            label: 0,
            value: 1,
            lower: Some(2),
            upper: Some(3),
            reference: Some(("Wealdmere: 6.2 %".into(), number(6.2, 1))),
            highlight: None,
        },
    )
}

pub fn lorenz() -> Block {
    let rows = (0..=20)
        .map(|i| {
            let x = f64::from(i) / 20.0;
            let rest = 1.0 - x;
            vec![number(100.0 * x, 0), number(100.0 * (1.0 - rest * rest * rest), 1), number(100.0 * (1.0 - rest * rest.sqrt()).min(1.0), 1)]
        })
        .collect();
    figure(
        "concentration",
        say("Half lies in 21 % of small areas; chance would need 37 %"),
        "Share of violence held by a share of small areas, worst first, Wealdmere, year to November 2021",
        Table::new(
            "Concentration of violence",
            vec![
                Column::number("areas_per_cent", "Share of small areas, worst first", "%"),
                Column::number("records_per_cent", "Share of records", "%"),
                Column::number("by_chance_per_cent", "Share by chance alone", "%"),
            ],
            rows,
        )
        .unwrap(),
        View::Lorenz { x: 0, y: 1, baseline: Some(2) },
    )
}

pub fn gradient() -> Block {
    let names = ["1 (most deprived)", "2", "3", "4", "5 (least deprived)"];
    let ranks = [0.09, 0.27, 0.46, 0.67, 0.89];
    let rows = (0..5)
        .map(|i| {
            let y = [44.0, 31.0, 24.0, 19.5, 12.8][i];
            vec![label(names[i]), number(ranks[i], 3), number(y, 1), number(y * 0.94, 1), number(y * 1.06, 1), number(46.0 - 37.0 * ranks[i], 1)]
        })
        .collect();
    figure(
        "deprivation-gradient",
        say("3.8 times as high at the most deprived end"),
        "Violence per 1,000 residents by national deprivation fifth, Wealdmere, year to November 2021",
        Table::new(
            "Violence by deprivation fifth",
            vec![
                Column::text("fifth", "Deprivation fifth"),
                Column::number("mid_rank", "Middle rank", "0 to 1"),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("lower_95", "Lower 95 % limit", "per 1,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 1,000"),
                Column::number("fitted", "Fitted line", "per 1,000"),
            ],
            rows,
        )
        .unwrap(),
        View::Gradient { label: 0, x: 1, y: 2, lower: 3, upper: 4, fitted: 5 },
    )
}

pub fn season() -> Block {
    let rows = months(13)
        .iter()
        .skip(1)
        .enumerate()
        .map(|(i, month)| {
            let index = 100.0 + 14.0 * [-0.9, -0.8, -0.1, 0.0, 0.3, 0.8, 1.1, 0.9, 0.2, 0.0, -0.5, -1.0][i];
            vec![label(month.split(' ').next().unwrap()), number(index, 1), number(index - 6.0, 1), number(index + 6.0, 1)]
        })
        .collect();
    figure(
        "season",
        say("Highest in July, lowest in December"),
        "Violence by month of the year, average day = 100, Wealdmere, December 2019 to November 2022",
        Table::new(
            "Month-of-year indices",
            vec![
                Column::text("month", "Month"),
                Column::number("index", "Index", "100 = average"),
                Column::number("lower_95", "Lower 95 % limit", ""),
                Column::number("upper_95", "Upper 95 % limit", ""),
            ],
            rows,
        )
        .unwrap(),
        View::SeasonBars { label: 0, value: 1, lower: 2, upper: 3 },
    )
}

pub fn pyramid() -> Block {
    let bands = ["0 to 9", "10 to 14", "15 to 19", "20 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 to 74", "75 and over"];
    let rows = bands
        .iter()
        .enumerate()
        .map(|(i, band)| vec![label(*band), number(60_000.0 + 30_000.0 * noise(i as u64), 0), number(62_000.0 + 32_000.0 * noise(i as u64 + 50), 0)])
        .collect();
    figure(
        "residents",
        say("27 % of residents are under 25"),
        "Residents by age and sex, Wealdmere, mid-2021",
        Table::new(
            "Residents by age and sex",
            vec![Column::text("age", "Age in years"), Column::number("men", "Men and boys", ""), Column::number("women", "Women and girls", "")],
            rows,
        )
        .unwrap(),
        View::Pyramid { label: 0, left: 1, right: 2 },
    )
}

pub fn table_only() -> Block {
    let rows = AREAS.iter().map(|(name, people, ..)| vec![label(*name), number(*people, 0), label("all 24"), label("all 24")]).collect();
    figure(
        "coverage",
        say("Every month was supplied for every area"),
        "Months supplied by source and area, December 2019 to November 2021",
        Table::new(
            "Months supplied",
            vec![
                Column::text("area", "Area"),
                Column::number("residents", "Residents", ""),
                Column::text("crime", "Street crime"),
                Column::text("stops", "Stop and search"),
            ],
            rows,
        )
        .unwrap(),
        View::TableOnly,
    )
}
