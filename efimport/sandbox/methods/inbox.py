"""DocumentInboxImport, DocumentInboxAddEntry, DocumentInboxList."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from lxml import etree

from efimport.sandbox.accounts import account_key
from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.recognise import camt_account, is_camt
from efimport.sandbox.organization import Organization
from efimport.sandbox.reading import (
    children,
    digest,
    find,
    is_timestamp,
    local_name,
    namespace,
    read_base64,
    read_date,
    read_decimal,
    read_xml,
    text_of,
)
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document, InboxEntry, Statement
from efimport.sandbox.texts import text

_OPTIONS = ("checkExisting", "allOrganizations", "automaticallyImportDocument")
_ISDOC = ("http://isdoc.cz/namespace/2013", "http://isdoc.cz/namespace/invoice")


class SentFile(msgspec.Struct, frozen=True):
    """A file inside a parameter: name, bytes, date, and the names of the elements around it."""

    name: str
    content: bytes
    document_date: str
    form: str


class Recognised(msgspec.Struct, frozen=True, kw_only=True):
    """What an electronic document says of itself.

    Attributes:
        kind: ``isdoc``, ``camt053`` or ``file``.
        receiver: identifiers of the receiver: VAT and tax numbers, or the account.
    """

    kind: str
    number: str = ""
    date: str = ""
    partner: str = ""
    account: str = ""
    total: Decimal | None = None
    currency: str = ""
    receiver: frozenset[str] = frozenset()


def import_electronic(context: Context) -> Answer:
    """Put one electronic document, with its visualization, into the inbox; nothing is said in the answer.

    Raises:
        RefusedError: the file is missing or unreadable, of an unknown type, for no known organization, or there already
            (checkExisting: "document number or filename match", reference, DocumentInboxImport).
    """
    files = _files(context, "electronicDocument")
    if len(files) != 1:
        raise RefusedError(text("inbox-file", name="electronicDocument", reason="exactly one file is expected"))
    root = read_xml(files[0].content)
    if root is None:
        raise RefusedError(text("xml-syntax"))
    found = recognise(root)
    if found.kind == "file":
        raise RefusedError(text("inbox-type"))
    pictures = _files(context, "documentVisualization") if context.request.parameter("documentVisualization") else []
    receiver = _receiver(context, found)
    names = {file.name for file in files}
    if context.request.is_set("checkExisting"):
        for entry in receiver.state.inbox:
            if (found.number and entry.document_number == found.number) or names & set(entry.file_names):
                raise RefusedError(text("inbox-exists"))
    entry = _store(receiver, files, found)
    if pictures:
        picture = pictures[0]
        entry.visualization_sha256 = digest(picture.content)
        entry.visualization_name, entry.visualization_date = picture.name, picture.document_date
    if context.request.is_set("automaticallyImportDocument"):
        entry.imported = _import(receiver, found, files[0])
    return Answer()


def add_entry(context: Context) -> Answer:
    """Put a document of any kind and any number of files into the inbox; nothing is said in the answer.

    Raises:
        RefusedError: no file, an unreadable one, or it is there already (checkExisting: "document date, partner and
            document number all match", reference, DocumentInboxAddEntry).
    """
    files = _files(context, "document")
    roots = [read_xml(file.content) for file in files]
    known = [recognise(root) for root in roots if root is not None]
    found = next((one for one in known if one.kind != "file"), Recognised(kind="file"))
    if found.number and context.request.is_set("checkExisting"):
        identity = (found.date, found.partner, found.number)
        for entry in context.state.inbox:
            if (entry.document_date, entry.partner, entry.document_number) == identity:
                raise RefusedError(text("inbox-exists"))
    entry = _store(context, files, found)
    if found.kind != "file" and context.request.is_set("automaticallyImportDocument"):
        entry.imported = _import(context, found, files[0])
    return Answer()


def recognise(root: etree._Element) -> Recognised:
    """What the root of an XML document says: ISDOC invoice, camt.053 statement, or any other file."""
    if namespace(root) in _ISDOC and local_name(root) == "Invoice":
        customer = find(root, "AccountingCustomerParty", "Party")
        payable = text_of(root, "LegalMonetaryTotal", "PayableAmount")
        numbers = (text_of(customer, "PartyIdentification", "ID"), text_of(customer, "PartyTaxScheme", "CompanyID"))
        foreign = text_of(root, "ForeignCurrencyCode")
        return Recognised(
            kind="isdoc",
            number=text_of(root, "ID"),
            date=text_of(root, "IssueDate"),
            partner=text_of(root, "AccountingSupplierParty", "Party", "PartyName", "Name"),
            total=read_decimal(payable),
            currency=foreign or text_of(root, "LocalCurrencyCode"),
            receiver=frozenset(number.upper() for number in numbers if number),
        )
    statement = find(root, "BkToCstmrStmt", "Stmt")
    if statement is not None and local_name(root) == "Document":
        account = account_key(camt_account(statement))
        return Recognised(
            kind="camt053",
            number=text_of(statement, "Id"),
            date=text_of(statement, "CreDtTm")[:10],
            account=account,
            receiver=frozenset({account}),
        )
    return Recognised(kind="file")


def _files(context: Context, name: str) -> list[SentFile]:
    """The files of a parameter: directly inside, or below wrappers whose names the reference does not print."""
    parameter = context.request.parameter(name)
    if parameter is None:
        raise RefusedError(text("parameter-required", name=name))
    holders = [holder for holder in parameter.element.iter() if children(holder, "contents")]
    if not holders:
        raise RefusedError(text("file-unreadable", name=name))
    return [file for holder in holders for file in _holder_files(parameter.element, holder, name)]


def _holder_files(parameter: etree._Element, holder: etree._Element, name: str) -> list[SentFile]:
    wrappers = [local_name(node) for node in [holder, *holder.iterancestors()] if _is_inside(node, parameter)]
    form = "wrapped:" + "/".join(reversed(wrappers)) if wrappers else "flat"
    dates = [text_of(node, "documentDate") for node in [holder, *holder.iterancestors()]]
    document_date = next((value for value in dates if value), "")
    if document_date and not is_timestamp(document_date):
        raise RefusedError(text("inbox-file", name=name, reason="documentDate is not YYYY-MM-DD HH:MM:SS"))
    contents, names = children(holder, "contents"), children(holder, "fileName")
    if len(contents) != len(names) or not all((node.text or "").strip() for node in names):
        raise RefusedError(text("inbox-file", name=name, reason="each file needs a fileName"))
    files = []
    for content, file_name in zip(contents, names, strict=True):
        raw = read_base64(content.text or "")
        if raw is None:
            raise RefusedError(text("file-unreadable", name=name))
        files.append(SentFile((file_name.text or "").strip(), raw, document_date, form))
    return files


def _is_inside(node: etree._Element, parameter: etree._Element) -> bool:
    return node is not parameter and parameter in node.iterancestors()


def _receiver(context: Context, found: Recognised) -> Context:
    """The call as if it had come to the organization that the document is for."""
    if not context.request.is_set("allOrganizations") or _is_for(context.organization, found):
        return context
    for other in context.others:
        if _is_for(other.organization, found):
            return msgspec.structs.replace(context, organization=other.organization, state=other.state)
    raise RefusedError(text("inbox-organization"))


def _is_for(organization: Organization, found: Recognised) -> bool:
    numbers = {organization.vat_id.upper(), organization.registration_number} - {""}
    return bool(numbers & found.receiver) or bool(found.account and organization.owns_account(found.account))


def _store(context: Context, files: list[SentFile], found: Recognised) -> InboxEntry:
    entry = InboxEntry(
        sequential_number=len(context.state.inbox) + 1,
        method=context.request.method,
        kind=found.kind,
        form=files[0].form,
        file_names=[file.name for file in files],
        sha256=[digest(file.content) for file in files],
        document_number=found.number,
        document_date=found.date or files[0].document_date[:10],
        partner=found.partner,
        account=found.account,
        organization=context.organization.name,
        entered=context.now,
        sent_dates=[file.document_date for file in files],
        asked={one.name: one.value.strip() for one in context.request.parameters if one.name in _OPTIONS},
    )
    context.state.inbox.append(entry)
    return entry


def _import(context: Context, found: Recognised, file: SentFile) -> str | None:
    """The automatic import; where it fails the entry simply stays in the inbox (assumed)."""
    if found.kind == "camt053":
        if not context.organization.owns_account(found.account) or not is_camt(file.content, found.account):
            return None
        numbers = [known.number for known in context.state.statements if known.account == found.account]
        number = max(numbers, default=context.options.first_statement_number - 1) + 1
        context.state.statements.append(
            Statement(
                number=number,
                account=found.account,
                type="CbaXml",
                sha256=digest(file.content),
                size=len(file.content),
                method=context.request.method,
            )
        )
        return f"BankStatement {number}"
    key = f"{found.partner}|{found.number}"
    if context.state.named("ReceivedInvoice", key) is not None:
        return None
    document = Document(
        type="ReceivedInvoice",
        document_id=context.state.next_id("55"),
        number=found.number,
        date=found.date,
        partner=found.partner,
        total=found.total,
        currency=found.currency,
        method=context.request.method,
        data_format="ISDOC",
        payload_sha256=digest(file.content),
        raw=file.content,
        status="draft",
    )
    context.state.store(key, document)
    return f"ReceivedInvoice {document.document_id}"


def list_inbox(context: Context) -> Answer:
    """Entries of the inbox that meet the criteria (reference, DocumentInboxList).

    Raises:
        RefusedError: a date is none, or the list is empty in the mode ``observed``.
    """
    wanted = {parameter.name: parameter.value.strip() for parameter in context.request.parameters}
    for name in ("dateFrom", "dateTo", "receivalDateFrom", "receivalDateTo"):
        if name in wanted and read_date(wanted[name]) is None:
            raise RefusedError(text("search-value", value=wanted[name]))
    hits = [entry for entry in context.state.inbox if _meets(wanted, entry)]
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    return Answer(elements=(branch("DocumentInboxEntries", *map(_tree, hits)),), as_list=True)


def _meets(wanted: dict[str, str], entry: InboxEntry) -> bool:
    received = entry.entered[:10]
    return (
        wanted.get("documentNumber", "") in ("", entry.document_number)
        and wanted.get("status", "").lower() in ("", entry.status.lower())
        and wanted.get("sequentialNumber", "") in ("", str(entry.sequential_number))
        and wanted.get("senderName", "").lower() in entry.partner.lower()
        and wanted.get("description", "").lower() in _description(entry).lower()
        and any(wanted.get("fileName", "").lower() in name.lower() for name in entry.file_names)
        and wanted.get("dateFrom", "") <= entry.document_date <= wanted.get("dateTo", "9999")
        and wanted.get("receivalDateFrom", "") <= received <= wanted.get("receivalDateTo", "9999")
    )


def _description(entry: InboxEntry) -> str:
    return f"{entry.document_number or entry.file_names[0]} {entry.partner}".strip()


def _tree(entry: InboxEntry) -> etree._Element:
    return branch(
        "DocumentInboxEntry",
        leaf("description", _description(entry)),
        leaf("enteredTS", entry.entered),
        leaf("senderName", entry.partner),
        leaf("sequentialNumber", str(entry.sequential_number)),
        leaf("status", entry.status),
        leaf("documentNumber", entry.document_number),
        leaf("documentDate", entry.document_date),
        *(leaf("fileName", name) for name in entry.file_names),
    )
