"""Field 61 in all its shapes, and field 86 in the dialects of banks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

# --- field 61 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "amount", "reversal"),
    [
        ("C", "12.50", False),
        ("D", "-12.50", False),
        ("RC", "-12.50", True),
        ("RD", "12.50", True),
        ("EC", "12.50", False),
        ("ED", "-12.50", False),
        ("CR", "12.50", False),
        ("DR", "-12.50", False),
        ("RCR", "-12.50", True),
        ("CK", "12.50", False),
        ("DF", "-12.50", False),
        ("rc", "-12.50", True),
        ("DCZK", "-12.50", False),
        ("DCZK-", "-12.50", False),
        ("CCZK", "12.50", False),
        ("RCCZK-", "-12.50", True),
    ],
)
def test_the_mark_says_which_way_the_money_goes(mt940, mark, amount, reversal):
    entry = mt940.entry(f":61:2601150116{mark}12,50NTRFNONREF")
    assert (entry.amount, entry.reversal) == (Decimal(amount), reversal)
    assert entry.transaction_code == "NTRF"


@pytest.mark.parametrize(
    ("written", "amount"), [("100,", "100.00"), ("229,2", "229.20"), ("2", "2.00"), (",5", "0.50"), ("00,00", "0.00")]
)
def test_decimals_may_be_missing(mt940, written, amount):
    assert mt940.entry(f":61:260115C{written}NTRF1").amount == Decimal(amount)


@pytest.mark.parametrize(
    ("days", "value_date", "date"),
    [
        ("2601150116", dt.date(2026, 1, 15), dt.date(2026, 1, 16)),
        ("260115", dt.date(2026, 1, 15), dt.date(2026, 1, 15)),
        ("2512311231", dt.date(2025, 12, 31), dt.date(2025, 12, 31)),
        ("2512310102", dt.date(2025, 12, 31), dt.date(2026, 1, 2)),
        ("2601021231", dt.date(2026, 1, 2), dt.date(2025, 12, 31)),
        ("2606300101", dt.date(2026, 6, 30), dt.date(2026, 1, 1)),
        ("9912310103", dt.date(1999, 12, 31), dt.date(2000, 1, 3)),
        ("2402290229", dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        ("1602300301", None, dt.date(2016, 3, 1)),
    ],
)
def test_the_day_of_booking_is_in_the_year_nearest_to_the_day_of_value(mt940, days, value_date, date):
    entry = mt940.entry(f":61:{days}C1,00NTRF1")
    assert (entry.value_date, entry.date) == (value_date, date)


@pytest.mark.parametrize(
    ("rest", "kind", "reference", "bank_reference"),
    [
        ("NTRFNONREF", "NTRF", None, None),
        ("MCI0NONREF//055001022000001", "MCI0", None, "055001022000001"),
        ("NTRFNONREF//8327000090031789", "NTRF", None, "8327000090031789"),
        (" NTRFNONREF//2109025460313532", "NTRF", None, "2109025460313532"),
        ("NCOMNONREF          //CIOB2201/IACC/D3/", "NCOM", None, "CIOB2201/IACC/D3/"),
        ("NTRF1004688128      //6128522200", "NTRF", "1004688128", "6128522200"),
        ("NCMZNOREF", "NCMZ", None, None),
        ("FMSC01916//NONREF", "FMSC", "01916", None),
        ("S051NONREF", "S051", None, None),
        ("N031", "N031", None, None),
        ("NIOB0987654321", "NIOB", "0987654321", None),
        ("S   X", "S", "X", None),
        ("//123456", None, None, "123456"),
        ("NONREF//1", None, None, "1"),
        ("", None, None, None),
        ("NTRFPřevod do GE MB//1134290899", "NTRF", "Převod do GE MB", "1134290899"),
        ("NTRFKREF+//BD7CFA74485E7E69", "NTRF", None, "BD7CFA74485E7E69"),
        ("N102EREF            ", "N102", None, None),
        ("NTRFSI00123456//1", "NTRF", "SI00123456", "1"),
        ("NTRFSI12 1234567890120", "NTRF", "SI12 1234567890120", None),
        ("NMSC1234567890", "NMSC", "1234567890", None),
        ("NTRFFREMIS A.S. A DLOUHY NAZEV FIRMY//1", "NTRF", "FREMIS A.S. A DLOUHY NAZEV FIRMY", "1"),
    ],
)
def test_kind_and_references_are_told_apart(mt940, rest, kind, reference, bank_reference):
    entry = mt940.entry(f":61:2601150116C1,00{rest}")
    assert entry.transaction_code == kind
    assert (entry.end_to_end_reference, entry.bank_reference) == (reference, bank_reference)
    assert (entry.variable_symbol, entry.constant_symbol, entry.specific_symbol) == (None, None, None)


@pytest.mark.parametrize(
    "rest", ["VS1032122213//7108202415", "NTRFVS1032122213//7108202415", "NTRFVS:1032122213//7108202415"]
)
def test_a_labelled_symbol_in_the_reference_is_a_symbol(mt940, rest):
    entry = mt940.entry(f":61:2601150116C1,00{rest}")
    assert entry.variable_symbol == "1032122213"
    assert entry.end_to_end_reference is None
    assert entry.bank_reference == "7108202415"


def test_the_line_below_says_what_the_entry_is(mt940):
    entry = mt940.entry(":61:2601050105D25,50NTRFNONREF//REF001", "Debit card payment", ":86:Nákup")
    assert (entry.description, entry.message) == ("Debit card payment", "Nákup")


@pytest.mark.parametrize(
    ("below", "field", "value"),
    [
        ("20131209007602198765432000000012", "end_to_end_reference", "20131209007602198765432000000012"),
        ("/OCMT/EUR100,50/", "original_amount", Decimal("-100.50")),
        ("/OCMT/EUR100,50/", "original_currency", "EUR"),
        ("/OCMT/EUR100,/EXCH/24,5/", "exchange_rate", Decimal("24.50")),
        ("/OCMT/EUR100,/CHGS/CZK30,/", "charges", Decimal("30.00")),
        ("/TRCD/00100/", "transaction_code", "00100"),
    ],
)
def test_the_line_below_may_hold_more(mt940, below, field, value):
    assert getattr(mt940.entry(":61:260105D25,50NTRFNONREF", below), field) == value


def test_the_account_of_the_other_side_may_be_below_or_in_the_reference(mt940):
    below = mt940.entry(":61:260105D25,50N102EREF", mt940.IBAN)
    assert below.counter_account.iban == mt940.IBAN
    inside = mt940.entry(f":61:260105D25,50NOVB{mt940.IBAN}", "jan novák")
    assert (inside.counter_account.iban, inside.counter_name) == (mt940.IBAN, "jan novák")
    assert inside.end_to_end_reference is None


def test_a_name_behind_a_padded_reference_is_the_other_side(mt940):
    entry = mt940.entry(":61:110527D000000001213,28N0440121470966      W.P. Jansen         ", ":86:NIET AKKOORD")
    assert entry.end_to_end_reference == "0121470966"
    assert entry.counter_name == "W.P. Jansen"
    assert entry.amount == Decimal("-1213.28")


def test_a_field_cut_before_its_amount_is_put_together(mt940):
    assert mt940.entry(":61:1811261126CR", "30,00N062NONREF").amount == Decimal("30.00")


# --- field 86: Czech and Slovak banks -------------------------------------------------------------------------------


def _symbols(entry):
    return entry.variable_symbol, entry.constant_symbol, entry.specific_symbol


def test_fio_domestic(mt940):
    entry = mt940.entry(
        mt940.ENTRY,
        ":86:010?00TP_PRIJEM?2019-2000145399/0800?21VS0260100010?22SS00000000",
        "00?23KS0308?24Moje oz?25načení?28Faktura 26010001?290",
    )
    assert _symbols(entry) == ("260100010", "308", None)
    assert entry.counter_account.iban == mt940.IBAN
    assert entry.description == "TP_PRIJEM"
    assert entry.message == "Moje označení Faktura 260100010"
    assert entry.transaction_code == "010"


def test_a_name_in_the_place_of_fio_s_account_is_a_word_of_its_own(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:010?00X?20GE Money/0600?21VS1?22SS0?23KS0?24Převod?28VS 7 kusů")
    assert entry.counter_account is None
    assert entry.message == "GE Money/0600 Převod VS 7 kusů"
    assert _symbols(entry) == ("1", None, None)


def test_fio_foreign(mt940):
    entry = mt940.entry(
        mt940.ENTRY,
        ":86:020?00TP_PLATBA?20DE89370400440532013000?21COBADEFF?22EUR-100,50?2324,55",
        "?24Moje?28Invoice 7 VS:123SS:456KS:0308?32Muster GmbH",
    )
    assert entry.counter_account.iban == "DE89370400440532013000"
    assert entry.counter_account.bic == "COBADEFF"
    assert (entry.original_amount, entry.original_currency) == (Decimal("100.50"), "EUR")
    assert entry.exchange_rate == Decimal("24.55")
    assert entry.counter_name == "Muster GmbH"
    assert entry.message.startswith("Moje Invoice 7")
    assert _symbols(entry) == ("123", "308", "456")


def test_fio_other(mt940):
    entry = mt940.entry(
        mt940.ENTRY, ":86:030?00TP_POPLATEK?20VS0000000000?21SS0000000000?22KS0898?23Poplatek za ve?24dení?27účtu"
    )
    assert _symbols(entry) == (None, "898", None)
    assert entry.message == "Poplatek za vedení účtu"
    assert entry.counter_account is None


def test_tatra_banka(mt940):
    entry = mt940.entry(
        mt940.ENTRY,
        ":86:051?00Platba?20VS0000001234?21SS0?22KS0558?24Platba za?25 tovar?31SK3112000000198742637541",
        "?32Novák ?33a syn",
    )
    assert _symbols(entry) == ("1234", "558", None)
    assert entry.counter_account.iban == "SK3112000000198742637541"
    assert entry.counter_name == "Novák a syn"
    assert entry.message == "Platba za tovar"


def test_a_name_in_the_place_of_the_account_is_a_name(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:051?00FEES?20VS?24Poplatok?31Tatra banka, a.s.")
    assert entry.counter_account is None
    assert entry.counter_name == "Tatra banka, a.s."


def test_subfield_38_is_the_surer_account(mt940):
    entry = mt940.entry(mt940.ENTRY, f":86:111?20Platba?300800?310000000123?38{mt940.IBAN}")
    assert entry.counter_account.iban == mt940.IBAN


def test_bank_code_and_number_make_a_national_account(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:111?00Tuzemská platba?20VS:5?300800?31000019-2000145399?32Jan Novák")
    assert entry.counter_account.iban == mt940.IBAN
    assert entry.transaction_code == "111"
    assert entry.variable_symbol == "5"


def test_czech_multicash_in_plain_text(mt940):
    entry = mt940.entry(
        mt940.ENTRY, ":86:VS 0123456789 KS 0000000308 SS 0000000000 19-2000145399/0800", "Platba za", "zboží"
    )
    assert _symbols(entry) == ("123456789", "308", None)
    assert entry.counter_account.iban == mt940.IBAN
    assert entry.message == "19-2000145399/0800 Platba za zboží"


def test_czech_multicash_in_subfields(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:999?00X?20VS 0123456789 KS 00000?2100308 SS 0000000000 Faktura")
    assert _symbols(entry) == ("123456789", "308", None)
    assert entry.message == "Faktura"


@pytest.mark.parametrize(
    "text",
    [
        ":86:010?60VS:260128581 KS:308",
        ":86:VS:260128581 KS:308",
        ":86:/VS/260128581/SS/0/KS/0308",
        ":86:Platba /VS/260128581/KS/0308",
        ":86:010?20/VS/260128581?21/KS/0308",
        ":86:VS:260128581SS:0KS:0308",
        ":86:166?20EREF+/VS0260128581/SS0000000000/KS0308",
        ":86:?20VS260128581?21KS0308",
    ],
)
def test_symbols_are_found_where_a_label_names_them(mt940, text):
    assert _symbols(mt940.entry(mt940.ENTRY, text)) == ("260128581", "308", None)


@pytest.mark.parametrize(
    "text",
    [":86:Platba 1234567890", ":86:166?20SVWZ+1234567890", ":86:VSE 123", ":86:HVS:12", ":86:VS", ":86:VS:12345678901"],
)
def test_digits_without_a_label_are_no_symbol(mt940, text):
    assert _symbols(mt940.entry(mt940.ENTRY, text)) == (None, None, None)


def test_letters_of_a_label_at_the_end_of_a_text_are_text(mt940):
    assert mt940.entry(mt940.ENTRY, ":86:166?20RECHNUNG FUER DREI NEUE BOO?21KS").message.endswith("NEUE BOOKS")


def test_a_labelled_subfield_goes_before_the_text_and_the_reference(mt940):
    entry = mt940.entry(":61:260115C1,00NTRFVS3", ":86:010?20VS1?24VS:2")
    assert entry.variable_symbol == "1"
    assert mt940.entry(":61:260115C1,00NTRFVS3", ":86:010?20VS0?24VS:2").variable_symbol == "2"


@pytest.mark.parametrize("text", ["?20/VS/20260003?21text", "?20Dar VS:20260003?21text", "?20Dar /VS/2026?210003"])
def test_a_symbol_at_the_end_of_a_subfield_does_not_run_into_the_next(mt940, text):
    assert mt940.entry(mt940.ENTRY, f":86:166?00X{text}").variable_symbol == "20260003"


# --- field 86: others ----------------------------------------------------------------------------------------------


def test_german_subfields_with_sepa_key_words(mt940):
    entry = mt940.entry(
        mt940.ENTRY,
        ":86:166?00GUTSCHR. UEBERWEISUNG?109249?20EREF+RE-2026-7?21KREF+NONREF?22MREF+M1?23CRED+DE98ZZZ09999999999",
        "?24SVWZ+Rechnung 2026-7 vom 1?255. Januar?26ABWA+Andere GmbH?30COBADEFF?31DE89370400440532013000",
        "?32Muster GmbH und?33 Co. KG?34992",
    )
    assert entry.end_to_end_reference == "RE-2026-7"
    assert entry.message == "Rechnung 2026-7 vom 15. Januar Andere GmbH"
    assert entry.counter_account.iban == "DE89370400440532013000"
    assert entry.counter_account.bic == "COBADEFF"
    assert entry.counter_name == "Muster GmbH und Co. KG"
    assert entry.description == "GUTSCHR. UEBERWEISUNG"
    assert entry.transaction_code == "166"


def test_key_words_cut_over_subfields_are_put_together(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:835?20Cie.?21EREF+ 1234 S?22VWZ+ Platba?60 dal")
    assert (entry.end_to_end_reference, entry.message) == ("1234", "Cie. Platba dal")


def test_a_text_behind_the_number_of_a_creditor_is_the_message(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:106?20EREF+1?21MREF+2?22CRED+DE98ZZZ09999999999?23Rechnung 7 v?24om 5.")
    assert (entry.end_to_end_reference, entry.message) == ("1", "Rechnung 7 vom 5.")


def test_a_number_of_a_creditor_that_fills_its_subfield_goes_on_in_the_next(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:106?20CRED+DE98ZZZ099999999999999?219999?22SVWZ+Rechnung 7")
    assert entry.message == "Rechnung 7"


@pytest.mark.parametrize(
    ("text", "reversal"),
    [("166?00STORNO?20x", True), ("805?00Storno poplatku?20x", True), ("166?00GUTSCHRIFT?20STORNO", False)],
)
def test_a_kind_that_names_a_reversal_marks_the_entry_and_keeps_its_sign(mt940, text, reversal):
    entry = mt940.entry(":61:260115D5,00NTRFNONREF", f":86:{text}")
    assert (entry.reversal, entry.amount) == (reversal, Decimal("-5.00"))


@pytest.mark.parametrize("text", [":86:166?00Kind?20Text?2", ":86:166?00Kind?20Text?"])
def test_a_number_of_a_subfield_may_be_wrapped(mt940, text):
    rest = "1 dal" if text.endswith("2") else "21 dal"
    assert mt940.entry(mt940.ENTRY, text, rest).message == "Text dal"


def test_a_number_of_a_subfield_may_have_a_blank_before_it(mt940):
    assert mt940.entry(mt940.ENTRY, ":86:166?00Kind? 20Text? 22 dal").message == "Text dal"


def test_a_question_mark_in_a_text_is_kept(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:166?00Kind?20Proc?? Kolik?99 a?20 kc?21?")
    assert entry.message == "Proc?? Kolik?99 a?20 kc?"


def test_other_marks_of_subfields(mt940):
    entry = mt940.entry(
        ":61:110101D15,70N000NONREF", ":86:000>100987654321", ">20ALGEMENE REKENING KOS>21TEN>310390123456"
    )
    assert entry.message == "ALGEMENE REKENING KOSTEN"
    assert entry.counter_account.number


def test_dutch_key_words(mt940):
    entry = mt940.entry(
        mt940.ENTRY,
        ":86:/EREF/EV123REP1231456T1234//CNTP/NL32INGB0000012345/INGBNL2A/INGBA",
        "NK NV///REMI/USTD//EV10001REP1000000T1000/",
    )
    assert entry.end_to_end_reference == "EV123REP1231456T1234"
    assert entry.counter_account.iban == "NL32INGB0000012345"
    assert entry.counter_account.bic == "INGBNL2A"
    assert entry.counter_name == "INGBANK NV"
    assert entry.message == "EV10001REP1000000T1000"


def test_an_amount_before_conversion_may_stand_before_a_text(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:/OCMT/USD2853,12/", "PAYMENT OF INVOICES 204011665")
    assert (entry.original_amount, entry.original_currency) == (Decimal("2853.12"), "USD")
    assert entry.message == "PAYMENT OF INVOICES 204011665"


def test_dutch_names(mt940):
    entry = mt940.entry(
        mt940.ENTRY, ":86:/EREF/NOTPROVIDED/BENM//NAME/CONTRA ACCOUN", "T HOLDER/REMI/Reference 1/ISDT/2026-01-02"
    )
    assert (entry.counter_name, entry.message) == ("CONTRA ACCOUNT HOLDER", "Reference 1")
    assert entry.end_to_end_reference is None


def test_lines_of_the_beneficiary(mt940):
    entry = mt940.entry(
        ":61:260115DD3245,NTRFNONREF", ":86:/BENM/300000001234567", "/Firma dooel", "/5,6,7,8m//REF77", "/Plakjanje"
    )
    assert entry.counter_account.number == "300000001234567"
    assert entry.counter_name == "Firma dooel"
    assert entry.end_to_end_reference == "REF77"
    assert entry.message == "Plakjanje"


def test_ubs_names_the_kind_and_the_payee(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:DE1?ACME Hosting Inc", "card 123 Debit card payment")
    assert (entry.transaction_code, entry.counter_name) == ("DE1", "ACME Hosting Inc")
    assert entry.message == "card 123 Debit card payment"


def test_a_field_86_for_each_line(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:Terugboeking      ", ":86:NIET AKKOORD     ", ":86:20095731")
    assert entry.message == "Terugboeking NIET AKKOORD 20095731"


def test_the_bank_s_code_before_plain_text_is_text(mt940):
    assert mt940.entry(mt940.ENTRY, ":86:911 TRANSAKCJA COLLECT; OD: JAN").message == "911 TRANSAKCJA COLLECT; OD: JAN"
    assert mt940.entry(mt940.ENTRY, ":86:105,50 EUR").message == "105,50 EUR"


@pytest.mark.parametrize("text", [[], [":86:"], [":86:", ""], [":86:166?00?20?30?31?32"]])
def test_nothing_said_is_nothing(mt940, text):
    entry = mt940.entry(mt940.ENTRY, *text)
    assert (entry.message, entry.counter_name, entry.counter_account, entry.description) == (None,) * 4


def test_amounts_before_conversion_and_charges_in_german_key_words(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:201?20OAMT+USD12,5?21COAM+1,20?22SVWZ+x")
    assert (entry.original_amount, entry.original_currency) == (Decimal("12.50"), "USD")
    assert entry.charges == Decimal("1.20")
