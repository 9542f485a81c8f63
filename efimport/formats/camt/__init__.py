"""ČBA XML: the bank statement camt.053 of ISO 20022, versions .01 to .14.

The Czech Banking Association's "Standard pro elektronický XML výpis" is camt.053.001.02 with rules on where the
payment symbols stand; all versions are read by the local names of their elements. The sister messages of ISO 20022
are recognised so that they can be refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from efimport.formats.camt.messages import MessageKind, message_of
from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import Message, message
from efimport.sources import Source

_BODY = re.compile(
    # Bounded and atomic: a file made of unfinished comments must not cost time.
    rb"<(?:[\w.\-]{1,99}:)?Document(?:\s[^<>]*)?>(?>\s+|<!--.{0,999}?-->|<\?.{0,999}?\?>)*+<(?:[\w.\-]{1,99}:)?(\w+)",
    re.DOTALL,
)


def recognise(sample: Sample) -> Recognition | None:
    """Whether the file is a message of ISO 20022 about accounts.

    The element that names the message decides, and where the head of the file does not reach it, the namespace.
    """
    if sample.root is None:
        return None
    namespace, local = sample.root
    if local == "Document":
        body = _BODY.search(sample.text)
        found = message_of(body.group(1).decode("ascii", "replace") if body else "", namespace)
    else:
        found = message_of(local, "")
    if found is None:
        return None
    kind, version = found
    return Recognition(kind.format, 100 if version else 95, _reason(kind, version), version)


def _reason(kind: MessageKind, version: str | None) -> Message:
    if version:
        return message(
            "The namespace and the root element are those of {version}, {title}.", version=version, title=kind.title
        )
    return message(
        "The elements are those of {name}, {title}, but the namespace is another.", name=kind.name, title=kind.title
    )


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of the file, in its order; see :func:`efimport.formats.camt.reader.read`."""
    from efimport.formats.camt.reader import read as read_statements

    return read_statements(source, reading)
