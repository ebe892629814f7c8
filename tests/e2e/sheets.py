"""Minimal workbooks, written by hand: what a spreadsheet program would never show us on purpose."""
import struct
import zipfile
from xml.sax.saxutils import escape

def column(i):
    return chr(65 + i)

def xlsx(path, rows, merges=()):
    """Cells are texts, None, or (attributes, value) as the format stores them."""
    body = []
    for r, row in enumerate(rows, 1):
        cells = []
        for c, v in enumerate(row):
            if v is None: continue
            ref = f"{column(c)}{r}"
            if isinstance(v, tuple): cells.append(f'<c r="{ref}" {v[0]}><v>{v[1]}</v></c>')
            else: cells.append(f'<c r="{ref}" t="inlineStr"><is><t>{escape(v)}</t></is></c>')
        body.append(f'<row r="{r}">{"".join(cells)}</row>')
    merged = f'<mergeCells count="{len(merges)}">{"".join(f"""<mergeCell ref="{m}"/>""" for m in merges)}</mergeCells>' if merges else ""
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>')
        z.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<?xml version="1.0"?><workbook {ns} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>')
        z.writestr("xl/styles.xml", f'<?xml version="1.0"?><styleSheet {ns}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>')
        z.writestr("xl/worksheets/sheet1.xml", f'<?xml version="1.0" encoding="UTF-8"?><worksheet {ns}><sheetData>{"".join(body)}</sheetData>{merged}</worksheet>')

def ods(path, rows):
    body = []
    for row in rows:
        cells = []
        for v in row:
            if v is None: cells.append('<table:table-cell/>')
            elif isinstance(v, tuple): cells.append(f'<table:table-cell {v[0]}><text:p>{v[1]}</text:p></table:table-cell>')
            else: cells.append(f'<table:table-cell office:value-type="string"><text:p>{escape(v)}</text:p></table:table-cell>')
        body.append(f'<table:table-row>{"".join(cells)}</table:table-row>')
    ns = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"'
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>')
        z.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ns}><office:body><office:spreadsheet><table:table table:name="台账">{"".join(body)}</table:table></office:spreadsheet></office:body></office:document-content>')


def xls(path, rows, name="台账"):
    """The smallest workbook of 1997 (BIFF8 in a compound file) that a reader takes: texts shared, numbers as doubles."""
    record = lambda kind, body: struct.pack("<HH", kind, len(body)) + body
    text = lambda s: struct.pack("<HB", len(s), 1) + s.encode("utf-16-le")
    shared = sorted({v for row in rows for v in row if isinstance(v, str)})
    begin = lambda what: record(0x809, struct.pack("<HHHHII", 0x600, what, 0x0DBB, 0x07CC, 0, 6))
    cells = b"".join(
        record(0xFD, struct.pack("<HHHI", r, c, 15, shared.index(v))) if isinstance(v, str) else record(0x203, struct.pack("<HHHd", r, c, 15, v))
        for r, row in enumerate(rows) for c, v in enumerate(row) if v is not None)
    sheet = begin(0x10) + record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)) + cells + record(0x0A, b"")
    formats = b"".join(record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5 if i < 15 else 1, 0x20, 0, 0, 0, 0, 0, 0)) for i in range(16))
    strings = record(0xFC, struct.pack("<II", len(shared), len(shared)) + b"".join(map(text, shared)))
    sheet_name = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    front = lambda at: begin(5) + record(0x42, struct.pack("<H", 1200)) + formats + record(0x85, struct.pack("<IBB", at, 0, 0) + sheet_name) + strings + record(0x0A, b"")
    book = front(len(front(0))) + sheet
    book += b"\0" * (max(4096, -(-len(book) // 512) * 512) - len(book))
    sectors = len(book) // 512
    entry = lambda title, kind, child, start, size: (title.encode("utf-16-le").ljust(64, b"\0") + struct.pack(
        "<HBBIII", 2 * len(title) + 2 if title else 0, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child) + b"\0" * 36 + struct.pack("<III", start, size, 0))
    none = 0xFFFFFFFF
    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, none, 2, len(book)) + entry("", 0, none, 0, 0) * 2
    table = [0xFFFFFFFD, 0xFFFFFFFE] + [i + 3 for i in range(sectors - 1)] + [0xFFFFFFFE]
    assert len(table) <= 128
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + struct.pack("<I", none) * 108
    fat = b"".join(struct.pack("<I", n) for n in table + [none] * (128 - len(table)))
    open(path, "wb").write(head + fat + folder + book)
