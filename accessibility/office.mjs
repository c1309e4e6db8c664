// Every page of the demo's office, as its invented people see them: opened by GET, link by link, until nothing is new.
//
//   node office.mjs PROGRAM WORKSPACE [--pictures FOLDER]
//
// PROGRAM is the headwater program, WORKSPACE the folder `office` that `headwater demo` made. The lead goes first, and every
// page is looked at by axe-core at 1280 and at 390 pixels; then the read-only person goes the same way with scripts off, and
// every page must say the same words with scripts as without. The upload links in the letters are opened as a body opens them.

import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WIDTHS, askAxe, openBrowser } from "./browser.mjs";
import { sidewaysScroll } from "./look.mjs";

const [program, workspace, ...options] = process.argv.slice(2);
if (workspace === undefined) {
  console.error("error: no program or no workspace was named\nhint: node office.mjs PROGRAM WORKSPACE [--pictures FOLDER]");
  process.exit(2);
}
const pictures = options.includes("--pictures") ? options[options.indexOf("--pictures") + 1] : undefined;
if (pictures !== undefined) await mkdir(pictures, { recursive: true });

const faults = new Set();
/** Tells of a fault, once. */
function fault(path, words) {
  const line = `${path} ${words}`;
  if (!faults.has(line)) console.log(`fault ${line}`);
  faults.add(line);
}

/** Serves the workspace; answers with the address once it can be reached. */
async function serve() {
  const child = spawn(program, ["--workspace", workspace, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) return { child, origin: line.trim().replace(/\/$/, "") };
  throw new Error("the program ended before it served");
}

/** Somebody at a browser of their own, signed in as the invented person of a role. */
async function play(browser, origin, role, script) {
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 }, javaScriptEnabled: script });
  const page = await context.newPage();
  page.on("console", (message) => {
    // That a file could not be loaded is told by its status, where it is ours.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) fault(new URL(page.url()).pathname, `writes to the console: ${message.text()}`);
  });
  await page.goto(`${origin}/sign-in`);
  if (script) await look(page, "/sign-in");
  await page.getByRole("button", { name: new RegExp(`, ${role}$`) }).click();
  await page.getByRole("heading", { level: 1, name: "What is waiting" }).waitFor();
  return { context, page };
}

/** Opens what is folded, and tells of controls that share an id: a label then names the wrong one, and axe says nothing. */
function unfold() {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))].map((id) => `has several things of the id ${id}`);
}

/** Looks at the page that is open, at both widths. */
async function look(page, path) {
  for (const words of await page.evaluate(unfold)) fault(path, words);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const words of await askAxe(page)) fault(path, `at ${width} px: ${words}`);
    for (const words of await page.evaluate(sidewaysScroll)) fault(path, `at ${width} px: ${words}`);
    if (pictures !== undefined) {
      const name = path === "/" ? "home" : path.slice(1).replace(/[^a-z0-9-]+/gi, "_").slice(0, 80);
      await page.screenshot({ path: join(pictures, `${name}.${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: WIDTHS[0], height: 900 });
}

/** Links of the page that is open to other pages and files of the office. */
function linksOf(page, origin) {
  return page.evaluate((origin) => {
    const all = [...document.querySelectorAll("a[href]")].map((link) => new URL(link.href));
    return all.filter((link) => link.origin === origin).map((link) => link.pathname + link.search);
  }, origin);
}

/** Goes to every page that can be reached by links; answers with what each says. */
async function crawl({ context, page }, origin, script) {
  const words = new Map();
  const found = new Set(["/"]);
  let files = 0;
  for (const path of found) {
    // A Set gives what is added meanwhile, too. Files come without a page: asked for beside it, with the same cookie.
    const whole = await context.request.get(origin + path);
    if (whole.headers()["content-disposition"]?.startsWith("attachment") || path.endsWith(".css")) {
      if (whole.status() !== 200) fault(path, `answers ${whole.status()}`);
      files += 1;
      continue;
    }
    if (whole.headers()["content-security-policy"]?.includes("sandbox")) {
      // A page that may run nothing lets no axe run either: what it says is looked at in a page of ours.
      const alone = await context.newPage();
      await alone.setContent(await whole.text());
      if ((await alone.locator("h1").count()) !== 1) fault(path, "has not one first heading");
      words.set(path, (await alone.locator("main").innerText()).replace(/\s+/g, " "));
      if (script) await look(alone, path);
      await alone.close();
      continue;
    }
    const answer = await page.goto(origin + path);
    if (answer.status() !== 200) {
      fault(path, `answers ${answer.status()}`);
      continue;
    }
    if ((await page.locator("h1").count()) !== 1) fault(path, "has not one first heading");
    words.set(path, (await page.locator("main").innerText()).replace(/\s+/g, " "));
    // One page of the audit looks like the next, and there are as many as people; so do the themes of an area. The public pages
    // are seen once as they are now, and again only by their words in the preview of each document.
    const isSeen = path.startsWith("/audit?") || (path.includes("theme=") && !path.endsWith("theme=0")) || /^\/publishing\/preview\/\d/.test(path);
    if (script && !isSeen) await look(page, path);
    for (const link of await linksOf(page, origin)) found.add(link);
  }
  return { words, files };
}

/** The upload links in the letters of this year's round, opened by somebody without an account. */
async function openUploads(browser, origin, letters) {
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 } });
  const page = await context.newPage();
  const seen = { open: 0, used: 0, ended: 0 };
  for (const path of new Set(letters.match(/\/upload\/[0-9a-f]{40}/g))) {
    await page.goto(origin + path);
    const heading = await page.locator("h1").innerText();
    const kind = heading.startsWith("Leave files") ? "open" : heading === "Your files arrived" ? "used" : "ended";
    if (seen[kind] === 0) await look(page, `/upload/${kind}`);
    seen[kind] += 1;
  }
  for (const [kind, n] of Object.entries(seen)) if (n === 0) fault("/upload/…", `is ${kind} for no body: the demo has lost an edge`);
  return seen;
}

const began = Date.now();
const { child, origin } = await serve();
const browser = await openBrowser();
let failed;
let summary = "";
try {
  const lead = await play(browser, origin, "lead", true);
  const seen = await crawl(lead, origin, true);
  const uploads = await openUploads(browser, origin, seen.words.get("/campaigns/1/letters") ?? "");
  const without = await crawl(await play(browser, origin, "read-only", false), origin, false);
  const again = await crawl(await play(browser, origin, "read-only", true), origin, false);
  // The audit grows with each page that is opened, and one's account lists the sessions that are open.
  const isAlike = (path) => !path.startsWith("/audit") && path !== "/account";
  for (const [path, words] of without.words) if (isAlike(path) && words !== again.words.get(path)) fault(path, "says something else without script");
  for (const path of without.words.keys()) if (!path.startsWith("/audit") && !again.words.has(path)) fault(path, "is there only without script");
  summary = `${seen.words.size} pages and ${seen.files} files as the lead, ${without.words.size} pages and ${without.files} files as the read-only person, ${uploads.open} open, ${uploads.used} used and ${uploads.ended} ended upload links`;
  if (seen.words.size < 100) fault("/", `leads to ${seen.words.size} pages only`);
} catch (error) {
  failed = error.message;
}
await browser.close();
child.kill("SIGINT");
await new Promise((done) => child.on("close", done));
if (failed !== undefined) console.error(`error: ${failed}`);
console.log(`${summary}: ${faults.size} faults (${((Date.now() - began) / 1000).toFixed(0)} s)`);
process.exit(failed === undefined && faults.size === 0 ? 0 : 1);
