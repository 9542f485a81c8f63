"""BankStatementImport."""

from __future__ import annotations

from efimport.sandbox.accounts import account_key
from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.recognise import fits
from efimport.sandbox.methods.tables import is_code
from efimport.sandbox.reading import digest, read_base64
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Statement
from efimport.sandbox.texts import text

_STATEMENT_TYPES = {"CZ": "statement-type-cz", "SI": "statement-type-si"}
"""Code list of the site; the reference gives HR none."""


def import_statement(context: Context) -> Answer:
    """Import one statement; the answer tells its number and whether a PDF was added.

    Raises:
        RefusedError: parameters are missing or wrong, the account is not the organization's, or the data are not one
            whole statement of the declared type and account.
    """
    request = context.request
    kind = _kind(context)
    name = "payPalAccount" if kind == "PayPalCsv" else "IBAN"
    account = request.value(name)
    if not account:
        raise RefusedError(text("parameter-required", name=name))
    owns = context.organization.owns_paypal if kind == "PayPalCsv" else context.organization.owns_account
    if not owns(account):
        raise RefusedError(text("not-your-account", name=name))
    date_format = _date_format(context, kind)
    content = read_base64(request.value("statementData"))
    iban = "" if kind == "PayPalCsv" else account
    if content is None or not fits(kind, content, account=iban, date_format=date_format):
        raise RefusedError(text("import-data"))
    pdf = _pdf(context)
    key = account.lower() if kind == "PayPalCsv" else account_key(account)
    return _store(
        context,
        Statement(
            number=0,
            account=key,
            type=kind,
            sha256=digest(content),
            size=len(content),
            date_format=date_format,
            pdf_sha256=digest(pdf) if pdf else None,
            pdf_file_name=request.value("pdfStatementFileName"),
        ),
    )


def _kind(context: Context) -> str:
    kind = context.request.value("type")
    if not kind:
        raise RefusedError(text("parameter-required", name="type"))
    codes = _STATEMENT_TYPES.get(context.site)
    if codes is None or not is_code(codes, kind):
        raise RefusedError(text("statement-type", value=kind))
    return kind


def _date_format(context: Context, kind: str) -> str:
    value = context.request.value("dateFormat")
    if kind != "eurofakturaSpreadsheet":
        return value
    if not value:
        raise RefusedError(text("parameter-required", name="dateFormat"))
    if not is_code("date-format", value):
        raise RefusedError(text("date-format", value=value))
    return value


def _pdf(context: Context) -> bytes | None:
    parameter = context.request.parameter("pdfStatementData")
    if parameter is None:
        return None
    pdf = read_base64(parameter.value)
    if pdf is None or not pdf.startswith(b"%PDF"):
        raise RefusedError(text("pdf-corrupted"))
    return pdf


def _store(context: Context, statement: Statement) -> Answer:
    before = [known for known in context.state.statements if known.account == statement.account]
    if context.options.duplicate_statement == "refuse" and any(known.sha256 == statement.sha256 for known in before):
        raise RefusedError(text("import-data"))
    statement.number = max((known.number for known in before), default=context.options.first_statement_number - 1) + 1
    statement.method = context.request.method
    context.state.statements.append(statement)
    added = "pdf-added" if statement.pdf_sha256 else "pdf-not-added"
    return Answer(
        elements=(
            leaf("statementNumber", text("statement-imported", number=str(statement.number))),
            leaf("pdfStatementFileName", text(added)),
        )
    )
