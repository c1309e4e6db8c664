#!/usr/bin/env python3
"""Takes the checks of the one door away, one at a time, and expects the tests to notice.

    validators/mutations.py [--only WORDS] [--list]

Works in a copy of what is committed, never in the tree itself. Each mutation below is one replacement in one file: a check
that hides, ties, attacks or refuses is switched off. Then the tests of `release`, and for some those of `headwater`, are run;
one must fail, and its name is printed. A mutation whose words are no longer in the file is an error, so that this list stays
true. Takes about a minute for each. Builds in a folder of its own below CARGO_TARGET_DIR: cargo takes two copies of one tree
for the same, and would mix a mutation up with the truth.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

BUILD = {**os.environ, "CARGO_TARGET_DIR": str(Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "mutations")}

RELEASE = ["cargo", "test", "--quiet", "-p", "headwater-release", "--no-fail-fast", "--lib", "--test", "it"]
LEAVING = ["cargo", "test", "--quiet", "-p", "headwater", "--no-default-features", "--no-fail-fast", "--test", "it", "leaving"]

FILES = ["cargo", "test", "--quiet", "-p", "headwater-publish", "--no-default-features", "--no-fail-fast", "--test", "it", "read_back"]

# What is switched off, where, the words there, the words instead, and the tests that are to notice.
MUTATIONS = [
    ("small counts are hidden (single counts)", "release/src/treat.rs", "shown.filter(|_| !is_hidden)", "shown.filter(|_| true || !is_hidden)", RELEASE),
    ("outsiders are no team", "release/src/treat.rs", "if audience == Audience::Team {", "if audience != Audience::Public {", RELEASE),
    ("small counts are hidden (releases)", "release/src/protect/desk.rs",
     "Standing::Candidate { .. } if (1..=safety.hide_up_to).contains(count) => Fate::Hidden,", "Standing::Candidate { .. } if false && *count == safety.hide_up_to => Fate::Hidden,", RELEASE),
    ("more is hidden to protect", "release/src/protect.rs", "unknown.retain(|cell| !desk.certify(&mut scratch, *cell, true));", "unknown.clear();", RELEASE),
    ("more is hidden to protect (the files of a site, read back)", "release/src/protect.rs", "unknown.retain(|cell| !desk.certify(&mut scratch, *cell, true));", "unknown.clear();", FILES),
    ("nought and bounds are known to readers", "release/src/protect/desk.rs", "_ => (count.min(1), u64::MAX),", "_ => (0, u64::MAX),", RELEASE),
    ("rounding narrows (protection)", "release/src/protect/desk.rs", "(shown.saturating_sub(base / 2), shown.saturating_add((base - 1) / 2))", "(shown.saturating_sub(base), shown.saturating_add(base))", RELEASE),
    ("rounding narrows (audit)", "release/src/audit.rs", "None => as_shown(other, safety.rounding) == as_shown(count, safety.rounding),", "None => other.abs_diff(count) < 5,", RELEASE),
    ("controlled rounding narrows (audit)", "release/src/audit.rs", "other.abs_diff(rounded.shown[at]) < rounded.within &&", "other.abs_diff(rounded.shown[at]) < 3 * rounded.within &&", RELEASE),
    ("controlled rounding narrows (protection)", "release/src/protect/controlled.rs", "(shown.saturating_sub(self.within - 1).max(u64::from(shown > 0)), shown.saturating_add(self.within - 1))", "(0, shown.saturating_add(3 * self.within))", RELEASE),
    ("rounded sums hold", "release/src/protect/controlled.rs", "shown.iter().zip(&linked.counts).all(is_near) && linked.sums.iter().all(holds)", "shown.iter().zip(&linked.counts).all(is_near) && (true || linked.sums.iter().all(holds))", RELEASE),
    ("whoever is alone in a cell knows it (protection)", "release/src/protect/desk.rs", "if knowable.is_empty() {", "if true || knowable.is_empty() {", RELEASE),
    ("further tables leave what others know (protection)", "release/src/protect/desk.rs", "(up + down) as u64 >= wanted", "(up + down) as u64 >= wanted || true", RELEASE),
    ("programs go on where the search ends", "release/src/protect.rs", "!desk.certify_by_program(programs, *cell)", "true || !desk.certify_by_program(programs, *cell)", RELEASE),
    ("whoever is alone in a cell knows it (audit)", "release/src/audit/people.rs", "view.low < view.high && self.linked", "false && view.low < view.high && self.linked", RELEASE),
    ("tables that change what is known are no proof (audit)", "release/src/audit/people.rs", "(up + down) as u64 >= wanted", "(up + down) as u64 >= wanted || true", RELEASE),
    ("intervals are for those who know, too (audit)", "release/src/audit/people.rs", "Some(width >= self.wanted as f64 - 1e-6)", "Some(width >= -1.0)", RELEASE),
    ("what somebody knows is in the program (audit)", "release/src/audit/interval.rs", "if known == Some(*cell) {", "if false && known == Some(*cell) {", RELEASE),
    ("everyone who knows is asked (audit)", "release/src/audit/interval.rs", "|least, width| Some(least.min(width?))", "|_, width| width", RELEASE),
    ("only the very same people are left out (audit)", "release/src/audit/people.rs", "if let (Some(part), None) =", "if let (Some(part), _) =", RELEASE),
    ("what no program tells is not proven (audit)", "release/src/audit.rs", "None => Some(Attack::NotProven),", "None => None,", RELEASE),
    ("what nothing proves is not proven (audit)", "release/src/audit.rs", "None if widths[at] < wanted => Some(Attack::NotProven)", "None if widths[at] < wanted && false => Some(Attack::NotProven)", RELEASE),
    ("a program's tables hold", "release/src/protect/program.rs", "changes.is_empty() || !changes.keys().all(holds)", "changes.is_empty() || (false && !changes.keys().all(holds))", RELEASE),
    ("a program's tables are of whole numbers", "release/src/protect/program.rs", "(far - whole).abs() > 1e-6", "(far - whole).abs() > 1.0", RELEASE),
    ("a program leaves what others know", "release/src/protect/program.rs", "!avoid.holds(desk, *cell)", "true || !avoid.holds(desk, *cell)", RELEASE),
    ("programs have a short turn", "release/src/protect/program.rs", "[10_000_000, 20_000_000_000]", "[0, 20_000_000_000]", RELEASE),
    ("programs have a long turn", "release/src/protect/program.rs", "[10_000_000, 20_000_000_000]", "[10_000_000, 0]", RELEASE),
    ("programs try several prices", "release/src/protect/program.rs", "const TURNS: u32 = 12;", "const TURNS: u32 = 1;", RELEASE),
    ("the search has a longer turn", "release/src/protect.rs", "if longer == 1 || patience_for_each >= 2 * patience {", "if longer == 1 {", RELEASE),
    ("the attack sees what is shown", "release/src/audit.rs", "if pattern.fates[at] == Fate::Shown && must_hide(at) {", "if false && pattern.fates[at] == Fate::Shown && must_hide(at) {", RELEASE),
    ("the attack by rank", "release/src/audit.rs", "} else if is_given_away[at] {", "} else if false && is_given_away[at] {", RELEASE),
    ("the attack by linear programming", "release/src/audit.rs", "if high - low < wanted as f64 - 1e-6 =>", "if high - low < -1.0 =>", RELEASE),
    ("proofs keep every sum", "release/src/audit.rs", "residues.values().all(|residue| *residue == 0)", "residues.values().all(|residue| *residue == 0 || true)", RELEASE),
    ("proofs keep what readers know", "release/src/audit.rs", "table.iter().all(within) && keeps_sums(table)", "(table.iter().all(within) || table[0].0 < 99) && keeps_sums(table)", RELEASE),
    ("what follows from others is protected", "release/src/draft/closure.rs", "counts.retain(|place, _| !known.contains_key(place));", "counts.retain(|place, _| false && !known.contains_key(place));", RELEASE),
    ("missing parts of a total", "release/src/draft/lines.rs", "if !is_complete {\n            there.push", "if !is_complete && false {\n            there.push", RELEASE),
    ("what left earlier is known", "release/src/draft.rs", "Some((low, high)) if low == high => Standing::Released,", "Some((low, high)) if low == high => self.standing,", RELEASE),
    ("a small change is as telling as a small count", "release/src/draft.rs", "linked.add_sum(*more, &[*less, change])", "linked.add_sum(*more, &[change, *less]).and_then(|()| { linked.sums.pop(); Ok(()) })", RELEASE),
    ("each release is attacked by itself", "release/src/draft.rs", "let is_one = all_fit &&", "let is_one = true || all_fit &&", RELEASE),
    ("releases that fit are attacked together", "release/src/draft/view.rs", "(1..1_u32 << views.len()).filter_map(", "(1..1_u32 << views.len()).filter(|set| set.count_ones() == 1).filter_map(", RELEASE),
    ("many releases that fit are attacked together", "release/src/draft/view.rs", "filter_map(|b| merged(a, b))", "filter_map(|b| merged(a, b).filter(|_| false))", RELEASE),
    ("what follows from several releases is protected", "release/src/draft/accounts.rs", "sets.insert(set);", "let _ = set.len() < 2 && sets.insert(set);", RELEASE),
    ("what left last is known by the order", "release/src/ledger.rs", "self.releases.iter().map(String::as_str)", "self.releases.iter().rev().map(String::as_str)", RELEASE),
    ("only open figures are shown as they are", "release/src/open.rs", "if rule == Rule::already_public() {", "if true || rule == Rule::already_public() {", RELEASE),
    ("hidden then, unknown now", "release/src/draft.rs", "self.standing = Standing::HiddenBefore;\n        }", "let _ = Standing::HiddenBefore;\n        }", RELEASE),
    ("a forged ledger is noticed", "release/src/draft.rs", "if !(low..=high).contains(&count) {", "if false && !(low..=high).contains(&count) {", RELEASE),
    ("parts add up", "release/src/linked.rs", "if !parts.is_empty() && of_parts != Some(self.counts[total.0 as usize]) {", "if false && of_parts != Some(self.counts[total.0 as usize]) {", RELEASE),
    ("figures are worked out from treated counts", "release/src/value.rs", "counts.iter().map(|count| count.known()).collect()", "Some(counts.iter().map(|count| count.known().unwrap_or(918_273)).collect())", RELEASE),
    ("rates of few events are withheld", "release/src/limit.rs", "Some(least) if events.0 < least && audience", "Some(least) if events.0 < least && false && audience", RELEASE),
    ("a total that few dominate is withheld", "release/src/limit.rs", "if total > 0.0 && 100.0 * largest > percent * total {", "if false && 100.0 * largest > percent * total {", RELEASE),
    ("the p% rule", "release/src/limit.rs", "if *largest > 0.0 && 100.0 * rest < p * largest {", "if false && 100.0 * rest < p * largest {", RELEASE),
    ("a mean needs people", "release/src/limit.rs", ".filter(|least| is_mean && (1..*least).contains(&n))", ".filter(|least| false && is_mean && (1..*least).contains(&n))", RELEASE),
    ("texts are scanned", "release/src/scan.rs", "&& hidden.contains(&n)", "&& false && hidden.contains(&n)", RELEASE),
    ("a second person decides", "release/src/clearance.rs", "if by == proposal.proposed_by {", "if false && by == proposal.proposed_by {", LEAVING),
    ("what is not safe is not approved", "release/src/clearance.rs", "if decision == Decision::Approve && proposal.n_pinned > 0 && override_because.is_none() {", "if false && proposal.n_pinned > 0 && override_because.is_none() {", RELEASE),
    ("releases are protected at all", "headwater/src/clearing.rs", "let pattern = if rule.hides_to_protect() {", "let pattern = if false && rule.hides_to_protect() {", LEAVING),
    ("releases are tied to those before", "headwater/src/clearing/record.rs", "earlier.take(ws, event, &id)?;", "let _ = (event, &id);", LEAVING),
    ("texts are searched before a decision", "headwater/src/cli/release.rs", "search_texts(&prepared, &arguments.text)?;", "let _ = search_texts;", LEAVING),
    ("files of releases are as they were", "headwater/src/clearing/record.rs", "if hex(&Sha256::digest(&bytes)) == sha256 {", "if true || hex(&Sha256::digest(&bytes)) == sha256 {", LEAVING),
    ("tables that do not leave are not written", "headwater/src/clearing.rs", "self.tables.iter().filter(|table| !table.is_latent).map(|table| Ok", "self.tables.iter().map(|table| Ok", LEAVING),
    ("no hash of raw counts leaves", "headwater/src/cli/release.rs", "\"tables\": tables,", "\"tables\": tables, \"release\": prepared.id,", LEAVING),
    ("what is written is treated", "headwater/src/clearing.rs", "let shown = treated.map_or_else(String::new, |treated| Value::count(treated).csv());", "let _ = (treated, Value::count); let shown = n.to_string();", LEAVING),
]


def run(name, file, old, new, tests, tree):
    path = tree / "crates" / file
    text = path.read_text()
    if text.count(old) < 1:
        return f"ERROR  {name}: \"{old}\" is no longer in {file}"
    mutated = text.replace(old, new, 1)
    if "let shown = n.to_string()" in new:
        mutated = mutated.replace("for (row, _) in &table.rows {\n            let cell", "for (row, n) in &table.rows {\n            let cell")
    path.write_text(mutated)
    try:
        done = subprocess.run(tests, cwd=tree, env=BUILD, capture_output=True, text=True)
    finally:
        # Not only the file: generated tests write down what failed, and would try it again on the next mutation.
        subprocess.run(["git", "-C", str(tree), "checkout", "--quiet", "--", "."], check=True)
    said = done.stdout + done.stderr
    failed = sorted(set(re.findall(r"^    ([a-z_:]+)$", said, re.M)))
    if "could not compile" in said:
        error = re.search(r"^error.*$", said, re.M)
        return f"ERROR  {name}: does not compile: {error.group(0) if error else ''}"
    if done.returncode == 0:
        return f"MISSED {name}"
    return f"found  {name}: {len(failed)} tests, among them {', '.join(failed[:2])}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="those whose words contain these")
    parser.add_argument("--list", action="store_true", help="name them and end")
    parser.add_argument("--release-only", action="store_true", help="leave those out that need the whole program")
    options = parser.parse_args()
    chosen = [mutation for mutation in MUTATIONS if options.only in mutation[0] and not (options.release_only and mutation[4] is LEAVING)]
    if options.list:
        for name, file, *_ in chosen:
            print(f"{name}: {file}")
        return
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(tree)], check=True)
        wrong = 0
        # A test that fails by itself would find everything.
        for tests in [tests for at, tests in enumerate(each[4] for each in chosen) if tests not in [each[4] for each in chosen[:at]]]:
            if subprocess.run(tests, cwd=tree, env=BUILD, capture_output=True).returncode != 0:
                sys.exit(f"{' '.join(tests)} fails with nothing switched off")
        for mutation in chosen:
            said = run(*mutation, tree)
            wrong += not said.startswith("found")
            print(said, flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
