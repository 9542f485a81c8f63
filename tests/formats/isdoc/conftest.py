from __future__ import annotations

import base64
import importlib.util
from pathlib import Path

import pytest
from lxml import etree

from efimport.api.wire import encode
from efimport.formats import isdoc
from efimport.formats.reading import Own, Reading
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.sources import Source

ROOT = Path(__file__).resolve().parents[3]


def _load(name):
    specification = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def load():
    """Loads a module of helpers beside the tests."""
    return _load


@pytest.fixture(scope="session")
def documents():
    """The module that writes invented documents."""
    return _load("documents")


@pytest.fixture(scope="session")
def build(documents):
    return documents.build


@pytest.fixture(scope="session")
def read():
    """Reads bytes as a file and gives all that comes of it."""

    def read(content, name="invoice.isdoc", own=None, reading=None):
        return list(isdoc.read(Source(name, content), reading or Reading(own or Own())))

    return read


@pytest.fixture(scope="session")
def read_one(read):
    def read_one(content, name="invoice.isdoc", own=None):
        items = read(content, name, own)
        assert len(items) == 1, items
        return items[0]

    return read_one


@pytest.fixture(scope="session")
def payload_of(read_one):
    """The bytes of the document in the request that sends it."""

    def payload_of(content):
        call = route(read_one(content), Target()).call
        texts = [element.text or "" for element in etree.fromstring(encode(call)).iter()]
        return base64.b64decode(max(texts, key=len))

    return payload_of


@pytest.fixture(scope="session")
def shared():
    """The folder of public material beside the project."""

    def shared(name):
        path = ROOT.parent / "shared" / name
        if not path.exists():
            pytest.skip(f"{name} is not here")
        return path

    return shared


@pytest.fixture(scope="session")
def official(shared):
    """A published schema by its path."""
    known = {}

    def official(name):
        if name not in known:
            known[name] = etree.XMLSchema(etree.parse(str(shared("schemas/isdoc") / name)))
        return known[name]

    return official
