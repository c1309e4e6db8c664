#!/usr/bin/env python3
"""Reading and auditing street files of data.police.uk beside pandas, Polars and DuckDB, in one run.

  bench/street/run.py [--peers ../shared/peers] [--rows 5000000] [--reps 5] [--work target/bench-street]
                      [--zip MONTH.zip] [--large 90000000] [--write]

Makes the data with gen_police.py of --peers, sets up a Python environment in --work (pandas, polars and duckdb from PyPI),
builds the example street_bench and the binary, then runs ours and the peers in turn. Prints medians of CPU seconds, ratios,
and whether the answers agree.

--zip    a month of every force as it is downloaded: `source add` and `source check` beside hashing and inflating it
--large  so many rows of 180 months more, straight from the generator, for the peak of memory; nothing is written to disk
--write  also puts all of it into RESULTS.md beside this file
"""
import argparse
import datetime
import hashlib
import json
import os
import pathlib
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = ["numpy", "pandas", "pyarrow", "polars", "duckdb"]
ALIKE = ["groups", "sum", "dup_rows", "dup_ids", "no_place", "force_months"]

parser = argparse.ArgumentParser()
parser.add_argument("--peers", type=pathlib.Path, default=ROOT / "../shared/peers")
parser.add_argument("--rows", type=int, default=5_000_000)
parser.add_argument("--reps", type=int, default=5)
parser.add_argument("--work", type=pathlib.Path, default=ROOT / "target/bench-street")
parser.add_argument("--zip", type=pathlib.Path)
parser.add_argument("--large", type=int)
parser.add_argument("--write", action="store_true")
options = parser.parse_args()
work = options.work.resolve()
work.mkdir(parents=True, exist_ok=True)


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, text=True, **more)


def cpu_of(*command, accept=(0,), **more):
    """CPU seconds of a program, its system calls included, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True, **more)
    if done.returncode not in accept:
        sys.exit(f"{command}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def summary(values):
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def peer(case):
    out = run(python, options.peers / "cases.py", case, f"data={work / 'data'}", f"n={options.rows}", capture_output=True).stdout
    found = json.loads([line for line in out.splitlines() if line.startswith("{")][-1])
    return sum(found["cpu"].values()), found["self_peak_mb"], found["info"]


def ours(job, path):
    found = json.loads(run(program, job, path, capture_output=True).stdout)
    return found["cpu_s"], found["peak_mb"], found


python = work / "venv/bin/python"
if not python.exists():
    run(sys.executable, "-m", "venv", work / "venv")
    run(python, "-m", "pip", "install", "-q", *PACKAGES)
folder = work / f"data/n{options.rows}"
street = folder / "street.csv"
if not street.exists():
    run(python, options.peers / "gen_police.py", "--rows", options.rows, "--out", folder)
env = {**os.environ, "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))}
run("cargo", "build", "-q", "--release", "-p", "headwater-prevention", "--example", "street_bench", cwd=ROOT, env=env)
program = pathlib.Path(env["CARGO_TARGET_DIR"]) / "release/examples/street_bench"

GROUP = ["group_pandas", "group_polars", "group_duckdb"]
QUALITY = ["quality_polars", "quality_duckdb"]
OURS = ["count", "audit", "lines", "bytes"]
cpu_s, peak_mb, found, loads = {}, {}, {}, []
for _ in range(options.reps):
    for case in [*OURS, *GROUP, *QUALITY]:
        loads.append(os.getloadavg()[0])
        seconds, megabytes, found[case] = ours(case, street) if case in OURS else peer(case)
        cpu_s.setdefault(case, []).append(seconds)
        peak_mb[case] = max(peak_mb.get(case, 0), megabytes)
median = {case: statistics.median(values) for case, values in cpu_s.items()}
versions = run(python, "-c", "import pandas, polars, duckdb; print(f'pandas {pandas.__version__}, Polars {polars.__version__}, DuckDB {duckdb.__version__}')",
               capture_output=True).stdout.strip()
processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.processor())

lines = [
    "# Street files: measured",
    "",
    f"{datetime.date.today():%-d %B %Y}, {os.cpu_count()} processors ({processor}), Python {platform.python_version()}, {versions}. "
    f"{options.rows:,} rows of 36 months and 44 forces in no order, {street.stat().st_size / 1e6:,.0f} MB, from `gen_police.py`, in the page cache. "
    f"Medians of CPU seconds, all threads, user and system, with the range; {options.reps} runs of each, in turn. Starting Python and importing are not counted. "
    f"The load average was {min(loads):.1f} to {max(loads):.1f}: other work shared the machine, so wall time is not given, and CPU seconds may be 10 to 40 % high for both.",
    "",
    "| work | ours, CPU s | ours, MB | peer | peer, CPU s | peer, MB | ours / peer | goal |",
    "|---|---|---|---|---|---|---|---|",
]
for job, work_name, cases, goal in [
    ("count", "read and count LSOA × month × type", GROUP, 1 / 2),
    ("audit", "the same, and the whole quality audit", QUALITY, 1 / 3),
]:
    best = min(cases, key=median.get)
    for case in cases:
        lines.append(
            f"| {work_name} | {summary(cpu_s[job])} | {peak_mb[job]} | {case.replace('_', ', ')} | {summary(cpu_s[case])} | {peak_mb[case]:.0f} "
            f"| {median[job] / median[case]:.2f} | {f'at most {goal:.2f}' if case == best else ''} |")
lines += [
    "",
    "The peers' audit counts no LSOA; ours counts and audits in one pass, and its one figure stands for both.",
    "",
    "## How far it is to the limit",
    "",
    f"- reading the bytes into a buffer and nothing else: {summary(cpu_s['bytes'])} CPU s",
    f"- finding the line ends as well: {summary(cpu_s['lines'])} CPU s, which no reader that copies the file into memory can go below; counting takes {median['count'] / median['lines']:.1f} times that, "
    f"counting and auditing {median['audit'] / median['lines']:.1f} times",
    f"- a row costs {median['count'] / options.rows * 1e9:,.0f} ns to count, {median['audit'] / options.rows * 1e9:,.0f} ns to count and audit, of which {median['lines'] / options.rows * 1e9:,.0f} ns are its share of the limit",
    "",
    "## Do the answers agree?",
    "",
]
for case in [*GROUP, *QUALITY]:
    mine = found["count" if case in GROUP else "audit"]
    facts = [fact for fact in ALIKE if fact in found[case]]
    differ = [f"{fact} {mine[fact]:,} against {found[case][fact]:,}" for fact in facts if mine[fact] != found[case][fact]]
    lines.append(f"- {case.replace('_', ', ')}: " + ("; ".join(differ) if differ else ", ".join(f"{fact} {mine[fact]:,}" for fact in facts) + ": the same"))


def national():
    run("cargo", "build", "-q", "--release", "-p", "headwater", "--bins", cwd=ROOT, env=env)
    binary = pathlib.Path(env["CARGO_TARGET_DIR"]) / "release/headwater"
    path, place = options.zip.resolve(), work / "workspace"
    seconds = {}
    for _ in range(max(options.reps, 7)):
        seconds.setdefault("limit", []).append(cpu_of(program, "unpack", path)[0])
        start, packed = time.process_time(), path.read_bytes()
        hashlib.sha256(packed)
        for member in zipfile.ZipFile(path).infolist():
            at = member.header_offset
            begin = at + 30 + int.from_bytes(packed[at + 26:at + 28], "little") + int.from_bytes(packed[at + 28:at + 30], "little")
            assert zlib.crc32(zlib.decompress(packed[begin:begin + member.compress_size], -15)) == member.CRC
        seconds.setdefault("python", []).append(time.process_time() - start)
        shutil.rmtree(place, ignore_errors=True)
        cpu_of(binary, "new", place, "--area", "E23000035")
        seconds.setdefault("add", []).append(cpu_of(binary, "source", "add", path, cwd=place)[0])
        # It ends with 10 when it has found a problem in the files.
        seconds.setdefault("check", []).append(cpu_of(binary, "source", "check", accept=(0, 10), cwd=place)[0])
    shutil.rmtree(place)
    middle = {job: statistics.median(values) for job, values in seconds.items()}
    both = middle["add"] + middle["check"]
    size = sum(member.file_size for member in zipfile.ZipFile(path).infolist())
    return [
        "",
        "## A real month of every force",
        "",
        f"`{path.name}`, {path.stat().st_size / 1e6:.0f} MB packed, {size / 1e6:.0f} MB unpacked; medians of {len(seconds['add'])} runs.",
        "",
        "| work | CPU s | times ours below | times Python |",
        "|---|---|---|---|",
        f"| hash the zip, inflate and check all of it: zlib-rs, crc32fast, sha2 | {summary(seconds['limit'])} | 1 | {middle['limit'] / middle['python']:.2f} |",
        f"| the same with Python's hashlib and zlib {zlib.ZLIB_RUNTIME_VERSION} | {summary(seconds['python'])} | {middle['python'] / middle['limit']:.2f} | 1 |",
        *(f"| `source {job}` | {summary(seconds[job])} | {middle[job] / middle['limit']:.2f} | {middle[job] / middle['python']:.2f} |" for job in ["add", "check"]),
        f"| both | {both:.3g} | {both / middle['limit']:.2f} | {both / middle['python']:.2f} |",
        "",
        "The goal is 1.5 times. " + ("Both together keep to it." if both <= 1.5 * middle["limit"] else
        "Each command keeps to it by itself; both together do not, and cannot: `source add` inflates the zip to see that it is whole, and `source check` inflates it again, "
        "so about two times would be left if nothing were read at all." if max(middle["add"], middle["check"]) <= 1.5 * middle["limit"] else "It is not met."),
    ]


def large():
    place = work / "large"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    os.mkfifo(place / "street.csv")
    maker = subprocess.Popen([str(part) for part in ["nice", python, options.peers / "gen_police.py", "--rows", options.large, "--months", 180, "--seed", 7, "--out", place]],
                             stdout=subprocess.DEVNULL)
    seconds, megabytes, facts = ours("audit", place / "street.csv")
    maker.wait()
    shutil.rmtree(place)
    return [
        "",
        "## Fifteen years of every force",
        "",
        f"{facts['rows']:,} rows of 180 months through a pipe from the generator, {facts['groups']:,} groups: counted and audited in {megabytes:,} MB and {seconds:.0f} CPU s "
        f"({seconds / facts['rows'] * 1e9:,.0f} ns a row, the pipe included). The goal is below 2,500 MB. What grows is 8 bytes for every row and every Crime ID, "
        "to find repeats, and 12 for every count, twice while counts are brought together.",
    ]


more = "".join(f" --{name} {value}" for name, value in [("zip", options.zip and options.zip.name), ("large", options.large)] if value)
again = ["", f"Make it again: `bench/street/run.py{more} --write`."]
# What is measured is put down at once: the last part takes minutes.
for wanted, part in [(True, list), (options.zip, national), (options.large, large)]:
    lines += part() if wanted else []
    if options.write:
        (HERE / "RESULTS.md").write_text("\n".join(lines + again) + "\n")
print("\n".join(lines + again))
