"""What leaves the service: PDF files, public links, e-SLOG, and e-mails, which end in the outbox here."""

from __future__ import annotations

import base64
import hashlib

from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.identifying import found_documents, identification, one_document
from efimport.sandbox.methods.tables import DocumentType, is_code
from efimport.sandbox.reading import read_boolean, read_date
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document, Mail
from efimport.sandbox.texts import text

PUBLIC_ADDRESS = "https://sandbox.invalid/SO-"
"""Beginning of public links; ``invalid`` is reserved for names that never exist (RFC 2606)."""

_ESLOG_INVOICE = "380"
_ESLOG_NEW = "9"
_ESLOG_DATE_OF_ISSUE = "137"
_ESLOG_SCHEMA = "http://www.gzs.si/e-poslovanje/sheme/eSlog_1-4_PreprostiRacun.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"


def get_pdf(context: Context, kind: DocumentType) -> Answer:
    """The document as a PDF file; it may be marked as sent.

    Raises:
        RefusedError: no number, no such document, or several.
    """
    document = one_document(context, kind, "pdf")
    document.sent = document.sent or context.request.is_set("markDocumentAsSent")
    return _pdf_answer(kind, document)


def get_payment_order_pdf(context: Context, kind: DocumentType) -> Answer:
    """The invoice with a Slovenian payment order (reference of SI, SalesInvoiceGetUPNPDF).

    Raises:
        RefusedError: as :func:`get_pdf`, or a place or kind of the payment order that the reference does not list.
    """
    for name, codes in (("paymentOrderPosition", "paper-position"), ("upnPaymentOrderType", "paper-type")):
        value = context.request.value(name)
        if value and not is_code(codes, value):
            raise RefusedError(text("unknown-parameter-value", name=name, value=value))
    return _pdf_answer(kind, one_document(context, kind, "pdf"))


def _pdf_answer(kind: DocumentType, document: Document) -> Answer:
    content = pdf_file(f"{kind.label} {document.number or document.document_id}")
    when = leaf("businessYear", document.business_year) if kind.by_year else leaf("date", document.date)
    number = leaf("number", document.number or document.document_id)
    return Answer(elements=(number, when, leaf("pdfFile", base64.b64encode(content).decode("ascii"))))


def pdf_file(line: str) -> bytes:
    """A PDF file of one page with one line of text (ISO 32000-1, section 7.5: header, objects, table, trailer)."""
    shown = line.encode("ascii", errors="replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    drawing = b"BT /F1 18 Tf 72 770 Td (" + shown + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for count, inner in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (count, inner)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(content))
    )


def get_public_link(context: Context, kind: DocumentType) -> Answer:
    """A link under which the buyer could see the invoice.

    Raises:
        RefusedError: no number, no such document or several, or an end of the link that is no date.
    """
    expires = context.request.value("linkExpirationDate")
    found_documents(context, kind, "url")
    if expires and read_date(expires) is None:
        raise RefusedError(text("unknown-parameter-value", name="linkExpirationDate", value=expires))
    document = one_document(context, kind, "url")
    document.sent = document.sent or context.request.is_set("markDocumentAsSent")
    document.link_expires = expires
    secret = hashlib.sha256(f"{kind.name} {document.document_id}".encode()).hexdigest()[:40].upper()
    pairs = {"number": document.number, "date": document.date, "publicURL": PUBLIC_ADDRESS + secret}
    return Answer(elements=tuple(leaf(name, value) for name, value in pairs.items()))


def eslog(document: Document) -> bytes:
    """The invoice as e-SLOG 1.4 in windows-1250, without the envelope of an answer (reference of SI, SalesInvoiceGet).

    Only the head, the date, the currency, the buyer and the total: enough to tell which invoice it is.
    """
    root = etree.Element("IzdaniRacunEnostavni", nsmap={"ds": _DSIG, "xsi": _XSI})
    root.set(f"{{{_XSI}}}noNamespaceSchemaLocation", _ESLOG_SCHEMA)
    head = {"VrstaRacuna": _ESLOG_INVOICE, "StevilkaRacuna": document.number, "FunkcijaRacuna": _ESLOG_NEW}
    dates = {"VrstaDatuma": _ESLOG_DATE_OF_ISSUE, "DatumRacuna": document.date.replace("-", "")}
    root.append(
        branch(
            "Racun",
            branch("GlavaRacuna", *(leaf(name, value) for name, value in head.items())),
            branch("DatumiRacuna", *(leaf(name, value) for name, value in dates.items())),
            branch("Valuta", leaf("VrstaValuteRacuna", "2"), leaf("KodaValute", document.currency or "EUR")),
            branch(
                "PodatkiPodjetja",
                branch(
                    "NazivNaslovPodjetja",
                    leaf("VrstaPartnerja", "BY"),
                    branch("NazivPartnerja", leaf("NazivPartnerja1", document.partner)),
                ),
            ),
            branch(
                "PovzetekZneskovRacuna",
                branch(
                    "ZneskiRacuna",
                    leaf("VrstaZneska", "9"),
                    leaf("ZnesekRacuna", "" if document.total is None else f"{document.total:.2f}"),
                ),
            ),
        )
    )
    content: bytes = etree.tostring(root, encoding="windows-1250", xml_declaration=False)  # type: ignore[assignment]
    return b'<?xml version="1.0" encoding="windows-1250"?>\n' + content


def send_email(context: Context, kind: DocumentType) -> Answer:
    """Put an e-mail with the document into the outbox; nothing is sent.

    Raises:
        RefusedError: no number, no such document or several, no recipient, or one that is no address.
    """
    named = identification(context, kind)
    found_documents(context, kind, "email")
    recipients = [one.strip() for one in named.get("recipient", "").split(",") if one.strip()]
    if not recipients:
        raise RefusedError(text("parameter-required", name="recipient"))
    document = one_document(context, kind, "email")
    if not all("@" in one[1:-1] for one in recipients):
        raise RefusedError(text("email-failed"))
    document.sent = document.emailed = True
    simple = {name: named.get(name, "") for name in ("sender", "cc", "bcc", "subject", "message")}
    context.state.outbox.append(
        Mail(
            kind=kind.name,
            document_id=document.document_id,
            number=document.number,
            recipients=recipients,
            is_html=read_boolean(named.get("useHtmlMessage", "")) is True,
            entered=context.now,
            **simple,
        )
    )
    return Answer()
