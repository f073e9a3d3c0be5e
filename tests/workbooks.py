"""Workbooks written by hand, cell by cell: what no library that writes them would write."""

from __future__ import annotations

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def book(sheets: str) -> str:
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'


def xlsx(rows: str | bytes, shared: str = "", **parts: str) -> bytes:
    """A workbook whose one sheet has a header and then these rows."""
    header = '<row r="1"><c t="inlineStr"><is><t>Commune</t></is></c><c t="inlineStr"><is><t>Date</t></is></c></row>'
    sheet: str | bytes = rows
    if isinstance(rows, str):
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{header}{rows}</sheetData></worksheet>'
    relation = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    return zipped(
        {
            "xl/workbook.xml": book('<sheet name="B" r:id="r1"/>'),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
            "xl/worksheets/sheet1.xml": sheet,
            **parts,
        }
    )


def ods(rows: str) -> bytes:
    header = "<table:table-row>" + "".join(text_cell(label) for label in ("Commune", "Date")) + "</table:table-row>"
    names = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    return zipped(
        {
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="B">{header}{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>"
        }
    )


def text_cell(text: str, **repeated: str) -> str:
    said = "".join(f' table:number-{name}-repeated="{count}"' for name, count in repeated.items())
    return f'<table:table-cell office:value-type="string"{said}><text:p>{text}</text:p></table:table-cell>'


def ods_row(cells: str, repeated: str = "1") -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def at(reference: str, value: str = "<v>1</v>", **attributes: str) -> str:
    said = "".join(f' {name}="{text}"' for name, text in attributes.items())
    return f'<row r="3"><c r="{reference}"{said}>{value}</c></row>'
