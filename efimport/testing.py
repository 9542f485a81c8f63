"""The kit for authors of formats and of scripts: a clock turned by hand, a sandbox, golden files.

Public, and not loaded by ``import efimport``: a program that is not a test has no use for it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from efimport.documents import Document
from efimport.findings import Finding
from efimport.formats.reading import Own, Reading, Sample
from efimport.formats.registry import Format, SourceReading, expand
from efimport.planning.build import own_of
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization
from efimport.sources import Source, find_sources

if TYPE_CHECKING:
    from efimport.sandbox.organization import Organization as Played
    from efimport.sandbox.server import RunningSandbox

REGENERATE = "EFIMPORT_REGENERATE"
"""Environment variable: with the value 1 golden files are written instead of compared."""

GOLDEN_SUFFIX = ".golden.json"


class FakeClock:
    """A clock that moves when somebody sleeps or :meth:`advance` is called; ``Client`` and ``Journal`` take it.

    Attributes:
        slept: the seconds of every sleep, in order.

    Args:
        now: the moment at which it starts; 1 January 2026 for None.
        monotonic: seconds since the start of the machine at that moment.
    """

    def __init__(self, now: dt.datetime | None = None, *, monotonic: float = 1000.0) -> None:
        self._time = (now or dt.datetime(2026, 1, 1, tzinfo=dt.UTC)).timestamp()
        self._monotonic = monotonic
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """Seconds since the machine was started."""
        return self._monotonic

    def time(self) -> float:
        """Seconds since 1970."""
        return self._time

    def sleep(self, seconds: float) -> None:
        """Returns at once; the clock has moved by so many seconds, never back."""
        self.slept.append(seconds)
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Moves the clock by so many seconds.

        Raises:
            ValueError: the seconds are negative; a monotonic clock does not go back.
        """
        if seconds < 0:
            raise ValueError("A clock does not go back.")
        self._time += seconds
        self._monotonic += seconds


@contextmanager
def sandbox(site: str = "CZ", **options: Any) -> Iterator[tuple[RunningSandbox, Organization]]:
    """A sandbox that serves while the block lasts, and the organization that :func:`efimport.connect` takes.

    Args:
        site: CZ, SI or HR.
        options: fields of :class:`efimport.sandbox.options.Options`, for example ``accept_any_account=True``, or
            ``organizations=2, users_each=3`` for several, which :func:`organizations_of` gives.

    Raises:
        TypeError: an option that does not exist, or a value that does not fit.
    """
    from efimport.sandbox.server import start

    with start(site, **options) as running:
        yield running, organization_of(running)


def organization_of(running: RunningSandbox) -> Organization:
    """The organization that a sandbox plays, the first of several, with its first user, as settings name it."""
    return _as_settings(running, running.organization, users=1)


def organizations_of(running: RunningSandbox) -> tuple[Organization, ...]:
    """The organizations of a sandbox that can log in, with all users who may do everything, as settings name them."""
    return tuple(_as_settings(running, played) for played in running.organizations if played.token)


def _as_settings(running: RunningSandbox, played: Played, users: int | None = None) -> Organization:
    return Organization(
        name=played.key,
        site=running.site,
        endpoint=running.endpoint,
        token=Secret.of(played.token),
        users=tuple(
            ApiUser(one.username, md5pass=Secret.of(one.expected_hash)) for one in played.working_users[:users]
        ),
        registration_number=played.registration_number or None,
        vat_id=played.vat_id or None,
        bank_accounts=played.bank_accounts,
        paypal_accounts=played.paypal_accounts,
    )


def golden(document: Document) -> dict[str, Any]:
    """A document in a form that can be stored as JSON and compared.

    Amounts and days are texts. What is empty or has its usual value is left out, and so is the origin. Bytes of
    attachments are shown by size and SHA-256, findings by code, severity and place without the wording.
    """
    shown = {"kind": document.kind.value, **_shown(document)}
    shown.pop("origin", None)
    if document.findings:
        shown["findings"] = [_shown_finding(found) for found in document.findings]
    return shown


def golden_file(path: str | os.PathLike[str]) -> Path:
    """The golden file that belongs to an input: ``statement.gpc.golden.json`` beside ``statement.gpc``."""
    return Path(f"{os.fspath(path)}{GOLDEN_SUFFIX}")


def check_golden(
    path: str | os.PathLike[str], reader: Format | None = None, *, organization: Organization | None = None
) -> None:
    """Reads an input and holds what was read against the golden file beside it.

    With ``EFIMPORT_REGENERATE=1`` in the environment the golden file is written instead; look at the difference in
    the version control before you keep it.

    Args:
        path: the input.
        reader: the format, a module or object with ``recognise`` and ``read``; it must recognize the input. None for
            whatever format of the registry claims it.
        organization: who we are.

    Raises:
        AssertionError: something else was read, the format does not recognize the input, or there is no golden file.
    """
    text = msgspec.json.format(msgspec.json.encode(_read(Path(path), reader, own_of(organization))), indent=2).decode()
    file = golden_file(path)
    if os.environ.get(REGENERATE) == "1":
        file.write_text(text + "\n", encoding="utf-8")
        return
    if not file.is_file():
        raise AssertionError(f"{file} does not exist; write it with {REGENERATE}=1 and look at it.")
    expected = file.read_text(encoding="utf-8")
    if expected != text + "\n":
        lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), str(file), "what was read", lineterm="")
        raise AssertionError("\n".join(lines))


def _read(path: Path, reader: Format | None, own: Own) -> dict[str, Any]:
    found: list[Document | Finding] = []
    for source in expand(find_sources([path])) if reader is None else [Source(str(path), path.read_bytes())]:
        if isinstance(source, Finding):
            found.append(source)
        elif reader is None:
            found.extend(SourceReading(source, own))
        elif reader.recognise(Sample(source)) is None:
            raise AssertionError(f"The format does not recognize {path}.")
        else:
            found.extend(reader.read(source, Reading(own)))
    return {
        "documents": [golden(item) for item in found if not isinstance(item, Finding)],
        "findings": [_shown_finding(item) for item in found if isinstance(item, Finding)],
    }


def _shown_finding(found: Finding) -> dict[str, Any]:
    place = _shown(found.location)
    place.pop("path", None)
    return {"code": found.code, "severity": found.severity.value, **place}


def _shown(struct: msgspec.Struct) -> dict[str, Any]:
    shown = {}
    for field in msgspec.structs.fields(struct):
        value = getattr(struct, field.name)
        usual = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        if field.name not in ("origin", "findings") and value != usual:
            shown[field.name] = _plain(value)
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _shown(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
    return str(value) if isinstance(value, str) else value
