// Searches the index beside it, on the reader's own device. It asks nothing of any server and keeps nothing.
(function () {
  "use strict";
  var index = window.headwaterIndex;
  var form = document.getElementById("search");
  if (!index || !form) return;
  var words = document.getElementById("words");
  var area = document.getElementById("area");
  var found = document.getElementById("found");
  var results = document.getElementById("results");
  // More than anyone reads; a narrower question is the better way.
  var SHOWN = 40;
  // By kind as numbered in the index: an area, section, figure, table, measure, word, page.
  var WEIGHTS = [8, 3, 2, 1, 4, 4, 2];

  function parts(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").split(/[^a-z0-9]+/).filter(Boolean).map(stem);
  }
  // Robberies and robbery, offences and offence are the same word.
  function stem(word) {
    if (word.length > 4 && word.slice(-3) === "ies") return word.slice(0, -3) + "y";
    if (word.length > 3 && word.slice(-1) === "s" && word.slice(-2) !== "ss") return word.slice(0, -1);
    return word;
  }
  var shared = index.shared.map(parts);
  var entries = index.entries.map(function (row) {
    return { kind: row[0], area: row[1], title: row[2], address: row[3], named: parts(row[2]), shared: shared[row[4]], own: parts(row[5]) };
  });

  // How well a list of words answers one word: whole words before beginnings of words, nothing for neither.
  function best(list, word, whole, beginning) {
    var score = 0;
    for (var i = 0; i < list.length; i += 1) {
      if (list[i] === word) return whole;
      if (list[i].indexOf(word) === 0) score = beginning;
    }
    return score;
  }
  function score(entry, asked) {
    var sum = 0;
    var of = entry.area >= 0 ? parts(index.areas[entry.area]) : [];
    for (var i = 0; i < asked.length; i += 1) {
      var one = Math.max(best(entry.named, asked[i], 8, 5), best(of, asked[i], 4, 2), best(entry.own, asked[i], 3, 1), best(entry.shared, asked[i], 3, 1));
      if (one === 0) return 0;
      sum += one;
    }
    if (entry.named.join(" ").indexOf(asked.join(" ")) === 0) sum += 4;
    // The whole area stands first in the list of areas, and first among equals.
    return sum + WEIGHTS[entry.kind] + (entry.area <= 0 ? 0.5 : 0);
  }
  function element(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }
  function count(n) {
    return n === 1 ? "1 result" : n + " results";
  }
  function search() {
    var asked = parts(words.value);
    results.textContent = "";
    if (asked.length === 0) {
      found.textContent = "Type one or more words to look for.";
      return;
    }
    var hits = [];
    entries.forEach(function (entry, place) {
      if (area.value !== "" && entry.area !== Number(area.value)) return;
      var points = score(entry, asked);
      if (points > 0) hits.push({ entry: entry, points: points, place: place });
    });
    hits.sort(function (a, b) { return b.points - a.points || a.place - b.place; });
    var where = area.value === "" ? "" : " in " + index.areas[Number(area.value)];
    var what = " for \u201c" + words.value.trim() + "\u201d" + where;
    if (hits.length === 0) found.textContent = "Nothing found" + what + ". Try fewer or other words, or look in the A to Z.";
    else if (hits.length > SHOWN) found.textContent = count(hits.length) + what + "; the first " + SHOWN + " are shown. Choose an area or add a word to narrow them.";
    else found.textContent = count(hits.length) + what + ".";
    document.title = count(hits.length) + what + " \u2013 " + document.title.split(" \u2013 ").slice(-1)[0];
    hits.slice(0, SHOWN).forEach(function (hit) {
      var link = element("a", hit.entry.title);
      link.href = hit.entry.address;
      var kind = element("span", index.kinds[hit.entry.kind] + (hit.entry.area >= 0 && hit.entry.kind !== 0 ? ", " + index.areas[hit.entry.area] : ""));
      kind.className = "kind";
      var item = document.createElement("li");
      item.appendChild(link);
      item.appendChild(kind);
      results.appendChild(item);
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    search();
    try {
      history.replaceState(null, "", "?q=" + encodeURIComponent(words.value) + (area.value === "" ? "" : "&area=" + area.value));
    } catch (refused) {
      // Some browsers keep the address of a page that was opened as a file; the results are there all the same.
    }
  });
  area.addEventListener("change", function () { if (words.value.trim() !== "") search(); });

  var given = new URLSearchParams(location.search);
  if (given.get("q")) {
    words.value = given.get("q");
    if (index.areas[Number(given.get("area"))] !== undefined && given.get("area")) area.value = given.get("area");
    search();
  }
})();
