"""Files that mean harm: small ones that become large, endless ones, ones that lead out of their place or nowhere."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import socket
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

MIB = 1024 * 1024
Attack = Callable[[Path], Path]

ROOTS = {
    "pohoda": (
        b'<dat:dataPack xmlns:dat="http://www.stormware.cz/schema/version_2/data.xsd" version="2.0" id="p" note="',
        b'"><dat:dataPackItem version="2.0" id="1">',
        b"</dat:dataPackItem></dat:dataPack>",
    ),
    "isdoc": (
        b'<Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.2" note="',
        b'"><DocumentType>1</DocumentType><ID>',
        b"</ID></Invoice>",
    ),
    "camt": (
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02" note="',
        b'"><BkToCstmrStmt><GrpHdr><MsgId>',
        b"</MsgId></GrpHdr></BkToCstmrStmt></Document>",
    ),
    "ubl": (
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" note="',
        b'"><ID>',
        b"</ID></Invoice>",
    ),
}
"""The beginning up to an attribute, the middle up to a text, and the end of a document of each format in XML."""
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 11))


def written(name: str, *pieces: bytes | Iterable[bytes] | Callable[[], bytes]) -> Attack:
    """A file of pieces, written one after the other so that it is never in memory as a whole; some are made then."""

    def write(folder: Path) -> Path:
        path = folder / name
        with path.open("wb") as stream:
            for piece in pieces:
                made = piece() if callable(piece) else piece
                stream.writelines([made] if isinstance(made, bytes) else made)
        return path

    return write


def times(piece: bytes, size: int) -> list[bytes]:
    """The piece again and again, about so many bytes."""
    block = piece * max(1, MIB // len(piece))
    return [block] * (size // len(block))


def numbered(form: bytes, count: int) -> Callable[[], bytes]:
    return lambda: b"".join(form % number for number in range(count))


def xml_attacks() -> Iterator[tuple[str, Attack]]:
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    for name, (start, middle, end) in ROOTS.items():
        whole = start + middle

        def made(
            title: str, *pieces: bytes | Iterable[bytes] | Callable[[], bytes], form: str = name
        ) -> tuple[str, Attack]:
            return f"{form}-{title}", written("a.isdoc" if form == "isdoc" else "a.xml", *pieces)

        yield made("billion-laughs", head, b'<!DOCTYPE a [<!ENTITY l0 "ha">', LAUGHS, b"]>", whole, b"&l10;", end)
        yield made(
            "quadratic", head, b'<!DOCTYPE a [<!ENTITY q "', b"q" * 100_000, b'">]>', whole, b"&q;" * 50_000, end
        )
        yield made(
            "entity-of-a-file", head, b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', whole, b"&x;", end
        )
        yield made("dtd-elsewhere", head, b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">', whole, end)
        yield made("bare-doctype", head, b"<!DOCTYPE a>", whole, end)
        yield made("doctype-far-behind", head, b"<!--", times(b"x ", 2 * MIB), b"-->", b"<!DOCTYPE a>", whole, end)
        wide = (head.replace(b"UTF-8", b"UTF-16") + b"<!DOCTYPE a>" + whole + end).decode().encode("utf-16")
        yield made("doctype-in-utf-16", wide)
        for depth in (10_000, 200_000):
            yield made(f"depth-{depth}", head, whole, b"<a>" * depth, b"</a>" * depth, end)
        yield made("text-of-50-mb", head, whole, times(b"text ", 50 * MIB), end)
        yield made("base64-of-50-mb", head, whole, times(b"dGV4dA==", 50 * MIB), end)
        yield made("comment-of-50-mb", head, whole, b"<!--", times(b"text ", 50 * MIB), b"-->", end)
        yield made("attribute-of-50-mb", head, start, times(b"text ", 50 * MIB), middle, end)
        yield made("million-attributes", head, start, b'"', numbered(b' a%d="1"', 1_000_000), b' z="', middle, end)
        yield made("million-siblings", head, whole, times(b"<a/>", 4_000_000), end)
        yield made("million-names", head, whole, numbered(b"<a%d/>", 300_000), end)


def deflated(pieces: Iterable[bytes]) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join([*(machine.compress(piece) for piece in pieces), machine.flush()])


def packed(*entries: tuple[str, bytes | Iterable[bytes]], mode: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            with archive.open(entry, "w", force_zip64=True) as inside:
                for piece in [content] if isinstance(content, bytes) else content:
                    inside.write(piece)
    return stream.getvalue()


def with_directory(content: bytes, offset: int, form: str, value: int) -> bytes:
    """An archive whose directory says something else of its first entry."""
    changed = bytearray(content)
    struct.pack_into(form, changed, content.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


def overlapping(count: int, size: int) -> bytes:
    """An archive whose entries are all the same bytes (D. Fifield, A better zip bomb, 2019)."""
    content = deflated(times(b"0", size))
    size = size // MIB * MIB
    crc = 0
    for block in times(b"0", size):
        crc = zlib.crc32(block, crc)
    fields = (20, 0, 8, 0, 0x5C21, crc, len(content), size)
    local = struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", *fields, 5, 0) + b"a.xml" + content
    entries = b"".join(
        struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 20, *fields, 9, 0, 0, 0, 0, 0, 0) + b"%05d.xml" % number
        for number in range(count)
    )
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, len(entries), len(local), 0)
    return local + entries + end


def nested(depth: int, width: int) -> bytes:
    """Archives in archives, each with several of the next: 42.zip."""
    content = packed(("0.xml", times(b"0", 4 * MIB)))
    for _ in range(depth):
        content = packed(*((f"{number}.zip", content) for number in range(width)))
    return content


def zip_attacks() -> Iterator[tuple[str, Attack]]:
    yield "zip-bomb", written("a.zip", lambda: packed(("a.xml", times(b"0", 100 * MIB))))
    yield "zip-bomb-beyond", written("a.zip", lambda: packed(("a.xml", times(b"0", 400 * MIB))))
    small = [(f"{number}.xml", times(b"0", MIB)) for number in range(50)]
    yield "zip-many-small-bombs", written("a.zip", lambda: packed(*small))
    yield "zip-nested", written("a.zip", lambda: nested(4, 2))
    yield "zip-42", written("a.zip", lambda: nested(2, 16))
    for title, value in (("little", 100), ("none", 0)):
        lying = partial(with_directory, offset=24, form="<L", value=value)
        yield f"zip-lying-{title}", written("a.zip", lambda lie=lying: lie(packed(("a.xml", times(b"0", 100 * MIB)))))
    yield "zip-overlapping", written("a.zip", lambda: overlapping(1900, MIB))
    yield "zip-overlapping-few", written("a.zip", lambda: overlapping(150, MIB))
    yield "zip-encrypted", written("a.zip", lambda: with_directory(packed(("a.xml", b"1")), 8, "<H", 1))
    for number, name in enumerate(("/etc/passwd", "../../a.xml", "a/../../b.xml", "c:\\a.xml", "..\\a.xml")):
        yield f"zip-leading-out-{number}", written("a.zip", packed((name, b"<a/>")))
    yield "zip-link", written("a.zip", packed(("a.xml", b"/etc/passwd"), mode=0o120777))
    many = [(f"{number}.xml", b"1") for number in range(5_000)]
    yield "zip-many-entries", written("a.zip", lambda: packed(*many))


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = b"</sheetData></worksheet>"


def workbook(sheet: Iterable[bytes], strings: Iterable[bytes] = (b"<sst/>",)) -> bytes:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/></Types>'
    )
    book = (
        f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}">'
        '<sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    links = (
        f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    root = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    )
    return packed(
        ("[Content_Types].xml", types.encode()),
        ("_rels/.rels", root.encode()),
        ("xl/workbook.xml", book.encode()),
        ("xl/_rels/workbook.xml.rels", links.encode()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    )


ODS_HEAD = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    b'<table:table table:name="List">'
)
ODS_END = b"</table:table></office:spreadsheet></office:body></office:document-content>"
ODS_CELL = b'<table:table-cell office:value-type="string"%s><text:p>x</text:p></table:table-cell>'


def opendocument(*content: bytes | Iterable[bytes]) -> bytes:
    pieces = [piece for one in content for piece in ([one] if isinstance(one, bytes) else one)]
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>',
        )
        entry = zipfile.ZipInfo("content.xml")
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w") as target:
            for piece in [ODS_HEAD, *pieces, ODS_END]:
                target.write(piece)
    return stream.getvalue()


def sheet_attacks() -> Iterator[tuple[str, Attack]]:
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    one_string = b'<c r="A%d" t="s"><v>0</v></c>'

    def xlsx(title: str, sheet: Iterable[bytes], strings: Iterable[bytes] = (b"<sst/>",)) -> tuple[str, Attack]:
        return f"xlsx-{title}", written("a.xlsx", lambda: workbook(sheet, strings))

    yield xlsx("bomb", (SHEET, *times(row, 80 * MIB), SHEET_END))
    yield xlsx("bomb-beyond", (SHEET, *times(row, 400 * MIB), SHEET_END))
    far = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield xlsx("farthest-cell", (SHEET, far, SHEET_END))
    swapped = far.replace(b"<c r=", b'<c t="n" r=').replace(b'<row r="10', b'<row spans="1:9" r="10')
    yield xlsx("farthest-cell-otherwise", (SHEET, swapped, SHEET_END))
    single = b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row><row r='1'><c r='A1'><v>1</v></c></row>"
    yield xlsx("farthest-cell-first", (SHEET, single, SHEET_END))
    dimension = SHEET.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    bare = b"<row r='1'>" + b"<c><v>1</v></c>" * 16_000 + b"</row><row r='1048576'><c><v>1</v></c></row>"
    yield xlsx("cells-without-a-place", (SHEET, bare, SHEET_END))
    yield xlsx("huge-dimension", (dimension, row, SHEET_END))
    long = b"<sst><si><t>" + b"x" * MIB + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d">%s</row>' % (number, one_string % number) for number in range(1, 20_000))
    yield xlsx("one-string-everywhere", (SHEET, rows, SHEET_END), (long,))
    yield xlsx("strings", (SHEET, row, SHEET_END), (b"<sst>", *times(b"<si><t>x</t></si>", 100 * MIB), b"</sst>"))
    cells = ODS_CELL % b' table:number-columns-repeated="1000000000"'
    yield "ods-columns", written("a.ods", opendocument(b"<table:table-row>", cells, b"</table:table-row>"))
    many = b'<table:table-row table:number-rows-repeated="1000000000">' + ODS_CELL % b"" + b"</table:table-row>"
    yield "ods-rows", written("a.ods", opendocument(many))
    yield "ods-rows-otherwise", written("a.ods", opendocument(many.replace(b'"', b"'")))
    both = many.replace(b"1000000000", b"30000").replace(b"string'", b"") + many
    yield "ods-rows-twice", written("a.ods", opendocument(both))
    yield "ods-bomb", written("a.ods", lambda: opendocument(times(ODS_CELL % b"", 100 * MIB)))


def pdf(objects: Iterable[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalog."""
    content = bytearray(b"%PDF-1.7\n")
    places = []
    for number, inside in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(content)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), more, content)


def zlibbed(size: int) -> bytes:
    machine = zlib.compressobj(9)
    return b"".join([*(machine.compress(piece) for piece in times(b"0", size * MIB)), machine.flush()])


def deep_tree(depth: int) -> Iterator[bytes]:
    return (b"<</Kids[%d 0 R]>>" % number for number in range(4, 4 + depth))


def many_files(count: int) -> Iterator[bytes]:
    listed = b"".join(b"(%d.xml) %d 0 R " % (number, 4 + 2 * number) for number in range(count))
    yield b"<</Names[" + listed + b"]>>"
    for number in range(count):
        yield b"<</Type/Filespec/F(%d.xml)/EF<</F %d 0 R>>>>" % (number, 5 + 2 * number)
        yield stream(b"<a>%d</a>" % number, b"/Type/EmbeddedFile")


def pdf_attacks() -> Iterator[tuple[str, Attack]]:
    catalog = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>"
    pages = b"<</Type/Pages/Kids[<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>]/Count 1>>"
    names = b"<</Names[(a.isdoc) 4 0 R]>>"
    file = b"<</Type/Filespec/F(a.isdoc)/EF<</F 5 0 R>>>>"
    flate = b"/Type/EmbeddedFile/Filter/FlateDecode"
    double = b"/Type/EmbeddedFile/Filter[/FlateDecode/FlateDecode]"
    predicted = flate + b"/DecodeParms<</Predictor 12/Columns 2000000000>>"

    def embedded(content: bytes, said: bytes) -> bytes:
        return pdf([catalog, pages, names, file, stream(content, said)])

    yield "pdf-bomb", written("a.pdf", lambda: embedded(zlibbed(100), flate))
    yield "pdf-bomb-twice", written("a.pdf", lambda: embedded(zlib.compress(zlibbed(100), 9), double))
    yield "pdf-predictor", written("a.pdf", lambda: embedded(zlibbed(10), predicted))
    yield "pdf-pages-in-a-ring", written("a.pdf", pdf([catalog, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>", names]))
    ring = b"<</Kids[3 0 R 4 0 R]>>"
    yield "pdf-names-in-a-ring", written("a.pdf", pdf([catalog, pages, ring, ring]))
    yield "pdf-names-deep", written("a.pdf", lambda: pdf([catalog, pages, *deep_tree(20_000), names]))
    yield "pdf-10000-files", written("a.pdf", lambda: pdf([catalog, pages, *many_files(10_000)]))
    brackets = b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 100_000 + b"]" * 100_000 + b">>"
    yield "pdf-deep-array", written("a.pdf", pdf([brackets, pages]))
    tables = pdf([catalog, pages, names]).replace(b"<</Size 4", b"<</Prev 15/Size 2000000000")
    yield "pdf-tables-in-a-ring", written("a.pdf", tables)


def text_attacks() -> Iterator[tuple[str, Attack]]:
    yield "csv-line-of-100-mb", written("a.csv", b"datum;castka\n", times(b"x", 100 * MIB))
    yield "csv-line-of-60-mb", written("a.csv", b"datum;castka\n", times(b"x", 60 * MIB))
    yield "csv-cells-in-one-line", written("a.csv", b"datum;castka\n", times(b"1;", 20 * MIB))
    yield "csv-quote-not-closed", written("a.csv", b'datum;castka\n1.1.2026;"', times(b"1;2\n", 50 * MIB))
    yield "csv-quotes", written("a.csv", b"datum;castka\n", times(b'"', 20 * MIB))
    yield "csv-zeros", written("a.csv", b"datum;castka\n", times(b"\x00", 50 * MIB))
    yield "gpc-line-of-20-mb", written("a.gpc", b"074", times(b"0", 20 * MIB))
    yield "gpc-items-in-one-line", written("a.gpc", b"075", times(b"075", 20 * MIB))
    yield "mt940-without-a-field", written("a.sta", b":20:X\r\n", times(b"text\r\n", 50 * MIB))
    yield "mt940-line", written("a.sta", b":20:X\r\n:25:1/2\r\n:28C:1\r\n:86:", times(b"?20x", 50 * MIB))
    yield "mt940-fields", written("a.sta", b":20:X\r\n", times(b":61:2601010101C1,00NMSCNONREF\r\n", 3 * MIB))
    deep = b'{"schema": "efimport-documents/1", "sources": ' + b"[" * 5_000_000
    yield "json-deep", written("a.json", deep)
    schema = b'{"schema": "efimport-documents/1", "sources": ['
    yield "json-wide", written("a.json", schema, times(b"[],", 40 * MIB))
    yield "json-other", written("a.json", b'{"a": 1}')
    for name in ("utf-7", "utf-32", "utf-32-be"):
        yield f"xml-in-{name}", written("a.xml", "<?xml version='1.0'?><a>žluťoučký</a>".encode(name))
        yield f"csv-in-{name}", written("b.csv", "datum;částka\r\n1.1.2026;1,00\r\n".encode(name))


SUFFIXES = ("xml", "isdoc", "isdocx", "pdf", "gpc", "sta", "csv", "xlsx", "xls", "ods", "zip", "json", "txt", "png")


def file_attacks() -> Iterator[tuple[str, Attack]]:
    for suffix in SUFFIXES:
        yield f"sparse-1-gb-{suffix}", sparse(f"a.{suffix}")
    inside = b"<a/>" * 1000
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("a.xml")
        entry.size = len(inside)
        tar.addfile(entry, io.BytesIO(inside))
    others = {
        "gzip": gzip.compress(inside),
        "bzip2": bz2.compress(inside),
        "xz": b"\xfd7zXZ\x00" + bytes(100),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "rar": b"Rar!\x1a\x07\x01\x00" + bytes(100),
        "tar": archive.getvalue(),
    }
    for name, content in others.items():
        yield f"{name}-named-xml", written("a.xml", content)


def sparse(name: str) -> Attack:
    def write(folder: Path) -> Path:
        path = folder / name
        with path.open("wb") as stream:
            stream.truncate(1024**3)
        return path

    return write


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "a.xml")
    return folder


def listening(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(folder / "a.xml"))
    return folder


def device(folder: Path) -> Path:
    (folder / "a.xml").symlink_to("/dev/zero")
    return folder


def loop(folder: Path) -> Path:
    inside = folder / "a"
    inside.mkdir()
    (inside / "b").symlink_to(folder)
    (inside / "c").symlink_to(inside / "c")
    return folder


def deep_folder(folder: Path) -> Path:
    path = folder
    for _ in range(100):
        path = path / "složka"
        path.mkdir()
    (path / "a.xml").write_bytes(b"<a>")
    return folder


FOLDERS: dict[str, Attack] = {
    "pipe": pipe,
    "socket": listening,
    "device": device,
    "links-in-a-ring": loop,
    "deep-folder": deep_folder,
}
"""Folders in which something waits that is no file."""


@cache
def attacks() -> dict[str, Attack]:
    """All attacks by name; the large ones are made when they are written."""
    found: dict[str, Attack] = {}
    for group in (xml_attacks, zip_attacks, sheet_attacks, pdf_attacks, text_attacks, file_attacks):
        found |= dict(group())
    return found | FOLDERS
