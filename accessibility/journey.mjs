// The whole campaign in a browser, as two people with authenticators: from an empty workspace to a published answer.
//
//   node journey.mjs PROGRAM [--without-script] [--pictures FOLDER] [--site FOLDER]
//
// PROGRAM is the headwater program. It makes a workspace in a folder of its own, serves it, and is used as people use it:
// by the names of fields and buttons, never by their place. Every page that is seen is looked at by axe-core at 1280 and
// at 390 pixels; with `--without-script` scripts are off, axe-core is left out, and the journey must go the same way. `--site FOLDER` keeps the public pages that it ends with.

import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WIDTHS, askAxe, openBrowser } from "./browser.mjs";
import { sidewaysScroll } from "./look.mjs";

const [program, ...options] = process.argv.slice(2);
if (program === undefined) {
  console.error("error: no program was named\nhint: node journey.mjs PROGRAM [--without-script] [--pictures FOLDER]");
  process.exit(2);
}
const script = !options.includes("--without-script");
const pictures = options.includes("--pictures") ? options[options.indexOf("--pictures") + 1] : undefined;
if (pictures !== undefined) await mkdir(pictures, { recursive: true });

const scratch = await mkdtemp(join(tmpdir(), "headwater-journey-"));
const workspace = join(scratch, "office");
const faults = new Map();
let steps = 0;
let pages = 0;

/** Runs the program to its end; fails if it does. */
function run(...args) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (some) => (out += some));
    child.on("close", (code) => (code === 0 ? done(out) : fail(new Error(`headwater ${args.join(" ")} ended with ${code}`))));
  });
}

/** Serves the workspace; answers with its address and the link of the first account, if there is one. */
async function serve() {
  const child = spawn(program, ["--workspace", workspace, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.on("data", (some) => (serverSaid += some));
  const lines = createInterface({ input: child.stdout });
  const said = [];
  for await (const line of lines) {
    said.push(line);
    if (said.length === 2) break;
  }
  return { child, origin: said[0].replace(/\/$/, ""), link: said[1] };
}
let serverSaid = "";
const people = [];

/** The code that an authenticator with this key shows (RFC 6238), a number of steps from now. */
function code(key, ahead = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replace(/\s/g, "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Somebody at a browser of their own. */
async function person(browser) {
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 }, javaScriptEnabled: script, acceptDownloads: true });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  people.push(page);
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) fault(page, `writes to the console: ${message.text()}`);
  });
  return page;
}

function fault(page, words) {
  const path = new URL(page.url()).pathname.replace(/[0-9a-f]{40}/, "…");
  faults.set(`${path} ${words}`, true);
}

/** Looks at the page that is open: its title, its headings, what axe-core says, at both widths. */
async function look(page, name) {
  pages += 1;
  await page.waitForLoadState("load");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    // Axe waits for timers of the page, which stand still when scripts are off; the pages are the same.
    if (script) for (const words of await askAxe(page)) fault(page, `at ${width} px: ${words}`);
    for (const words of await page.evaluate(sidewaysScroll)) fault(page, `at ${width} px: ${words}`);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${String(pages).padStart(2, "0")}-${name}.${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: WIDTHS[0], height: 900 });
}

/** One step, told as it is begun, so that a failure has its place. */
async function step(words, work) {
  steps += 1;
  try {
    return await work();
  } catch (error) {
    throw new Error(`step ${steps}, ${words}: ${error.message.split("\n").slice(0, 6).join(" ")}`);
  }
}

const fill = (page, label, words) => page.getByLabel(label, { exact: true }).fill(words);
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page, name) => page.getByRole("link", { name }).first().click();
async function sees(page, words) {
  await page.getByText(words).first().waitFor();
}

async function join_(page, link, who) {
  await page.goto(link);
  await look(page, "join");
  const key = await page.locator(".secret").innerText();
  if (who.name !== undefined) {
    await fill(page, "Your name", who.name);
    await fill(page, "Your e-mail address", who.email);
  }
  // Too short first: the page must come back with what was typed, and say why.
  await fill(page, "Choose a password", "short");
  await fill(page, "The code that it shows", code(key));
  await press(page, "Open the account");
  await sees(page, "There is a problem");
  await look(page, "join-problem");
  await fill(page, "Choose a password", who.password);
  await fill(page, "The code that it shows", code(key));
  await press(page, "Open the account");
  await page.getByRole("heading", { level: 1, name: "What is waiting" }).waitFor();
  return key;
}

const lead = { name: "Odile Marchmont", email: "odile.marchmont@office.example", password: "heron saddle thirteen oboe" };
const second = { name: "Tobias Wren", email: "tobias.wren@office.example", password: "granite lantern ferry plum" };

async function journey(browser) {
  await run("new", workspace, "--area", "sussex");
  let { child, origin, link } = await serve();
  try {
    const one = await person(browser);
    const two = await person(browser);
    const body = await person(browser);
    const key = await step("the first account is opened", () => join_(one, link, lead));
    await look(one, "home-empty");

    await step("a second person is invited", async () => {
      await follow(one, "People");
      await look(one, "people");
      await follow(one, "Add a person");
      await press(one, "Add and invite");
      await sees(one, "Enter the name");
      await look(one, "people-problem");
      await fill(one, "Name", second.name);
      await fill(one, "E-mail address", second.email);
      await one.getByLabel("approver").check();
      await press(one, "Add and invite");
      await look(one, "invited");
    });
    const invitation = await one.locator(".secret").innerText();
    const keyOfSecond = await step("the second account is opened", () => join_(two, invitation, { password: second.password }));

    const names = await step("bodies come from the register", async () => {
      await follow(one, "Bodies");
      await look(one, "bodies-empty");
      await one.getByLabel("The 18 violence reduction units of 2019").check();
      await press(one, "Add those that are not there yet");
      await sees(one, "18 bodies added");
      await look(one, "bodies");
      return one.locator("tbody th").allInnerTexts();
    });
    await step("contacts come from rows", async () => {
      await follow(one, "Enter contacts from a CSV file");
      await look(one, "contacts");
      const rows = names.map((name, place) => `"${name}",Contact ${place + 1} Invented,Director,contact-${place + 1}@unit-${place + 1}.example,Director`);
      await fill(one, "Or paste the rows here", ["body,name,role,email,salutation", '"Nowhere",A,B,c@d.example,E', ...rows].join("\n"));
      await press(one, "Enter these contacts");
      await sees(one, "Row 2: there is no body called");
      await fill(one, "Or paste the rows here", ["body,name,role,email,salutation", ...rows].join("\n"));
      await press(one, "Enter these contacts");
      await sees(one, "18 contacts entered");
      await one.locator("tbody a").first().click();
      await look(one, "body");
    });

    await step("a campaign is begun", async () => {
      await follow(one, "Campaigns");
      await look(one, "campaigns-empty");
      await follow(one, "Begin a campaign");
      await look(one, "campaign-new");
      await fill(one, "Title", "Modern slavery and serious violence: your assessment, your strategy");
      await fill(one, "What it is for", "To see how areas understand the overlap of serious violence and exploitation.");
      await fill(one, "The priority of the plan that it serves", "Prevention");
      await one.getByLabel("56 days after sending").check();
      await press(one, "Begin the campaign");
      await sees(one, "The campaign is begun");
      await look(one, "campaign-draft");
    });
    const campaign = one.url();
    await step("all bodies are put on it", async () => {
      await follow(one, "Who is asked");
      for (const box of await one.locator("input[name=body]").all()) await box.check();
      await look(one, "recipients-choose");
      await press(one, "Add those that are ticked");
      await sees(one, "18 bodies added");
      await look(one, "recipients");
      await one.goto(`${campaign}/items`);
      await look(one, "items");
    });
    await step("the letter is filled and made", async () => {
      await one.goto(`${campaign}/letter`);
      await look(one, "letter");
      await press(one, "Save, and make the letters");
      await sees(one, "fields are missing in 18");
      await look(one, "letters-with-gaps");
      await one.goto(`${campaign}/letter`);
      const words = {
        "Address for replies": "violence@office.example",
        "Name of the co-ordinator": "Odile Marchmont",
        "Role of the co-ordinator": "Victims and Partnerships Lead",
        "Footnote: where the funding is announced": "Home Office, announcement of 12 August 2019: 35 million pounds for 18 areas.",
        "Footnote: where you read of the work in the areas": "Invented association of commissioners, In Focus: tackling violence, 2020.",
        "How many areas were funded, in words": "18",
        "Address of the office": "1 Invented Street, London",
        "Who signs": "Dame Invented Person",
        "Office of who signs": "Independent Anti-Slavery Commissioner",
        "First review worth reading": "A review of what works in the support of child victims (invented).",
        "Second review worth reading": "A review of county lines and exploitation (invented).",
      };
      for (const field of await one.locator("form[enctype] .field").all()) {
        const label = await field.locator("label").innerText();
        if (label === "CSV file" || label === "The rows") continue;
        await field.locator("input, textarea").fill(words[label] ?? `Invented words for ${label.toLowerCase()}`);
      }
      const rows = names.map((name, place) => `"${name}","Your work on knife crime in district ${place + 1} was named to me as good practice.",${place + 1} Invented Street`);
      await fill(one, "The rows", ["body,local.paragraph,contact.address", ...rows].join("\n"));
      await press(one, "Save, and make the letters");
      await sees(one, "18 letters made; nothing is missing");
      await look(one, "letters");
    });
    await step("the words of the letter are looked at, and one letter whole", async () => {
      await one.goto(`${campaign}/letter/words`);
      await look(one, "letter-words");
      await one.goto(`${campaign}/letters`);
      await one.locator("main h3 a").first().click();
      await look(one, "letter-one");
      await follow(one, "The next letter");
      await sees(one, "Letter 2 of 18");
      await one.goto(`${campaign}/letters`);
    });
    const upload = await step("each letter has its own links", async () => {
      const links = [...new Set((await one.locator("main").innerText()).match(/https?:\S+\/upload\/[0-9a-f]{40}/g))];
      if (links.length !== 18) throw new Error(`${links.length} different upload links in 18 letters`);
      return links[0];
    });
    await step("it is put up for review", async () => {
      await one.goto(`${campaign}/submit`);
      await look(one, "submit");
      await press(one, "Put up for review");
      await sees(one, "The campaign is up for review");
      await one.goto(`${campaign}/approve`);
      await sees(one, "Somebody else has to approve it");
    });
    await step("the second person approves", async () => {
      await two.goto(origin);
      await look(two, "home-waiting");
      await follow(two, /Look at the letters/);
      await look(two, "approve");
      await press(two, "Approve 18 letters");
      await sees(two, "The letters are approved");
    });
    await step("the letters are sent by hand", async () => {
      await one.goto(`${campaign}/send`);
      await one.getByLabel("None: the letters may leave at once").check();
      await look(one, "send");
      await press(one, "Send to 18 bodies");
      await sees(one, "0 of 18 letters are out");
      await look(one, "sending");
      const waiting = one.waitForEvent("download");
      await follow(one, "Take the letters");
      await (await waiting).saveAs(join(pictures ?? scratch, "letters.zip"));
      await press(one, "Log these letters as sent");
      await sees(one, "18 letters are logged as sent");
      await look(one, "campaign-open");
      await follow(one, "Open the grid");
      await sees(one, "18 of 18 bodies");
      await look(one, "grid");
    });
    await step("a body leaves its files", async () => {
      await writeFile(join(scratch, "assessment.txt"), "Strategic needs assessment of an invented area.\n");
      await writeFile(join(scratch, "strategy.csv"), "year,aim\n2020,fewer\n");
      await body.goto(upload);
      await look(body, "upload");
      await press(body, "Leave these files");
      await sees(body, "Choose at least one file");
      await look(body, "upload-problem");
      await body.getByLabel("Files", { exact: true }).setInputFiles([join(scratch, "assessment.txt"), join(scratch, "strategy.csv")]);
      await fill(body, "Anything you want to say with them", "Both may be published as they are.");
      await press(body, "Leave these files");
      await body.getByRole("heading", { level: 1, name: "Your files arrived" }).waitFor();
      await look(body, "upload-done");
      await body.getByRole("group", { name: "What does “assessment.txt” answer?" }).getByRole("checkbox").first().check();
      await body.getByRole("group", { name: "May “assessment.txt” be published?" }).getByLabel("It may be published as it is").check();
      await press(body, "Tell us");
      await sees(body, "What you told us");
      await look(body, "upload-told");
      await one.goto(`${origin}/messages`);
      await one.getByRole("listitem").filter({ hasText: "the upload link" }).getByRole("link").first().click();
      await sees(one, "What they say");
      await look(one, "what-they-say");
    });
    const document = await step("what came is described and said to answer", async () => {
      await one.goto(origin);
      await look(one, "home-after-upload");
      await follow(one, "Documents");
      await look(one, "documents");
      await follow(one, "assessment.txt");
      await look(one, "document");
      const at = one.url();
      await fill(one, "Title", "Strategic needs assessment 2020");
      await one.getByLabel("Kind", { exact: true }).selectOption("needs-assessment");
      await press(one, "Save what it is");
      await sees(one, "Saved");
      await one.getByRole("checkbox", { name: /Strategic needs assessment/ }).first().check();
      await press(one, "Save what it answers");
      await sees(one, "Say at each body how its asks now stand");
      await one.getByLabel("It may be published as it is").check();
      await press(one, "Save what the body says");
      await press(one, "Propose this file for publication as it is");
      await sees(one, "Somebody else has to approve it");
      await look(one, "document-proposed");
      return at;
    });
    await step("the asks are said to stand so", async () => {
      await one.locator("dd a[href^='/recipients/']").first().click();
      await look(one, "recipient");
      await one.getByText("Say how an ask stands").click();
      await one.locator("input[name=item]").first().check();
      await one.getByLabel("Provided", { exact: true }).check();
      await press(one, "Say that it stands so");
      await sees(one, "Saved");
      await one.getByText("Say how an ask stands").click();
      await one.locator("input[name=item]").nth(1).check();
      await one.getByLabel("Promised for a day").check();
      await press(one, "Say that it stands so");
      await sees(one, "Enter the day it is promised for");
      await look(one, "recipient-problem");
      const inTwoMonths = new Date(Date.now() + 60 * 86_400_000);
      await fill(one, "Promised for", inTwoMonths.toISOString().slice(0, 10));
      await press(one, "Say that it stands so");
      await sees(one, `promised for ${inTwoMonths.getUTCDate()} ${inTwoMonths.toLocaleString("en-GB", { month: "long", timeZone: "UTC" })}`);
      await look(one, "recipient-answered");
    });
    await step("the second person approves and publishes", async () => {
      await two.goto(document);
      await press(two, "Approve it for publication");
      await press(two, "Publish it today");
      await sees(two, "It is public since");
      await look(two, "document-public");
    });
    await step("a mistake is found, and the file is corrected with a notice", async () => {
      await one.goto(document);
      await one.getByText("Correct it", { exact: true }).click();
      await press(one, "Propose the corrected file");
      await sees(one, "Choose the corrected file");
      await look(one, "correction-problem");
      await writeFile(join(scratch, "assessment.txt"), "Strategic needs assessment of an invented area. Table 2 is corrected.\n");
      await one.getByLabel("The corrected file", { exact: true }).setInputFiles(join(scratch, "assessment.txt"));
      await press(one, "Propose the corrected file");
      await sees(one, "You proposed it. Somebody else has to approve it.");
      await look(one, "correction-proposed");
      await two.goto(document);
      await press(two, "Approve the corrected file");
      await fill(two, "What was wrong", "Table 2 counted one town twice.");
      await press(two, "Put the corrected file in its place");
      await sees(two, "What the public could read");
      await look(two, "document-corrected");
    });
    await step("an uncertain message is held and placed", async () => {
      await follow(one, "Messages");
      await look(one, "messages");
      await one.getByText("Log something that came").click();
      await fill(one, "What it says", "We have no such document.");
      await press(one, "Log it in the holding list");
      await sees(one, "held until somebody says whom it is from");
      await one.getByText("What came by e-mail").first().click();
      await look(one, "message-held");
      await one.locator("input[name=recipient]").nth(2).check();
      await press(one, "Place it there");
      await sees(one, "It is placed");
    });
    await step("the public pages hold the answer and nobody's secrets", async () => {
      await follow(two, "Publishing");
      await look(two, "publishing");
      await follow(two, "Look at the public pages, approve and take them");
      await look(two, "public-pages");
      await press(two, "Approve the public pages as they stand");
      await sees(two, "They are approved as they stand.");
      const waiting = two.waitForEvent("download");
      await follow(two, "Take the public pages");
      await waiting;
    });
    await step("a file is sent back before it is public, and the pages are looked at first", async () => {
      await one.goto(origin);
      await follow(one, "Documents");
      await follow(one, "strategy.csv");
      await one.getByLabel("It may be published as it is").check();
      await press(one, "Save what the body says");
      await press(one, "Propose this file for publication as it is");
      const other = one.url();
      await two.goto(other);
      await follow(two, "Look at the public pages with it");
      await two.getByRole("heading", { level: 1 }).waitFor();
      await two.goto(other);
      await two.getByText("Send it back", { exact: true }).first().click();
      await press(two, "Send it back");
      await look(two, "sent-back-problem");
      await fill(two, "Why", "Column 2 counts one town twice.");
      await press(two, "Send it back");
      await sees(two, "What was proposed was sent back");
      await look(two, "sent-back");
    });
    await step("what nobody should read is held, and destroyed wherever it lies", async () => {
      await one.reload();
      await one.getByText("It names a patient, a case or a person: hold it").click();
      await press(one, "Hold it");
      await sees(one, "Choose what you found");
      await look(one, "hold-problem");
      await one.getByLabel(/^Information about a patient/).check();
      await press(one, "Hold it");
      await sees(one, "Nobody can open the file while it is held.");
      await two.goto(one.url());
      await look(two, "document-found-by-reading");
      await two.getByText("Send it back and destroy it here").click();
      await fill(two, "Why", "It names a patient.");
      await press(two, "It was sent back: destroy it here");
      await sees(two, "says what went with it");
      await look(two, "document-destroyed");
    });
    await step("mail is dropped, and waits for somebody to say whom it is from", async () => {
      await follow(one, "Messages");
      await follow(one, "Take in messages and files");
      await look(one, "take-in");
      const mail = ["From: Invented Person <reply@unit-5.example>", "To: office@office.example", "Subject: Our answer", "Message-ID: <1@unit-5.example>", "Date: Mon, 2 Nov 2020 10:00:00 +0000", 'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "", "Our strategy is attached.", "--b", "Content-Type: text/csv", 'Content-Disposition: attachment; filename="strategy-2020.csv"', "", "aim,year", "fewer,2021", "--b--", ""].join("\r\n");
      await writeFile(join(scratch, "answer.eml"), mail);
      await one.getByLabel("Files", { exact: true }).setInputFiles(join(scratch, "answer.eml"));
      await press(one, "Take these in");
      await sees(one, "1 thing held until somebody says whom it is from");
      await one.getByText("What came by e-mail").first().click();
      await sees(one, "Our strategy is attached.");
      await sees(one, "strategy-2020.csv");
      // Nobody vouched for its sender: that is said first, and a person decides.
      await sees(one, "Whom it may be from");
      await sees(one, "Nobody has vouched for its sender.");
      await look(one, "mail-held");
      await one.getByRole("button", { name: /^Place it there ?:/ }).first().click();
      await sees(one, "It is placed");
      await follow(one, "Messages");
      await follow(one, "Take in messages and files");
      await one.getByLabel("Files", { exact: true }).setInputFiles(join(scratch, "answer.eml"));
      await press(one, "Take these in");
      await sees(one, "taken in before");
    });
    await step("a recommendation is entered and answered", async () => {
      await follow(one, "Recommendations");
      await look(one, "recommendations");
      await follow(one, "Enter a recommendation");
      for (const [label, words] of [["Report it stands in", "Report of 2020"], ["Day the report was published", "2020-10-13"], ["Its number there", "1"], ["What it says in short", "Screen every child"], ["Its full text", "Every unit should screen."], ["The priority of the plan that it serves", "Prevention"]]) await fill(one, label, words);
      await press(one, "Enter the recommendation");
      await look(one, "recommendation");
      await one.getByText("Ask bodies for an answer").click();
      await one.locator("input[name=body]").first().check();
      await press(one, "Ask those that are ticked");
      await sees(one, "1 body is asked");
      await look(one, "recommendation-laid");
    });
    await step("reminders, audit, and the grid once more", async () => {
      for (const room of ["Reminders", "Audit"]) {
        await follow(one, room);
        await look(one, room.toLowerCase());
      }
      await one.goto(`${campaign}/grid?status=provided`);
      await sees(one, "1 of 18 bodies");
      await look(one, "grid-filtered");
    });
    await step("what is not there, and what is not allowed, is said", async () => {
      await one.goto(`${origin}/campaigns/999`);
      await look(one, "not-found");
      await two.goto(`${origin}/people/new`);
      await sees(two, "You do not have permission");
      await look(two, "not-permitted");
    });
    await step("what one signs in with is changed", async () => {
      await follow(two, second.name);
      await sees(two, "This one");
      await look(two, "account");
      await follow(two, "Change your password");
      await fill(two, "Your password until now", "not this one, surely");
      await fill(two, "A new password", "short");
      await press(two, "Change the password");
      await sees(two, "This is not your password");
      await look(two, "account-password-problem");
      await fill(two, "Your password until now", second.password);
      await fill(two, "A new password", "walnut ferry ninety cello");
      await press(two, "Change the password");
      await sees(two, "Your password is changed");
      await follow(two, "Use another authenticator");
      await look(two, "account-authenticator");
      await fill(two, "Your password", "walnut ferry ninety cello");
      await fill(two, "Code of your authenticator until now", code(keyOfSecond, 1));
      await press(two, "Go on");
      await look(two, "account-authenticator-new");
      await fill(two, "The code that the new one shows", code(await two.locator(".secret").innerText()));
      await press(two, "Use this authenticator");
      await sees(two, "Your new authenticator is in use");
    });
    await step("a lead resets somebody's access", async () => {
      await follow(one, "People");
      await follow(one, second.name);
      await sees(one, "1 session is open");
      await look(one, "person");
      await follow(one, "Reset their access");
      await look(one, "person-reset");
      await press(one, `Reset the access of ${second.name}`);
      await look(one, "person-reset-link");
      await two.goto(origin);
      await two.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    });
    await step("a person is erased, and the log is whole", async () => {
      await follow(one, "People");
      await follow(one, second.name);
      await follow(one, "Erase who this is");
      await look(one, "erase");
      await press(one, `Erase ${second.name}`);
      await sees(one, "The person is erased");
      await two.goto(origin);
      await two.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
      await look(two, "sign-in");
    });
    await step("one signs out and in again", async () => {
      await press(one, "Sign out");
      await fill(one, "E-mail address", lead.email);
      await fill(one, "Password", lead.password);
      await fill(one, "Code of your authenticator", "000000");
      await press(one, "Sign in");
      await sees(one, "is not right");
      await look(one, "sign-in-problem");
      await fill(one, "Password", lead.password);
      // The code of this half minute was used when the account was opened: the next one is good already.
      await fill(one, "Code of your authenticator", code(key, 1));
      await press(one, "Sign in");
      await one.getByRole("heading", { level: 1, name: "What is waiting" }).waitFor();
    });
  } finally {
    child.kill("SIGINT");
    await new Promise((done) => child.on("close", done));
  }
  await run("--workspace", workspace, "log", "verify");
  await step("the published page is there for everybody", async () => {
    const site = options.includes("--site") ? options[options.indexOf("--site") + 1] : join(scratch, "site");
    await run("--workspace", workspace, "campaign", "publish", "--out", site);
    const paths = await readdir(site, { recursive: true });
    const pages = paths.filter((path) => path.endsWith(".html"));
    const texts = await Promise.all(pages.map((path) => readFile(join(site, path), "utf8")));
    const answer = paths.find((path) => /strategic-needs-assessment-2020-\d+\.txt$/.test(path));
    if (answer === undefined) throw new Error("the published document is not among the files");
    if (!(await readFile(join(site, answer), "utf8")).startsWith("Strategic needs assessment of an invented area.")) throw new Error("it is not the document that was sent");
    if (!texts.some((text) => text.includes("strategic-needs-assessment-2020"))) throw new Error("no page leads to the published document");
    for (const secret of ["Contact 1 Invented", "unit-1.example", "/upload/", second.name, lead.email, "violence@office.example", "strategy.csv"]) {
      const at = pages.find((_, place) => texts[place].includes(secret));
      if (at !== undefined) throw new Error(`${at} says '${secret}', which is not public`);
    }
  });
}

const browser = await openBrowser();
const began = Date.now();
let failed;
try {
  await journey(browser);
} catch (error) {
  failed = error.message;
  for (const [place, page] of people.entries()) {
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `failed-${place + 1}.png`), fullPage: true });
  }
}
await browser.close();
await rm(scratch, { recursive: true, force: true });
for (const words of faults.keys()) console.log(`fault ${words}`);
if (failed !== undefined) {
  console.error(`error: ${failed}`);
  if (serverSaid !== "") console.error(`the server said:\n${serverSaid}`);
}
console.log(`${steps} steps, ${pages} pages looked at, ${faults.size} faults (${script ? "with" : "without"} script, ${((Date.now() - began) / 1000).toFixed(0)} s)`);
process.exit(failed === undefined && faults.size === 0 ? 0 : 1);
