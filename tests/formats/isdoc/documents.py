"""Invented ISDOC documents whose totals add up, for the tests."""

from __future__ import annotations

import base64
import hashlib
from decimal import ROUND_HALF_UP, Decimal

NAMESPACES = {"6": "http://isdoc.cz/namespace/2013", "5": "http://isdoc.cz/namespace/invoice"}
CENT = Decimal("0.01")
PLAIN = ((Decimal(2), Decimal("100.00"), Decimal(21)), (Decimal(1), Decimal("50.00"), Decimal(12)))

PARTY = """<{p}Party><{p}PartyIdentification><{p}UserID>{code}</{p}UserID><{p}ID>{number}</{p}ID>
</{p}PartyIdentification>
<{p}PartyName><{p}Name>{name}</{p}Name></{p}PartyName>
<{p}PostalAddress><{p}StreetName>Lipová</{p}StreetName><{p}BuildingNumber>7</{p}BuildingNumber>
<{p}CityName>Žďár</{p}CityName><{p}PostalZone>59101</{p}PostalZone><{p}Country>
<{p}IdentificationCode>CZ</{p}IdentificationCode><{p}Name>Česko</{p}Name></{p}Country></{p}PostalAddress>
<{p}PartyTaxScheme><{p}CompanyID>CZ{number}</{p}CompanyID><{p}TaxScheme>VAT</{p}TaxScheme></{p}PartyTaxScheme>
<{p}Contact><{p}Name>Jana Malá</{p}Name><{p}Telephone>+420 555 123 456</{p}Telephone>
<{p}ElectronicMail>jana@lipa.example</{p}ElectronicMail></{p}Contact></{p}Party>"""

TRANSFER = """<{p}PaymentMeans><{p}Payment><{p}PaidAmount>{payable}</{p}PaidAmount>
<{p}PaymentMeansCode>42</{p}PaymentMeansCode><{p}Details><{p}PaymentDueDate>2026-02-14</{p}PaymentDueDate>
<{p}ID>2000145399</{p}ID><{p}BankCode>0800</{p}BankCode><{p}Name>Spořitelna</{p}Name>
<{p}IBAN>CZ65 0800 0000 1920 0014 5399</{p}IBAN><{p}BIC>GIBACZPX</{p}BIC>
<{p}VariableSymbol>0020260001</{p}VariableSymbol><{p}ConstantSymbol>0308</{p}ConstantSymbol>
<{p}SpecificSymbol>07</{p}SpecificSymbol></{p}Details></{p}Payment></{p}PaymentMeans>"""


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def supplement(name, content, *, preview=False, algorithm="sha256"):
    """An entry of the list of supplements, with its digest."""
    uris = {one: f"http://www.w3.org/2001/04/xmlenc#{one}" for one in ("sha256", "sha512")}
    uris["sha1"] = "http://www.w3.org/2000/09/xmldsig#sha1"
    digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    mark = ' preview="true"' if preview else ""
    return (
        f"<Supplement{mark}><Filename>{name}</Filename>"
        f'<DigestMethod Algorithm="{uris[algorithm]}"/><DigestValue>{digest}</DigestValue></Supplement>'
    )


class _Pair:
    """An amount in the document's currency and, where that is foreign, in the home currency."""

    def __init__(self, amount, home):
        self.amount, self.home = amount, home

    def __add__(self, other):
        return _Pair(self.amount + other.amount, self.home + other.home)

    def __sub__(self, other):
        return _Pair(self.amount - other.amount, self.home - other.home)

    def __neg__(self):
        return _Pair(-self.amount, -self.home)


class Builder:
    """Writes one document; ``build`` is its short form."""

    def __init__(
        self,
        *,
        family="6",
        version=None,
        prefix="",
        document_type="1",
        lines=PLAIN,
        rate=None,
        taxed=False,
        untaxed=Decimal(0),
        negative_deposits=False,
        rounding=None,
        from_above=False,
        payment=TRANSFER,
        supplements="",
        extra_header="",
        signature=False,
        original=None,
        vat_applicable="true",
    ):
        self.family, self.version = family, version or {"6": "6.0.2", "5": "5.3.1"}[family]
        self.p = f"{prefix}:" if prefix else ""
        self.prefix, self.document_type, self.lines, self.rate = prefix, document_type, lines, rate
        self.taxed, self.untaxed, self.negative, self.rounding = taxed, untaxed, negative_deposits, rounding
        self.from_above, self.payment, self.supplements = from_above, payment, supplements
        self.extra_header, self.signature, self.vat_applicable = extra_header, signature, vat_applicable
        needs_original = document_type in ("2", "3", "6")
        self.original = original if original is not None else ("FV-2025-77" if needs_original else "")

    def pair(self, amount):
        return _Pair(amount, cents(amount * self.rate) if self.rate else amount)

    def leaf(self, name, value):
        return f"<{self.p}{name}>{value}</{self.p}{name}>"

    def money(self, name, pair, *, home_first=False):
        home = self.leaf(name, pair.home)
        if not self.rate:
            return home
        twin = self.leaf(name + "Curr", pair.amount)
        return home + "\n" + twin if home_first else twin + "\n" + home

    def nest(self, name, *content, attributes=""):
        return f"<{self.p}{name}{attributes}>\n" + "\n".join(part for part in content if part) + f"\n</{self.p}{name}>"

    def line(self, number, quantity, price, rate):
        base = self.pair(cents(quantity * price))
        vat = self.pair(cents(base.amount * rate / 100))
        gross = base + vat
        unit = base.home / quantity if quantity else Decimal(0)
        text = self.nest(
            "InvoiceLine",
            self.leaf("ID", number),
            f'<{self.p}InvoicedQuantity unitCode="ks">{quantity}</{self.p}InvoicedQuantity>',
            self.money("LineExtensionAmount", base),
            self.money("LineExtensionAmountTaxInclusive", gross),
            self.leaf("LineExtensionTaxAmount", vat.home),
            self.leaf("UnitPrice", f"{cents(unit) if self.rate else price:f}"),
            self.leaf("UnitPriceTaxInclusive", f"{cents(gross.home / quantity if quantity else Decimal(0)):f}"),
            self.category(rate),
            self.leaf("Note", "poznámka"),
            self.nest(
                "Item",
                self.leaf("Description", f"Zboží {number}"),
                self.nest("CatalogueItemIdentification", self.leaf("ID", "0859000000013")),
                self.nest("SellersItemIdentification", self.leaf("ID", f"00{number}")),
            ),
        )
        return base, vat, text

    def category(self, rate):
        method = "1" if self.from_above else "0"
        return self.nest("ClassifiedTaxCategory", self.leaf("Percent", rate), self.leaf("VATCalculationMethod", method))

    def subtotal(self, rate, base, vat, claimed_base, claimed_vat):
        groups = []
        for prefix, one, two in (
            ("", base, vat),
            ("AlreadyClaimed", claimed_base, claimed_vat),
            ("Difference", base - claimed_base, vat - claimed_vat),
        ):
            parts = {"TaxableAmount": one, "TaxAmount": two, "TaxInclusiveAmount": one + two}
            order = list(parts)
            if prefix == "" and (self.family == "5" or self.version == "6.0"):
                order = ["TaxableAmount", "TaxInclusiveAmount", "TaxAmount"]
            groups.extend(self.money(prefix + name, parts[name]) for name in order)
        return self.nest("TaxSubTotal", *groups, self.nest("TaxCategory", self.leaf("Percent", rate)))

    def bytes(self):
        zero = self.pair(Decimal("0.00"))
        lines, rates = [], {}
        for number, (quantity, price, rate) in enumerate(self.lines, 1):
            base, vat, text = self.line(number, quantity, price, rate)
            lines.append(text)
            known = rates.get(rate, (zero, zero))
            rates[rate] = (known[0] + base, known[1] + vat)
        claims = dict.fromkeys(rates, (zero, zero))
        deposits = []
        if self.taxed:
            for number, (rate, (base, vat)) in enumerate(rates.items(), 1):
                claims[rate] = (self.pair(cents(base.amount / 2)), self.pair(cents(vat.amount / 2)))
                deposits.append(self.taxed_deposit(number, rate, *claims[rate]))
        totals = self.totals(rates, claims, zero)
        subtotals = [self.subtotal(rate, *rates[rate], *claims[rate]) for rate in rates]
        vat = sum((pair[1] for pair in rates.values()), zero)
        return self.document(lines, deposits, subtotals, self.money("TaxAmount", vat), totals)

    def taxed_deposit(self, number, rate, base, vat):
        return self.nest(
            "TaxedDeposit",
            self.leaf("ID", f"DZ-{number}"),
            self.leaf("VariableSymbol", f"00{number}"),
            self.money("TaxableDepositAmount", base),
            self.money("TaxInclusiveDepositAmount", base + vat),
            self.category(rate),
        )

    def totals(self, rates, claims, zero):
        base, vat = (sum((pair[place] for pair in rates.values()), zero) for place in (0, 1))
        claimed_base, claimed_vat = (sum((pair[place] for pair in claims.values()), zero) for place in (0, 1))
        left = base + vat - claimed_base - claimed_vat
        paid = self.pair(self.untaxed)
        rounding = self.pair(self.rounding) if self.rounding is not None else zero
        self.payable = left + rounding - paid
        amounts = {
            "TaxExclusiveAmount": base,
            "TaxInclusiveAmount": base + vat,
            "AlreadyClaimedTaxExclusiveAmount": claimed_base,
            "AlreadyClaimedTaxInclusiveAmount": claimed_base + claimed_vat,
            "DifferenceTaxExclusiveAmount": base - claimed_base,
            "DifferenceTaxInclusiveAmount": left,
            "PayableRoundingAmount": rounding if self.rounding is not None else None,
            "PaidDepositsAmount": -paid if self.negative else paid,
            "PayableAmount": self.payable,
        }
        return [self.money(name, pair, home_first=True) for name, pair in amounts.items() if pair is not None]

    def untaxed_deposits(self):
        if not self.untaxed:
            return ""
        deposit = self.nest(
            "NonTaxedDeposit",
            self.leaf("ID", "ZL-1"),
            self.leaf("VariableSymbol", ""),
            self.money("DepositAmount", self.pair(self.untaxed)),
        )
        return self.nest("NonTaxedDeposits", deposit)

    def party(self, holder, name, number, code):
        return self.nest(holder, PARTY.format(p=self.p, name=name, number=number, code=code))

    def document(self, lines, deposits, subtotals, tax, totals):
        orders = self.nest(
            "OrderReferences",
            self.nest("OrderReference", self.leaf("SalesOrderID", "OP1"), self.leaf("ExternalOrderID", "OV-0042")),
        )
        originals = (
            self.nest(
                "OriginalDocumentReferences", self.nest("OriginalDocumentReference", self.leaf("ID", self.original))
            )
            if self.original
            else ""
        )
        supplements = self.nest("SupplementsList", self.supplements) if self.supplements else ""
        older = self.family == "5"
        currency = [
            self.leaf("LocalCurrencyCode", "CZK"),
            self.leaf("ForeignCurrencyCode", "EUR") if self.rate else "",
            self.leaf("CurrRate", self.rate or 1),
            self.leaf("RefCurrRate", 1),
        ]
        content = [
            self.leaf("DocumentType", self.document_type),
            self.leaf("ID", "FV-2026-0001"),
            self.leaf("UUID", "0F4C31A2-5B6D-4E7F-8091-A2B3C4D5E6F7"),
            self.leaf("IssueDate", "2026-01-31"),
            self.leaf("TaxPointDate", "2026-01-30"),
            self.leaf("VATApplicable", self.vat_applicable),
            self.leaf("ElectronicPossibilityAgreementReference", ""),
            self.leaf("Note", "Dodávka"),
            orders if older else "",
            *currency,
            *((originals, supplements) if older else ()),
            self.extra_header,
            self.party("AccountingSupplierParty", "Lípa s.r.o.", "12345679", "S1"),
            self.party("AccountingCustomerParty", "Buk a.s.", "25596641", "C1"),
            *((orders, originals) if not older else ()),
            self.nest("InvoiceLines", *lines),
            self.untaxed_deposits(),
            self.nest("TaxedDeposits", *deposits) if deposits else "",
            self.nest("TaxTotal", *subtotals, tax),
            self.nest("LegalMonetaryTotal", *totals),
            self.payment.format(p=self.p, payable=self.payable.amount),
            "" if older else supplements,
            '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>' if self.signature else "",
        ]
        name = f":{self.prefix}" if self.prefix else ""
        attributes = f' xmlns{name}="{NAMESPACES[self.family]}" version="{self.version}"'
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n' + self.nest("Invoice", *content, attributes=attributes)
        ).encode()


def build(**wishes):
    """The bytes of a document."""
    return Builder(**wishes).bytes()
