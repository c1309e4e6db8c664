"""Counts how many clean documents the first screen holds: more than 2 % is a fault.

    python validators/clean.py HEADWATER SITE [--keep FOLDER]

Invented documents (`clean_words.py`) are written by python-docx, python-pptx, openpyxl, XlsxWriter, odfpy, ReportLab and fpdf2,
by LibreOffice as DOCX, ODT, RTF and PDF, by Chromium as PDF, and by the JavaScript libraries docx and pdf-lib where node finds
them (NODE_PATH); the files of a site of Headwater and the reports in ../shared/data/documents come beside them. Every file
that is held is printed with the reason. The exit code is 1 when too many are held, or fewer than 500 were looked at.
"""

import html
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from clean_words import documents
from texts import print_to_pdf

MOST = 0.02
FEWEST = 500
N = 60
SHARED = Path(__file__).resolve().parents[2] / "shared/data/documents"


def of_word(path, title, blocks):
    import docx

    document = docx.Document()
    document.core_properties.author = "Nia Pritchard"
    document.add_heading(title, 0)
    for kind, what in blocks:
        if kind == "heading":
            document.add_heading(what, 1)
        elif kind == "text":
            document.add_paragraph(what)
        else:
            table = document.add_table(rows=0, cols=len(what[0]), style="Light Grid Accent 1")
            for row in what:
                for cell, words in zip(table.add_row().cells, row):
                    cell.text = words
    document.save(path)


def of_slides(path, title, blocks):
    import pptx
    from pptx.util import Inches

    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text = title
    for kind, what in blocks:
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = what[:60] if kind != "table" else "Table"
        if kind == "table":
            table = slide.shapes.add_table(len(what), len(what[0]), Inches(0.5), Inches(1.5), Inches(9), Inches(5)).table
            for i, row in enumerate(what):
                for j, words in enumerate(row):
                    table.cell(i, j).text = words
        else:
            slide.shapes.add_textbox(Inches(1), Inches(2), Inches(8), Inches(3)).text_frame.text = what
    show.save(path)


def sheets(blocks):
    tables = [what for kind, what in blocks if kind == "table"]
    return tables or [[["Note"]] + [[what] for kind, what in blocks if kind == "text"]]


def number(words):
    return int(words) if words.isdigit() and len(words) < 15 and not words.startswith("0") else words


def of_openpyxl(path, title, blocks):
    import openpyxl

    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "Cover"
    cover.append([title])
    for kind, what in blocks:
        if kind == "text":
            cover.append([what])
    for i, table in enumerate(sheets(blocks)):
        sheet = book.create_sheet(f"Table {i + 1}")
        for row in table:
            sheet.append([number(words) for words in row])
    book.save(path)


def of_xlsxwriter(path, title, blocks):
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    for i, table in enumerate(sheets(blocks)):
        sheet = book.add_worksheet(f"Table {i + 1}")
        sheet.write(0, 0, title)
        head = book.add_format({"bg_color": "#1F3864", "font_color": "#FFFFFF"})
        for j, row in enumerate(table):
            for k, words in enumerate(row):
                sheet.write(j + 2, k, number(words), head if j == 0 else None)
    book.close()


def of_odfpy(path, title, blocks):
    from odf.opendocument import OpenDocumentText
    from odf.table import Table, TableCell, TableRow
    from odf.text import H, P

    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text=title))
    for kind, what in blocks:
        if kind == "table":
            table = Table(name="Table")
            for row in what:
                line = TableRow()
                for words in row:
                    cell = TableCell()
                    cell.addElement(P(text=words))
                    line.addElement(cell)
                table.addElement(line)
            document.text.addElement(table)
        else:
            document.text.addElement(H(outlinelevel=2, text=what) if kind == "heading" else P(text=what))
    document.save(path)


def of_reportlab(path, title, blocks):
    from reportlab.lib import colors
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    styles = getSampleStyleSheet()
    flow = [Paragraph(html.escape(title), styles["Title"])]
    for kind, what in blocks:
        if kind == "table":
            small = styles["BodyText"].clone("small", fontSize=7)
            cells = [[Paragraph(html.escape(words), small) for words in row] for row in what]
            flow.append(Table(cells, repeatRows=1, style=[("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey), ("GRID", (0, 0), (-1, -1), 0.5, colors.grey)]))
        else:
            flow.append(Paragraph(html.escape(what), styles["Heading2" if kind == "heading" else "BodyText"]))
        flow.append(Spacer(1, 6))
    SimpleDocTemplate(str(path), title=title, author="Nia Pritchard").build(flow)


def of_fpdf(path, title, blocks):
    import fpdf

    pdf = fpdf.FPDF()
    pdf.set_title(title)
    pdf.add_page()
    latin = lambda words: words.encode("latin-1", "replace").decode("latin-1")
    for kind, what in [("heading", title), *blocks]:
        pdf.set_font("Helvetica", size=16 if kind == "heading" else 9)
        if kind == "table":
            with pdf.table() as table:
                for row in what:
                    line = table.row()
                    for words in row:
                        line.cell(latin(words))
        else:
            pdf.multi_cell(0, 6, latin(what), new_x="LMARGIN", new_y="NEXT")
    pdf.output(path)


def page_of(title, blocks):
    cells = lambda row, of: "".join(f"<{of}>{html.escape(words)}</{of}>" for words in row)
    parts = [f"<h1>{html.escape(title)}</h1>"]
    for kind, what in blocks:
        if kind == "table":
            rows = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in what[1:])
            parts.append(f"<table border=1><thead><tr>{cells(what[0], 'th')}</tr></thead><tbody>{rows}</tbody></table>")
        else:
            parts.append(f"<h2>{html.escape(what)}</h2>" if kind == "heading" else f"<p>{html.escape(what)}</p>")
    return f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title><body>{''.join(parts)}</body></html>"


SCRIPT = r"""
const { readFileSync, writeFileSync } = require("node:fs");
const d = require("docx"), { PDFDocument, StandardFonts } = require("pdf-lib");
(async () => {
    for (const [name, title, blocks] of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
        const cell = (words) => new d.TableCell({ children: [new d.Paragraph(words)] });
        const of = ([kind, what]) => kind === "table" ? new d.Table({ rows: what.map((row) => new d.TableRow({ children: row.map(cell) })) })
            : new d.Paragraph({ text: what, heading: kind === "heading" ? d.HeadingLevel.HEADING_1 : undefined });
        const document = new d.Document({ creator: "Nia Pritchard", title, sections: [{ children: blocks.map(of) }] });
        writeFileSync(`${name}.js.docx`, await d.Packer.toBuffer(document));
        const pdf = await PDFDocument.create(), font = await pdf.embedFont(StandardFonts.Helvetica);
        let page = pdf.addPage([842, 595]), y = 560;
        const plain = (words) => words.replace(/[^\x20-\x7e\u00a3\u00e0-\u00ff]/g, "?");
        for (const [kind, what] of blocks) {
            const lines = kind === "table" ? what : plain(what).match(/.{1,120}(\s|$)/g).map((line) => [line]);
            for (const line of lines) {
                if (y < 40) { page = pdf.addPage([842, 595]); y = 560; }
                line.forEach((words, i) => page.drawText(plain(words), { x: 40 + 112 * i, y, size: kind === "table" ? 6 : 9, font }));
                y -= 14;
            }
        }
        writeFileSync(`${name}.js.pdf`, await pdf.save());
    }
})();
"""


def make(folder):
    written = documents(N)
    for i, (title, blocks) in enumerate(written):
        for ending, write in (("docx", of_word), ("pptx", of_slides), ("openpyxl.xlsx", of_openpyxl), ("xlsxwriter.xlsx", of_xlsxwriter), ("odfpy.odt", of_odfpy),
                ("reportlab.pdf", of_reportlab), ("fpdf.pdf", of_fpdf)):
            write(str(folder / f"d{i}.{ending}"), title, blocks)
        page = folder / f"page{i}.html"
        page.write_text(page_of(title, blocks))
        if i % 3 == 0:
            print_to_pdf(page)
    pages = sorted(folder.glob("page*.html"))
    for kind, wanted in (("odt", "odt:writer8"), ("docx", "docx:MS Word 2007 XML"), ("rtf", "rtf:Rich Text Format"), ("writer.pdf", "pdf")):
        sources = pages if kind == "odt" else sorted(folder.glob("page*.odt"))
        into = folder / kind.replace(".", "-")
        into.mkdir()
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", wanted, "--outdir", str(into), *map(str, sources)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for made in into.iterdir():
            made.rename(folder / (made.stem + "." + kind))
    (folder / "all.json").write_text(json.dumps([(str(folder / f"d{i}"), title, blocks) for i, (title, blocks) in enumerate(written)]))
    (folder / "write.cjs").write_text(SCRIPT)
    done = subprocess.run(["node", str(folder / "write.cjs"), str(folder / "all.json")], capture_output=True, text=True)
    if done.returncode != 0:
        print("not written: files of JavaScript (set NODE_PATH to where docx and pdf-lib are)")


def gather(folder, site):
    """The files that were written, those of the site, and each report once."""
    kinds = {".docx", ".odt", ".rtf", ".pdf", ".xlsx", ".ods", ".pptx", ".html"}
    files = [path for path in sorted(folder.iterdir()) if path.suffix in kinds]
    files += [path for path in sorted(site.rglob("*")) if path.suffix in {*kinds, ".csv", ".json", ".geojson"} and path.is_file()]
    for archive in sorted(SHARED.glob("csew*.zip")):
        with zipfile.ZipFile(archive) as packed:
            for name in packed.namelist():
                report = folder / Path(name).name
                report.write_bytes(packed.read(name))
                files += [report] if report not in files else []
    return files


def look(headwater, files):
    out = []
    for i in range(0, len(files), 50):
        done = subprocess.run([headwater, "document", "screen", "--json", *map(str, files[i : i + 50])], capture_output=True, text=True)
        if not done.stdout:
            sys.exit(f"the screen gave no answer: {done.stderr.strip()}")
        out += zip(files[i : i + 50], json.loads(done.stdout))
    return out


def main():
    headwater, site = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[4]) if "--keep" in sys.argv else Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not list(folder.glob("d0.*")):
            make(folder)
        looked = look(headwater, gather(folder, site))
    held = [(path, it["file"]["found"]) for path, it in looked if it["file"]["found"]]
    for path, found in held:
        print(f"held: {path.name}: " + "; ".join(sorted({f"{it['finding']}: {it['place']}: {it['what']}" for it in found})[:4]))
    by_kind = Counter(path.suffix for path, _ in looked)
    print(", ".join(f"{n} {kind}" for kind, n in sorted(by_kind.items())))
    print(f"{len(held)} of {len(looked)} clean files are held: {len(held) / max(1, len(looked)):.2%}")
    if len(looked) < FEWEST:
        print(f"FAULT only {len(looked)} files were looked at")
    sys.exit(1 if len(held) > MOST * len(looked) or len(looked) < FEWEST else 0)


if __name__ == "__main__":
    main()
