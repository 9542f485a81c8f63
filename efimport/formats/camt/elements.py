"""Which elements are read: tables of paths, and the one walk that collects their texts.

A table maps a path of local names to the name under which its text is found; a table as the value makes a group, one
dictionary an element. The differences between the versions are further lines of the tables (ISO 20022, schemas
camt.053.001.01 to .14), so that one code path reads them all.

A name ending in ``*`` keeps every text, otherwise the first one counts; one ending in ``#`` keeps the attribute
``Ccy`` beside it under ``name.currency``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from lxml import etree

Table: TypeAlias = dict[str, Any]
"""Path -> name, or -> (name of a group, its table)."""

Found: TypeAlias = dict[str, Any]
"""Name -> text; with ``*`` or for a group name -> list."""

_ACCOUNT: Final[Table] = {
    "Id/IBAN": "iban",
    "Id/Othr/Id": "number",
    "Id/BBAN": "number",
    "Id/UPIC": "number",
    "Id/PrtryAcct/Id": "number",
    "Ccy": "currency",
    "Nm": "name",
}
_BANK: Final[Table] = {
    "BIC": "bic",
    "BICFI": "bic",
    "Othr/Id": "code",
    "PrtryId/Id": "code",
    "ClrSysMmbId/MmbId": "member",
    "ClrSysMmbId/Id": "member",
    "ClrSysMmbId/Prtry": "member",
    "Nm": "name",
    "NmAndAdr/Nm": "name",
    "CmbndId/BIC": "bic",
    "CmbndId/PrtryId/Id": "code",
    "CmbndId/ClrSysMmbId/Id": "member",
    "CmbndId/Nm": "name",
}
_PARTY: Final[Table] = {"Nm": "name", "Pty/Nm": "name", "Agt/FinInstnId/Nm": "name"}
_EXCHANGE: Final[Table] = {
    "Amt": "amount#",
    "CcyXchg/XchgRate": "rate",
    "CcyXchg/SrcCcy": "source",
    "CcyXchg/TrgtCcy": "target",
}
_AMOUNTS: Final[Table] = {
    "AmtDtls/InstdAmt": ("instructed", _EXCHANGE),
    "AmtDtls/TxAmt": ("transaction", _EXCHANGE),
    "AmtDtls/CntrValAmt": ("counter_value", _EXCHANGE),
    "AmtDtls/PrtryAmt": ("proprietary", _EXCHANGE),
}
_CHARGES: Final[Table] = {
    "Amt": "amount#",
    "CdtDbtInd": "side",
    "TtlChrgsAndTaxAmt": "total#",
    "Rcrd": ("records", {"Amt": "amount#", "CdtDbtInd": "side"}),
}
_DAY: Final = ("Dt", "DtTm")
_CODE: Final[Table] = {
    "BkTxCd/Prtry/Cd": "code",
    "BkTxCd/Prtry/Issr": "issuer",
    "BkTxCd/Domn/Cd": "domain",
    "BkTxCd/Domn/Fmly/Cd": "family",
    "BkTxCd/Domn/Fmly/SubFmlyCd": "subfamily",
}


def _sides() -> Table:
    table: Table = {}
    for side, role in (("debtor", "Dbtr"), ("creditor", "Cdtr")):
        table[f"RltdPties/{role}"] = (side, _PARTY)
        table[f"RltdPties/{role}Acct"] = (f"{side}_account", _ACCOUNT)
        table[f"RltdPties/Ultmt{role}"] = (f"{side}_ultimate", _PARTY)
        table[f"RltdAgts/{role}Agt/FinInstnId"] = (f"{side}_bank", _BANK)
    return table


DETAIL: Final[Table] = (
    {
        "Refs/AcctSvcrRef": "bank_reference",
        "Refs/PmtInfId": "payment",
        "Refs/InstrId": "instruction",
        "Refs/EndToEndId": "end_to_end",
        "Refs/Prtry": ("references", {"Tp": "type", "Ref": "value"}),
        "Amt": "amount#",
        "CdtDbtInd": "side",
        "RmtInf/Ustrd": "messages*",
        "RmtInf/Strd/CdtrRefInf/Ref": "symbols*",
        "RmtInf/Strd/CdtrRefInf/CdtrRef": "symbols*",
        "RmtInf/Strd/AddtlRmtInf": "messages*",
        "RltdDts/IntrBkSttlmDt": "settled",
        "AddtlTxInf": "text",
        "Chrgs": ("charges", _CHARGES),
    }
    | _AMOUNTS
    | _CODE
    | _sides()
)

ENTRY: Final[Table] = (
    {
        "NtryRef": "reference",
        "Amt": "amount#",
        "CdtDbtInd": "side",
        "RvslInd": "reversal",
        "Sts": "status",
        "Sts/Cd": "status",
        "Sts/Prtry": "status",
        **{f"BookgDt/{day}": "booked" for day in _DAY},
        **{f"ValDt/{day}": "value" for day in _DAY},
        "AcctSvcrRef": "bank_reference",
        "Chrgs": ("charges", _CHARGES),
        "NtryDtls/Btch": ("batches", {"NbOfTxs": "count", "TtlAmt": "amount#"}),
        "NtryDtls/TxDtls": ("details", DETAIL),
        "TxDtls": ("details", DETAIL),
        "AddtlNtryInf": "text",
    }
    | _AMOUNTS
    | _CODE
)

_TOTAL: Final[Table] = {
    "NbOfNtries": "count",
    "Sum": "sum",
    "TtlNetNtryAmt": "net",
    "TtlNetNtry/Amt": "net",
    "CdtDbtInd": "side",
    "TtlNetNtry/CdtDbtInd": "side",
}

STATEMENT: Final[Table] = {
    "Id": "id",
    "StmtPgntn": ("pages", {"PgNb": "page", "LastPgInd": "last"}),
    "ElctrncSeqNb": "electronic",
    "LglSeqNb": "legal",
    "CreDtTm": "created",
    "FrToDt/FrDtTm": "from",
    "FrToDt/ToDtTm": "to",
    "CpyDplctInd": "copy",
    "Acct": ("accounts", {**_ACCOUNT, "Ownr/Nm": "owner", "Svcr/FinInstnId": ("bank", _BANK)}),
    "Bal": (
        "balances",
        {
            "Tp/CdOrPrtry/Cd": "code",
            "Tp/Cd": "code",
            "Amt": "amount#",
            "CdtDbtInd": "side",
            **{f"Dt/{day}": "day" for day in _DAY},
        },
    ),
    "TxsSummry/TtlNtries": ("total", _TOTAL),
    "TxsSummry/TtlCdtNtries": ("total_credit", _TOTAL),
    "TxsSummry/TtlDbtNtries": ("total_debit", _TOTAL),
}

HEADER: Final[Table] = {"MsgPgntn": ("pages", {"PgNb": "page", "LastPgInd": "last"})}


Step: TypeAlias = "tuple[str | None, Branch | None, str | None, str | None]"
"""One element that is known: the name of its text (None where only what is below counts), what is known below it (None
for an element that holds text alone), the name of the group that it makes, and ``*`` where every text is kept or the
name of the currency of an amount. A plain tuple, because it is unpacked for every element of a file."""


class Branch(dict[object, "Step | None"]):
    """What is known below one element: tag -> step, where a tag is looked up by its local name only once.

    Args:
        table: the paths from here on.
    """

    __slots__ = ("_steps",)

    def __init__(self, table: Table) -> None:
        super().__init__()
        names: dict[str, str] = {}
        groups: dict[str, str] = {}
        below: dict[str, Table] = {}
        for path, target in table.items():
            first, _, rest = path.partition("/")
            if rest:
                below.setdefault(first, {})[rest] = target
            elif isinstance(target, tuple):
                groups[first], below[first] = target
            else:
                names[first] = target
        self._steps = {
            first: _step(names.get(first), groups.get(first), below.get(first)) for first in {**names, **below}
        }

    def __missing__(self, tag: object) -> Step | None:
        local = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        step = self[tag] = self._steps.get(local)
        return step


def _step(target: str | None, group: str | None, below: Table | None) -> Step:
    branch = Branch(below) if below is not None else None
    if target is None or target[-1] not in "*#":
        return target, branch, group, None
    name = target[:-1]
    return name, branch, group, "*" if target.endswith("*") else f"{name}.currency"


def collect(element: etree._Element, branch: Branch, found: Found) -> Found:
    """The texts of the known elements below an element, stripped; empty ones count as absent.

    Args:
        element: where to begin.
        branch: what is known below it.
        found: where the texts go; returned.
    """
    for child in element:
        step = branch[child.tag]
        if step is None:
            continue
        name, below, group, special = step
        if name is not None and (text := child.text) is not None and (text := text.strip()):
            if special is not None:
                _keep(child, name, special, text, found)
            elif name not in found:
                found[name] = text
        if below is not None:
            if group is None:
                collect(child, below, found)
            elif group in found:
                found[group].append(collect(child, below, {}))
            else:
                found[group] = [collect(child, below, {})]
    return found


def _keep(child: etree._Element, name: str, special: str, text: str, found: Found) -> None:
    if special == "*":
        found.setdefault(name, []).append(text)
    elif name not in found:
        found[name] = text
        found[special] = child.get("Ccy")
