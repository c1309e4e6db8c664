#!/usr/bin/env python3
"""Neighbours, Moran and hot spots on 35,672 areas against libpysal and esda, in one run.

  bench/neighbour/run.py [--peers ../shared/peers] [--reps 3] [--work target/bench-neighbour] [--write]

Makes the data with gen_police.py and gen_areas.py of --peers, sets up a Python environment in --work (libpysal, esda,
geopandas from PyPI), builds the example neighbour_bench, then runs peer and ours in turn. Prints medians of CPU
seconds, ratios, and whether the answers agree; --write also puts them into RESULTS.md beside this file.
"""
import argparse
import csv
import datetime
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = ["numpy", "scipy", "pandas", "pyarrow", "geopandas", "libpysal", "esda", "numba"]

parser = argparse.ArgumentParser()
parser.add_argument("--peers", type=pathlib.Path, default=ROOT / "../shared/peers")
parser.add_argument("--reps", type=int, default=3)
parser.add_argument("--work", type=pathlib.Path, default=ROOT / "target/bench-neighbour")
parser.add_argument("--write", action="store_true")
options = parser.parse_args()
work = options.work.resolve()
work.mkdir(parents=True, exist_ok=True)


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, text=True, **more)


python = work / "venv/bin/python"
if not python.exists():
    run(sys.executable, "-m", "venv", work / "venv")
    run(python, "-m", "pip", "install", "-q", *PACKAGES)
areas = work / "areas/areas.geojson"
if not areas.exists():
    run(python, options.peers / "gen_police.py", "--rows", 1000, "--out", work)
    run(python, options.peers / "gen_areas.py", "--lsoa", work / "lsoa.csv", "--out", work / "areas")
plain = work / "areas.txt"
if not plain.exists():
    with areas.open() as source, plain.open("w") as target:
        for feature in json.load(source)["features"]:
            facts, (ring,) = feature["properties"], feature["geometry"]["coordinates"]
            corners = " ".join(f"{x} {y}" for x, y in ring)
            target.write(f"{facts['count'] / facts['population'] * 1000!r} {corners}\n")

env = {**os.environ, "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))}
run("cargo", "build", "-q", "--release", "-p", "headwater-statistics", "--example", "neighbour_bench", cwd=ROOT, env=env)
program = pathlib.Path(env["CARGO_TARGET_DIR"]) / "release/examples/neighbour_bench"
CASES = {
    "queen": "queen", "rook": "rook", "near_misses": "near_misses", "moran": "moran", "local_moran": "local_moran",
    "gi_star": "gi_star", "permute 999, one set": "permute 999 1", "permute 9,999, one set": "permute 9999 1",
    "permute 99,999, one set": "permute 99999 1", "permute 99,999, three sets": "permute 99999 3",
}

peers, ours, loads = [], {name: [] for name in CASES}, []
for rep in range(options.reps):
    loads.append(os.getloadavg()[0])
    peers.append(json.loads(run(python, HERE / "peer.py", areas, work / "peer.csv", capture_output=True).stdout))
    for name, words in CASES.items():
        # Ours are short: more repetitions, so that the median means something.
        for _ in range(5):
            line = run(program, plain, *words.split(), capture_output=True).stdout
            ours[name].append(json.loads(line))
    loads.append(os.getloadavg()[0])
    print(f"repetition {rep + 1} of {options.reps} done, load {loads[-1]:.1f}", file=sys.stderr)


def peer_cpu(stage):
    return [found["cpu"][stage] for found in peers]


def our_cpu(name):
    return [found["cpu_s"] for found in ours[name]]


def seconds(list_of):
    return f"{statistics.median(list_of):.3g} ({min(list_of):.3g} to {max(list_of):.3g})"


rows = []
for what, name, stage, peer, goal in [
    ("queen contiguity", "queen", "queen", "libpysal Graph", "at least 10"),
    ("", "queen", "queen_w", "libpysal W", ""),
    ("rook contiguity", "rook", "rook", "libpysal Graph", "at least 10"),
    ("near misses within 1 m", "near_misses", None, "none", ""),
    ("global Moran, exact moments", "moran", "moran", "esda, no permutations", ""),
    ("local Moran, exact moments", "local_moran", None, "", ""),
    ("Gi*, exact moments", "gi_star", None, "", ""),
    ("local Moran, Gi and Gi*: 999 draws", "permute 999, one set", "gi_star_999", "esda Gi*, 999", "at least 30"),
    ("", "permute 999, one set", "local_moran_999", "esda local Moran, 999", "at least 30"),
    ("9,999 draws", "permute 9,999, one set", "gi_star_999", "esda Gi*, 999", ""),
    ("99,999 draws", "permute 99,999, one set", "gi_star_999", "esda Gi*, 999", "at least 1"),
    ("99,999 draws, three sets (what a map does)", "permute 99,999, three sets", "gi_star_999", "esda Gi*, 999", "at least 1"),
]:
    mine = our_cpu(name)
    theirs = seconds(peer_cpu(stage)) if stage else ""
    ratio = f"{statistics.median(peer_cpu(stage)) / statistics.median(mine):.3g}" if stage else ""
    rows.append(f"| {what} | {seconds(mine)} | {peer} | {theirs} | {ratio} | {goal} |")

# Do the answers agree?
table = run(program, plain, "dump", 99999, 1, capture_output=True).stdout
mine = list(csv.DictReader(table.splitlines()))
theirs = list(csv.DictReader((work / "peer.csv").open()))
n = len(mine)
pairs = list(zip(mine, theirs))


def apart(one, other):
    return max(abs(one(m) - other(t)) / max(1, abs(other(t))) for m, t in pairs)


def p_differences(column):
    """esda's count against the share in ours, in standard errors; not in the far tails, which have too few of 999, nor
    near the middle, where the smaller of two counts is biased."""
    found = []
    for m, t in pairs:
        share = min(int(m["at_least"]), int(m["at_most"])) / 99_999
        if 0.02 < share < 0.4:
            count = float(t[column]) * 1000 - 1
            found.append((count - 999 * share) / math.sqrt(999 * share * (1 - share)))
    return f"mean {statistics.mean(found):+.3f}, standard deviation {statistics.stdev(found):.3f}"


shrunk = sorted(float(t["z_star_r"]) / float(t["z_star_b"]) for t in theirs if abs(float(t["z_star_b"])) > 0.5)
checks = [
    f"queen: {ours['queen'][0]['links']:,} links, " + ("the same pairs as libpysal" if [ours["queen"][0]["links"], ours["queen"][0]["mark"]] == peers[0]["queen"] else f"NOT libpysal's {peers[0]['queen']}"),
    f"rook: {ours['rook'][0]['links']:,} links, " + ("the same pairs as a plain dictionary of edges" if [ours["rook"][0]["links"], ours["rook"][0]["mark"]] == peers[0]["rook_by_dictionary"] else f"NOT those of a plain dictionary of edges, {peers[0]['rook_by_dictionary']}") + f"; libpysal has {peers[0]['rook'][0]:,}, since it counts a corner that is repeated in both rings as an edge",
    f"global Moran: I differs by {abs(ours['moran'][0]['i'] - peers[0]['i']):.1e}, its variance under randomisation by {abs(ours['moran'][0]['variance'] / peers[0]['variance'] - 1):.1e} of itself",
    f"local Moran: largest difference {apart(lambda m: float(m['i']) * (n - 1) / n, lambda t: float(t['Is'])):.1e} (after esda's factor (n - 1)/n)",
    f"Gi* z: largest difference {apart(lambda m: float(m['gi_star']), lambda t: float(t['z_star_b'])):.1e} from esda with transform 'B'; esda's default transform 'R' gives {shrunk[0]:.2f} to {shrunk[-1]:.2f} of that",
    f"permutation p (one side, 999 draws of esda against our 99,999; where the share is 0.02 to 0.4), differences in standard errors: Gi* {p_differences('p_star')}; local Moran {p_differences('p_local')} (both programs share draws between areas, so areas move together and these need not be 0 and 1)",
    "discoveries at q ≤ 0.05 with 99,999 draws: " + ", ".join(map(str, ours["permute 99,999, three sets"][0]["discoveries"])) + f" with three sets, {ours['permute 99,999, three sets'][0]['in_every_set']} with every set, {ours['permute 99,999, three sets'][0]['in_any_set']} with any; with 999 draws {ours['permute 999, one set'][0]['discoveries'][0]}",
    f"peak memory: ours {max(found['peak_mb'] for name in ours for found in ours[name]):.0f} MB (text of the map included), peer {max(found['peak_mb'] for found in peers):.0f} MB",
]
cpu_name = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
report = "\n".join([
    "# Neighbours, Moran and hot spots: measured",
    "",
    f"{datetime.date.today():%d %B %Y}, {os.cpu_count()} processors ({cpu_name}), Python {platform.python_version()}, {peers[0]['versions']}. {n:,} areas with 54 corners each from `gen_areas.py`. Medians of CPU seconds, all threads, with the range; runs of the peer: {options.reps}, of ours: {5 * options.reps}, in turn. Reading, importing and compiling are not counted. The load average was {min(loads):.1f} to {max(loads):.1f}: other work shared the machine, so wall time is not given, and CPU seconds may be 10 to 40 % high for both.",
    "",
    "| work | ours, CPU s | peer | peer, CPU s | ratio | goal |",
    "|---|---|---|---|---|---|",
    *rows,
    "",
    "## Do the answers agree?",
    "",
    *[f"- {check}" for check in checks],
    "",
    "Make it again: `bench/neighbour/run.py --write`.",
])
print(report)
if options.write:
    (HERE / "RESULTS.md").write_text(report + "\n")
