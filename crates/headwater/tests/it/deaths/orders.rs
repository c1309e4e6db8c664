//! The orders of a campaign, each as somebody gives it who may find no program at the other end.

use crate::browser::{Browser, PASSWORD, Server, between, code_of, form_of};
use crate::campaign::pieces;

/// Who is in the office, and what they hold in their hands.
#[derive(Clone)]
pub struct Scene {
    /// The lead.
    pub one: Browser,
    two: Browser,
    /// The link of the first account.
    first: String,
    /// The link of an invitation.
    invitation: String,
    /// What the second person's authenticator holds.
    secret: String,
    links: Vec<String>,
}

impl Default for Scene {
    fn default() -> Self {
        let nobody = Browser { host: String::new(), cookie: String::new() };
        Self { one: nobody.clone(), two: nobody, first: String::new(), invitation: String::new(), secret: String::new(), links: Vec::new() }
    }
}

impl Scene {
    /// All go to a server that has just started.
    pub fn arrive(&mut self, server: &Server) {
        (self.one, self.two) = (self.one.moved(server), self.two.moved(server));
        self.first = server.first.as_deref().and_then(|link| link.split_once(&server.host)).map(|(_, path)| path.to_owned()).unwrap_or_default();
    }
}

/// An order.
pub struct Order {
    /// What is done.
    pub name: &'static str,
    /// Whether it is done in one piece: done or not done. Of the others each piece is.
    pub is_whole: bool,
    /// Whether it is done when it is given again after the program died over it.
    pub can_be_given_again: bool,
    /// Gives it; whether the program said that it was done.
    pub give: fn(&mut Scene) -> bool,
}

const fn whole(name: &'static str, give: fn(&mut Scene) -> bool) -> Order {
    Order { name, is_whole: true, can_be_given_again: true, give }
}

const fn in_pieces(name: &'static str, give: fn(&mut Scene) -> bool) -> Order {
    Order { name, is_whole: false, can_be_given_again: true, give }
}

const fn once(name: &'static str, give: fn(&mut Scene) -> bool) -> Order {
    Order { name, is_whole: false, can_be_given_again: false, give }
}

/// From the first account to a public answer.
pub const ORDERS: &[Order] = &[
    in_pieces("open the first account", |scene| {
        let path = scene.first.clone();
        join(&mut scene.one, &path, &[("name", "Odile Marchmont"), ("email", "odile@office.example")]).is_some()
    }),
    once("invite somebody", |scene| {
        let fields = [("name", "Tobias Quill"), ("email", "tobias@office.example"), ("role", "approver")];
        let page = scene.one.submit("/people/new", "/people/new", &fields);
        let link = between(&page.body, "<p class=\"secret\">", "</p>");
        scene.invitation = link.as_deref().and_then(|link| link.split_once(&scene.one.host)).map(|(_, path)| path.to_owned()).unwrap_or_default();
        page.status == 200 && !scene.invitation.is_empty()
    }),
    whole("take up an invitation", |scene| {
        let path = scene.invitation.clone();
        let secret = join(&mut scene.two, &path, &[]);
        scene.secret = secret.clone().unwrap_or_default();
        secret.is_some()
    }),
    whole("enter a register of bodies", |scene| press(&mut scene.one, "/bodies", "/bodies/register", &[("register", "units-2019")])),
    in_pieces("enter contacts", |scene| {
        let bodies = scene.one.get("/bodies").body;
        let names = pieces(&bodies, " scope=\"row\"><a href=\"/bodies/", "</a>");
        let contact = |(place, name): (usize, &&str)| {
            let name = name.split_once('>').map_or("", |(_, name)| name);
            format!("\"{name}\",Contact{place:02} Invented,Director,contact-{place}@unit-{place}.example,Director")
        };
        let rows: Vec<String> = names.iter().take(3).enumerate().map(contact).collect();
        press(&mut scene.one, "/bodies/contacts", "/bodies/contacts", &[("rows", &format!("body,name,role,email,salutation\n{}", rows.join("\n")))])
    }),
    whole("begin a campaign", |scene| {
        let brief = [
            ("title", "Your assessment"),
            ("purpose", "To see how areas understand violence."),
            ("plan_priority", "Prevention"),
            ("clock", "none"),
            ("items", "four"),
        ];
        press(&mut scene.one, "/campaigns/new", "/campaigns/new", &brief)
    }),
    whole("choose whom to ask", |scene| {
        let page = "/campaigns/0/recipients";
        let bodies = scene.one.get(page).body;
        let ticked: Vec<(&str, &str)> = pieces(&bodies, "name=\"body\" value=\"", "\"").into_iter().take(3).map(|body| ("body", body)).collect();
        press(&mut scene.one, page, page, &ticked)
    }),
    in_pieces("make the letters", |scene| {
        let page = "/campaigns/0/letter";
        let form = form_of(&scene.one.get(page).body, page).unwrap_or_default();
        let empty = form.iter().filter(|(name, value)| value.is_empty() && name != "rows").map(|(name, _)| name.as_str());
        let fields: Vec<(&str, &str)> = empty.map(|name| (name, if name == "evidence.units" { "18" } else { "Invented words" })).collect();
        let done = press(&mut scene.one, page, page, &fields);
        let letters = scene.one.get("/campaigns/0/letters").body;
        scene.links = pieces(&letters, "/upload/", "<").iter().filter_map(|rest| Some(format!("/upload/{}", rest.get(..40)?))).collect();
        scene.links.dedup();
        done
    }),
    whole("submit", |scene| press(&mut scene.one, "/campaigns/0/submit", "/campaigns/0/submit", &[])),
    whole("approve", |scene| press(&mut scene.two, "/campaigns/0/approve", "/campaigns/0/approve", &[])),
    whole("begin sending", |scene| press(&mut scene.one, "/campaigns/0/send", "/campaigns/0/send", &[("minutes", "0")])),
    whole("take the letters", |scene| {
        let letters = scene.one.get("/campaigns/0/letters.zip");
        letters.status == 200 && zip::ZipArchive::new(std::io::Cursor::new(letters.bytes)).is_ok()
    }),
    whole("log the letters as sent", |scene| press(&mut scene.one, "/campaigns/0/send", "/campaigns/0/out", &[])),
    once("leave files by a link", |scene| {
        let Some(link) = scene.links.first().cloned() else { return false };
        let files: [(&str, &[u8]); 3] =
            [("assessment.txt", b"An invented area.\n"), ("strategy.csv", b"year,aim\n2020,fewer\n"), ("long.txt", &[b'x'; 5_000])];
        let mut body = Browser { host: scene.one.host.clone(), cookie: String::new() };
        body.send(&link, &[("note", "Both may be published.")], &files).status == 303
    }),
    in_pieces("take in messages", |scene| {
        let page = scene.one.get("/messages/take").body;
        let hidden = |name: &str| between(&page, &format!("name=\"{name}\" value=\""), "\"").unwrap_or_default();
        let (token, seen) = (hidden("token"), hidden("seen"));
        let messages: [(&str, &[u8]); 2] = [
            ("answer.eml", include_bytes!("../../../../../fixtures/mail/answer.eml")),
            ("nodemailer.eml", include_bytes!("../../../../../fixtures/mail/nodemailer.eml")),
        ];
        scene.one.send("/messages/take", &[("token", &token), ("seen", &seen)], &messages).status == 303
    }),
    whole("place a message", |scene| {
        let messages = scene.one.get("/messages").body;
        let held = between(&messages, "<a href=\"/messages/", "\"").unwrap_or_default();
        press(&mut scene.one, &format!("/messages/{held}"), &format!("/messages/{held}/place"), &[("recipient", "1")])
    }),
    whole("describe a document", |scene| {
        press(&mut scene.one, "/documents/0", "/documents/0/describe", &[("title", "Assessment 2020"), ("kind", "needs-assessment")])
    }),
    whole("say what a document answers", |scene| {
        let page = scene.one.get("/documents/0").body;
        let ask = between(&page, "name=\"ask\" value=\"", "\"").unwrap_or_default();
        press(&mut scene.one, "/documents/0", "/documents/0/assign", &[("ask", &ask)])
    }),
    whole("say that something was provided", |scene| {
        let asks = scene.one.get("/documents/0").body;
        let ask = between(&asks, "name=\"ask\" value=\"", "\"").unwrap_or_default();
        let (recipient, item) = ask.split_once('-').unwrap_or_default();
        let page = format!("/recipients/{recipient}");
        press(&mut scene.one, &page, &format!("{page}/describe"), &[("item", item), ("status", "provided")])
    }),
    whole("log a call", |scene| {
        let (page, to) = ("/recipients/2", "/recipients/2/reply");
        let form = form_of(&scene.one.get(page).body, to).unwrap_or_default();
        let field = |name: &str| form.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let fields = ["token", "seen", "on", "recipient"].map(|name| (name, field(name)));
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.extend([("channel", "phone"), ("note", "They will send it on Friday.")]);
        scene.one.send(to, &fields, &[]).status == 303
    }),
    whole("say that it may be published", |scene| press(&mut scene.one, "/documents/0", "/documents/0/permit", &[("permission", "publish")])),
    in_pieces("propose to publish", |scene| press(&mut scene.one, "/documents/0", "/documents/0/propose", &[])),
    whole("approve a publication", |scene| press(&mut scene.two, "/documents/0", "/documents/0/approve", &[])),
    whole("publish", |scene| press(&mut scene.two, "/documents/0", "/documents/0/publish", &[])),
    whole("approve the public pages", |scene| press(&mut scene.two, "/publishing/pages", "/publishing/pages", &[])),
    whole("take the public pages", |scene| {
        let pages = scene.two.get("/publishing/pages.zip");
        pages.status == 200 && zip::ZipArchive::new(std::io::Cursor::new(pages.bytes)).is_ok()
    }),
    whole("make a link anew", |scene| {
        let page = scene.one.submit("/recipients/1", "/recipients/1/link", &[]);
        page.status == 200 && page.body.contains("/upload/")
    }),
    once("sign out", |scene| press(&mut scene.two, "/", "/sign-out", &[])),
    once("sign in", |scene| {
        scene.two.cookie = String::new();
        // Each code is good once, and the next one is taken before its time.
        let code = code_of(&scene.secret, 1);
        let fields = [("email", "tobias@office.example"), ("password", PASSWORD), ("code", &code)];
        scene.two.post("/sign-in", &fields).status == 303 && scene.two.get("/").status == 200
    }),
    whole("withdraw a publication", |scene| {
        press(&mut scene.two, "/documents/0", "/documents/0/withdraw", &[("explanation", "A figure in it is wrong.")])
    }),
    in_pieces("erase a person", |scene| {
        let people = scene.one.get("/people").body;
        let others = pieces(&people, "href=\"/people/p-", "\"");
        let erased = others.iter().map(|id| format!("/people/p-{id}/erase")).find(|path| scene.one.get(path).body.contains("Tobias Quill"));
        erased.is_some_and(|path| press(&mut scene.one, &path, &path, &[("sure", "yes")]))
    }),
];

/// Fills a form as it stands on its page, but for these fields; whether the order was taken.
fn press(browser: &mut Browser, page: &str, to: &str, fields: &[(&str, &str)]) -> bool {
    let Some(form) = form_of(&browser.get(page).body, to) else { return false };
    let mut all: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.retain(|(name, _)| !fields.iter().any(|(own, _)| own == name));
    all.extend_from_slice(fields);
    browser.post(to, &all).status == 303
}

/// Takes up an invitation; the authenticator's secret, if it was.
fn join(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Option<String> {
    let secret = between(&browser.get(path).body, "<p class=\"secret\">", "</p>")?;
    let code = code_of(&secret, 0);
    let mut all = vec![("password", PASSWORD), ("code", code.as_str())];
    all.extend_from_slice(fields);
    (browser.post(path, &all).status == 303).then_some(secret)
}
