"""``efimport call`` holds a structure against the reference before it sends it."""

from __future__ import annotations

from typing import Any

from efimport.sandbox.server import RunningSandbox

VOUCHER = """<GeneralLedgerJournalVoucher><businessYear>2026</businessYear><dateOfPosting>31.1.2026</dateOfPosting>
<dateOfTransaction>2026-01-31</dateOfTransaction><Items/></GeneralLedgerJournalVoucher>"""
PARTNER = "<partner><partnerCode>007</partnerCode><lastName>Novák</lastName>{more}</partner>"


def test_a_structure_that_does_not_fit_is_told_and_not_sent(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.write("partner.xml", PARTNER.format(more="<colour>red</colour><gender>man</gender>"))
    done = clerk.run("call", "PartnerImport", "partner=@partner.xml", "--yes")
    assert done.status == 2
    assert "colour: There is no element colour here." in done.err
    assert "gender: The element gender cannot be man; possible are male, female, unknown." in done.err
    assert "nothing was sent" in done.err
    assert sandbox.state()["partners"] == []


def test_whoever_knows_better_may_send_it(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.write("partner.xml", PARTNER.format(more="<colour>red</colour>"))
    done = clerk.run("call", "PartnerImport", "partner=@partner.xml", "--yes", "--unchecked")
    assert done.status == 0
    assert "colour" in done.err


def test_a_structure_that_fits_is_sent_without_a_word(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.write("partner.xml", PARTNER.format(more=""))
    done = clerk.run("call", "PartnerImport", "partner=@partner.xml", "--yes")
    assert (done.status, done.err.strip()) == (0, "")


def test_what_is_only_shown_is_told_as_well(clerk: Any) -> None:
    clerk.write("voucher.xml", VOUCHER)
    done = clerk.run(
        "call", "GeneralLedgerJournalVoucherCreate", "GeneralLedgerJournalVoucher=@voucher.xml", "--show"
    )  # fmt: skip
    assert done.status == 0
    assert "dateOfPosting: The element dateOfPosting is 31.1.2026" in done.err
    assert "Items: The element Items is missing." in done.err
