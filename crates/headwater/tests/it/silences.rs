//! Who is called silent in the demo's office: nobody whose message lies unread, and nobody who answered anything.

use crate::Desk;
use crate::browser::{Server, between, words_of};
use crate::campaign::pieces;
use crate::office::play;

/// The campaign of the demo whose answers are late.
const GRID: &str = "/campaigns/1/grid";

#[test]
fn a_body_is_named_after_a_second_look_and_comes_off_with_any_answer() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let server = Server::start(&desk, "d/office");
    let (mut lead, mut analyst) = (play(&server, "lead"), play(&server, "analyst"));
    // Every time by which one may look finds the bodies that stand so.
    let grid = lead.get(GRID).body;
    let times = grid.split("<select id=\"standing\"").nth(1).unwrap().split("</select>").next().unwrap();
    let times = pieces(times, "<option value=\"", "\"");
    assert!(times.contains(&"clock stopped") && times.contains(&"waiting, no time limit") && times.len() == 10, "{times:?}");
    let stopped = lead.get(&format!("{GRID}?standing=clock+stopped")).body;
    assert!(!stopped.contains(">0 of ") && stopped.contains("stands still since"), "{}", words_of(&stopped));
    assert!(grid.contains("asked, no answer yet") && grid.contains("our letter came back") && !grid.contains("<td>sent<"), "{}", words_of(&grid));
    // Whose time is over waits for a second person, who sees what it was told and what stands in the way.
    let home = lead.get("/").body;
    let list = home.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.ends_with("/list")).unwrap().to_owned();
    let recipient = list.trim_end_matches("/list").to_owned();
    let before = lead.get(&list).body;
    assert!(before.contains("tell us that we are wrong") && before.contains("waits in the holding list"), "{}", words_of(&before));
    assert_eq!(analyst.submit(&recipient, &list, &[]).status, 403, "an analyst does not name bodies");
    assert_eq!(lead.submit(&recipient, &list, &[]).status, 422);
    while let Some(held) = lead
        .get("/messages")
        .body
        .split("<h2>The last that came")
        .next()
        .and_then(|page| between(page, "href=\"/messages/", "\""))
        .filter(|it| it != "take")
    {
        let message = format!("/messages/{held}");
        lead.fill(&message, &format!("{message}/set-aside"), &[("reason", "It concerns nobody here")]).leads();
    }
    lead.fill(&list, &list, &[]).leads();
    assert!(lead.get(&recipient).body.contains("It is listed as not having answered"));
    let name = between(&lead.get(&recipient).body, "<h1>", "</h1>").unwrap();
    let named = |desk: &Desk, folder: &str| {
        desk.run(&["--workspace", "d/office", "campaign", "publish", "--out", folder]).succeeds();
        let pages: String = crate::contents(&desk.path(folder)).iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
        assert!(pages.contains("We could not reach it") && pages.contains("asked, no answer yet") && !pages.contains(">sent<"));
        pages.split("Bodies that did not answer").skip(1).any(|after| after.split("</ul>").next().unwrap().contains(&name))
    };
    assert!(named(&desk, "before"), "{name} is not named");
    // A day before the letter is a slip of the pen; any answer takes the name off.
    let describe = format!("{recipient}/describe");
    let early = analyst.fill(&recipient, &describe, &[("item", "0"), ("status", "part"), ("since", "2020-01-01")]);
    assert!(early.status == 422 && early.body.contains("before our letter"), "{}", words_of(&early.body));
    analyst.fill(&recipient, &describe, &[("item", "0"), ("status", "part")]).leads();
    assert!(lead.get(&recipient).body.contains("It was listed, and taken off"));
    assert!(!named(&desk, "after"), "{name} has answered in part, and is named");
    // What it writes is read before anybody is reminded or named.
    let reply = format!("{recipient}/reply");
    analyst.fill(&recipient, &reply, &[("channel", "phone"), ("note", "They called, and ask for patience.")]).leads();
    let page = analyst.get(&recipient).body;
    assert!(page.contains("nobody has said yet what it means"), "{}", words_of(&page));
    let message = format!("/messages/{}", between(&page, "href=\"/messages/", "\"").unwrap());
    analyst.fill(&message, &format!("{message}/nothing"), &[]).leads();
    assert!(!analyst.get(&recipient).body.contains("nobody has said yet what it means"));
}
