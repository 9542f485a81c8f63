"""Mutants: what a disk, a bad line, a careless program, a person with an editor, or an attacker makes of a sound file.

Everything is drawn from one generator, so that a mutant is known by its format, its seed and its number.
"""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable

from efimport.sources import ARCHIVE_ERRORS
from tests.fuzz.seeds import Seed, seeds

Mutation = Callable[[random.Random, bytes], bytes]

ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", "\u202e".encode(), b"\xed\xa0\x80", b"\x85", "\u2028".encode(),
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"&x;", b"&#0;", b"&#xD800;", b"<![CDATA[", b"]]>", b"<!--", b"<?php ?>",
    b"NaN", b"-Infinity", b"1e999999", b"-0", b"9" * 400, b"0x1F", "\u0663\u0664".encode(), "\u00b2".encode(),
    b"{0.__class__}", b"%s%n", b"=1+1", b"'", b'"', b'""', b";;;;", b"\t", b"\r", b"\n\n", b"\x0b\x0c",
)  # fmt: skip
"""What stands where nobody expects it."""
NUMBERS = (b"0", b"-1", b"99999999999999999999", b"1e30", b"0.000000000000001", b"1,234.56", b"1.234,56", b"")
DAYS = (b"0000-00-00", b"9999-12-31", b"0001-01-01", b"2026-02-30", b"31.12.99999", b"20261332", b"000000", b"991399")
ENCODINGS = ("cp852", "windows-1250", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "utf-7", "iso-8859-2")
_DIGITS = re.compile(rb"\d[\d., ]*\d|\d")
_DAY = re.compile(rb"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{8}|\d{6}")
_TAG = re.compile(rb"</?[\w:]+[^<>]*>")


def _span(rnd: random.Random, content: bytes, longest: int = 200) -> tuple[int, int]:
    start = rnd.randrange(len(content) + 1)
    return start, min(len(content), start + rnd.randrange(1, longest))


def flip(rnd: random.Random, content: bytes) -> bytes:
    """One bit is another."""
    if not content:
        return content
    changed = bytearray(content)
    changed[rnd.randrange(len(changed))] ^= 1 << rnd.randrange(8)
    return bytes(changed)


def scatter(rnd: random.Random, content: bytes) -> bytes:
    """Some bytes are any others."""
    changed = bytearray(content)
    for _ in range(rnd.choice((1, 3, 20)) if changed else 0):
        changed[rnd.randrange(len(changed))] = rnd.randrange(256)
    return bytes(changed)


def cut(rnd: random.Random, content: bytes) -> bytes:
    """The end is missing, or the beginning."""
    at = rnd.randrange(len(content) + 1)
    return content[:at] if rnd.random() < 0.8 else content[at:]


def zero(rnd: random.Random, content: bytes) -> bytes:
    """A piece is zeros, as a disk leaves it that was full."""
    start, end = _span(rnd, content, 5000)
    return content[:start] + bytes(end - start) + content[end:]


def drop(rnd: random.Random, content: bytes) -> bytes:
    start, end = _span(rnd, content)
    return content[:start] + content[end:]


def double(rnd: random.Random, content: bytes) -> bytes:
    start, end = _span(rnd, content, 2000)
    return content[:end] + content[start:end] * rnd.choice((1, 1, 2, 30)) + content[end:]


def swap(rnd: random.Random, content: bytes) -> bytes:
    """Two pieces change places."""
    places = sorted(rnd.randrange(len(content) + 1) for _ in range(4))
    first, second, third, fourth = places
    return content[:first] + content[third:fourth] + content[second:third] + content[first:second] + content[fourth:]


def insert(rnd: random.Random, content: bytes) -> bytes:
    at = rnd.randrange(len(content) + 1)
    return content[:at] + rnd.choice(ODD) + content[at:]


def lines(rnd: random.Random, content: bytes) -> bytes:
    """A line is dropped, doubled, joined with the next, moved, emptied, or all line ends are others."""
    found = content.splitlines(keepends=True)
    if not found:
        return content
    at = rnd.randrange(len(found))
    way = rnd.randrange(6)
    if way == 0:
        del found[at]
    elif way == 1:
        found[at:at] = [found[at]] * rnd.choice((1, 1, 50))
    elif way == 2:
        found[at] = found[at].rstrip(b"\r\n")
    elif way == 3:
        found.insert(rnd.randrange(len(found)), found.pop(at))
    elif way == 4:
        found[at] = b"\r\n"
    else:
        end = rnd.choice((b"\r", b"\n", b"\r\n", b"\r\r\n", b"\n\r"))
        found = [line.rstrip(b"\r\n") + end for line in found]
    return b"".join(found)


def _replaced(rnd: random.Random, content: bytes, pattern: re.Pattern[bytes], values: tuple[bytes, ...]) -> bytes:
    places = [match.span() for match in pattern.finditer(content)]
    if not places:
        return content
    start, end = rnd.choice(places)
    return content[:start] + rnd.choice(values) + content[end:]


def numbers(rnd: random.Random, content: bytes) -> bytes:
    """A number is another one, a huge one, a tiny one, or none."""
    if rnd.random() < 0.5:
        return _replaced(rnd, content, re.compile(rb"\d"), tuple(b"%d" % digit for digit in range(10)))
    return _replaced(rnd, content, _DIGITS, NUMBERS)


def days(rnd: random.Random, content: bytes) -> bytes:
    """A day is out of every range."""
    return _replaced(rnd, content, _DAY, DAYS)


def tags(rnd: random.Random, content: bytes) -> bytes:
    """An element is renamed, its tag removed or doubled, or it stands in itself."""
    places = [match.span() for match in _TAG.finditer(content)]
    if not places:
        return insert(rnd, content)
    start, end = rnd.choice(places)
    tag = content[start:end]
    values = (b"", tag * 2, tag * 300, tag.replace(b"e", b"x"), tag.replace(b":", b""), tag[:-1] + b' a="1" a="2">')
    return content[:start] + rnd.choice(values) + content[end:]


def words(rnd: random.Random, content: bytes) -> bytes:
    """A word stands in the place of another."""
    places = [match.span() for match in re.finditer(rb"[A-Za-z]{3,}", content)]
    if len(places) < 2:
        return flip(rnd, content)
    (start, end), (first, last) = rnd.choice(places), rnd.choice(places)
    return content[:start] + content[first:last] + content[end:]


def encoding(rnd: random.Random, content: bytes) -> bytes:
    """The text was saved in another encoding."""
    for name in ("utf-8", "cp1250", "latin-1"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        return text.encode(rnd.choice(ENCODINGS), "replace")
    return content


def nothing_left(rnd: random.Random, content: bytes) -> bytes:
    """Hardly anything is left."""
    return content[: rnd.randrange(1, 40)]


GENERIC: tuple[Mutation, ...] = (
    flip, flip, scatter, cut, zero, drop, double, swap, insert, insert, lines, lines, numbers, numbers, days, tags,
    tags, words, encoding, nothing_left,
)  # fmt: skip


def directory(rnd: random.Random, content: bytes) -> bytes:
    """The directory of an archive lies: a field of it is another number."""
    signature = rnd.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
    places = [match.start() for match in re.finditer(re.escape(signature), content)]
    if not places:
        return scatter(rnd, content)
    at = rnd.choice(places) + rnd.choice((4, 6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 38, 42))
    value = rnd.choice((0, 1, 8, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, rnd.randrange(1 << 32)))
    width = rnd.choice((2, 4))
    return content[:at] + (value % (1 << 8 * width)).to_bytes(width, "little") + content[at + width :]


def members(rnd: random.Random, content: bytes) -> bytes:
    """A member of an archive is mutated, missing, doubled, or has another name; the archive around it is sound."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [
                (entry.filename, archive.read(entry))
                for entry in archive.infolist()
                if not entry.filename.endswith("/")
            ]
    except ARCHIVE_ERRORS:
        return scatter(rnd, content)
    if not entries:
        return content
    at = rnd.randrange(len(entries))
    name, inside = entries[at]
    way = rnd.randrange(8)
    if way == 0:
        del entries[at]
    elif way == 1:
        entries.append((name, rnd.choice(entries)[1]))
    elif way == 2:
        entries[at] = (rnd.choice(("../x", "/etc/x", "a\x00b", "c:\\x", name.upper(), "ž" * 300, ".x")), inside)
    else:
        for _ in range(rnd.choice((1, 1, 3))):
            inside = rnd.choice(GENERIC)(rnd, inside)
        entries[at] = (name, inside)
    return _packed(entries)


def _packed(entries: list[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # two members of one name are meant
        for number, (name, inside) in enumerate(entries):
            entry = zipfile.ZipInfo(f"{number}", (2026, 1, 1, 0, 0, 0))
            entry.filename = name
            archive.writestr(entry, inside, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return stream.getvalue()


def mutant(name: str, number: int, series: int = 1) -> Seed:
    """The mutant of a format with a number; the same one every time.

    Args:
        name: the format.
        number: which mutant.
        series: another series gives other mutants.
    """
    rnd = random.Random(f"{series}/{name}/{number}")
    found = seeds(name)
    seed = found[number % len(found)] if number < 2 * len(found) else rnd.choice(found)
    content = seed.content
    for _ in range(rnd.choice((1, 1, 1, 2, 4, 12))):
        content = _mutation(rnd, content)(rnd, content)
    return Seed(f"{number}-{seed.name}", content or b"\x00")


def _mutation(rnd: random.Random, content: bytes) -> Mutation:
    if content.startswith(b"PK") and rnd.random() < 0.75:
        return members if rnd.random() < 0.7 else directory
    return rnd.choice(GENERIC)
