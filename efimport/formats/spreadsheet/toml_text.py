"""Writing TOML: the texts, remarks and sections of a mapping file."""

from __future__ import annotations

import json
from collections.abc import Iterable


def quoted(text: str) -> str:
    """A text as TOML writes it; JSON escapes what TOML escapes, but for the sign of deletion."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def listed(texts: Iterable[str]) -> str:
    """Several texts as an array of TOML."""
    return f"[{', '.join(map(quoted, texts))}]"


def remark(text: str) -> str:
    """A text as it may stand in a remark of TOML: on one line, without control characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def section(name: str, lines: Iterable[str]) -> str:
    """A table of TOML with its lines."""
    return "\n".join([f"[{name}]", *lines])
