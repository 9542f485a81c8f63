"""Secrets that tests log in with, made so that any trace of them in any output is found.

All begin with one word that nothing else says. Whoever writes a secret, in whatever form, writes the word in that form;
so that a few searches find all secrets in all forms. Hashes have no such word and are searched for one by one.
"""

from __future__ import annotations

import hashlib
import traceback
from base64 import b64encode
from functools import cache
from urllib.parse import quote

WORD = "Kanarek4711vKleci"

TOKEN = f'{WORD} token "of" & čáp/7+<x>'
PASSWORD = f'{WORD} heslo "of" & ptáče/9+<y>'
PROXY_PASSWORD = f"{WORD}-proxy"
DATABASE_PASSWORD = f"{WORD}-database"
SECRET_KEY = f"{WORD}-key"


def hash_of(username: str, password: str) -> str:
    """md5pass of a user."""
    return hashlib.md5(f"{username.upper()}{password}".encode(), usedforsecurity=False).hexdigest()


MD5PASS = hash_of("ptacek", "another password")
HASHES = (MD5PASS, hash_of("kanarek", PASSWORD), hash_of("demo", "demo"), hash_of("petr0", PASSWORD))
"""Two are worked out of the password; one is that of the user whom every sandbox has by itself."""


def encodings(text: str) -> dict[str, bytes]:
    """The ways in which a text may be written."""
    raw = text.encode()
    written = {
        "raw": raw,
        "percent": quote(text, safe="").encode(),
        "hexadecimal": raw.hex().encode(),
        "upper-case hexadecimal": raw.hex().upper().encode(),
        "upper case": text.upper().encode(),
        "lower case": text.lower().encode(),
        "UTF-16": text.encode("utf-16-le"),
    }
    for offset in range(3):
        # The characters at both ends depend on what stands beside the text.
        written[f"base64 at {offset}"] = b64encode(bytes(offset) + raw)[4:-4]
    return written


@cache
def _searched() -> dict[bytes, str]:
    texts = (WORD, *HASHES)
    named: dict[bytes, str] = {}
    for text in texts:
        for name, form in encodings(text).items():
            named.setdefault(form, f"{name} of {text[:4]}...")
    return named


def leaks_in(content: bytes) -> list[str]:
    """The forms in which secrets stand in a content."""
    return [name for form, name in _searched().items() if form in content]


def everything_behind(error: BaseException) -> str:
    """An error, all that it leads to, and the local values of every frame that it came through."""
    told: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        shown = traceback.TracebackException.from_exception(one, capture_locals=True)
        # Tests know the secrets, their frames as well.
        shown.stack[:] = [frame for frame in shown.stack if "/tests/" not in frame.filename]
        told += [repr(one), repr(one.args), repr(vars(one)), *shown.format()]
    return "\n".join(told)
