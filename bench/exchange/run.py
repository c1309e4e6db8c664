#!/usr/bin/env python3
"""The application over a log of a million events: how soon it serves, how fast a grid comes, with fifty people writing or not.

  bench/exchange/run.py [--target target] [--events 10000,100000,1000000] [--seconds 10] [--write]

Builds `headwater` and the example exchange_bench, makes a workspace, opens its first account over HTTP, appends the events of
43 areas, 20 campaigns and 10 items to its log with a right chain, and serves it. Then wrk asks for the grid of one campaign as
one who is signed in, 300 times a second over 30 lines and as often as it can, first alone and then while fifty people enter
bodies. Programs, wrk and writers share the same processors. wrk comes from Debian's package of that name.

--write  also puts it into RESULTS.md beside this file
"""
import argparse
import base64
import hashlib
import hmac
import html
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PASSWORD = "heron saddle thirteen oboe"
RATE, LINES, WRITERS = 300, 30, 50

parser = argparse.ArgumentParser()
parser.add_argument("--target", type=pathlib.Path, default=ROOT / "target")
parser.add_argument("--events", default="10000,100000,1000000")
parser.add_argument("--seconds", type=int, default=10)
parser.add_argument("--write", action="store_true")
options = parser.parse_args()
if shutil.which("wrk") is None:
    sys.exit("error: wrk is not installed\nhint: apt install wrk")

os.environ["CARGO_TARGET_DIR"] = str(options.target.resolve())
for arguments in (["-p", "headwater", "--no-default-features"], ["-p", "headwater-prevention", "--example", "exchange_bench"]):
    subprocess.run(["cargo", "build", "-q", "--release", *arguments], cwd=ROOT, check=True)
program = options.target.resolve() / "release/headwater"
generator = options.target.resolve() / "release/examples/exchange_bench"


class Stay(urllib.request.HTTPRedirectHandler):
    """Where one is sent is looked at, not gone to."""

    def redirect_request(self, *_):
        return None


def ask(origin, path, cookie=None, fields=None):
    """Status, headers and text of an answer."""
    data = None if fields is None else urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(origin + path, data=data, headers={"Cookie": cookie} if cookie else {})
    try:
        answer = urllib.request.build_opener(Stay).open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read().decode()


def code(key):
    secret = base64.b32decode(key.replace(" ", ""))
    mac = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    place = mac[19] & 15
    return f"{(struct.unpack('>I', mac[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def serve(workspace):
    """The program, its address, the link of the first account, and the seconds until it served."""
    began = time.monotonic()
    child = subprocess.Popen([program, "--workspace", workspace, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not child.stderr.readline().startswith("Serving"):
        if child.poll() is not None:
            sys.exit("the program did not serve")
    took = time.monotonic() - began
    threading.Thread(target=child.stderr.read, daemon=True).start()
    lines = os.read(child.stdout.fileno(), 4096).decode().split()
    return child, lines[0].rstrip("/"), lines[1] if len(lines) > 1 else None, took


def stop(child):
    child.send_signal(signal.SIGINT)
    child.wait()


def append(workspace, n_events):
    """Appends the events to the log, each with the hash of the one before."""
    database = sqlite3.connect(workspace / "log.sqlite")
    seq, before = database.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    lines = subprocess.Popen([generator, "log", str(n_events)], stdout=subprocess.PIPE, text=True)

    def rows():
        nonlocal seq, before
        for line in lines.stdout:
            at, actor, kind, body = json.loads(line)
            at = at.replace("Z", ".000000Z") if "." not in at else at
            body = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":"))
            seq += 1
            digest = hashlib.sha256(b"headwater event 1\n")
            for field in (str(seq), at, actor, kind, body, before):
                field = field.encode()
                digest.update(b"%d:%s\n" % (len(field), field))
            row = (seq, at, actor, kind, body, before, digest.hexdigest())
            before = row[6]
            yield row

    with database:
        database.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
    database.close()


def memory_mb(child, which):
    status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
    return int(re.search(rf"{which}:\s+(\d+) kB", status)[1]) / 1024


def wrk(origin, path, cookie, rate):
    """Requests a second, and the milliseconds of the 50th, 99th and slowest in the 100."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.headers["Cookie"] = "{cookie}"\n')
        if rate:
            # Each line waits as long as its share of the rate asks, a little more or less, so that they do not march in step.
            script.write(f"function delay() return math.random({500 * LINES // rate}, {1500 * LINES // rate}) end\n")
        script.write(
            "function done(s, l) io.write(string.format('FIGURES %f %f %f %f %d\\n', s.requests / s.duration * 1e6, "
            "l:percentile(50) / 1e3, l:percentile(99) / 1e3, l.max / 1e3, s.errors.status + s.errors.read + s.errors.timeout)) end\n"
        )
        script.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{LINES if rate else 8}", f"-d{options.seconds}s", "-s", script.name, origin + path], check=True, capture_output=True, text=True
        )
    figures = re.search(r"FIGURES (.*)", done.stdout)[1].split()
    if figures[4] != "0":
        sys.exit(f"{figures[4]} answers were errors: {done.stdout}")
    return [float(figure) for figure in figures[:4]]


def write_until(origin, cookie, over, done):
    """One person who enters bodies; adds the name and the seconds of each that was acknowledged."""
    hidden = re.compile(r'name="(token|seen)" value="([^"]*)"')
    while not over.is_set():
        fields = dict(hidden.findall(ask(origin, "/bodies/new", cookie)[2]))
        name = f"Body {threading.get_ident()} {len(done)} {time.monotonic_ns()}"
        began = time.monotonic()
        status, headers, _ = ask(origin, "/bodies/new", cookie, {**fields, "name": name, "kind": "other", "languages": "en"})
        if status == 303 and headers["location"].startswith("/bodies/"):
            done.append((name, time.monotonic() - began))


def measure(n_events):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="headwater-bench-"))
    workspace = scratch / "office"
    subprocess.run([program, "new", workspace, "--area", "sussex"], check=True, capture_output=True)
    child, origin, link, _ = serve(workspace)
    path = link.removeprefix(origin)
    key = re.search(r'<p class="secret">([^<]*)</p>', ask(origin, path)[2])[1]
    person = {"name": "Odile Marchmont", "email": "odile@office.example", "password": PASSWORD, "code": code(html.unescape(key))}
    status, headers, page = ask(origin, path, fields=person)
    if status != 303:
        sys.exit(f"the account was not opened: {status} {page}")
    cookie = headers["set-cookie"].split(";")[0]
    stop(child)
    append(workspace, n_events)
    subprocess.run([program, "--workspace", workspace, "log", "verify"], check=True, capture_output=True)
    starts = []
    for _ in range(3):
        child, origin, _, took = serve(workspace)
        starts.append(took)
        stop(child)
    child, origin, _, took = serve(workspace)
    starts.append(took)
    idle = memory_mb(child, "VmRSS")
    grid = "/campaigns/0/grid"
    status, _, page = ask(origin, grid, cookie)
    if status != 200 or "43 of 43 bodies" not in page:
        sys.exit(f"the grid is not as it should be: {status} {page[:400]}")
    alone, most = wrk(origin, grid, cookie, RATE), wrk(origin, grid, cookie, None)
    over, done = threading.Event(), []
    writers = [threading.Thread(target=write_until, args=(origin, cookie, over, done)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    began = time.monotonic()
    while len(done) < WRITERS and time.monotonic() - began < 60:
        time.sleep(0.05)
    n_before, began = len(done), time.monotonic()
    shared = wrk(origin, grid, cookie, RATE)
    written = (len(done) - n_before) / (time.monotonic() - began)
    over.set()
    for writer in writers:
        writer.join()
    peak = memory_mb(child, "VmHWM")
    bodies = ask(origin, "/bodies", cookie)[2]
    lost = [name for name, _ in done if f">{name}<" not in bodies]
    stop(child)
    subprocess.run([program, "--workspace", workspace, "log", "verify"], check=True, capture_output=True)
    if lost:
        sys.exit(f"{len(lost)} of {len(done)} acknowledged entries are lost")
    times = sorted(seconds for _, seconds in done)
    shutil.rmtree(scratch)
    return {
        "events": n_events, "page_kb": len(page) / 1000, "start_s": sorted(starts)[1], "idle_mb": idle, "peak_mb": peak, "alone": alone,
        "most": most, "shared": shared, "written": written, "n_written": len(done), "write_ms": times[len(times) * 99 // 100] * 1000,
    }


load = os.getloadavg()[0]
results = [measure(int(n)) for n in options.events.split(",")]
lines = [
    "| events | serves after, s | memory, MB | at most, MB | grid at 300/s: p50, p99, max ms | as often as it can: per s, p99 ms | grid while 50 write: per s, p99, max ms | entries per s, p99 ms |",
    "|---|---|---|---|---|---|---|---|",
]
for it in results:
    alone, most, shared = it["alone"], it["most"], it["shared"]
    lines.append(
        f"| {it['events']:,} | {it['start_s']:.2f} | {it['idle_mb']:.0f} | {it['peak_mb']:.0f} | {alone[1]:.1f}, {alone[2]:.1f}, {alone[3]:.0f} ({alone[0]:.0f}/s) "
        f"| {most[0]:.0f}, {most[2]:.1f} | {shared[0]:.0f}, {shared[2]:.1f}, {shared[3]:.0f} | {it['written']:.0f}, {it['write_ms']:.0f} |"
    )
model = re.search(r"model name\s+: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
head = f"{time.strftime('%-d %B %Y')}, {os.cpu_count()} processors ({model[1].strip() if model else 'unknown'}), load average before {load:.1f}; a grid page of {results[-1]['page_kb']:.0f} kB."
print(head, "", *lines, sep="\n")
if options.write:
    path = HERE / "RESULTS.md"
    old = path.read_text() if path.exists() else "# The application under load: measured\n\n<!-- figures -->\n<!-- end of figures -->\n"
    figures = "<!-- figures -->\n" + "\n".join([head, "", *lines]) + "\n<!-- end of figures -->"
    path.write_text(re.sub(r"<!-- figures -->.*<!-- end of figures -->", lambda _: figures, old, flags=re.S))
