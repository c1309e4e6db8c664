#!/usr/bin/env python3
"""Reads and audits one synthetic police.uk file with our reader and with the peers, in one run.

  run.py --peers ../shared/peers --data build/n5000000 --python build/venv/bin/python [--reps 3]

--data is a folder made by the peers' gen_police.py; --python has pandas, polars and duckdb. Prints CPU-second medians and
ratios. Our reader counts and audits in the same pass, so the one figure stands against both of the peers' jobs."""
import argparse, json, os, statistics, subprocess

a = argparse.ArgumentParser()
a.add_argument("--peers", required=True)
a.add_argument("--data", required=True)
a.add_argument("--python", required=True)
a.add_argument("--reps", type=int, default=3)
a.add_argument("--ours", default="target/release/examples/street_bench")
a = a.parse_args()
here, n = os.path.split(a.data.rstrip("/"))
rows = n.removeprefix("n")
cases = ["group_pandas", "group_polars", "group_duckdb", "quality_polars", "quality_duckdb"]
found = {}
for rep in range(a.reps):
    load = os.getloadavg()[0]
    out = json.loads(subprocess.run([a.ours, f"{a.data}/street.csv"], check=True, capture_output=True, text=True).stdout)
    found.setdefault("ours", []).append((out["cpu_s"], out["peak_mb"], load, out))
    for case in cases:
        run = subprocess.run([a.python, f"{a.peers}/cases.py", case, f"data={here}", f"n={rows}"], capture_output=True, text=True)
        line = [l for l in run.stdout.splitlines() if l.startswith("{")]
        if not line:
            print(case, "failed:", run.stderr[-300:])
            continue
        r = json.loads(line[-1])
        cpu = sum(r["cpu"].values()) if "cpu" in r else sum(r["stages_cpu"].values())
        found.setdefault(case, []).append((cpu, r.get("self_peak_mb", 0), os.getloadavg()[0], r))
median = {k: statistics.median(x[0] for x in v) for k, v in found.items()}
print("| job | CPU s (median) | peak MB | load |\n|---|---|---|---|")
for k, v in found.items():
    print(f"| {k} | {median[k]:.2f} | {max(x[1] for x in v)} | {min(x[2] for x in v):.1f} to {max(x[2] for x in v):.1f} |")
for kind in ("group", "quality"):
    best = min((median[k], k) for k in median if k.startswith(kind))
    print(f"ours (count and audit) / best {kind} ({best[1]}): {median['ours'] / best[0]:.2f}")
print("ours:", json.dumps(found["ours"][-1][3]))
