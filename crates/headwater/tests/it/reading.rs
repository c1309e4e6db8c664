//! Two people read what came: a codebook is taken and issued, passages are coded, one document is coded blind by both, what they
//! differ in is decided, and areas are compared by themes.

use crate::Desk;
use crate::browser::{Browser, Server, form_of, words_of};
use crate::campaign::{Sent, pieces, sent};
use crate::destroyed::{page_of, reply};

const STRATEGY: &[u8] = b"<html><body><h1>Our strategy</h1>\
<p>Exploitation of children through county lines is our first priority. We fund six mentors. The rest is weather.</p>\
<p>Nothing was done about knives. We will meet in May.</p></body></html>";

/// The number of a code, as the codebook's page links it.
fn code(browser: &mut Browser, name: &str) -> String {
    let book = browser.get("/reading/codebook").body;
    let before = book.split(&format!(">{name}</a>")).next().unwrap();
    assert!(before.len() < book.len(), "{name}: {}", words_of(&book));
    before.rsplit_once("/reading/codebook/codes/").unwrap().1.trim_end_matches('"').to_owned()
}

/// The value of the box before a sentence.
fn sentence(page: &str, words: &str) -> String {
    let before = page.split(words).next().unwrap();
    assert!(before.len() < page.len(), "{words}: {}", words_of(page));
    let (_, tag) = before.rsplit_once("name=\"sentence\" value=\"").unwrap();
    tag.split('"').next().unwrap().to_owned()
}

/// Ticks sentences and codes them.
#[track_caller]
fn mark(browser: &mut Browser, document: &str, sentences: &[&str], code: &str) {
    let coding = format!("{document}/coding");
    let shown = browser.get(&coding).body;
    let ticked: Vec<String> = sentences.iter().map(|words| sentence(&shown, words)).collect();
    let mut fields: Vec<(&str, &str)> = ticked.iter().map(|it| ("sentence", it.as_str())).collect();
    fields.push(("code", code));
    let standing = form_of(&shown, &coding).unwrap();
    fields.extend(standing.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    browser.post(&coding, &fields).leads();
}

#[test]
fn two_people_code_blind_decide_and_compare_areas() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, names, .. } = sent(Server::start(&desk, "ws"));
    reply(&mut one, "strategy.html", STRATEGY);
    let document = page_of(&mut one, "strategy.html");
    assert!(one.get(&format!("{document}/coding")).body.contains("nobody can code"));

    // The codebook: taken, changed, issued; what is wrong stands beside its field.
    one.fill("/reading/codebook", "/reading/codebook/start/letter", &[]).leads();
    let (priorities, slavery) = (code(&mut one, "Priorities"), code(&mut one, "Modern slavery and exploitation"));
    let refused = one.fill("/reading/codebook", "/reading/codebook/codes", &[("name", "New"), ("terms", "\"county")]);
    assert!(refused.status == 422 && refused.body.contains("quotation mark is missing"), "{}", words_of(&refused.body));
    one.fill("/reading/codebook", "/reading/codebook/codes", &[("name", "Mentors"), ("terms", "mentor*")]).leads();
    one.fill("/reading/codebook", "/reading/codebook/fields", &[("field_name", "Mentors"), ("question", "How many?"), ("kind", "number")]).leads();
    one.fill("/reading/codebook", "/reading/codebook/issue", &[("note", "To begin")]).leads();
    let mentors = code(&mut one, "Mentors");

    // Suggestions count for nothing; one is confirmed, one is not this.
    let shown = two.get(&format!("{document}/coding")).body;
    assert!(shown.contains("What the letter asks › Priorities?") && shown.contains("We fund six mentors."), "{}", words_of(&shown));
    assert!(one.get("/campaigns/0/comparison").body.contains("not read yet"));
    let suggestion = format!("{document}/suggestion");
    let answer = |browser: &mut Browser, of: &str, what: &str| {
        let shown = browser.get(&format!("{document}/coding")).body;
        let form = pieces(&shown, &format!("action=\"{suggestion}\""), "</form>")
            .into_iter()
            .find(|form| form.contains(&format!("name=\"code\" value=\"{of}\"")))
            .unwrap_or_else(|| panic!("{}", words_of(&shown)))
            .to_owned();
        let form = format!("<form action=\"{suggestion}\"{form}</form>");
        let fields = form_of(&form, &suggestion).unwrap();
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("do", what));
        browser.post(&suggestion, &fields).leads();
    };
    answer(&mut two, &mentors, "confirm");
    answer(&mut two, &slavery, "dismiss");
    let shown = two.get(&format!("{document}/coding")).body;
    assert!(shown.contains("<blockquote>We fund six mentors.</blockquote>") && !shown.contains("exploitation?"), "{}", words_of(&shown));

    // What is looked up has the kind of its field.
    let field = format!("{document}/fields/0");
    let refused = two.fill(&format!("{document}/coding"), &field, &[("value-0", "six")]);
    assert!(refused.body.contains("It is not a number"), "{}", words_of(&refused.body));
    two.fill(&format!("{document}/coding"), &field, &[("value-0", "6"), ("at-0", "1")]).leads();
    assert!(one.get(&format!("{document}/coding")).body.contains("<strong>6</strong>"));

    // A round: each sees their own codings alone.
    let form = one.get("/reading/rounds/new").body;
    let coders = pieces(&form, "name=\"coder\" value=\"", "\"");
    assert_eq!(coders.len(), 2, "{}", words_of(&form));
    let id = document.rsplit('/').next().unwrap();
    let fields: Vec<(&str, &str)> =
        coders.iter().map(|id| ("coder", *id)).chain([("title", "First round"), ("document", id), ("code", "0")]).collect();
    assert!(one.fill("/reading/rounds/new", "/reading/rounds/new", &[("title", "x"), ("code", "0")]).body.contains("Choose at least two people"));
    let round = one.fill("/reading/rounds/new", "/reading/rounds/new", &fields).leads();
    let (first, second) = ("Exploitation of children", "We fund six mentors.");
    mark(&mut one, &document, &[first, second], &priorities);
    mark(&mut two, &document, &[first], &priorities);
    let seen = two.get(&format!("{document}/coding")).body;
    assert!(seen.contains("You code this document blind") && seen.matches("id=\"coding-").count() == 1, "{}", words_of(&seen));
    assert!(!seen.contains("Suggestions</h2>") && !seen.contains("<blockquote>We fund six mentors."), "{}", words_of(&seen));
    let finish = format!("{document}/finish/{}", round.rsplit('/').next().unwrap());
    one.fill(&format!("{document}/coding"), &finish, &[]).leads();
    assert!(one.get(&round).body.contains("being coded") || one.get(&round).body.contains("Being coded"));
    assert!(one.get(&format!("{round}/agreement.csv")).status == 422);
    two.fill(&format!("{document}/coding"), &finish, &[]).leads();

    // Six sentences and one heading: five alike without the code, one with it, one differs.
    let compared = two.get(&round).body;
    for words in ["5 of 6", "Given by", "<blockquote>We fund six mentors.</blockquote>", "1 place is not decided yet"] {
        assert!(compared.contains(words), "{words}: {}", words_of(&compared));
    }
    let csv = two.get(&format!("{round}/agreement.csv")).body;
    let row = csv.lines().find(|line| line.starts_with("sentence,What the letter asks › Priorities,6,5,")).unwrap();
    assert!(row.contains(": 2") && row.contains(": 1") && row.contains(",0.5714,"), "{csv}");
    assert_eq!(two.fill(&round, &format!("{round}/give-up"), &[]).status, 422);
    two.fill(&round, &format!("{round}/decide"), &[("applies", "yes"), ("note", "It says so")]).leads();
    two.fill(&round, &format!("{round}/settle"), &[]).leads();

    // Areas by themes: what was settled and confirmed counts, with the words and the page.
    one.fill(&format!("{document}/coding"), &format!("{document}/read"), &[]).leads();
    let matrix = one.get("/campaigns/0/comparison?theme=0").body;
    for words in ["1 of 18", "1 passage</a>", "read, nothing found", "no document"] {
        assert!(matrix.contains(words), "{words}: {}", words_of(&matrix));
    }
    let area = one.get("/recipients/0/reading?theme=0").body;
    assert!(
        area.contains("county lines is our first priority. We fund six mentors.</blockquote>") && area.contains(&names[0]),
        "{}",
        words_of(&area)
    );
    let csv = one.get("/campaigns/0/comparison.csv").body;
    assert!(csv.contains(",said,Mentors,") && csv.contains(",no document,"), "{csv}");
    assert!(two.get("/reading").body.contains("read by") || two.get("/reading").body.contains("Read by"));

    // For other programs, and from one: what is there already stays, what is new is taken in.
    let book = one.get("/reading/codebook.qdc").body;
    assert!(book.contains("urn:QDA-XML:codebook:1.0") && book.contains("name=\"Mentors\""), "{book}");
    let packed = one.get("/reading/reading.qdpx").bytes;
    let (_, project) = crate::campaign::unzipped(&packed).into_iter().find(|(path, _)| path == "project.qde").unwrap();
    let (path, text) = crate::campaign::unzipped(&packed).into_iter().find(|(path, _)| path.starts_with("Sources/")).unwrap();
    assert!(project.contains(&path.replace("Sources/", "internal://")), "{project}");
    let at = |name: &str, from: &str| -> usize { crate::browser::between(from, &format!("{name}=\""), "\"").unwrap().parse().unwrap() };
    let selection = pieces(&project, "<PlainTextSelection", ">").into_iter().find(|it| it.contains("name=\"We fund six mentors.\"")).unwrap();
    let quoted: String =
        text.chars().skip(at("startPosition", selection)).take(at("endPosition", selection) - at("startPosition", selection)).collect();
    assert_eq!(quoted, "We fund six mentors.");
    let more = book.replace("name=\"Mentors\"", "name=\"Guards\"");
    let form = form_of(&one.get("/reading/codebook").body, "/reading/codebook/import").unwrap();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    one.send("/reading/codebook/import", &fields, &[("book.qdc", more.as_bytes())]).leads();
    let drafted = one.get("/reading/codebook").body;
    assert!(drafted.contains(">Guards</a>") && drafted.matches(">Priorities</a>").count() == 1, "{}", words_of(&drafted));
    let refused = one.send("/reading/codebook/import", &fields, &[("book.qdc", b"<html/>")]);
    assert!(refused.body.contains("no REFI-QDA codebook"), "{}", words_of(&refused.body));

    // No word of the document is in the log, but what people wrote themselves.
    drop(server);
    let log = desk.ws(&["log", "show", "--json"]).succeeds().out;
    assert!(log.contains("coding.entered") && log.contains("round.settled") && !log.contains("mentors.") && !log.contains("weather"));
}
