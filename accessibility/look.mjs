// What a person would notice on a page, worked out inside the browser. Each function runs in the page, so each stands alone.

/** Anything that makes the whole page scroll sideways. */
export function sidewaysScroll() {
  const width = document.documentElement.clientWidth;
  const excess = document.scrollingElement.scrollWidth - width;
  if (excess <= 0) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > width + 1);
  const name = (element) => element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "") + [...element.classList].map((word) => `.${word}`).join("");
  const innermost = wide.filter((element) => ![...element.children].some((child) => wide.includes(child)));
  const where = [...new Set(innermost.map(name))].slice(0, 3).join(", ");
  return [`scrolls sideways by ${excess} pixels because of ${where || "its layout"}`];
}

/** Text in charts and maps that is cut off, printed over other text, or too small to read. */
export function cutOrCrowdedText() {
  // Less than this is anti-aliasing and the empty part of a line's box.
  const slack = 1.5;
  // Share of the smaller label's box that another label may cover: boxes are taller than letters.
  const cover = 0.12;
  const smallest = 9;
  const faults = [];
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0 || frame.height === 0) continue;
    const figure = svg.closest("[id]")?.id ?? "a picture";
    const labels = [...svg.querySelectorAll("text")]
      .map((element) => ({ element, words: element.textContent.trim().replace(/\s+/g, " "), box: element.getBoundingClientRect() }))
      .filter(({ words, box }) => words !== "" && box.width > 0);
    for (const { element, words, box } of labels) {
      if (box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - slack || box.bottom > frame.bottom + slack) {
        faults.push(`cuts off '${words}' at the edge of ${figure}`);
      }
      const size = Number.parseFloat(getComputedStyle(element).fontSize) * Math.hypot(element.getScreenCTM().a, element.getScreenCTM().b);
      if (size < smallest) faults.push(`prints '${words}' in ${figure} at ${size.toFixed(1)} pixels; nobody reads less than ${smallest}`);
    }
    for (let i = 0; i < labels.length; i += 1) {
      for (let j = i + 1; j < labels.length; j += 1) {
        const [a, b] = [labels[i], labels[j]];
        // The same words in the same place are a halo behind a label, not a second label.
        if (a.words === b.words && Math.abs(a.box.left - b.box.left) < 1 && Math.abs(a.box.top - b.box.top) < 1) continue;
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (across <= slack || down <= slack) continue;
        const smaller = Math.min(a.box.width * a.box.height, b.box.width * b.box.height);
        if (across * down > cover * smaller) faults.push(`prints '${a.words}' over '${b.words}' in ${figure}`);
      }
    }
  }
  // One picture with forty crowded labels is one fault to mend, not forty lines to read.
  return faults.length > 6 ? [...faults.slice(0, 6), `has ${faults.length - 6} more labels like these`] : faults;
}

/** What is on the page, to be compared with and without scripts. */
export function whatIsThere() {
  const main = document.querySelector("main") ?? document.body;
  return {
    title: document.title,
    language: document.documentElement.lang,
    h1: [...document.querySelectorAll("h1")].map((heading) => heading.textContent.trim()),
    text: main.textContent.replace(/\s+/g, " ").trim(),
    tables: document.querySelectorAll("table").length,
    pictures: [...document.querySelectorAll("svg, img")].filter((picture) => picture.getBoundingClientRect().width > 0).length,
    links: [...document.querySelectorAll("a[href]")].map((link) => link.href).filter((link) => link.startsWith("http")),
  };
}
