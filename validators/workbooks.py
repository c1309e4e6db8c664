"""Workbooks: opened by LibreOffice and by pandas, and held to the checklist of the Analysis Function."""

import csv
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
XLINK = "{http://www.w3.org/1999/xlink}"
# 44: comma; 34: quotation mark; 76: UTF-8; cells as they are kept and not as they are shown; -1: every sheet to its own file.
TO_CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1'


def workbooks(site):
    return sorted(site.rglob("*.ods"))


def ranges(book):
    """The marked tables: name of the sheet, name of the table, first row, last column, last row."""
    root = ElementTree.fromstring(zipfile.ZipFile(book).read("content.xml"))
    found = []
    for mark in root.iter(f"{TABLE}database-range"):
        address = re.fullmatch(r"(\w+)\.A(\d+):\1\.([A-Z]+)(\d+)", mark.get(f"{TABLE}target-range-address"))
        found.append((address[1], mark.get(f"{TABLE}name"), int(address[2]), address[3], int(address[4])))
    return found


def table_file(book, name):
    """The CSV file that holds the same table."""
    mark = "-not-for-sharing" if "-not-for-sharing" in book.name else ""
    return book.parent / f"{name.removeprefix('table_').replace('_', '-')}{mark}.csv"


def differences(where, expected, read):
    """Where cells read by another program are not those of the CSV file; its words have an apostrophe before a formula's sign."""
    if len(expected) != len(read):
        return [f"{where}: {len(read)} rows, not {len(expected)}"]
    faults = []
    for row, (ours, theirs) in enumerate(zip(expected, read), start=2):
        if len(ours) != len(theirs):
            faults.append(f"{where}: row {row} has {len(theirs)} cells, not {len(ours)}")
            continue
        for our, their in zip(ours, theirs):
            our = our[1:] if re.match(r"'[=+@\t\r-]", our) else our
            try:
                same = float(our) == float(their)
            except ValueError:
                same = our == str(their)
            if not same:
                faults.append(f"{where}: row {row} has {their!r}, not {our!r}")
    return faults[:5]


def compared(book, rows_of):
    """Every table of a workbook against its CSV file; `rows_of` gives the rows of a sheet as another program reads them."""
    n, faults = 0, []
    for sheet, name, header, _, last in ranges(book):
        if not sheet.startswith("Table_"):
            continue
        file = table_file(book, name)
        if not file.is_file():
            faults.append(f"{book}: there is no {file.name} with the table of {sheet}")
            continue
        with file.open(encoding="utf-8", newline="") as lines:
            expected = list(csv.reader(lines))
        width = len(expected[0])
        read = [row[:width] for row in rows_of(sheet)[header:last]]
        n += sum(len(row) for row in read)
        faults += differences(f"{book.name} {sheet}", expected[1:], read)
    return n, faults


def libreoffice(site):
    """All workbooks to CSV in one process, then every cell compared."""
    books = workbooks(site)
    with tempfile.TemporaryDirectory() as folder:
        # Every edition has books of the same names, and one folder takes what becomes of all.
        copies = [Path(folder, f"{i}-{book.name}") for i, book in enumerate(books)]
        for book, copied in zip(books, copies):
            copied.symlink_to(book.resolve())
        # A profile of its own, so that a LibreOffice that somebody has open is left in peace.
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", TO_CSV, "--outdir", f"{folder}/out"]
        ran = subprocess.run([*command, *map(str, copies)], capture_output=True, text=True, check=False, timeout=300)
        n, faults = 0, [] if ran.returncode == 0 else [f"soffice ended with {ran.returncode}: {ran.stderr.strip()}"]
        for book, copied in zip(books, copies):

            def rows_of(sheet):
                file = Path(folder, "out", f"{copied.stem}-{sheet}.csv")
                if not file.is_file():
                    return []
                with file.open(encoding="utf-8", newline="") as lines:
                    return list(csv.reader(lines))

            cells, found = compared(book, rows_of)
            n, faults = n + cells, faults + found
    return n, faults


def pandas(site):
    """All workbooks as pandas reads them by odfpy, every cell compared."""
    n, faults = 0, []
    for book in workbooks(site):
        sheets = pd.read_excel(book, engine="odf", sheet_name=None, header=None, keep_default_na=False)
        cells, found = compared(book, lambda sheet: sheets[sheet].values.tolist())
        n, faults = n + cells, faults + found
    return n, faults


def checklist(site):
    """The checklist, as far as a program can tell."""
    books = workbooks(site)
    return len(books), [f"{book.name}: {fault}" for book in books for fault in faults_of(book)]


def faults_of(book):
    archive = zipfile.ZipFile(book)
    first = archive.infolist()[0]
    if (first.filename, first.compress_type) != ("mimetype", zipfile.ZIP_STORED):
        yield "does not begin with its media type"
    if any(part.date_time != (1980, 1, 1, 0, 0, 0) for part in archive.infolist()):
        yield "names a time, so that no two builds are the same"
    meta = ElementTree.fromstring(archive.read("meta.xml"))
    if not meta.findtext(f".//{DC}title"):
        yield "has no title among its properties"
    styles = ElementTree.fromstring(archive.read("styles.xml"))
    languages = {(it.get(f"{FO}language"), it.get(f"{FO}country")) for it in styles.iter() if it.get(f"{FO}language")}
    if meta.findtext(f".//{DC}language") != "en-GB" or languages != {("en", "GB")}:
        yield f"is not in British English throughout: {languages}"
    root = ElementTree.fromstring(archive.read("content.xml"))
    for tree in (root, styles):
        for element in tree.iter():
            for attribute in ("background-color", "color"):
                if element.get(FO + attribute):
                    yield f"tells something by {attribute}"
    for forbidden in ("covered-table-cell", "filter", "shapes", "content-validation", "named-expression"):
        if root.find(f".//{TABLE}{forbidden}") is not None:
            yield f"has a {forbidden}"
    if root.find(f".//{OFFICE}annotation") is not None:
        yield "has a comment in a cell"
    sheets = {sheet.get(f"{TABLE}name"): sheet for sheet in root.iter(f"{TABLE}table")}
    if list(sheets)[:2] != ["Cover", "Contents"]:
        yield f"begins with {list(sheets)[:2]}, not with a cover and contents"
    marked = {sheet: (header, last) for sheet, _, header, _, last in ranges(book)}
    if set(sheets) - {"Cover"} != set(marked):
        yield f"has sheets without a marked table: {sorted(set(sheets) - set(marked))}"
    for name, sheet in sheets.items():
        yield from (f"{name}: {fault}" for fault in faults_of_sheet(sheet, *marked.get(name, (None, None))))
    linked = {link.get(f"{XLINK}href").removeprefix("#").removesuffix(".A1") for link in root.iter(f"{TEXT}a")}
    if linked - set(sheets):
        yield f"leads to sheets that are not there: {sorted(linked - set(sheets))}"
    if set(sheets) - linked - {"Cover", "Contents"}:
        yield f"has sheets that the contents do not lead to: {sorted(set(sheets) - linked)}"


def faults_of_sheet(sheet, header, last):
    rows = list(sheet.iter(f"{TABLE}table-row"))
    cells = [list(row) for row in rows]
    for element in sheet.iter():
        for attribute in ("number-columns-spanned", "number-rows-spanned", "number-columns-repeated", "number-rows-repeated", "formula"):
            if element.get(TABLE + attribute):
                yield f"has {attribute}"
        if element.get(f"{TABLE}visibility"):
            yield "hides something"
    words = [["".join(cell.itertext()) for cell in row] for row in cells]
    if any(not word for row in words for word in row) or any(not row for row in words):
        yield "has an empty cell or row"
    if header is None:
        header = last = len(rows) + 1
    elif last != len(rows):
        yield "has something below its table"
    if any(len(row) != 1 for row in words[: header - 1]):
        yield "has more than column A above its table"
    widths = {len(row) for row in words[header - 1 :]}
    if len(widths) > 1:
        yield f"has rows of {sorted(widths)} cells in its table"
    if header <= len(words) and len(set(words[header - 1])) != len(words[header - 1]):
        yield "has two columns of the same name"
    for row, texts in zip(cells[header:], words[header:]):
        for cell, text in zip(row, texts):
            kind = cell.get(f"{OFFICE}value-type")
            if kind not in ("float", "string"):
                yield f"has a cell that is neither number nor words: {text}"
            if kind == "string" and re.fullmatch(r"-?[\d,]+\.\d+", text):
                yield f"has a number as words: {text}"
    above = " ".join(text for row in words[: header - 1] for text in row)
    for mark in ("[c]", "[x]", "[z]"):
        used = any(text == mark for row in words[header:] for text in row)
        if used and f"{mark}: " not in above and not words[0][0].startswith("Contents"):
            yield f"uses {mark} without saying what it means"
