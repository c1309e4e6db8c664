// What every look at a page shares: the browser, the widths, the rules, and what axe-core says of a page.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-dev-shm-usage",
  // Whatever a page asks of another machine is noted, and does not leave this one.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];
// A laptop, and a telephone of ordinary width.
export const WIDTHS = [1280, 390];

const AXE_OPTIONS = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"] },
  rules: Object.fromEntries(
    [
      "empty-heading",
      "empty-table-header",
      "heading-order",
      "landmark-banner-is-top-level",
      "landmark-contentinfo-is-top-level",
      "landmark-main-is-top-level",
      "landmark-no-duplicate-banner",
      "landmark-no-duplicate-contentinfo",
      "landmark-no-duplicate-main",
      "landmark-one-main",
      "landmark-unique",
      "page-has-heading-one",
      "region",
      "scope-attr-valid",
      "skip-link",
      "table-duplicate-name",
      // A WCAG 2.2 AA rule that axe leaves off unless asked.
      "target-size",
    ].map((rule) => [rule, { enabled: true }]),
  ),
  resultTypes: ["violations"],
};

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function openBrowser() {
  return chromium.launch({ executablePath: BROWSER, args: FLAGS });
}

/** What axe-core finds, each finding as a sentence. */
export async function askAxe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), AXE_OPTIONS);
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 3).map((node) => node.target.join(" "));
    const more = nodes.length > where.length ? ` and ${nodes.length - where.length} more` : "";
    const why = nodes[0].failureSummary.replace(/\s+/g, " ").replace(/^Fix (any|all) of the following: /, "");
    return `breaks the rule ${id} (${help}) at ${where.join(", ")}${more}: ${why}`;
  });
}
