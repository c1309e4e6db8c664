//! A browser without its window: the server as a child, forms filled as they stand on their pages, authenticators.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use totp_rs::{Builder, Secret};

use crate::Desk;

/// A running server.
pub struct Server {
    /// The program.
    pub child: Child,
    /// Where it listens.
    pub host: String,
    /// The link of the first account, if there was none yet.
    pub first: Option<String>,
    /// What it said on its standard error since it serves.
    pub said: Arc<Mutex<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Serves a workspace of the desk.
    pub fn start(desk: &Desk, ws: &str) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_headwater")), desk, ws, &["--port", "0"])
    }

    /// Serves a workspace by a command that ends in the program, with more options.
    pub fn start_by(mut command: Command, desk: &Desk, ws: &str, options: &[&str]) -> Self {
        command.arg("--workspace").arg(desk.path(ws)).arg("serve").args(options);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The address and the first account's link come before the word that it serves.
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let serving = said.by_ref().any(|line| line.unwrap().starts_with("Serving"));
        assert!(serving, "the server did not start");
        let heard = Arc::new(Mutex::new(String::new()));
        let hearing = Arc::clone(&heard);
        std::thread::spawn(move || {
            for line in said.map_while(Result::ok) {
                *hearing.lock().unwrap() += &format!("{line}\n");
            }
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            lines.push(line.trim().to_owned());
            // What is there has all come at once.
            if out.buffer().is_empty() {
                break;
            }
        }
        let host = lines[0].split_once("://").unwrap().1.trim_end_matches('/').to_owned();
        Self { child, host, first: lines.get(1).cloned(), said: heard }
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What came back.
pub struct Page {
    /// The status; 0 if nothing answered.
    pub status: u16,
    /// The headers, in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body as text.
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Page {
    fn read(answer: &[u8]) -> Self {
        let head_ends = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
        let head = String::from_utf8_lossy(&answer[..head_ends]).into_owned();
        let bytes = answer.get(head_ends + 4..).unwrap_or_default().to_vec();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok()).unwrap_or(0);
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Self { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Where it leads, after an order that was carried out.
    #[track_caller]
    pub fn leads(&self) -> String {
        assert_eq!(self.status, 303, "{}", words_of(&self.body));
        self.headers["location"].clone()
    }
}

/// A page without its marks, cut to what a failure needs to say.
pub fn words_of(page: &str) -> String {
    let mut inside = false;
    let main = page.split_once("<main").map_or(page, |(_, main)| main);
    let mut plain = String::new();
    for letter in main.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                plain.push(' ');
            }
            _ if inside => {}
            letter => plain.push(letter),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(1_500).collect()
}

/// Somebody at a browser.
#[derive(Clone)]
pub struct Browser {
    /// The server they talk to.
    pub host: String,
    /// The cookie of their session; empty without one.
    pub cookie: String,
}

impl Browser {
    /// A browser without a session.
    pub fn at(server: &Server) -> Self {
        Self { host: server.host.clone(), cookie: String::new() }
    }

    /// The same person at another server, or at one that was started again.
    pub fn moved(&self, server: &Server) -> Self {
        Self { host: server.host.clone(), cookie: self.cookie.clone() }
    }

    /// Sends a request and keeps the cookie that comes back.
    pub fn ask(&mut self, method: &str, path: &str, extra: &[(&str, &str)], body: &[u8]) -> Page {
        // A server that was killed answers nothing.
        let Ok(mut stream) = TcpStream::connect(&self.host) else { return Page::read(b"") };
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !extra.iter().any(|(name, _)| *name == "Host") {
            request += &format!("Host: {}\r\n", self.host);
        }
        if !self.cookie.is_empty() {
            request += &format!("Cookie: {}\r\n", self.cookie);
        }
        for (name, value) in extra {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        let _ = stream.write_all(request.as_bytes());
        // The server may answer before it has read all, and close.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let page = Page::read(&answer);
        if let Some(cookie) = page.headers.get("set-cookie") {
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        page
    }

    /// A page.
    pub fn get(&mut self, path: &str) -> Page {
        self.ask("GET", path, &[], b"")
    }

    /// Sends fields.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask("POST", path, &[("Content-Type", "application/x-www-form-urlencoded")], body.as_bytes())
    }

    /// Sends files with fields.
    pub fn send(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(format!("--of-the-tests\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
        }
        for (name, bytes) in files {
            let head =
                format!("--of-the-tests\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--of-the-tests--\r\n");
        self.ask("POST", path, &[("Content-Type", "multipart/form-data; boundary=of-the-tests")], &body)
    }

    /// Sends the form of a page, with its hidden fields.
    pub fn submit(&mut self, page: &str, to: &str, fields: &[(&str, &str)]) -> Page {
        let shown = self.get(page).body;
        let hidden = |name: &str| between(&shown, &format!("name=\"{name}\" value=\""), "\"").unwrap_or_default();
        let (token, seen) = (hidden("token"), hidden("seen"));
        let mut all = vec![("token", token.as_str()), ("seen", seen.as_str())];
        all.extend_from_slice(fields);
        self.post(to, &all)
    }

    /// Fills the form of a page that goes to `to` as a browser would: what stands in it is sent, but for the fields named here.
    #[track_caller]
    pub fn fill(&mut self, page: &str, to: &str, fields: &[(&str, &str)]) -> Page {
        let shown = self.get(page);
        let standing = form_of(&shown.body, to).unwrap_or_else(|| panic!("no form for {to} on {page}: {}", words_of(&shown.body)));
        let mut all: Vec<(&str, &str)> = standing.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.retain(|(name, _)| !fields.iter().any(|(own, _)| own == name));
        all.extend_from_slice(fields);
        self.post(to, &all)
    }
}

/// The fields of a form as they stand on a page, in the order of its marks.
pub fn form_of(page: &str, to: &str) -> Option<Vec<(String, String)>> {
    let action = format!("action=\"{to}\"");
    let form = page.split("<form").skip(1).find(|form| form.split_once('>').is_some_and(|(head, _)| head.contains(&action)))?;
    let form = form.split("</form>").next()?;
    let mut out = Vec::new();
    for (at, _) in form.match_indices('<') {
        let tag = &form[at..at + form[at..].find('>')?];
        let attribute = |name: &str| between(tag, &format!(" {name}=\""), "\"").map(|value| plain(&value));
        let Some(name) = attribute("name") else { continue };
        let rest = &form[at + tag.len() + 1..];
        if tag.starts_with("<input") {
            let (kind, is_ticked) = (attribute("type").unwrap_or_default(), tag.ends_with(" checked"));
            if kind != "file" && (is_ticked || !["radio", "checkbox"].contains(&kind.as_str())) {
                out.push((name, attribute("value").unwrap_or_default()));
            }
        } else if tag.starts_with("<textarea") {
            out.push((name, plain(rest.split("</textarea>").next()?)));
        } else if tag.starts_with("<select") {
            let options = rest.split("</select>").next()?;
            let tags: Vec<&str> = options.split("<option").skip(1).filter_map(|option| option.split('>').next()).collect();
            let chosen = tags.iter().find(|tag| tag.ends_with(" selected")).or(tags.first());
            out.extend(chosen.and_then(|tag| between(tag, "value=\"", "\"")).map(|value| (name, plain(&value))));
        }
    }
    Some(out)
}

/// Text of a page as it was before it was made safe for the page.
pub fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Asks again and again until something is so; panics with the words after a minute.
#[track_caller]
pub fn until(words: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "after a minute still not: {words}");
        std::thread::sleep(Duration::from_millis(20));
    }
    began.elapsed()
}

/// What stands between two texts.
pub fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let begin = text.find(before)? + before.len();
    Some(text[begin..begin + text[begin..].find(after)?].to_owned())
}

/// The code that an authenticator shows so many steps from now.
pub fn code_of(secret: &str, steps: u64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Builder::new().with_secret(secret).build().unwrap().generate(seconds + 30 * steps).to_string()
}

/// Everybody's password.
pub const PASSWORD: &str = "heron saddle thirteen oboe";

/// Takes up an invitation; gives the authenticator's secret.
pub fn join(browser: &mut Browser, link: &str, fields: &[(&str, &str)]) -> String {
    let path = link.split_once(&browser.host).unwrap().1;
    let page = browser.get(path).body;
    let secret = between(&page, "<p class=\"secret\">", "</p>").unwrap();
    let code = code_of(&secret, 0);
    let mut all = vec![("password", PASSWORD), ("code", code.as_str())];
    all.extend_from_slice(fields);
    let done = browser.post(path, &all);
    assert_eq!((done.status, done.headers.get("location").map(String::as_str)), (303, Some("/")), "{}", done.body);
    secret
}

/// Opens the first account.
pub fn lead(server: &Server) -> (Browser, String) {
    let mut browser = Browser::at(server);
    let secret = join(&mut browser, server.first.as_deref().unwrap(), &[("name", "Odile Marchmont"), ("email", "odile@office.example")]);
    (browser, secret)
}

/// Invites somebody, who takes it up.
pub fn invite(by: &mut Browser, email: &str, role: &str) -> Browser {
    let page = by.submit("/people/new", "/people/new", &[("name", "Invented Person"), ("email", email), ("role", role)]);
    let link = between(&page.body, "<p class=\"secret\">", "</p>").unwrap();
    let mut browser = Browser { host: by.host.clone(), cookie: String::new() };
    join(&mut browser, &link, &[]);
    browser
}
