//! A whole campaign over HTTP, as two people with authenticators; then the log is replayed, copied and restored, and the grid
//! must be the same, byte for byte.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Desk;
use crate::browser::{Browser, Server, between, form_of, invite, lead, plain, words_of};

/// A campaign whose letters are out.
pub struct Sent {
    /// The server.
    pub server: Server,
    /// Who leads it.
    pub one: Browser,
    /// Who approves.
    pub two: Browser,
    /// The bodies that are asked, in the order of the list of bodies.
    pub names: Vec<String>,
    /// The upload link of each letter, as a path, in the order of the letters.
    pub links: Vec<String>,
    /// The letters as they are taken to be sent by hand.
    pub letters: Vec<u8>,
}

/// The campaign of the tests: the first.
pub const CAMPAIGN: &str = "/campaigns/0";

/// Every piece of a page that stands between two marks.
pub fn pieces<'a>(page: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    page.split(before).skip(1).filter_map(|piece| piece.split(after).next()).collect()
}

/// A word that stands in one body's letter alone.
pub fn secret_of(place: usize) -> String {
    format!("Secret{place:02}word")
}

/// From an empty workspace to letters that are out, each with a paragraph of its own.
pub fn sent(server: Server) -> Sent {
    let mut sent = ready(server, "none", &|place| format!("contact-{place}@unit-{place}.example"));
    sent.one.fill("/campaigns/0/send", "/campaigns/0/out", &[]).leads();
    sent
}

/// The same up to letters that may leave; `clock` is the time to answer, with ` deemed ` and a number of days where letters are deemed received,
/// and `address` that of each contact.
pub fn ready(server: Server, clock: &str, address: &dyn Fn(usize) -> String) -> Sent {
    let (mut one, _) = lead(&server);
    let mut two = invite(&mut one, "tobias@office.example", "approver");
    one.fill("/bodies", "/bodies/register", &[("register", "units-2019")]).leads();
    let bodies = one.get("/bodies").body;
    let names: Vec<String> =
        pieces(&bodies, " scope=\"row\"><a href=\"/bodies/", "</a>").iter().map(|it| plain(it.split_once('>').unwrap().1)).collect();
    assert_eq!(names.len(), 18, "{}", words_of(&bodies));
    let contact = |(place, name): (usize, &String)| format!("\"{name}\",Contact{place:02} Invented,Director,{},Director", address(place));
    let rows: Vec<String> = names.iter().enumerate().map(contact).collect();
    one.fill("/bodies/contacts", "/bodies/contacts", &[("rows", &format!("body,name,role,email,salutation\n{}", rows.join("\n")))]).leads();
    let (clock, deemed) = clock.split_once(" deemed ").unwrap_or((clock, ""));
    let brief = [
        ("title", "Your assessment and your strategy"),
        ("purpose", "To see how areas understand violence and exploitation."),
        ("plan_priority", "Prevention"),
        ("clock", clock),
        ("deemed", deemed),
        ("items", "four"),
    ];
    assert_eq!(one.fill("/campaigns/new", "/campaigns/new", &brief).leads(), CAMPAIGN);
    let asked = one.get("/campaigns/0/recipients").body;
    let ticked: Vec<&str> = pieces(&asked, "name=\"body\" value=\"", "\"");
    assert_eq!(ticked.len(), 18);
    let ticked: Vec<(&str, &str)> = ticked.into_iter().map(|body| ("body", body)).collect();
    one.fill("/campaigns/0/recipients", "/campaigns/0/recipients", &ticked).leads();
    let paragraph =
        |(place, name): (usize, &String)| format!("\"{name}\",{} was named to me as good practice.,{place} Invented Street", secret_of(place));
    let rows: Vec<String> = names.iter().enumerate().map(paragraph).collect();
    let rows = format!("body,local.paragraph,contact.address\n{}", rows.join("\n"));
    let fields = form_of(&one.get("/campaigns/0/letter").body, "/campaigns/0/letter").unwrap();
    let fields: Vec<(&str, String)> = fields
        .iter()
        .filter(|(name, value)| value.is_empty() && name != "rows")
        .map(|(name, _)| (name.as_str(), if name == "evidence.units" { "18".to_owned() } else { format!("Invented words for {name}") }))
        .chain([("rows", rows)])
        .collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(one.fill("/campaigns/0/letter", "/campaigns/0/letter", &fields).leads(), "/campaigns/0/letters");
    let letters = one.get("/campaigns/0/letters").body;
    assert!(letters.contains("18 letters, 18 of them without a gap"), "{}", words_of(&letters));
    let links: BTreeSet<String> = pieces(&letters, "/upload/", "<").iter().map(|rest| format!("/upload/{}", &rest[..40])).collect();
    assert_eq!(links.len(), 18);
    // In the order of the bodies.
    let mut links: Vec<String> = Vec::new();
    for recipient in 0..18 {
        let letter = one.get(&format!("/campaigns/0/letters/{recipient}")).body;
        links.extend(pieces(&letter, "/upload/", "<").first().map(|rest| format!("/upload/{}", &rest[..40])));
    }
    one.fill("/campaigns/0/submit", "/campaigns/0/submit", &[]).leads();
    assert!(one.get("/campaigns/0/approve").body.contains("Somebody else has to approve it"));
    two.fill("/campaigns/0/approve", "/campaigns/0/approve", &[]).leads();
    one.fill("/campaigns/0/send", "/campaigns/0/send", &[("minutes", "0")]).leads();
    let letters = one.get("/campaigns/0/letters.zip");
    assert_eq!(letters.status, 200, "{}", words_of(&letters.body));
    Sent { server, one, two, names, links, letters: letters.bytes }
}

/// The text of every file of a zip, by its name; of a PDF, what another program reads in it.
pub fn unzipped(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|place| {
            let mut file = zip.by_index(place).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            let name = file.name().unwrap().into_owned();
            let is_pdf = Path::new(&name).extension().is_some_and(|extension| extension == "pdf");
            let is_message = Path::new(&name).extension().is_some_and(|extension| extension == "eml");
            let text = match (is_pdf, is_message) {
                (true, _) => drawn(&bytes),
                (_, true) => said_in(&bytes),
                _ => String::from_utf8_lossy(&bytes).into_owned(),
            };
            (name, text)
        })
        .collect()
}

/// All that a message says, in its head, its text and its files.
pub fn said_in(bytes: &[u8]) -> String {
    let mail = headwater_documents::mail::read(bytes, &Default::default()).unwrap();
    let files = mail.attachments.iter().map(|file| match file.name.as_deref().and_then(|name| name.rsplit_once('.')) {
        Some((_, "pdf")) => drawn(&file.bytes),
        _ => String::from_utf8_lossy(&file.bytes).into_owned(),
    });
    let head = String::from_utf8_lossy(bytes).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    [head, mail.subject.clone(), mail.text.clone()].into_iter().chain(files).collect::<Vec<_>>().join("\n")
}

fn drawn(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext").args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success());
    String::from_utf8(read.stdout).unwrap()
}

/// Whether a text holds words, however its lines are broken.
pub fn holds(text: &str, words: &str) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    bare(text).contains(&bare(words))
}

fn grids(browser: &mut Browser) -> [Vec<u8>; 2] {
    ["grid.csv", "grid.json"].map(|file| {
        let page = browser.get(&format!("{CAMPAIGN}/{file}"));
        assert_eq!(page.status, 200, "{}", words_of(&page.body));
        page.bytes
    })
}

/// The first body leaves two files through its link, and the first of them becomes public.
pub fn published(server: &Server, one: &mut Browser, two: &mut Browser, link: &str) {
    // A body leaves two files without an account.
    let mut body = Browser::at(server);
    assert!(body.get(link).body.contains("Leave these files"));
    let files: [(&str, &[u8]); 2] =
        [("assessment.txt", b"Strategic needs assessment of an invented area.\n"), ("strategy.csv", b"year,aim\n2020,fewer\n")];
    assert!(body.send(link, &[("note", "Both may be published as they are.")], &files).leads().starts_with("/upload/left/"));
    assert!(body.get(link).body.contains("Your files arrived"));
    assert_eq!(body.send(link, &[], &files).status, 413, "the link works once");
    assert_eq!(body.cookie, "", "and sets no cookie");
    // What came is described, said to answer, permitted and proposed.
    let what = [("title", "Strategic needs assessment 2020"), ("kind", "needs-assessment")];
    one.fill("/documents/0", "/documents/0/describe", &what).leads();
    let asks = one.get("/documents/0").body;
    let ask = between(&asks, "name=\"ask\" value=\"", "\"").unwrap();
    let (recipient, item) = ask.split_once('-').unwrap();
    one.fill("/documents/0", "/documents/0/assign", &[("ask", &ask)]).leads();
    let (page, order) = (format!("/recipients/{recipient}"), format!("/recipients/{recipient}/describe"));
    one.fill(&page, &order, &[("item", item), ("status", "provided")]).leads();
    one.fill("/documents/0", "/documents/0/permit", &[("permission", "publish")]).leads();
    one.fill("/documents/0", "/documents/0/propose", &[]).leads();
    let own = one.submit("/documents/0", "/documents/0/approve", &[]);
    assert!(own.status == 403 || own.status == 422, "who proposed it cannot approve it: {}", own.status);
    two.fill("/documents/0", "/documents/0/approve", &[]).leads();
    two.fill("/documents/0", "/documents/0/publish", &[]).leads();
    assert!(two.get("/documents/0").body.contains("It is public since"));
}

#[test]
fn a_whole_campaign_ends_in_a_published_answer_and_its_log_gives_the_same_grid_again() {
    whole(&Desk::with_workspace());
}

/// The campaign, from an empty workspace `ws` to one that was copied and restored.
pub fn whole(desk: &Desk) {
    let Sent { mut server, mut one, mut two, links, .. } = sent(Server::start(desk, "ws"));
    published(&server, &mut one, &mut two, &links[0]);
    // The same log, read again by another program, gives the same grid.
    let before = grids(&mut one);
    let text = String::from_utf8(before[0].clone()).unwrap();
    assert_eq!((text.lines().count(), text.matches(",provided,").count()), (1 + 18 * 4, 1), "{text}");
    server.kill();
    let mut server = Server::start(desk, "ws");
    assert!(grids(&mut one.moved(&server)) == before, "a restart shows another grid");
    // So does one from which everything was deleted that can be made again.
    server.kill();
    for folder in ["index", "blobs/incoming"] {
        std::fs::remove_dir_all(desk.path("ws").join(folder)).unwrap();
    }
    std::fs::remove_file(desk.path("ws/log.sqlite-shm")).unwrap();
    server = Server::start(desk, "ws");
    assert!(grids(&mut one.moved(&server)) == before, "what can be made again was needed for the grid");
    // So does a copy that was made while the program ran, after the original is gone.
    let head = desk.ws(&["store", "backup", "copy"]).succeeds().out;
    server.kill();
    std::fs::remove_dir_all(desk.path("ws")).unwrap();
    desk.run(&["store", "restore", "copy", "again"]).succeeds();
    desk.run(&["--workspace", "again", "log", "verify", "--head", head.trim()]).succeeds();
    let server = Server::start(desk, "again");
    let mut one = one.moved(&server);
    assert!(grids(&mut one) == before, "a restored copy shows another grid");
    // And the public pages say what the grid says.
    desk.run(&["--workspace", "again", "campaign", "publish", "--out", "site"]).succeeds();
    let site = crate::contents(&desk.path("site"));
    let all: String = site.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert!(all.contains("Strategic needs assessment of an invented area."));
    for hidden in ["Contact00 Invented", "unit-0.example", "/upload/", "Odile Marchmont", "odile@office.example", "strategy.csv"] {
        assert!(!all.contains(hidden), "the public pages say {hidden}");
    }
}
