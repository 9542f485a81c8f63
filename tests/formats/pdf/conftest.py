from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from efimport.formats import pdf as format_of_pdf
from efimport.formats.reading import Reading
from efimport.sources import Source

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def build():
    path = Path(__file__).parent.parent / "isdoc" / "documents.py"
    specification = importlib.util.spec_from_file_location("documents", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.build


@pytest.fixture(scope="session")
def read():
    def read(content, name="in/fv.pdf", reading=None):
        return list(format_of_pdf.read(Source(name, content), reading or Reading()))

    return read


class Maker:
    """A PDF of one empty page with embedded files."""

    def __init__(self):
        self.pdf = pikepdf.new()
        self.pdf.add_blank_page()

    def specification(self, content, name="invoice.isdoc", *, path=None, typed=True, raw=None):
        stream = Stream(self.pdf, content)
        if raw is not None:
            stream.write(raw, filter=Name.FlateDecode)
        if typed:
            stream.Type = Name.EmbeddedFile
        stream = self.pdf.make_indirect(stream)
        fields = {"Type": Name.Filespec, "F": String(path or name), "UF": String(name), "EF": Dictionary(F=stream)}
        return self.pdf.make_indirect(Dictionary({f"/{field}": value for field, value in fields.items()}))

    def in_tree(self, *specifications):
        pairs = [part for place, one in enumerate(specifications) for part in (String(f"k{place:03}"), one)]
        self.pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(pairs)))
        return self

    def associated(self, *specifications):
        self.pdf.Root.AF = Array(specifications)
        return self

    def unlinked(self, *specifications):
        self.pdf.Root.Somewhere = Array(specifications)
        return self

    def bytes(self, **wishes):
        stream = io.BytesIO()
        self.pdf.save(stream, **wishes)
        return stream.getvalue()


@pytest.fixture(scope="session")
def new():
    return Maker


@pytest.fixture(scope="session")
def shared():
    def shared(name):
        path = ROOT.parent / "shared" / name
        if not path.exists():
            pytest.skip(f"{name} is not here")
        return path

    return shared
