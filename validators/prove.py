"""Breaks files of a copy, one in each way, and says which breaks the validators let through."""

import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import catalogues
import outlines
import tables
import workbooks


def unfound(site):
    missed = []
    for name, part, pattern, change in BREAKS:
        with tempfile.TemporaryDirectory() as folder:
            # One document is enough, and the catalogues beside it.
            copy = Path(folder, "site")
            original = next(iter(sorted(site.rglob(pattern))))
            shutil.copytree(original.parent, copy / original.parent.relative_to(site), dirs_exist_ok=True)
            if part is catalogues.check:
                shutil.copytree(site, copy, dirs_exist_ok=True)
            broken = copy / original.relative_to(site)
            before = broken.read_bytes()
            change(broken)
            if broken.read_bytes() == before:
                missed.append(f"prove: {name}: nothing was broken")
            elif not part(copy)[1]:
                missed.append(f"prove: {name}: was not found")
    print(f"broken on purpose: {len(BREAKS)}, {len(missed)} not found")
    return missed


def text(pattern, replacement):
    def change(file):
        file.write_text(re.sub(pattern, replacement, file.read_text(encoding="utf-8"), count=1), encoding="utf-8")

    return change


def content(pattern, replacement):
    """A change inside a workbook."""

    def change(file):
        archive = zipfile.ZipFile(file)
        parts = [(part, archive.read(part)) for part in archive.infolist()]
        with zipfile.ZipFile(file, "w") as out:
            for part, held in parts:
                if part.filename == "content.xml":
                    held = re.sub(pattern, replacement, held.decode(), count=1).encode()
                out.writestr(part, held)

    return change


BREAKS = [
    ("a cell changed after the package was made", tables.packages, "crime-types*.csv", text(r",\d", ",9")),
    ("a number that is none, by the metadata", tables.metadata, "crime-types*.csv", text(r",[\d.]+,", ",many,")),
    ("a column that the metadata does not know", tables.metadata, "crime-types*.csv", text("records", "counts")),
    ("a catalogue with another size", catalogues.check, "catalogue.jsonld", text(r'"@value": "\d+"', '"@value": "1"')),
    ("an edition without a day", catalogues.check, "catalogue.jsonld", text(r'"xsd:date"', '"xsd:string"')),
    ("a merged cell", workbooks.checklist, "*.ods", content("<table:table-cell ", '<table:table-cell table:number-columns-spanned="2" ')),
    ("a sheet without a mark", workbooks.checklist, "*.ods", content("<table:database-range [^>]*/>", "")),
    ("an empty cell", workbooks.checklist, "*.ods", content("<text:p>[^<]+</text:p>", "<text:p></text:p>")),
    ("a number changed, by pandas", workbooks.pandas, "*.ods", content(r'(name="Table_7".*?office:value=")\d', r"\g<1>77")),
    ("a number changed, by LibreOffice", workbooks.libreoffice, "*.ods", content(r'(name="Table_7".*?office:value=")\d', r"\g<1>77")),
    ("a ring that is not closed", outlines.check, "*.geojson", text(r"\[\[\[-?[\d.]+", "[[[1.5")),
]
