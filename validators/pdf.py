"""Checks every PDF of a built site as PDF/UA-1, and says in a sentence what is wrong.

    python pdf.py SITE

Two programs that had no part in writing the files read them. `page` holds each to the rules of PDF/UA-1 that a machine can
judge. pikepdf (qpdf) holds it to what we promise beyond: a title that is shown, British English, bookmarks for every
section, headings that skip no level, words for every picture, header cells with a scope, and no date of making, so that
the same document gives the same bytes. Then a picture's words are taken out of a copy, which must be found at once: a
checker that finds nothing wrong with that finds nothing at all. Exit code 1 if there is any fault.
"""

import io
import sys
from pathlib import Path

import page
import pikepdf

PDF_UA = page.ValidationProfile.PDF_UA_1
HEADINGS = ["/H1", "/H2", "/H3", "/H4", "/H5", "/H6"]


def elements(node):
    """Every structure element below one, in the order of reading."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def scope(element):
    """The scope of a header cell, if it has one."""
    attributes = element.get("/A", [])
    for attribute in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if isinstance(attribute, pikepdf.Dictionary) and "/Scope" in attribute:
            return str(attribute["/Scope"])
    return None


def bookmarks(items):
    """How many bookmarks there are, at every depth."""
    return sum(1 + bookmarks(item.children) for item in items)


def broken_rules(report):
    """The rules of PDF/UA-1 that were broken, each with its first message."""
    first = {}
    for failure in report.failures:
        first.setdefault(failure.rule_id, failure.message)
    return [f"{rule}: {message}" for rule, message in first.items()]


def promises(pdf):
    """What is not as promised, and how much there is of each kind."""
    faults = []
    root = pdf.Root
    if str(root.get("/Lang", "")) != "en-GB":
        faults.append(f"its language is {root.get('/Lang', 'not given')}, not en-GB")
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        faults.append("readers show its file name in place of its title")
    if not str(pdf.docinfo.get("/Title", "")).strip():
        faults.append("it has no title")
    if dates := [name for name in ("/CreationDate", "/ModDate") if name in pdf.docinfo]:
        faults.append(f"it holds {' and '.join(dates)}: the same document would differ from day to day")
    if "/StructTreeRoot" not in root:
        return [*faults, "it is not tagged"], {}

    found = list(elements(root["/StructTreeRoot"]))
    named = lambda kind: [element for element in found if str(element["/S"]) == kind]
    sections = named("/H1")
    if not sections:
        faults.append("it has no heading")
    level = 0
    for element in found:
        if str(element["/S"]) in HEADINGS:
            next_level = HEADINGS.index(str(element["/S"])) + 1
            if next_level > level + 1:
                faults.append(f"a heading of level {next_level} follows one of level {level}")
            level = next_level
    for figure in named("/Figure"):
        if len(str(figure.get("/Alt", "")).split()) < 5:
            faults.append(f"a picture has the words \"{figure.get('/Alt', '')}\", which describe nothing")
    for header in named("/TH"):
        if scope(header) is None:
            faults.append("a header cell has no scope")
    for table in named("/Table"):
        if not any(str(element["/S"]) == "/TH" for element in elements(table)):
            faults.append("a table has no header cells")
    with pdf.open_outline() as outline:
        n_bookmarks = bookmarks(outline.root)
    if n_bookmarks < len(sections) - 1:
        faults.append(f"it has {n_bookmarks} bookmarks for {len(sections)} sections")
    counts = {"pages": len(pdf.pages), "pictures": len(named("/Figure")), "tables": len(named("/Table")), "bookmarks": n_bookmarks}
    return faults, counts


def is_found_out(path):
    """Whether a copy of the file without the words of one picture is found to be wrong."""
    with pikepdf.open(path) as pdf:
        figure = next((element for element in elements(pdf.Root["/StructTreeRoot"]) if str(element["/S"]) == "/Figure"), None)
        if figure is None:
            return None
        del figure["/Alt"]
        spoilt = io.BytesIO()
        pdf.save(spoilt)
    return bool(broken_rules(page.validate_pdf_bytes(spoilt.getvalue(), profile=PDF_UA)))


def check(path):
    """All faults of one file, and what it holds."""
    faults = broken_rules(page.validate_pdf(path, profile=PDF_UA))
    with pikepdf.open(path) as pdf:
        faults += pdf.check_pdf_syntax()
        more, counts = promises(pdf)
    return faults + more, counts


def main():
    if len(sys.argv) != 2:
        sys.exit("Name the folder of a built site: python pdf.py SITE")
    site = Path(sys.argv[1])
    paths = sorted(site.rglob("*.pdf"))
    if not paths:
        sys.exit(f"error: there is no PDF below {site}")
    faulty = False
    for path in paths:
        faults, counts = check(path)
        held = ", ".join(f"{n} {what}" for what, n in counts.items())
        print(f"{'FAULTY' if faults else 'PDF/UA-1'}  {path.relative_to(site)}  {path.stat().st_size // 1000} kB, {held}")
        for fault in faults[:20]:
            print(f"  {fault}")
        faulty = faulty or bool(faults)
    answers = [is_found_out(path) for path in paths[:1]]
    if answers != [True]:
        print("FAULTY  a picture without words was not found out, or there was no picture to try it on")
        faulty = True
    sys.exit(1 if faulty else 0)


if __name__ == "__main__":
    main()
