"""Asks other people's programs whether the files of a site are what they claim to be.

    python validators/check.py SITE [--prove]

Prints a line for each kind of file and a line for each fault; the exit code is 1 when there is a fault. With --prove, files
are then broken in a copy, one in each way, and every break must be found.
"""

import sys
from pathlib import Path

import catalogues
import outlines
import prove
import tables
import workbooks

PARTS = [
    ("tables with a package (frictionless)", tables.packages),
    ("tables with CSV on the Web metadata (csvw)", tables.metadata),
    ("workbooks against the checklist", workbooks.checklist),
    ("workbooks in LibreOffice, cell by cell", workbooks.libreoffice),
    ("workbooks in pandas, cell by cell", workbooks.pandas),
    ("catalogues (rdflib)", catalogues.check),
    ("outlines (geojson)", outlines.check),
]


def check(site):
    """Every fault, with the part that found it; says how much each part looked at."""
    faults = []
    for title, part in PARTS:
        looked_at, found = part(site)
        print(f"{title}: {looked_at}, {len(found)} faults")
        if looked_at == 0:
            found.append("there was nothing to look at")
        faults += [f"{title}: {fault}" for fault in found]
    return faults


def main():
    site = Path(sys.argv[1])
    faults = check(site)
    if "--prove" in sys.argv[2:]:
        faults += prove.unfound(site)
    for fault in faults:
        print(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
