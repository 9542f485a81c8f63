"""Electronic invoices of invented firms in formats without a reader: number F-1 of 15 January 2026."""

from __future__ import annotations

CBC = 'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
CAC = 'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
CROATIA = "urn:cen.eu:en16931:2017#compliant#urn:mfin.gov.hr:cius-2025:1.0#conformant#urn:mfin.gov.hr:ext-2025:1.0"


def ubl(root="Invoice", customization=PEPPOL, vat_id="DE123456788", registration="HRB 1", prefix=""):
    """A UBL document as far as anything is read of it."""
    name = f"{prefix}:{root}" if prefix else root
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{name} {declared}="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {CBC} {CAC}>
<cbc:CustomizationID>{customization}</cbc:CustomizationID><cbc:ID>F-1</cbc:ID><cbc:IssueDate>2026-01-15</cbc:IssueDate>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Lieferant</cbc:Name></cac:PartyName>
<cac:PartyTaxScheme><cbc:CompanyID>123/456</cbc:CompanyID><cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme>
<cac:PartyTaxScheme><cbc:CompanyID>{vat_id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>Lieferant GmbH</cbc:RegistrationName>
<cbc:CompanyID>{registration}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine></{name}>"""


def inside(document, head, foot):
    """A document inside an envelope."""
    return head + document.partition("?>")[2] + foot


CII = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"><rsm:ExchangedDocumentContext>
<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:factur-x.eu:1p0:basic</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext><rsm:ExchangedDocument><ram:ID>F-1</ram:ID>
<ram:IssueDateTime><udt:DateTimeString format="102">20260115</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>
<ram:Name>Lieferant GmbH</ram:Name><ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">1</ram:ID>
</ram:SpecifiedTaxRegistration><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456788</ram:ID>
</ram:SpecifiedTaxRegistration></ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
CII_OLD = """<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="urn:x" xmlns:udt="urn:y"><rsm:HeaderExchangedDocument><ram:ID>F-1</ram:ID><ram:IssueDateTime>
<udt:DateTimeString format="102">20260115</udt:DateTimeString></ram:IssueDateTime></rsm:HeaderExchangedDocument>
<rsm:SpecifiedSupplyChainTradeTransaction><ram:ApplicableSupplyChainTradeAgreement><ram:SellerTradeParty>
<ram:Name>Lieferant GmbH</ram:Name></ram:SellerTradeParty></ram:ApplicableSupplyChainTradeAgreement>
</rsm:SpecifiedSupplyChainTradeTransaction></rsm:CrossIndustryDocument>"""
ESLOG = """<?xml version="1.0" encoding="UTF-8"?><Invoice {namespace}><M_INVOIC Id="data"><S_UNH/>
<S_BGM><C_C002><D_1001>380</D_1001></C_C002><C_C106><D_1004>F-1</D_1004></C_C106></S_BGM>
<S_DTM><C_C507><D_2005>35</D_2005><D_2380>2026-01-10</D_2380></C_C507></S_DTM>
<S_DTM><C_C507><D_2005>137</D_2005><D_2380>2026-01-15</D_2380></C_C507></S_DTM>
<G_SG2><S_NAD><D_3035>BY</D_3035><C_C080><D_3036>Kupec d.o.o.</D_3036></C_C080></S_NAD></G_SG2>
<G_SG2><S_NAD><D_3035>SE</D_3035><C_C080><D_3036>Dobavitelj d.o.o.</D_3036></C_C080></S_NAD>
<G_SG3><S_RFF><C_C506><D_1153>VA</D_1153><D_1154>SI12345679</D_1154></C_C506></S_RFF></G_SG3></G_SG2>
</M_INVOIC></Invoice>"""
ESLOG_1 = """<?xml version="1.0" encoding="UTF-8"?><IzdaniRacunEnostavni xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="http://www.gzs.si/e-poslovanje/sheme/eSLOG_1-6_EnostavniRacun.xsd"><Racun Id="data">
<GlavaRacuna><VrstaRacuna>380</VrstaRacuna><StevilkaRacuna>F-1</StevilkaRacuna></GlavaRacuna>
<DatumiRacuna><VrstaDatuma>35</VrstaDatuma><DatumRacuna>2026-01-10T00:00:00</DatumRacuna></DatumiRacuna>
<DatumiRacuna><VrstaDatuma>137</VrstaDatuma><DatumRacuna>2026-01-15T00:00:00</DatumRacuna></DatumiRacuna>
<PodatkiPodjetja><NazivNaslovPodjetja><VrstaPartnerja>BY</VrstaPartnerja><NazivPartnerja><NazivPartnerja1>Kupec
</NazivPartnerja1></NazivPartnerja></NazivNaslovPodjetja></PodatkiPodjetja>
<PodatkiPodjetja><NazivNaslovPodjetja><VrstaPartnerja>II</VrstaPartnerja><NazivPartnerja><NazivPartnerja1>Dobavitelj
 d.o.o.</NazivPartnerja1></NazivPartnerja></NazivNaslovPodjetja></PodatkiPodjetja></Racun></IzdaniRacunEnostavni>"""
ESLOG_1_FULL = """<IzdaniRacun><Racun Id="data"><GlavaRacuna><StevilkaRacuna>F-1</StevilkaRacuna></GlavaRacuna>
<DatumiRacuna><VrstaDatuma>137</VrstaDatuma><DatumRacuna>2026-01-15</DatumRacuna></DatumiRacuna></Racun></IzdaniRacun>"""
FATTURA = """<p:{root} xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.{version}" versione="FPR12">
<FatturaElettronicaHeader><CedentePrestatore>{seller}</CedentePrestatore></FatturaElettronicaHeader>
<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><Data>2026-01-15</Data><Numero>F-1</Numero>
</DatiGeneraliDocumento></DatiGenerali></FatturaElettronicaBody></p:{root}>"""
SELLER = "<DatiAnagrafici><Anagrafica><Denominazione>Fornitore S.r.l.</Denominazione></Anagrafica></DatiAnagrafici>"
KSEF = """<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"><Naglowek><KodFormularza kodSystemowy="FA (3)"
 wersjaSchemy="1-0E">FA</KodFormularza></Naglowek><Podmiot1><DaneIdentyfikacyjne><NIP>5260250274</NIP>
<Nazwa>Dostawca sp. z o.o.</Nazwa></DaneIdentyfikacyjne></Podmiot1>
<Fa><P_1>2026-01-15</P_1><P_2>F-1</P_2></Fa></Faktura>"""
FACTURAE = """<fe:Facturae xmlns:fe="http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml"><FileHeader/>
<Parties><SellerParty><LegalEntity><CorporateName>Proveedor S.L.</CorporateName></LegalEntity></SellerParty></Parties>
<Invoices><Invoice><InvoiceHeader><InvoiceNumber>F-1</InvoiceNumber></InvoiceHeader><InvoiceIssueData>
<IssueDate>2026-01-15</IssueDate></InvoiceIssueData></Invoice></Invoices></fe:Facturae>"""
EBINTERFACE = """<Invoice xmlns="http://www.ebinterface.at/schema/6p1/"><InvoiceNumber>F-1</InvoiceNumber>
<InvoiceDate>2026-01-15</InvoiceDate><Biller><VATIdentificationNumber>ATU12345675</VATIdentificationNumber><Address>
<Name>Lieferant GmbH</Name></Address></Biller></Invoice>"""
FINVOICE = """<Finvoice Version="3.0"><SellerPartyDetails><SellerOrganisationName>Toimittaja Oy</SellerOrganisationName>
</SellerPartyDetails><InvoiceDetails><InvoiceNumber>F-1</InvoiceNumber><InvoiceDate Format="CCYYMMDD">20260115
</InvoiceDate></InvoiceDetails></Finvoice>"""
SVEFAKTURA = """<Invoice xmlns="urn:sfti:documents:BasicInvoice:1:0" xmlns:cbc="urn:x"><ID>F-1</ID>
<cbc:IssueDate>2026-01-15</cbc:IssueDate></Invoice>"""
NAV = """<InvoiceData xmlns="http://schemas.nav.gov.hu/OSA/3.0/data"><invoiceNumber>F-1</invoiceNumber>
<invoiceIssueDate>2026-01-15</invoiceIssueDate><invoiceMain><invoice><invoiceHead><supplierInfo>
<supplierName>Szállító Kft.</supplierName></supplierInfo></invoiceHead></invoice></invoiceMain></InvoiceData>"""
OPENTRANS = """<INVOICE xmlns="http://www.opentrans.org/XMLSchema/2.1"><INVOICE_HEADER><INVOICE_INFO>
<INVOICE_ID>F-1</INVOICE_ID><INVOICE_DATE>2026-01-15</INVOICE_DATE></INVOICE_INFO></INVOICE_HEADER></INVOICE>"""
ATTACHED = f"""<AttachedDocument xmlns="urn:oasis:names:specification:ubl:schema:xsd:AttachedDocument-2" {CBC} {CAC}>
<cbc:ID>77</cbc:ID><cbc:IssueDate>2026-01-15</cbc:IssueDate><cbc:ParentDocumentID>F-1</cbc:ParentDocumentID>
<cac:SenderParty><cac:PartyTaxScheme><cbc:RegistrationName>Lieferant GmbH</cbc:RegistrationName></cac:PartyTaxScheme>
</cac:SenderParty></AttachedDocument>"""
UBL_1 = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-1.0" xmlns:c="urn:c"><c:ID>F-1</c:ID>
<c:IssueDate>2026-01-15</c:IssueDate></Invoice>"""
SBDH = """<?xml version="1.0"?><StandardBusinessDocument
 xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader>
<HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>"""
FINA = """<?xml version="1.0"?><OutgoingInvoicesData xmlns="http://fina.hr/eracun/erp/OutgoingInvoicesData/v3.2"><Header>
<InvoiceType>1</InvoiceType></Header><OutgoingInvoice><SupplierInvoiceID>F-1</SupplierInvoiceID><InvoiceEnvelope>"""
EDI = (
    "UNA:+.? '\r\nUNB+UNOC:3+8590000000001:14+8590000000002:14+260115:1200+1'\r\nUNH+1+INVOIC:D:01B:UN:EAN010'\r\n"
    "BGM+380+F-1+9'\r\nDTM+35:20260110:102'\r\nDTM+137:20260115:102'\r\nNAD+BY+8590000000002::9'\r\n"
    "NAD+SE+8590000000001::9++Dodavatel ?+ syn s.r.o.+Dlouhá 1'\r\nUNT+6+1'\r\nUNZ+1+1'\r\n"
)

INVOICES = [
    # format, title, issuer, content
    ("ubl-invoice", "UBL invoice (Peppol BIS Billing 3)", "Lieferant GmbH", ubl()),
    ("ubl-invoice", "UBL invoice (Peppol BIS Billing 3)", "Lieferant GmbH", ubl(prefix="i")),
    ("ubl-invoice", "UBL invoice (HR-CIUS, Croatia)", "Lieferant GmbH", ubl(customization=CROATIA)),
    ("ubl-invoice", "UBL invoice (EN 16931)", "Lieferant GmbH", ubl(customization="urn:cen.eu:en16931:2017")),
    ("ubl-invoice", "UBL invoice", "Lieferant GmbH", ubl(customization="urn:firma:vlastni")),
    ("ubl-invoice", "UBL 1.0 invoice", None, UBL_1),
    ("ubl-credit-note", "UBL credit note (Peppol BIS Billing 3)", "Lieferant GmbH", ubl("CreditNote")),
    ("ubl-debit-note", "UBL debit note (Peppol BIS Billing 3)", "Lieferant GmbH", ubl("DebitNote")),
    ("ubl-attached", "UBL attached document", "Lieferant GmbH", ATTACHED),
    ("cii", "Cross Industry Invoice (Factur-X Basic)", "Lieferant GmbH", CII),
    ("cii", "Cross Industry Invoice (ZUGFeRD 1)", "Lieferant GmbH", CII_OLD),
    ("eslog", "e-SLOG invoice", "Dobavitelj d.o.o.", ESLOG.format(namespace='xmlns="urn:eslog:2.00"')),
    ("eslog", "e-SLOG invoice", "Dobavitelj d.o.o.", ESLOG.format(namespace="")),
    ("eslog", "e-SLOG 1 invoice (1.6)", "Dobavitelj d.o.o.", ESLOG_1),
    ("eslog", "e-SLOG 1 invoice (1.5)", "Dobavitelj d.o.o.", ESLOG_1.replace("1-6", "1-5")),
    ("eslog", "e-SLOG 1 invoice", None, ESLOG_1_FULL),
    (
        "fatturapa",
        "FatturaPA invoice, Italy",
        "Fornitore S.r.l.",
        FATTURA.format(root="FatturaElettronica", version=2, seller=SELLER),
    ),
    (
        "fatturapa",
        "simplified FatturaPA invoice, Italy",
        "Fornitore",
        FATTURA.format(
            root="FatturaElettronicaSemplificata", version=0, seller="<Denominazione>Fornitore</Denominazione>"
        ),
    ),
    ("ksef", "KSeF invoice, Poland (FA(3))", "Dostawca sp. z o.o.", KSEF),
    ("facturae", "Facturae invoice, Spain", "Proveedor S.L.", FACTURAE),
    ("ebinterface", "ebInterface invoice, Austria", "Lieferant GmbH", EBINTERFACE),
    ("finvoice", "Finvoice invoice, Finland", "Toimittaja Oy", FINVOICE),
    ("svefaktura", "Svefaktura invoice, Sweden", None, SVEFAKTURA),
    ("nav", "Online Számla invoice, Hungary", "Szállító Kft.", NAV),
    ("opentrans", "openTRANS invoice", None, OPENTRANS),
    (
        "sbdh",
        "UBL invoice in: business envelope (SBDH) (Peppol BIS Billing 3)",
        "Lieferant GmbH",
        inside(ubl(), SBDH, "</StandardBusinessDocument>"),
    ),
    (
        "fina",
        "UBL invoice in: envelope of FINA e-račun (HR-CIUS, Croatia)",
        "Lieferant GmbH",
        inside(ubl(customization=CROATIA), FINA, "</InvoiceEnvelope></OutgoingInvoice></OutgoingInvoicesData>"),
    ),
    ("edifact", "EDI invoice (UN/EDIFACT INVOIC)", "Dodavatel + syn s.r.o.", EDI),
    ("edifact", "EDI invoice (UN/EDIFACT INVOIC)", "Dodavatel + syn s.r.o.", EDI[9:].replace("\r\n", "")),
]
