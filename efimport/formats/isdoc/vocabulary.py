"""Words and code lists of ISDOC (specification 5.2 to 6.0.2)."""

from __future__ import annotations

from efimport.documents import Kind

NAMESPACE_6 = "http://isdoc.cz/namespace/2013"
NAMESPACE_5 = "http://isdoc.cz/namespace/invoice"
NAMESPACES = {NAMESPACE_6: "6", NAMESPACE_5: "5"}
"""Namespace of all elements and the family of versions that it stands for."""

SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"

ROOTS = frozenset({"Invoice", "CommonDocument"})

DOCUMENT_TYPES = {
    "1": "invoice",
    "2": "credit note",
    "3": "debit note",
    "4": "advance invoice",
    "5": "tax document on payment",
    "6": "credit note to a tax document on payment",
    "7": "simplified tax document",
}
"""DocumentType and what it means."""

CORRECTIONS = frozenset({"2", "3", "6"})
"""Types that must name the document that they correct."""

CREDIT_NOTES = frozenset({"2", "6"})

TAX_DOCUMENTS = frozenset({"1", "5", "7"})
"""Types that have a day of taxable supply; corrections normally have none (implementation notes)."""

ISSUED = {
    "1": Kind.ISSUED_INVOICE,
    "2": Kind.ISSUED_CREDIT_NOTE,
    "3": Kind.ISSUED_DEBIT_NOTE,
    "4": Kind.ISSUED_ADVANCE_INVOICE,
    "5": Kind.TAX_DOCUMENT_ON_PAYMENT,
    "6": Kind.ISSUED_CREDIT_NOTE,
    "7": Kind.ISSUED_INVOICE,
}
RECEIVED = {
    "1": Kind.RECEIVED_INVOICE,
    "2": Kind.RECEIVED_CREDIT_NOTE,
    "3": Kind.RECEIVED_DEBIT_NOTE,
    "4": Kind.RECEIVED_ADVANCE_INVOICE,
    "5": Kind.TAX_DOCUMENT_ON_PAYMENT,
    "6": Kind.RECEIVED_CREDIT_NOTE,
    "7": Kind.RECEIVED_INVOICE,
}

PAYMENT_METHODS = {
    "10": "cash",
    "20": "cheque",
    "31": "transfer",
    "42": "transfer",
    "48": "card",
    "49": "direct-debit",
    "50": "cash-on-delivery",
    "97": "set-off",
}
"""PaymentMeansCode and our word for it. 31 is a transfer that was made already."""

ADVANCE_INVOICE = "4"

TWINS = frozenset(
    {
        "LineExtensionAmount",
        "LineExtensionAmountTaxInclusive",
        "DepositAmount",
        "TaxableDepositAmount",
        "TaxInclusiveDepositAmount",
        "TaxableAmount",
        "TaxAmount",
        "TaxInclusiveAmount",
        "AlreadyClaimedTaxableAmount",
        "AlreadyClaimedTaxAmount",
        "AlreadyClaimedTaxInclusiveAmount",
        "DifferenceTaxableAmount",
        "DifferenceTaxAmount",
        "DifferenceTaxInclusiveAmount",
        "TaxExclusiveAmount",
        "AlreadyClaimedTaxExclusiveAmount",
        "DifferenceTaxExclusiveAmount",
        "PayableRoundingAmount",
        "PaidDepositsAmount",
        "PayableAmount",
    }
)
"""Amounts that a document in foreign currency states a second time, in an element whose name ends with ``Curr``."""

SUBTYPE_ORIGINS = frozenset({"CBA", "sdu"})
"""Who gives out subtypes: the Czech Banking Association (ISDOC 6.0.2 specification), and the extension for electronic
receipts (namespace ``http://isdoc.cz/namespace/2024/extensions/sdu``)."""

NOT_READ = (
    ("SellerSupplierParty",),
    ("BuyerCustomerParty",),
    ("DeliveryNoteReferences",),
    ("ContractReferences",),
    ("EgovClassifiers",),
    ("Extensions",),
    ("PaymentMeans", "AlternateBankAccounts"),
)
NOT_READ_OF_LINES = (
    ("VATNote",),
    ("EgovClassifier",),
    ("Extensions",),
    ("ClassifiedTaxCategory", "LocalReverseCharge", "LocalReverseChargeQuantity"),
    ("Item", "SecondarySellersItemIdentification"),
    ("Item", "TertiarySellersItemIdentification"),
    ("Item", "BuyersItemIdentification"),
    ("Item", "StoreBatches"),
)
"""Paths of what no field of ours holds, in the document and in its lines."""

NO_UUID = "00000000-0000-0000-0000-000000000000"
