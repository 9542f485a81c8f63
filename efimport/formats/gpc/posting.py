"""Posting codes: which way an item moves the balance.

Codes 1 and 2 are a debit and a credit everywhere. Code 4 takes back a debit in the format of Komerční banka (Popis
formátu ABO, 2.2), Fio banka and ČSOB, and takes back a credit in the one of Česká spořitelna (3-2267, record 075),
which has 3 for the reversal of a debit where the others have 5 for the reversal of a credit.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from efimport.formats.gpc.items import Item
from efimport.formats.notes import Notes


class PostingMap(msgspec.Struct, frozen=True):
    """The meaning of the posting codes at a bank.

    Attributes:
        reversal_of_debit: code of money that comes back.
        reversal_of_credit: code of money that is taken back.
    """

    reversal_of_debit: int
    reversal_of_credit: int

    def knows(self, code: int) -> bool:
        """Whether the code has a meaning."""
        return code in (1, 2, self.reversal_of_debit, self.reversal_of_credit)

    def direction(self, item: Item) -> int:
        """1 for money in, -1 for money out; a sign in column 49 decides where there is one."""
        if item.sign:
            return item.sign
        return 1 if item.code in (2, self.reversal_of_debit) else -1

    def is_reversal(self, item: Item) -> bool:
        """Whether the item takes an earlier one back."""
        return item.code in (self.reversal_of_debit, self.reversal_of_credit)

    def movement(self, items: Sequence[Item]) -> int:
        """What the items do to the balance, in hundredths."""
        return sum(self.direction(item) * item.hundredths for item in items)


GENERIC = PostingMap(4, 5)
SPORITELNA = PostingMap(3, 4)
SPORITELNA_CODE = "0800"


def choose_map(
    items: Sequence[Item], bank_code: str | None, movement: int | None, line: int, notes: Notes
) -> PostingMap:
    """The map of the bank that wrote the items.

    Code 3 occurs in one map alone and code 5 in the other; with code 4 only, the bank decides, and where it is not
    known the map whose items lead from the old balance to the new one. Where nothing decides, an error is noted and the
    more frequent map is returned, so that the report can show something.

    Args:
        items: the items of the statement.
        bank_code: bank that keeps the account; None where it is not known.
        movement: new balance less old balance in hundredths; None where a balance is damaged.
        line: line of the header, for the finding.
        notes: where an error is noted.
    """
    codes = {item.code for item in items}
    if 3 in codes and 5 in codes:
        notes.add("gpc.posting-code-ambiguous", line, codes="3, 5")
        return GENERIC
    if 3 in codes:
        return SPORITELNA
    if 5 in codes or 4 not in codes:
        return GENERIC
    if bank_code is not None:
        return SPORITELNA if bank_code == SPORITELNA_CODE else GENERIC
    generic, sporitelna = GENERIC.movement(items), SPORITELNA.movement(items)
    if generic in (sporitelna, movement):
        return GENERIC
    if sporitelna == movement:
        return SPORITELNA
    notes.add("gpc.posting-code-ambiguous", line, codes="4")
    return GENERIC


def check_signs(items: Sequence[Item], notes: Notes) -> None:
    """Note items whose sign in column 49 contradicts their posting code."""
    for item in items:
        if item.sign and item.code in (1, 2) and item.sign != (1 if item.code == 2 else -1):
            notes.add(
                "gpc.sign-and-code", item.line, (49, 61), sign="+" if item.sign > 0 else "-", posting_code=item.code
            )
