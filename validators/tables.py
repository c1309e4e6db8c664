"""CSV files: against the package that names them, and against the metadata beside each."""

import csv
import json

from csvw import CSVW
from frictionless import validate


def packages(site):
    """Validates every datapackage.json with all its tables; no table of its folder may be missing from it."""
    faults, n = [], 0
    for package in sorted(site.rglob("datapackage.json")):
        report = validate(str(package))
        n += len(report.tasks)
        faults += [f"{package}: {row}" for row in report.flatten(["place", "title", "message"])]
        named = {task.place for task in report.tasks}
        there = {file.name for file in package.parent.glob("*.csv")}
        faults += [f"{package}: does not name {name}" for name in sorted(there - named)]
    return n, faults


def metadata(site):
    """Validates the metadata beside every table, and the table by it."""
    faults, n = [], 0
    for table in sorted(site.rglob("*.csv")):
        described = table.with_name(f"{table.name}-metadata.json")
        if not described.is_file():
            faults.append(f"{table}: has no metadata beside it")
            continue
        n += 1
        # csvw counts columns but lets another header through.
        with table.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines))
        titles = [column["titles"][0] for column in json.loads(described.read_text(encoding="utf-8"))["tableSchema"]["columns"]]
        if header != titles:
            faults.append(f"{described}: describes {titles}, but the header is {header}")
        try:
            asked = CSVW(str(described), validate=True)
            if not asked.is_valid:
                faults += [f"{described}: {warning.message}" for warning in asked.warnings] or [f"{described}: not valid"]
        except ValueError as error:
            faults.append(f"{described}: {error}")
    return n, faults
