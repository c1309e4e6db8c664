#!/usr/bin/env python3
"""Protection and attack of releases of growing size.

  bench/protect/run.py [--reps 3] [--program headwater] [--write]

Builds the example protect_bench and runs it on 13 districts, 12 measures, and growing numbers of months and age bands, with
the measures apart and tied together by their total. Then lets the whole command `release check` do the largest of them from a
CSV file, under several rules; --program names a release build that is there already. No peer that can be installed here does the whole of this, so there are
no ratios: what is measured is how time and memory grow. Prints medians of CPU seconds; --write also puts them into RESULTS.md
beside this file.
"""
import argparse
import datetime
import itertools
import json
import math
import os
import pathlib
import statistics
import random
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

parser = argparse.ArgumentParser()
parser.add_argument("--reps", type=int, default=3)
parser.add_argument("--program")
parser.add_argument("--write", action="store_true")
options = parser.parse_args()

subprocess.run(["cargo", "build", "--release", "-p", "headwater-release", "--example", "protect_bench"], cwd=ROOT, check=True)
target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
program = target / "release/examples/protect_bench"

# What it is, then: districts, months, measures, ages, mean count, seed, coalition, 1 if the measures add up, base of rounding.
CASES = [
    ("12 months, 6 ages", "13 12 12 6 10 1 0 0"),
    ("36 months, 6 ages", "13 36 12 6 10 1 0 0"),
    ("36 months, 14 ages", "13 36 12 14 10 1 0 0"),
    ("the same, safe from who is alone in a cell", "13 36 12 14 10 1 1 0"),
    ("36 months, 12 ages, measures tied", "13 36 12 12 10 1 0 1"),
    ("the same, larger counts", "13 36 12 12 30 1 0 1"),
    ("12 months, 6 ages, rounded to 5 with all sums", "13 12 12 6 10 1 0 0 5"),
    ("36 months, 14 ages, rounded so", "13 36 12 14 10 1 0 0 5"),
    ("36 months, 12 ages, measures tied, rounded so", "13 36 12 12 10 1 0 1 5"),
]
# The rules under which `release check` is timed, and what each does.
RULES = [
    ("already-public", "hides and protects nothing: reading, tying, writing"),
    ("opensafely", "hides 1 to 7, rounds to 5, and hides what gives them away"),
    ("suppress-exact", "hides 1 to 4 and what gives them away, also to who is alone in a cell"),
    ("acro", "the same with 1 to 9"),
    ("controlled-5", "rounds to 5 so that sums hold"),
]


def timed(command):
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    answer = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, (command, answer[-500:])
    return answer, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, time.monotonic() - began


def once(arguments):
    answer, *used = timed([program, *arguments.split()])
    return json.loads(answer), *used


def write_table(path):
    """13 districts, 36 months, 12 measures, 14 age bands, with all totals over districts, years and ages: 100,800 counts."""
    draw = random.Random(1)
    months = [f"{2022 + at // 12}-{at % 12 + 1:02}" for at in range(36)]
    counts = {}
    for district, month, measure, age in itertools.product(range(13), months, range(12), range(14)):
        count = int((1 + 30 * draw.random() ** 3) * -math.log(1 - draw.random()))
        for key in itertools.product([f"District {district}", "All"], [month, month[:4], "All"], [f"Measure {measure}"], [f"Age {age}", "All"]):
            counts[key] = counts.get(key, 0) + count
    with open(path, "w") as file:
        file.write("district,month,measure,age,count\n")
        file.writelines(f"{','.join(key)},{count}\n" for key, count in counts.items())
    return len(counts)


def checks():
    if options.program is None:
        subprocess.run(["cargo", "build", "--release", "-p", "headwater", "--no-default-features"], cwd=ROOT, check=True)
    headwater = options.program or target / "release/headwater"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        n_counts = write_table(folder / "counts.csv")
        subprocess.run([headwater, "new", folder / "vru", "--area", "sussex"], check=True, stdout=subprocess.DEVNULL)
        for rule, what in RULES:
            command = [headwater, "--workspace", folder / "vru", "release", "check", folder / "counts.csv", "--rule", rule, "--measure", "Invented"]
            runs = [timed([*command, "--out", folder / f"draft-{rule}-{at}"]) for at in range(options.reps)]
            cpu, wall = [run[1] for run in runs], [run[3] for run in runs]
            yield f"| `{rule}`: {what} | {n_counts:,} | {middle(cpu)} | {statistics.median(wall):.1f} | {max(run[2] for run in runs):.0f} |"


def middle(seconds):
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})"


rows = []
load = [os.getloadavg()[0]]
for name, arguments in CASES:
    runs = [once(arguments) for _ in range(options.reps)]
    load.append(os.getloadavg()[0])
    answer = runs[0][0]
    assert all({k: v for k, v in run[0].items() if not k.endswith("_s")} == {k: v for k, v in answer.items() if not k.endswith("_s")} for run in runs), "two runs differ"
    assert answer["pinned"] == 0 and answer["proven"] == answer["must_stay_unknown"]
    cpu = [run[1] for run in runs]
    wall = [run[0]["protect_s"] + run[0]["audit_s"] for run in runs]
    rows.append(
        f"| {name} | {answer['cells']:,} | {answer['sums']:,} | {answer['must_stay_unknown']:,} | {answer['hidden_to_protect']:,} "
        f"| {middle(cpu)} | {statistics.median(wall):.1f} | {max(run[2] for run in runs):.0f} |"
    )
    print(rows[-1], flush=True)

commands = []
for row in checks():
    commands.append(row)
    load.append(os.getloadavg()[0])
    print(row, flush=True)

text = f"""# Protecting a release: measured

{datetime.date.today():%d %B %Y}, {os.cpu_count()} processors. 13 districts, 12 measures, invented counts (mean 10, skewed; larger ones: 30), all margins over districts, years, ages. Rule: 1 to 4 hidden, four values must stay possible. Medians of {options.reps} runs, CPU seconds of all threads with the range; protection and attack together, with the making of the counts. Load average {min(load):.1f} to {max(load):.1f}: where it is above 1, wall time says more of the machine than of us.

| release | cells | sums | small | hidden to protect | CPU s | wall s | MB |
|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}

In every case every small count is proven by other tables, none can be worked out, and all runs give the same pattern.

This is `protect` and `audit` alone, on a table made by `Crossing`. The whole command `release check`, from a CSV file of the same shape and other invented counts to the files of the draft:

| rule | counts | CPU s | wall s | MB |
|---|---|---|---|---|
{chr(10).join(commands)}

The goal is 5 s on two cores for 13 districts × 36 months × 12 measures × age bands. Measures that are apart are protected side by side. A release in which everything is tied together is one part, and is worked on by one core: there the time goes into finding what may be shown again.

Make it again: `bench/protect/run.py --write`.
"""
if options.write:
    (HERE / "RESULTS.md").write_text(text)
