//! Outcomes, stop and search, hospital admissions and the nation's referrals: the pages say what a plain count of the files says.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;

use crate::Desk;

/// The files of the demo's downloads from police.uk by their own names; the later download speaks for the months in both.
fn police_files(desk: &Desk) -> BTreeMap<String, String> {
    let mut zips: Vec<_> = fs::read_dir(desk.path("d/downloads/police")).unwrap().map(|entry| entry.unwrap().path()).collect();
    zips.sort();
    assert_eq!(zips.len(), 2);
    let mut files = BTreeMap::new();
    for path in zips {
        let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
        for i in 0..zip.len() {
            let mut text = String::new();
            let mut file = zip.by_index(i).unwrap();
            file.read_to_string(&mut text).unwrap();
            files.insert(file.name().unwrap().rsplit('/').next().unwrap().to_owned(), text);
        }
    }
    files
}

/// The rows of the files of a kind whose names begin with a year, split at commas: no cell of the demo holds one.
fn rows<'a>(files: &'a BTreeMap<String, String>, begins: &str, kind: &str) -> Vec<Vec<&'a str>> {
    let of_kind = files.iter().filter(|(name, _)| name.starts_with(begins) && name.ends_with(&format!("-{kind}.csv")));
    of_kind.flat_map(|(_, text)| text.lines().skip(1).map(|line| line.split(',').collect())).collect()
}

/// A table of the site: first cell to the whole row, with the header under "".
fn exhibit(desk: &Desk, path: &str) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_path(desk.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut out = BTreeMap::from([(String::new(), header)]);
    for row in reader.records() {
        let row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        out.insert(row[0].clone(), row);
    }
    out
}

#[test]
fn what_a_plain_count_finds_in_the_demos_files_is_on_its_pages() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let files = police_files(&desk);
    let site = "d/site/wealdmere";

    // Searches by month, and by object with what came of them.
    let searches = rows(&files, "2024", "stop-and-search");
    let by_month = exhibit(&desk, &format!("{site}/searches-by-month.csv"));
    let in_july: Vec<_> = searches.iter().filter(|row| row[1].starts_with("2024-07")).collect();
    let weapons = in_july.iter().filter(|row| matches!(row[11], "Offensive weapons" | "Firearms")).count();
    assert_eq!(by_month["July 2024"][1..3], [in_july.len().to_string(), weapons.to_string()]);
    let find_rate = exhibit(&desk, &format!("{site}/search-find-rate.csv"));
    for object in ["Controlled drugs", "Offensive weapons", "Stolen goods"] {
        let of_object: Vec<_> = searches.iter().filter(|row| row[11] == object).collect();
        let action = of_object.iter().filter(|row| row[12] != "A no further action disposal").count();
        let linked = of_object.iter().filter(|row| row[13] == "True").count();
        let row = &find_rate[object];
        assert_eq!([&row[1], &row[3], &row[7]], [&of_object.len().to_string(), &action.to_string(), &linked.to_string()], "{object}");
        let rate = 100.0 * action as f64 / of_object.len() as f64;
        let [found, lower, upper] = [4, 5, 6].map(|i| row[i].parse::<f64>().unwrap());
        assert!((found - rate).abs() < 0.051 && lower < rate && rate < upper, "{object}: {row:?}");
    }
    let ethnicity = exhibit(&desk, &format!("{site}/searched-by-ethnicity.csv"));
    for group in ["White", "Black", "Asian", "Other"] {
        assert_eq!(ethnicity[group][1], searches.iter().filter(|row| row[9] == group).count().to_string(), "{group}");
    }
    let refused = searches.iter().filter(|row| row[8].is_empty() || row[8].ends_with("Not stated")).count();
    assert_eq!(ethnicity["Not stated or not recorded"][6], refused.to_string());
    let ages = exhibit(&desk, &format!("{site}/searched-by-age.csv"));
    assert_eq!(ages["10-17"][1], searches.iter().filter(|row| row[7] == "10-17").count().to_string());

    // What came of the robberies of the last year, from the street files.
    let street = rows(&files, "2024", "street");
    let robberies: Vec<_> = street.iter().filter(|row| row[9] == "Robbery").collect();
    let outcomes = exhibit(&desk, &format!("{site}/outcomes-robbery.csv"));
    for (shown, wordings) in [
        ("Still under investigation", &["Under investigation"][..]),
        ("Closed, no suspect identified", &["Investigation complete; no suspect identified"]),
        ("Charged, or dealt with by a court", &["Awaiting court outcome", "Court result unavailable", "Suspect charged as part of another case"]),
    ] {
        let n = robberies.iter().filter(|row| wordings.contains(&row[10])).count();
        assert_eq!(outcomes[shown][1], n.to_string(), "{shown}");
        let share = 100.0 * n as f64 / robberies.len() as f64;
        assert!((outcomes[shown][2].parse::<f64>().unwrap() - share).abs() < 0.051, "{shown}");
    }
    let open = exhibit(&desk, &format!("{site}/still-under-investigation.csv"));
    let robbery = open[""].iter().position(|id| id == "open_robbery").unwrap();
    let december = robberies.iter().filter(|row| row[1] == "2024-12" && row[10] == "Under investigation").count();
    assert_eq!(open["December 2024"][robbery], december.to_string());
    // The month without a street file is a gap, never a nought.
    assert_eq!(open["September 2022"][robbery], "[x]");

    // The change on the year before leaves out the month that was supplied in part, in both years.
    let whole =
        |year: &str| rows(&files, year, "street").into_iter().filter(|row| row[9] == "Shoplifting" && !row[1].ends_with("-03")).count() as f64;
    let change = 100.0 * ((whole("2024") / (366.0 - 31.0)) / (whole("2023") / (365.0 - 31.0)) - 1.0);
    let kinds = exhibit(&desk, &format!("{site}/crime-types.csv"));
    assert!((kinds["Shoplifting"][5].parse::<f64>().unwrap() - change).abs() < 0.051, "{change}: {:?}", kinds["Shoplifting"]);

    // Outcomes by the month in which they were reached.
    let reached = exhibit(&desk, &format!("{site}/outcomes-reached.csv"));
    let in_may: Vec<_> = rows(&files, "2024-05", "outcomes");
    let charged = in_may.iter().filter(|row| row[9].starts_with("Suspect charged")).count();
    assert_eq!([&reached["May 2024"][3], &reached["May 2024"][6]], [&charged.to_string(), &in_may.len().to_string()]);

    // Admissions as published, to the decimal, for the county's page and each district's own.
    let published = fs::read_to_string(desk.path("d/downloads/health/fingertips_11201_wealdmere.csv")).unwrap();
    let latest = |area: &str| -> Vec<String> {
        let line = published.lines().rfind(|line| line.split(',').nth(5) == Some(area)).unwrap();
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| format!("{:.1}", cells[i].parse::<f64>().unwrap());
        vec![number(12), number(13), number(14), cells[21].to_owned()]
    };
    for (page, areas) in [("wealdmere", &["Gullhaven", "Quillminster", "England"][..]), ("gullhaven", &["Gullhaven"])] {
        let admissions = exhibit(&desk, &format!("d/site/{page}/admissions.csv"));
        for area in areas {
            assert_eq!(admissions[*area][2..6], latest(area), "{page}: {area}");
        }
        assert!(!admissions.contains_key("Larkendale") || page == "wealdmere");
    }
    let summary = fs::read_to_string(desk.path(&format!("{site}/summary.html"))).unwrap();
    assert!(summary.contains("admissions for violence of people from Gullhaven are above England"), "{summary}");
    let of_part = fs::read_to_string(desk.path("d/site/gullhaven/response-and-gaps.html")).unwrap();
    assert!(of_part.contains("told for the whole force area") && !desk.path("d/site/gullhaven/stop-and-search.html").exists());
    partly_supplied(&desk);
}

/// A value that was suppressed, a month of searches that holds a header alone, and the series of the nation, all added later.
fn partly_supplied(desk: &Desk) {
    let published = fs::read_to_string(desk.path("d/downloads/health/fingertips_11201_wealdmere.csv")).unwrap();
    let suppressed: Vec<String> = published
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if line.contains(",Gullhaven,") && line.contains(",2021/22 - 23/24,") {
                cells[12..19].fill("");
                cells[19] = "Value suppressed for disclosure control due to small count";
                cells[21] = "Not compared";
            }
            cells.join(",")
        })
        .collect();
    desk.put("later/fingertips.csv", suppressed.join("\n"));
    let header = "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,Self-defined ethnicity,\
                  Officer-defined ethnicity,Legislation,Object of search,Outcome,Outcome linked to object of search,\
                  Removal of more than just outer clothing\n";
    let search = "Person search,2025-01-03T10:00:00+00:00,False,,,,Male,18-24,,White,,Firearms,Arrest,True,False\n";
    desk.put("later/2025-01-wealdmere-stop-and-search.csv", format!("{header}{search}"));
    desk.put("later/2025-02-wealdmere-stop-and-search.csv", header);
    desk.put(
        "later/nrm.csv",
        "\"Table 7: NRM referrals by quarter, age and location of exploitation\",,,,,,,,\n,,Adult (18 or over),,,Child (17 or under),,,\n\
         Year,Quarter,Overseas,UK,Total,Overseas,UK,Total,Total\n2023,,3,7,10,1,4,5,15\n,Q3,1,3,4,0,2,2,6\n,Q4,2,4,6,1,2,3,9\n",
    );
    desk.run(&["--workspace", "d/workspace", "source", "add", "later"]).succeeds();
    desk.run(&["--workspace", "d/workspace", "assessment", "build", "--period", "2024-01..2025-02", "--out", "later-site"]).succeeds();
    let admissions = exhibit(desk, "later-site/wealdmere/admissions.csv");
    assert_eq!(admissions["Gullhaven"][2..5], ["[x]", "[x]", "[x]"], "missing is not nought");
    assert!(admissions["Gullhaven"][7].starts_with("Value suppressed"));
    assert_ne!(admissions["Quillminster"][2], "[x]");
    let by_month = exhibit(desk, "later-site/wealdmere/searches-by-month.csv");
    assert_eq!([&by_month["January 2025"][1], &by_month["February 2025"][1]], ["1", "[x]"]);
    let page = fs::read_to_string(desk.path("later-site/wealdmere/stop-and-search.html")).unwrap();
    assert!(page.contains("Not supplied, so a gap and not a nought: February 2025"), "{page}");
    let nation = exhibit(desk, "later-site/wealdmere/nrm-nation.csv");
    assert_eq!(nation["2023 Q4"][1..4], ["9", "6", "3"]);
    assert_eq!(nation["2023 Q3"][1], "6");
}

#[test]
fn without_these_sources_a_line_says_what_is_needed() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    for (name, text) in police_files(&desk) {
        if name.starts_with("2024-1") && name.ends_with("-street.csv") {
            desk.put(&format!("some/{name}"), text);
        }
    }
    desk.run(&["new", "ws", "--area", "sussex"]).succeeds();
    fs::copy(desk.path("d/workspace/headwater.toml"), desk.path("ws/headwater.toml")).unwrap();
    desk.ws(&["source", "add", "some", "d/downloads/lookups"]).succeeds();
    desk.ws(&["assessment", "build", "--period", "2024-10..2024-12", "--out", "out"]).succeeds();
    let page = |name: &str| fs::read_to_string(desk.path(&format!("out/wealdmere/{name}.html"))).unwrap();
    assert!(page("response-and-gaps").contains("needs the stop and search files"), "{}", page("response-and-gaps"));
    assert!(page("hidden-harm").contains("indicator 11201") && page("exploitation").contains("quarterly NRM referrals"));
    for absent in ["stop-and-search.html", "admissions.csv", "outcomes-reached.csv", "nrm-nation.csv"] {
        assert!(!desk.path(&format!("out/wealdmere/{absent}")).exists(), "{absent}");
    }
    // Street files alone tell what came of crimes, and three months are too few to set recent ones beside older ones.
    assert!(desk.path("out/wealdmere/outcomes-robbery.csv").exists() && !desk.path("out/wealdmere/still-under-investigation.csv").exists());
    // Of two years there is not one to compare with.
    let kinds = exhibit(&desk, "out/wealdmere/crime-types.csv");
    assert_eq!(kinds["Robbery"][5], "[x]");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_assessment_is_made_without_it() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let square = "[[[-1.0,52.0],[-1.0,52.1],[-0.9,52.1],[-1.0,52.0]]]";
    desk.put(
        "health-boards.geojson",
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"board":"Q99"}},"geometry":{{"type":"Polygon","coordinates":{square}}}}}]}}"#
        ),
    );
    desk.run(&["--workspace", "d/workspace", "source", "add", "health-boards.geojson"]).succeeds();
    let built = desk.run(&["--workspace", "d/workspace", "assessment", "build", "--period", "2024-01..2024-12", "--out", "out"]).succeeds();
    let line = built.err.lines().find(|line| line.starts_with("left out")).unwrap_or_else(|| panic!("{}", built.err));
    assert!(line.contains("health-boards.geojson: no property") && line.contains("To mend it: use boundaries with a property"), "{line}");
    let page = fs::read_to_string(desk.path("out/about/sources.html")).unwrap();
    assert!(page.contains("health-boards.geojson") && !page.contains("no property"), "the page names the file and does not quote it");
}
