"""Sound files of every format, from which mutants are made: the samples, what tests have, and public files if there."""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
LARGEST = 120_000
"""Bytes of a seed at most: what a mutation finds it finds in a small file as well, and much sooner."""
SPREADSHEETS = (".csv", ".xlsx", ".ods")


@dataclass(frozen=True)
class Seed:
    """A sound file.

    Attributes:
        name: its file name.
        content: its bytes.
    """

    name: str
    content: bytes


def _files(*patterns: str, root: Path = ROOT) -> list[Seed]:
    """The files of patterns below the project, in the order of their names."""
    found = (path for pattern in patterns for path in sorted(root.glob(pattern)) if path.is_file())
    return [Seed(path.name, path.read_bytes()) for path in found if 0 < path.stat().st_size <= LARGEST]


def _public(*patterns: str) -> list[Seed]:
    return _files(*patterns, root=CORPUS) if CORPUS.is_dir() else []


def _zipped(entries: Iterable[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def workbook(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as XLSX; what is a number is one there."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(cell) if cell.isdigit() and not cell.startswith("0") else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def opendocument(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as ODS, every cell a text."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="List">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>',
        )
    return stream.getvalue()


def _rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1250")
    delimiter = ";" if text.split("\n", 1)[0].count(";") > 1 else ","
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def _pohoda() -> list[Seed]:
    return _files("samples/invoices/*.xml", "tests/formats/pohoda/golden/*.xml") + _public("pohoda/**/*.xml")


def _isdoc() -> list[Seed]:
    patterns = ("samples/received/*.isdoc", "samples/invoices/*.isdoc", "tests/formats/isdoc/golden/*.isdoc")
    return _files(*patterns) + _public("isdoc/*.isdoc", "isdoc/*.xml")


def _isdocx() -> list[Seed]:
    picture = b"%PDF-1.4\n%%EOF\n"
    made = [
        Seed(f"{seed.name}x", _zipped([("manifest.xml", _manifest(seed.name)), (seed.name, seed.content),
                                       ("obrázek.pdf", picture)]))
        for seed in _files("samples/received/*.isdoc")
    ]  # fmt: skip
    return _files("samples/received/*.isdocx") + made + _public("isdoc/*.isdocx")


def _manifest(name: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><manifest xmlns="http://isdoc.cz/namespace/2013/manifest">'
        f'<maindocument filename="{name}"/></manifest>'
    ).encode()


def _pdf() -> list[Seed]:
    from tests.acceptance.route_files import pdf

    made = [Seed(f"{seed.name}.pdf", pdf(embedded=seed.content)) for seed in _files("samples/received/*.isdoc")]
    return _files("samples/*/*.pdf") + made + _public("isdoc/*.pdf")


def _camt() -> list[Seed]:
    return _files("samples/statements/*.xml", "tests/formats/camt/golden/*.xml") + _public("camt053/*.xml")


def _gpc() -> list[Seed]:
    return _files("samples/statements/*.gpc", "samples/statements/*.kpc") + _public("gpc/*.gpc", "gpc/*.abo")


def _mt940() -> list[Seed]:
    return _files("samples/statements/*.sta") + _public("mt940/*.sta")


def _paypal() -> list[Seed]:
    return _files("samples/statements/paypal.csv") + _public("paypal/*.csv")


def _eurofaktura() -> list[Seed]:
    rows = [["Den", "Protistrana", "Pohyb", "Variabilní symbol"]]
    rows += [[f"{day:02}.01.2026", f"Invented {day} s.r.o.", f"{day * 100}.50", f"2600{day}"] for day in range(1, 29)]
    text = "\r\n".join(",".join(row) for row in rows).encode()
    return [Seed("pohyby.csv", text), Seed("pohyby.xlsx", workbook(rows)), Seed("pohyby.ods", opendocument(rows))]


def _exports() -> list[Seed]:
    """Exports of banks and gateways as texts."""
    made = []
    for path in sorted((ROOT / "tests/formats/spreadsheet/banks/exports").glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        encoding = table.get("encoding", "utf-8")
        made.append(Seed(f"{path.stem}.csv", table["text"].lstrip("\n").encode(encoding, "replace")))
    return made + _files("samples/statements/fio-2026-02.csv", "tests/formats/spreadsheet/gateways/exports/*.csv")


def _bank_tables() -> list[Seed]:
    texts = _exports()
    gateways = [seed for seed in texts if seed.name in ("wise-2026.csv", "gopay.csv", "sheet.csv", "stripe-2025.csv")]
    tables = [
        Seed(f"{seed.name[:-4]}.{ending}", write(_rows(seed.content)))
        for seed in gateways
        for ending, write in (("xlsx", workbook), ("ods", opendocument))
    ]
    return texts + tables + _public("csv/*.csv", "csv/*.xlsx")


def _record_tables() -> list[Seed]:
    found = _files("samples/tables/*")
    texts = [seed for seed in found if seed.name.endswith(".csv")]
    tables = [
        Seed(f"{seed.name[:-4]}.{ending}", write(_rows(seed.content)))
        for seed in texts
        for ending, write in (("xlsx", workbook), ("ods", opendocument))
    ]
    return found + tables


def _zip() -> list[Seed]:
    inside = [(f"{place}/{seed.name}", seed.content) for place, seed in enumerate(_gpc()[:2] + _isdoc()[:2])]
    nested = _zipped([("vnitřní.zip", _zipped(inside)), ("výpis.gpc", inside[0][1])])
    made = [Seed("složka.zip", _zipped(inside)), Seed("vnořená.zip", nested)]
    return _files("samples/other/*.zip") + made + _public("camt053/*.zip")


def _exchange() -> list[Seed]:
    from efimport.cli import tables
    from efimport.messages import Catalogue
    from efimport.planning.build import check_only
    from efimport.sources import Source

    plan = check_only([Source(seed.name, seed.content) for seed in _gpc()[:2]])
    return [
        Seed("efimport.json", tables.as_json(plan, Catalogue())),
        Seed("efimport.csv", tables.as_csv(plan.documents)),
        Seed("efimport.xlsx", tables.as_xlsx(plan.documents)),
    ]


def _named() -> list[Seed]:
    return _files("samples/other/*.xml", "samples/other/*.txt", "samples/other/*.png") + _public("finsta/*")


SEEDS: dict[str, Callable[[], list[Seed]]] = {
    "pohoda": _pohoda,
    "isdoc": _isdoc,
    "isdocx": _isdocx,
    "pdf": _pdf,
    "camt": _camt,
    "gpc": _gpc,
    "mt940": _mt940,
    "paypal": _paypal,
    "eurofaktura": _eurofaktura,
    "bank-tables": _bank_tables,
    "record-tables": _record_tables,
    "zip": _zip,
    "exchange": _exchange,
    "named": _named,
}
"""The makers of the seeds of each format."""


@cache
def seeds(name: str) -> tuple[Seed, ...]:
    """The seeds of a format."""
    return tuple(SEEDS[name]())
