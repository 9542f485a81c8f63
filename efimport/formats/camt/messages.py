"""The messages of ISO 20022 that look alike, told apart by the element inside ``Document`` and by the namespace."""

from __future__ import annotations

import re

import msgspec

from efimport.messages import Message, message

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(?:camt|pain)\.\d{3}\.\d{3}\.\d{2}")
"""What a namespace of ISO 20022 looks like when nobody mistyped it."""

_VERSION = re.compile(r"((?:camt|pain)\.\d{3})\.\d{3}\.\d{2}")
_SUFFIX = re.compile(r"V\d\d$")


class MessageKind(msgspec.Struct, frozen=True):
    """One message of ISO 20022.

    Attributes:
        name: the message's identifier without its version (``camt.053``).
        body: the element inside ``Document``; version .01 adds ``V01`` to it.
        title: what it is, for people.
    """

    name: str
    body: str
    title: Message

    @property
    def format(self) -> str:
        """Name of the format as reports show it."""
        return self.name.replace(".", "")


STATEMENT = MessageKind("camt.053", "BkToCstmrStmt", message("bank statement"))
KINDS = (
    STATEMENT,
    MessageKind("camt.052", "BkToCstmrAcctRpt", message("account report within the day")),
    MessageKind("camt.054", "BkToCstmrDbtCdtNtfctn", message("notice of single payments")),
    MessageKind("camt.060", "AcctRptgReq", message("request for a statement")),
    MessageKind("camt.086", "BkSvcsBllgStmt", message("statement of bank fees")),
    MessageKind("pain.001", "CstmrCdtTrfInitn", message("payment order")),
    MessageKind("pain.002", "CstmrPmtStsRpt", message("answer of the bank to a payment order")),
    MessageKind("pain.008", "CstmrDrctDbtInitn", message("order to collect payments")),
)


def message_of(body: str, namespace: str) -> tuple[MessageKind, str | None] | None:
    """The kind of a message and its version as the namespace states it.

    Args:
        body: local name of the element inside ``Document``; empty where it is not known.
        namespace: namespace of the root element; empty for none.

    Returns:
        Kind and version (``camt.053.001.02``; None where the namespace names none of this kind); None for anything
        else. The element decides before the namespace, because readers see elements.
    """
    stated = _VERSION.search(namespace)
    name = _SUFFIX.sub("", body)
    for kind in KINDS:
        if name == kind.body:
            return kind, stated.group() if stated and stated.group(1) == kind.name else None
    if stated:
        for kind in KINDS:
            if stated.group(1) == kind.name:
                return kind, stated.group()
    return None


def kind_of(format_name: str) -> MessageKind:
    """The kind of message that a format's name stands for; raises KeyError for any other name."""
    return {kind.format: kind for kind in KINDS}[format_name]
