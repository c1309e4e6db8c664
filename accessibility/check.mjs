// Looks at every page of a built site as its readers do, and says in a sentence what is wrong.
//
//   node check.mjs SITE [--pictures FOLDER] [--only PART]
//
// SITE is the folder that `headwater publish` or `headwater demo` wrote. It is served on loopback and each HTML page is
// opened with Debian's Chromium at 1280 and at 390 pixels: axe-core (WCAG 2.0 to 2.2, A and AA, and its advice on
// headings and landmarks), errors in the console, requests that leave the site, sideways scrolling, text in charts that
// is cut off, overprinted or too small, links that lead nowhere; then once more with scripts off, when all of it must
// still be there. One line per page, one sentence per fault, and exit code 1 if there is any.
//
// `--pictures FOLDER` keeps a picture of each page at both widths, to be looked at by a person: no check replaces that.
// `--only PART` visits only pages whose address contains PART. On search.html something is looked for, by keyboard.

import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { WIDTHS, askAxe, openBrowser } from "./browser.mjs";
import { trySearch } from "./search.mjs";
import { serve } from "./serve.mjs";
import { cutOrCrowdedText, sidewaysScroll, whatIsThere } from "./look.mjs";

const PAGES_AT_ONCE = 2;
// A page that needs longer than this on a slow machine is itself a fault.
const PATIENCE_MS = 60_000;

function usage(message) {
  console.error(`error: ${message}\nhint: node check.mjs SITE [--pictures FOLDER] [--only PART]`);
  process.exit(2);
}

function readArguments(given) {
  const wanted = { site: undefined, pictures: undefined, only: "" };
  for (let i = 0; i < given.length; i += 1) {
    if (given[i] === "--pictures" || given[i] === "--only") {
      const name = given[i].slice(2);
      i += 1;
      if (given[i] === undefined) usage(`--${name} needs a value`);
      wanted[name] = given[i];
    } else if (given[i].startsWith("-") || wanted.site !== undefined) {
      usage(`'${given[i]}' is not understood`);
    } else {
      wanted.site = resolve(given[i]);
    }
  }
  if (wanted.site === undefined) usage("no site folder was named");
  return wanted;
}

/** All HTML pages below a folder, as paths relative to it, sorted. */
async function pagesBelow(folder, prefix = "") {
  const found = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await pagesBelow(folder, path)));
    else if (entry.name.endsWith(".html")) found.push(path);
  }
  return found.sort();
}

/** A window of one width, with or without scripts, that notes everything that goes wrong while a page is open in it. */
async function openWindow(browser, origin, width, script) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: script });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const seen = { faults: new Set() };
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(`${origin}/`) && !address.startsWith("data:")) {
      seen.faults.add(`asks another machine for ${address}; a page must hold all it needs`);
    }
  });
  page.on("console", (message) => {
    // A file that did not come is said below, in words.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      seen.faults.add(`writes an error to the console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => seen.faults.add(`its script fails: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) seen.faults.add(`asks for ${new URL(response.url()).pathname}, which is not in the site`);
  });
  /** Goes to a page; answers with the set in which its faults are gathered. */
  async function go(path) {
    seen.faults = new Set();
    await page.goto(`${origin}/${path.split("/").map(encodeURIComponent).join("/")}`, { waitUntil: "load" });
    return seen.faults;
  }
  return { width, page, go };
}

async function checkPage(windows, path, pictures) {
  const links = new Set();
  const widthsOf = new Map();
  let withScript;
  for (const { width, page, go } of windows.scripted) {
    const here = await go(path);
    for (const fault of await askAxe(page)) here.add(fault);
    for (const fault of await page.evaluate(sidewaysScroll)) here.add(fault);
    for (const fault of await page.evaluate(cutOrCrowdedText)) here.add(fault);
    if (width === WIDTHS[0]) {
      withScript = await page.evaluate(whatIsThere);
      for (const link of withScript.links) links.add(link);
      if (withScript.h1.length !== 1) here.add(`has ${withScript.h1.length} headings of the first level; a page has one`);
      if (withScript.title.trim() === "") here.add("has no title");
      if (withScript.language === "") here.add("does not say which language it is in");
    }
    if (pictures !== undefined) {
      await page.screenshot({ path: join(pictures, `${path.replaceAll("/", "~")}.${width}.png`), fullPage: true });
    }
    for (const fault of here) widthsOf.set(fault, [...(widthsOf.get(fault) ?? []), width]);
  }
  const faults = [...widthsOf].map(([fault, widths]) => `at ${widths.join(" and ")} px: ${fault}`);

  const here = await windows.unscripted.go(path);
  const without = await windows.unscripted.page.evaluate(whatIsThere);
  for (const [what, words] of [["h1", "main heading"], ["text", "text"], ["tables", "number of tables"], ["pictures", "number of charts and maps"]]) {
    if (JSON.stringify(without[what]) !== JSON.stringify(withScript[what])) here.add(`its ${words} changes when scripts are off`);
  }
  for (const fault of here) {
    if (!widthsOf.has(fault)) faults.push(`with scripts off: ${fault}`);
  }
  return { path, faults, links, title: withScript.title };
}

/** Links within the site whose file or fragment does not exist. */
async function deadLinks(site, origin, results) {
  const faults = [];
  const identifiers = new Map();
  for (const { path, links } of results) {
    for (const link of links) {
      const { pathname, hash, origin: to } = new URL(link);
      if (to !== origin) continue;
      let file = decodeURIComponent(pathname).slice(1);
      if (file === "" || file.endsWith("/")) file += "index.html";
      const there = await stat(join(site, file)).then((found) => found.isFile(), () => false);
      if (!there) {
        faults.push([path, `links to ${pathname}, which is not in the site`]);
      } else if (hash.length > 1 && file.endsWith(".html")) {
        if (!identifiers.has(file)) {
          const text = await readFile(join(site, file), "utf8");
          identifiers.set(file, new Set([...text.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1])));
        }
        if (!identifiers.get(file).has(decodeURIComponent(hash.slice(1)))) {
          faults.push([path, `links to ${pathname}${hash}, but that page has no such part`]);
        }
      }
    }
  }
  return faults;
}

const wanted = readArguments(process.argv.slice(2));
const pages = await pagesBelow(wanted.site).catch(() => usage(`there is no folder ${wanted.site}`));
// Below editions/ lie the pages of the top once more, with a word above each on the edition: its folders' first pages
// stand for them, and every page there is opened when it is asked for.
const standsForOthers = (path) => !path.startsWith("editions/") || path.endsWith("/index.html") || wanted.only.startsWith("editions/");
const chosen = pages.filter((path) => path.includes(wanted.only) && standsForOthers(path));
if (chosen.length === 0) {
  console.error(`error: ${wanted.site} holds no HTML page to look at\nhint: build the site first, for example with 'headwater demo --no-serve --dir FOLDER'`);
  process.exit(1);
}
if (wanted.pictures !== undefined) await mkdir(wanted.pictures, { recursive: true });

const server = await serve(wanted.site);
const browser = await openBrowser();
const started = Date.now();
const results = [];
const waiting = [...chosen];
async function work() {
  const windows = {
    scripted: await Promise.all(WIDTHS.map((width) => openWindow(browser, server.origin, width, true))),
    unscripted: await openWindow(browser, server.origin, WIDTHS[0], false),
  };
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    let result;
    try {
      result = await checkPage(windows, path, wanted.pictures);
    } catch (error) {
      result = { path, faults: [`could not be looked at: ${error.message.split("\n")[0]}`], links: new Set(), title: path };
    }
    results.push(result);
  }
}
await Promise.all(Array.from({ length: PAGES_AT_ONCE }, work));
const search = results.find((result) => result.path === "search.html");
if (search !== undefined) search.faults.push(...(await trySearch(browser, wanted.site)));
await browser.close();

results.sort((a, b) => (a.path < b.path ? -1 : 1));
for (const [path, fault] of await deadLinks(wanted.site, server.origin, results)) {
  results.find((result) => result.path === path).faults.push(fault);
}
const firstWithTitle = new Map();
for (const result of results) {
  const first = firstWithTitle.get(result.title);
  if (first === undefined) firstWithTitle.set(result.title, result.path);
  else result.faults.push(`has the same title as ${first} ('${result.title}'); a reader with many tabs cannot tell them apart`);
}
await server.close();

for (const { path, faults } of results) {
  console.log(`${faults.length === 0 ? "ok   " : "fault"} ${path}`);
  for (const fault of faults) console.log(`      ${path} ${fault}.`);
}
const faulty = results.filter((result) => result.faults.length > 0).length;
const seconds = ((Date.now() - started) / 1000).toFixed(0);
console.log(`${results.length - faulty} pages without fault, ${faulty} with faults (${WIDTHS.join(" and ")} px and without script, ${seconds} s)`);
process.exit(faulty === 0 ? 0 : 1);
