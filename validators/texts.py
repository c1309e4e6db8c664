"""Asks LibreOffice and Chromium whether the text that `headwater document text` reads is the text that is there.

    python validators/texts.py HEADWATER SITE [--keep FOLDER]

The longest pages of a site are written by LibreOffice Writer as DOCX, ODT and RTF, and as plain text; the words that we read
from each have to be the words of the plain text, in the same order: at least 0.99 of them, and 0.99 of all pairs of
neighbours. Chromium prints the same pages to PDF, which is held to the same. Every file is then cut off and read again: the answer has to be a sentence. The exit code is 1 when one is not.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

LEAST = 0.99
N_PAGES = 4
KINDS = {"odt": "odt:writer8", "docx": "docx:MS Word 2007 XML", "rtf": "rtf:Rich Text Format", "txt": "txt:Text (encoded):UTF8"}


def words(text):
    return re.findall(r"[^\W_]+", text.replace("\u00ad", "").replace("\u200b", ""))


def kept(wanted, found):
    """The part of what is wanted that was found, however often it is wanted."""
    wanted, found = Counter(wanted), Counter(found)
    return sum(min(n, found[it]) for it, n in wanted.items()) / max(1, wanted.total())


def compared(theirs, ours, is_printed):
    """How much of their words and of their neighbours is in ours, and of ours in theirs: the least of all.

    Who prints repeats the head of a table on each page, so that more is in ours.
    """
    pairs = lambda list_: list(zip(list_, list_[1:]))
    ways = [(theirs, ours)] if is_printed else [(theirs, ours), (ours, theirs)]
    return min(min(kept(one, other), kept(pairs(one), pairs(other))) for one, other in ways)


def convert(kind, sources, folder):
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", KINDS[kind], "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def print_to_pdf(page):
    """Chromium's sandbox does not run as root; the pages are our own."""
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def read(headwater, file):
    done = subprocess.run([headwater, "document", "text", "--json", str(file)], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def text_of(answer):
    """What is read on the pages; headers and footers are not in the plain text."""
    blocks = [block for page in json.loads(answer)[0]["pages"] for block in page["blocks"]]
    return " ".join(block["text"] for block in blocks if block["kind"] != "margin")


def main():
    headwater, site = sys.argv[1], Path(sys.argv[2])
    faults = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[4]) if "--keep" in sys.argv else Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        longest = sorted(site.rglob("*.html"), key=lambda page: (-page.stat().st_size, page))[:N_PAGES]
        for number, page in enumerate(longest):
            # What is drawn is no text of a document, and what a page folds LibreOffice leaves out.
            html = re.sub(r"<(script|style|svg|nav|noscript)\b.*?</\1>", "", page.read_text(), flags=re.S)
            (folder / f"page{number}.html").write_text(re.sub(r"</?(details|summary)\b[^>]*>", "", html))
        pages = sorted(folder.glob("page*.html"))
        # From one form to the next, so that each is what LibreOffice writes of what it read.
        convert("odt", pages, folder)
        for kind in ("docx", "rtf", "txt"):
            convert(kind, sorted(folder.glob("page*.odt")), folder)
        for page in pages:
            print_to_pdf(page)
            theirs = words(page.with_suffix(".txt").read_text(encoding="utf-8-sig"))
            if len(theirs) < 200:
                faults.append(f"{page.name}: only {len(theirs)} words to compare")
            for kind in ("odt", "docx", "rtf", "pdf"):
                file = page.with_suffix(f".{kind}")
                code, answer, said = read(headwater, file)
                if code != 0:
                    faults.append(f"{file.name}: {said.strip()}")
                    continue
                share = compared(theirs, words(text_of(answer)), kind == "pdf")
                print(f"{file.name}: {len(theirs)} words, {share:.4f} of words and neighbours are the same")
                if share < LEAST:
                    faults.append(f"{file.name}: only {share:.4f} of words and neighbours are those of LibreOffice")
                cut = file.with_suffix(f".cut.{kind}")
                cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
                code, _, said = read(headwater, cut)
                # Rich Text ends where it is cut, and a PDF is mended as far as it goes; a packed file cannot be unpacked.
                if code not in {"rtf": (0,), "pdf": (0, 11)}.get(kind, (11,)) or "panicked" in said:
                    faults.append(f"{cut.name}: exit code {code}: {said.strip()}")
    for fault in faults:
        print(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
