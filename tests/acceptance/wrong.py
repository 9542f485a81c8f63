"""Two small good files that the tests put beside wrong ones."""

from __future__ import annotations

GOOD = (
    b"074" + b"0000000210468007" + b"Firma".ljust(20) + b"010126" + b"0" * 14 + b"+" + b"0" * 12 + b"50+" + b"0" * 14
    + b"0" + b"0" * 12 + b"500" + b"001" + b"310126" + b" " * 14 + b"\r\n"
    + b"075" + b"0000000210468007" + b"0000002400219000" + b"0000000000001" + b"000000000050" + b"2" + b"0000000007"
    + b"00" + b"2010" + b"0000" + b"0000000000" + b"150126" + b"Vklad".ljust(20) + b"00203" + b"150126" + b"\r\n"
)  # fmt: skip
"""A statement of half a crown that closes."""

ISSUED = """<?xml version="1.0" encoding="UTF-8"?>
<dat:dataPack xmlns:dat="http://www.stormware.cz/schema/version_2/data.xsd"
 xmlns:inv="http://www.stormware.cz/schema/version_2/invoice.xsd"
 xmlns:typ="http://www.stormware.cz/schema/version_2/type.xsd"
 version="2.0" id="p" ico="12345679" application="x" note="">
<dat:dataPackItem version="2.0" id="1"><inv:invoice version="2.0"><inv:invoiceHeader>
<inv:invoiceType>issuedInvoice</inv:invoiceType><inv:number><typ:numberRequested>1</typ:numberRequested></inv:number>
<inv:date>2026-01-02</inv:date><inv:text>x</inv:text><inv:partnerIdentity><typ:address><typ:company>@@</typ:company>
</typ:address></inv:partnerIdentity></inv:invoiceHeader><inv:invoiceDetail><inv:invoiceItem><inv:text>x</inv:text>
<inv:quantity>1</inv:quantity><inv:rateVAT>high</inv:rateVAT><inv:homeCurrency><typ:unitPrice>100</typ:unitPrice>
<typ:price>100</typ:price><typ:priceVAT>21</typ:priceVAT></inv:homeCurrency></inv:invoiceItem></inv:invoiceDetail>
<inv:invoiceSummary><inv:homeCurrency><typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT>21</typ:priceHighVAT>
</inv:homeCurrency></inv:invoiceSummary></inv:invoice></dat:dataPackItem></dat:dataPack>
"""
