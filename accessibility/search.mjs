// Searches a site as a reader does: types, presses Enter, listens to what is announced, narrows to an area; over the
// network under the strictest policy that serves it, and from a folder without any server.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// What `headwater serve-site` sends with every page.
const POLICY =
  "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const KINDS = { html: "text/html", css: "text/css", js: "text/javascript" };

async function strictly(site) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname);
    // Browsers ask for this unbidden; it is no fault of the page.
    if (path === "/favicon.ico") return response.writeHead(204).end();
    try {
      const bytes = await readFile(join(site, path));
      response.writeHead(200, { "content-type": KINDS[path.split(".").pop()] ?? "application/octet-stream", "content-security-policy": POLICY });
      return response.end(bytes);
    } catch {
      return response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }) };
}

/** What is wrong with the search of a site, in sentences; nothing for a site that has none. */
export async function trySearch(browser, site) {
  const index = await readFile(join(site, "search-index.js"), "utf8").catch(() => undefined);
  if (index === undefined) return [];
  const { areas, entries } = JSON.parse(index.slice(index.indexOf("{"), index.lastIndexOf("}") + 1));
  const figure = entries.find(([kind, area]) => kind === 2 && area === areas.length - 1) ?? entries.find(([, area]) => area === areas.length - 1) ?? entries[0];
  const words = figure[2].split(/[^\p{L}]+/u).filter((word) => word.length > 3).slice(0, 3).join(" ");
  const server = await strictly(site);
  const faults = [];
  for (const [way, address] of [["over the network", `${server.origin}/index.html`], ["from a folder", pathToFileURL(join(site, "index.html")).href]]) {
    const page = await (await browser.newContext()).newPage();
    const say = (wrong, sentence) => wrong && faults.push(`${way}, ${sentence}`);
    page.on("console", (message) => say(message.type() === "error", `the console says: ${message.text()}`));
    page.on("pageerror", (error) => say(true, `its script fails: ${error.message}`));
    await page.goto(address);
    // By keyboard alone, from the form at the top of every page.
    await page.focus("#find");
    await page.keyboard.type(words);
    await Promise.all([page.waitForURL(/search\.html/), page.keyboard.press("Enter")]);
    await page.waitForLoadState();
    const links = () => page.$$eval("#results a", (all) => all.map((link) => link.getAttribute("href")));
    const announced = () => page.textContent("[role=status]");
    say(!(await links()).includes(figure[3]), `searching for '${words}' does not find ${figure[3]}: ${await announced()}`);
    say(!/^\d+ results? for/.test(await announced()), `what was found is not announced but: '${await announced()}'`);
    const all = (await links()).length;
    if (areas.length > 1) {
      await page.selectOption("#area", String(areas.length - 1));
      const narrowed = await links();
      const folder = figure[3].split("/")[0];
      say(narrowed.length === 0 || narrowed.length > all || narrowed.some((link) => !link.startsWith(`${folder}/`)), "an area does not narrow what is found");
      await page.selectOption("#area", "");
    }
    await page.fill("#words", "zxqzxq <b>");
    await page.keyboard.press("Enter");
    say((await links()).length !== 0 || !(await announced()).startsWith("Nothing found for"), `nothing is found, and it is not said: '${await announced()}'`);
    await page.fill("#words", areas[areas.length - 1]);
    await page.keyboard.press("Enter");
    const [first] = await page.$$eval("#results a", (all) => all.map((link) => link.textContent));
    say(first !== areas[areas.length - 1], `an area's own name finds '${first}' first`);
    await page.context().close();
  }
  await server.close();
  return faults;
}
