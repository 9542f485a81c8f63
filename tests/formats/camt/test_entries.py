from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.documents import BankAccount, Entry
from tests.formats.camt.conftest import IBAN, Outcome, Writer, outcome


def read_entries(*entries: str, version: str = "02", closing: str | None = None) -> Outcome:
    writer = Writer(version)
    return outcome(writer.message(writer.statement(*entries, closing=closing)))


def read_entry(detail: str = "", amount: str = "10.00", *, version: str = "02", **arguments: str) -> Entry:
    details = [detail] if detail else []
    (entry,) = read_entries(Writer(version).entry(amount, *details, **arguments), version=version).statement.entries
    return entry


def refs(**names: str) -> str:
    return "<Refs>" + "".join(f"<{name}>{text}</{name}>" for name, text in names.items()) + "</Refs>"


def strd(*references: str) -> str:
    inner = "".join(f"<Strd><CdtrRefInf><Ref>{ref}</Ref></CdtrRefInf></Strd>" for ref in references)
    return f"<RmtInf>{inner}</RmtInf>"


def test_the_style_of_raiffeisenbank_is_read_whole() -> None:
    detail = (
        "<Refs><MsgId>1</MsgId><AcctSvcrRef>7745551110</AcctSvcrRef><PmtInfId>0000000007</PmtInfId>"
        "<InstrId>0308</InstrId><EndToEndId>0024110077</EndToEndId></Refs>"
        '<AmtDtls><TxAmt><Amt Ccy="CZK">629.2</Amt></TxAmt></AmtDtls>'
        "<RltdPties><DbtrAcct><Id><Othr><Id>131-3021140217</Id></Othr></Id><Nm>VESELÁ JANA</Nm></DbtrAcct></RltdPties>"
        "<RltdAgts><DbtrAgt><FinInstnId><Othr><Id>0100</Id></Othr></FinInstnId></DbtrAgt></RltdAgts>"
        + strd("VS:24110077", "SS:7", "KS:308")
        + "<AddtlTxInf>Faktura za listopad</AddtlTxInf>"
    )
    text = Writer().entry("629.2", detail).replace("<Ntry>", "<Ntry><NtryRef>7745551110</NtryRef>")
    (entry,) = read_entries(text).statement.entries
    assert entry == Entry(
        position=1,
        amount=Decimal("629.2"),
        date=dt.date(2026, 1, 15),
        value_date=dt.date(2026, 1, 16),
        variable_symbol="24110077",
        constant_symbol="308",
        specific_symbol="7",
        counter_account=BankAccount(number="131-3021140217", bank_code="0100"),
        counter_name="VESELÁ JANA",
        message="Faktura za listopad",
        bank_reference="7745551110",
        transaction_code="10000107000",
        line=6,
    )


@pytest.mark.parametrize(
    ("detail", "symbols"),
    [
        (strd("VS:0012", "KS:0308", "SS:0"), ("12", "308", None)),
        (strd("VS:12\n ", "KS:", "SS:0000"), ("12", None, None)),
        (strd("VS:1;SS:2;KS:3"), ("1", "3", "2")),
        (refs(EndToEndId="/VS1001/SS/KS"), ("1001", None, None)),
        (refs(EndToEndId="/VS0012/SS77/KS0558"), ("12", "558", "77")),
        (refs(EndToEndId="0000000042", InstrId="0558", PmtInfId="0000009"), ("42", "558", "9")),
        (refs(EndToEndId="12345678901"), (None, None, None)),
        (refs(EndToEndId="0"), (None, None, None)),
        (refs(EndToEndId="NOTPROVIDED", InstrId="12345", PmtInfId="A1"), (None, None, None)),
        ("<Refs><Prtry><Tp>VS</Tp><Ref>0099</Ref></Prtry></Refs>", ("99", None, None)),
        ("<Refs><Prtry><Tp>VS</Tp><Ref>27761250641\n</Ref></Prtry></Refs>", ("27761250641", None, None)),
        (refs(EndToEndId="5") + strd("VS:6"), ("6", None, None)),
        (refs(EndToEndId="5") + strd("VS:0"), ("5", None, None)),
        (refs(EndToEndId="/VS7/SS/KS") + strd("VS:6"), ("6", None, None)),
        ("<Refs><EndToEndId>5</EndToEndId><Prtry><Tp>VS</Tp><Ref>7</Ref></Prtry></Refs>", ("7", None, None)),
        (strd("RF18539007547034"), (None, None, None)),
        (strd("AVS:1", "VS:ABC"), (None, None, None)),
    ],
)
def test_symbols_are_found_in_all_their_places(detail: str, symbols: tuple[str | None, ...]) -> None:
    entry = read_entry(detail)
    assert (entry.variable_symbol, entry.constant_symbol, entry.specific_symbol) == symbols


@pytest.mark.parametrize(
    ("reference", "kept"),
    [
        ("NOTPROVIDED", None),
        ("12345", None),
        ("/VS1/SS/KS", None),
        ("INV-2026/1", "INV-2026/1"),
        ("12345678901234", "12345678901234"),
        ("000", None),
    ],
)
def test_an_end_to_end_reference_is_kept_where_it_is_no_symbol(reference: str, kept: str | None) -> None:
    assert read_entry(refs(EndToEndId=reference)).end_to_end_reference == kept


def test_an_end_to_end_reference_that_differs_from_the_symbol_is_kept() -> None:
    assert read_entry(refs(EndToEndId="555") + strd("VS:6")).end_to_end_reference == "555"


def party(side: str, name: str = "", iban: str = "", number: str = "", wrap: str = "{}") -> str:
    inner = f"<{side}>{wrap.format(f'<Nm>{name}</Nm>')}</{side}>" if name else ""
    if iban or number:
        identity = f"<IBAN>{iban}</IBAN>" if iban else f"<Othr><Id>{number}</Id></Othr>"
        inner += f"<{side}Acct><Id>{identity}</Id></{side}Acct>"
    return inner


@pytest.mark.parametrize(
    ("amount", "parties", "account", "name"),
    [
        ("1", party("Dbtr", "A", number="27/0300") + party("Cdtr", "B", number="28"), "27/0300", "A"),
        ("-1", party("Dbtr", "A", number="27") + party("Cdtr", "B", number="28"), "28", "B"),
        ("1", party("Cdtr", "B", number="28"), "28", "B"),
        ("1", party("Dbtr", "A") + party("Cdtr", "Us", iban=IBAN), None, "A"),
        ("1", party("Cdtr", "Us", iban=IBAN), None, None),
        ("1", party("Dbtr", "Us", number="19-2000145399") + party("Cdtr", "B", number="28"), "28", "B"),
        ("1", party("Dbtr", iban="SK31 1200 0000 1987 4263 7541"), "SK3112000000198742637541", None),
        ("1", party("Dbtr", number="SK3112000000198742637541"), "SK3112000000198742637541", None),
        ("1", party("Dbtr", number="SK3112000000198742637542"), "SK3112000000198742637542", None),
        ("1", "<UltmtDbtr><Nm>Behind</Nm></UltmtDbtr>", None, "Behind"),
        ("1", "", None, None),
    ],
)
def test_the_other_side_follows_the_direction(amount: str, parties: str, account: str | None, name: str | None) -> None:
    entry = read_entry(f"<RltdPties>{parties}</RltdPties>", amount)
    assert (entry.counter_account.display if entry.counter_account else None, entry.counter_name) == (account, name)


@pytest.mark.parametrize("wrap", ["<Pty>{}</Pty>", "<Agt><FinInstnId>{}</FinInstnId></Agt>"])
def test_names_of_newer_versions_are_found(wrap: str) -> None:
    parties = f"<RltdPties>{party('Dbtr', 'Nová', wrap=wrap)}</RltdPties>"
    assert read_entry(parties, version="08").counter_name == "Nová"


@pytest.mark.parametrize(
    ("bank", "expected"),
    [
        ("<BIC>KOMBCZPP</BIC>", ("KOMBCZPP", None)),
        ("<BICFI>KOMBCZPP</BICFI>", ("KOMBCZPP", None)),
        ("<ClrSysMmbId><MmbId>0100</MmbId></ClrSysMmbId>", (None, "0100")),
        ("<Othr><Id>0100</Id></Othr>", (None, "0100")),
        ("<BIC>KOMBCZPP</BIC><Othr><Id>NOTPROVIDED</Id></Othr>", ("KOMBCZPP", None)),
    ],
)
def test_the_bank_of_the_other_side_is_found(bank: str, expected: tuple[str | None, str | None]) -> None:
    entry = read_entry(f"<RltdAgts><DbtrAgt><FinInstnId>{bank}</FinInstnId></DbtrAgt></RltdAgts>")
    assert entry.counter_account is not None
    assert (entry.counter_account.bic, entry.counter_account.bank_code) == expected


def test_messages_are_joined_and_said_once() -> None:
    detail = "<RmtInf><Ustrd>first  part</Ustrd><Ustrd>second</Ustrd></RmtInf><AddtlTxInf>second</AddtlTxInf>"
    entry = read_entry(detail, end="<AddtlNtryInf>Card payment</AddtlNtryInf>")
    assert entry.message == "first part second"
    assert entry.description == "Card payment"


def test_an_entry_without_details_is_still_a_movement() -> None:
    entry = read_entry(end="<AddtlNtryInf>Monthly fee</AddtlNtryInf>", amount="-7")
    assert (entry.amount, entry.message) == (Decimal(-7), "Monthly fee")


@pytest.mark.parametrize(
    ("middle", "detail", "charges"),
    [
        ('<Chrgs><Amt Ccy="CZK">7.00</Amt></Chrgs>', "", "7.00"),
        ("", '<Chrgs><Amt Ccy="CZK">7</Amt></Chrgs><Chrgs><Amt Ccy="CZK">2</Amt></Chrgs>', "9"),
        (
            "",
            '<Chrgs><TtlChrgsAndTaxAmt Ccy="CZK">5</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="CZK">3</Amt></Rcrd></Chrgs>',
            "5",
        ),
        ("", '<Chrgs><Rcrd><Amt Ccy="CZK">3</Amt></Rcrd><Rcrd><Amt Ccy="CZK">1</Amt></Rcrd></Chrgs>', "4"),
        ("", '<Chrgs><Amt Ccy="EUR">7</Amt></Chrgs>', None),
    ],
)
def test_charges_are_information_and_leave_the_amount_alone(middle: str, detail: str, charges: str | None) -> None:
    entry = read_entry(detail, "-100.00", middle=middle)
    assert entry.amount == Decimal("-100.00")
    assert entry.charges == (Decimal(charges) if charges else None)


@pytest.mark.parametrize("place", ["detail", "entry"])
def test_the_amount_before_conversion_and_its_rate_are_kept(place: str) -> None:
    amounts = (
        '<AmtDtls><InstdAmt><Amt Ccy="EUR">10.00</Amt></InstdAmt><TxAmt><Amt Ccy="CZK">250.5</Amt><CcyXchg>'
        "<SrcCcy>EUR</SrcCcy><TrgtCcy>CZK</TrgtCcy><XchgRate>25.05</XchgRate></CcyXchg></TxAmt></AmtDtls>"
    )
    entry = read_entry(amounts, "-250.50") if place == "detail" else read_entry("", "-250.50", middle=amounts)
    assert (entry.original_amount, entry.original_currency) == (Decimal("-10.00"), "EUR")
    assert entry.exchange_rate == Decimal("25.05")


def test_an_amount_in_the_currency_of_the_account_is_no_conversion() -> None:
    entry = read_entry('<AmtDtls><TxAmt><Amt Ccy="CZK">10.00</Amt></TxAmt></AmtDtls>')
    assert entry.original_amount is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("<BkTxCd><Prtry><Cd>40000605000</Cd><Issr>CBA</Issr></Prtry></BkTxCd>", "40000605000"),
        (
            "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>",
            "PMNT-RCDT-ESCT",
        ),
        ("", None),
    ],
)
def test_the_transaction_code_is_the_banks_or_the_isos(code: str, expected: str | None) -> None:
    assert read_entry(code=code).transaction_code == expected


@pytest.mark.parametrize(
    ("booked", "value", "expected"),
    [
        ("<BookgDt><Dt>2026-01-10</Dt></BookgDt>", "", (dt.date(2026, 1, 10), None)),
        ("<BookgDt><Dt>2026-01-10+02:00</Dt></BookgDt>", "", (dt.date(2026, 1, 10), None)),
        ("<BookgDt><DtTm>2026-01-10T23:30:00.000Z</DtTm></BookgDt>", "", (dt.date(2026, 1, 10), None)),
        ("", "<ValDt><Dt>2026-01-11</Dt></ValDt>", (dt.date(2026, 1, 11), dt.date(2026, 1, 11))),
        ("", "", (dt.date(2026, 1, 31), None)),
    ],
)
def test_days_are_found_in_all_their_forms(booked: str, value: str, expected: tuple[dt.date, dt.date | None]) -> None:
    found = read_entries(Writer().entry(booked=booked, value=value), closing="110.00")
    (entry,) = found.statement.entries
    assert (entry.date, entry.value_date) == expected
    assert ("camt.date-assumed" in found.codes) == (not booked and not value)


def test_an_impossible_day_is_told_and_left_out() -> None:
    found = read_entries(Writer().entry(value="<ValDt><Dt>2026-02-30</Dt></ValDt>"))
    assert found.statement.entries[0].value_date is None
    place = found.finding("camt.bad-date").location
    assert (place.line, place.where) == (6, "/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]/ValDt")


def test_a_good_day_gives_no_finding() -> None:
    assert "camt.bad-date" not in read_entries(Writer().entry()).codes


def test_the_interbank_day_stands_in_for_the_day_of_value() -> None:
    entry = read_entry("<RltdDts><IntrBkSttlmDt>2026-01-14</IntrBkSttlmDt></RltdDts>", value="")
    assert entry.value_date == dt.date(2026, 1, 14)


@pytest.mark.parametrize(("mark", "amount"), [("true", "5"), ("1", "-5"), ("false", "5")])
def test_a_reversal_keeps_its_direction_and_is_marked(mark: str, amount: str) -> None:
    entry = read_entry(amount=amount, reversal=f"<RvslInd>{mark}</RvslInd>")
    assert (entry.amount, entry.reversal) == (Decimal(amount), mark != "false")


@pytest.mark.parametrize("version", ["02", "08"])
@pytest.mark.parametrize("status", ["PDNG", "INFO"])
def test_entries_that_are_not_booked_are_left_out_and_counted(version: str, status: str) -> None:
    writer = Writer(version)
    found = read_entries(writer.entry("5"), writer.entry("-3", status=status), writer.entry("6"), version=version)
    assert [entry.amount for entry in found.statement.entries] == [5, 6]
    arguments = found.finding("camt.pending-left-out").message.arguments
    assert (arguments["count"], arguments["statuses"], arguments["sum"]) == ("1", status, "-3")


def test_booked_entries_give_no_word_on_pending_ones() -> None:
    assert "camt.pending-left-out" not in read_entries(Writer().entry()).codes


def test_an_unknown_status_counts_as_booked_with_a_warning() -> None:
    found = read_entries(Writer().entry(status="XXXX"))
    assert len(found.statement.entries) == 1
    assert found.finding("camt.status-unknown").message.arguments["status"] == "XXXX"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('<Amt Ccy="CZK">10.00</Amt>', '<Amt Ccy="CZK">10,00</Amt>'), "camt.bad-amount"),
        (('<Amt Ccy="CZK">10.00</Amt>', '<Amt Ccy="CZK">1e3</Amt>'), "camt.bad-amount"),
        (('<Amt Ccy="CZK">10.00</Amt>', '<Amt Ccy="CZK"/>'), "camt.missing-element"),
        (("CRDT</CdtDbtInd><Sts>", "CRED</CdtDbtInd><Sts>"), "camt.bad-direction"),
        (("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>"), "camt.missing-element"),
    ],
)
def test_an_entry_that_cannot_be_read_holds_the_statement_back(change: tuple[str, str], code: str) -> None:
    found = read_entries(Writer().entry().replace(*change), Writer().entry("3"))
    finding = found.finding(code)
    assert finding.is_error
    assert finding.location.where is not None
    assert finding.location.where.startswith("/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]/")
    assert [entry.amount for entry in found.statement.entries] == [3]


def test_a_good_entry_gives_no_finding_at_all() -> None:
    assert read_entries(Writer().entry("10.00", strd("VS:1"))).codes == set()


def test_a_negative_amount_is_turned_round_with_a_warning() -> None:
    found = read_entries(Writer().entry().replace(">10.00<", ">-10.00<"))
    assert found.statement.entries[0].amount == Decimal("-10.00")
    assert "camt.negative-amount" in found.codes


def test_an_amount_in_another_currency_is_an_error() -> None:
    found = read_entries(Writer().entry(currency="EUR"), Writer().entry(currency="EUR"))
    assert found.finding("statement.currency-mixed").is_error
    assert [item.code for item in found.statement.findings].count("statement.currency-mixed") == 1


def test_a_comment_inside_an_amount_loses_no_digit() -> None:
    (entry,) = read_entries(Writer().entry().replace(">10.00<", ">1<!-- c -->0.<![CDATA[00]]><")).statement.entries
    assert entry.amount == Decimal("10.00")
    assert str(entry.amount) == "10.00"


# --- batches


def part(amount: str, symbol: str, *, version: str = "04", currency: str = "CZK", side: str = "CRDT") -> str:
    if version == "02":
        inner = f'<AmtDtls><TxAmt><Amt Ccy="{currency}">{amount}</Amt></TxAmt></AmtDtls>'
    else:
        inner = f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
    return inner + strd(f"VS:{symbol}")


@pytest.mark.parametrize("version", ["02", "04"])
@pytest.mark.parametrize(("total", "side"), [("30.00", "CRDT"), ("-30.00", "DBIT")])
def test_a_batch_that_adds_up_becomes_its_payments(version: str, total: str, side: str) -> None:
    details = [part("10.00", "1", version=version, side=side), part("20.00", "2", version=version, side=side)]
    found = read_entries(Writer(version).entry(total, *details), Writer(version).entry("1"), version=version)
    sign = -1 if total.startswith("-") else 1
    assert [(entry.amount * sign, entry.variable_symbol) for entry in found.statement.entries[:2]] == [
        (10, "1"),
        (20, "2"),
    ]
    assert [entry.position for entry in found.statement.entries] == [1, 2, 3]
    assert "camt.batch-mismatch" not in found.codes


@pytest.mark.parametrize(
    ("details", "computed"),
    [
        ((part("10.00", "1"), part("15.00", "2")), "25.00"),
        ((part("30.00", "1"), part("30.00", "2")), "60.00"),
        ((part("30.00", "1"), strd("VS:2")), "30.00"),
    ],
)
def test_a_batch_that_does_not_add_up_stays_one_entry(details: tuple[str, ...], computed: str) -> None:
    found = read_entries(Writer("04").entry("30.00", *details), version="04")
    (entry,) = found.statement.entries
    assert (entry.amount, entry.variable_symbol) == (Decimal("30.00"), None)
    assert found.finding("camt.batch-mismatch").message.arguments["computed"] == computed


def test_payments_in_both_directions_stay_one_entry_without_complaint() -> None:
    details = (part("40.00", "1"), part("10.00", "2", side="DBIT"))
    found = read_entries(Writer("04").entry("30.00", *details), version="04")
    assert [entry.amount for entry in found.statement.entries] == [Decimal("30.00")]
    assert "camt.batch-mismatch" not in found.codes


def test_one_payment_takes_the_amount_of_the_entry() -> None:
    found = read_entries(Writer("04").entry("30.00", part("29.00", "1")), version="04")
    assert found.statement.entries[0].amount == Decimal("30.00")
    assert "camt.batch-mismatch" not in found.codes


def test_a_batch_without_amounts_keeps_what_its_payments_share() -> None:
    details = (strd("VS:1", "KS:308"), strd("VS:2", "KS:308"))
    (entry,) = read_entries(Writer().entry("30.00", *details)).statement.entries
    assert (entry.amount, entry.variable_symbol, entry.constant_symbol) == (Decimal("30.00"), None, "308")


@pytest.mark.parametrize(("stated", "told"), [("3", True), ("2", False), ("x", False)])
def test_payments_missing_from_a_batch_are_told(stated: str, told: bool) -> None:
    text = Writer().entry("30.00", strd("VS:1"), strd("VS:2"), batch=f"<Btch><NbOfTxs>{stated}</NbOfTxs></Btch>")
    assert ("camt.batch-count" in read_entries(text).codes) == told


@pytest.mark.parametrize(
    ("total", "told"),
    [
        ('<TtlAmt Ccy="CZK">30</TtlAmt>', False),
        ('<TtlAmt Ccy="CZK">31</TtlAmt>', True),
        ('<TtlAmt Ccy="EUR">31</TtlAmt>', False),
        ("", False),
    ],
)
def test_a_total_of_a_batch_that_is_not_the_entry_is_told(total: str, told: bool) -> None:
    batch = f"<Btch><NbOfTxs>2</NbOfTxs>{total}</Btch>"
    found = read_entries(Writer().entry("-30.00", strd("VS:1"), strd("VS:2"), batch=batch))
    assert ("camt.batch-total" in found.codes) == told
    assert found.statement.debit == 30


def test_the_amount_of_one_payment_before_conversion_is_not_that_of_the_batch() -> None:
    part = (
        '<AmtDtls><TxAmt><Amt Ccy="EUR">2</Amt></TxAmt></AmtDtls>'
        '<Chrgs><Amt Ccy="CZK">7</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>'
    )
    (entry,) = read_entries(Writer().entry("100", part, part)).statement.entries
    assert (entry.amount, entry.original_amount, entry.original_currency, entry.charges) == (100, None, None, None)
