"""What a mapping file says, in words: what it reads, by what it knows a table, and where each field stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from efimport.mappings.parts import Column, ColumnSpec, Header
from efimport.mappings.records import RecordMapping
from efimport.mappings.statements import StatementMapping
from efimport.mappings.targets import Field, TargetName, target_fields
from efimport.messages import Message, message

EVIDENCE = {
    "A": message("seen in a real file or in the maker's own documentation"),
    "B": message("a program in use reads by these names"),
    "C": message("known from imitations only; check it with a real file"),
    None: message("not said"),
}

TARGET_TITLES: dict[str, Message] = {
    "statement": message("Statements of accounts"),
    "partners": message("Partners"),
    "products": message("Products"),
    "orders": message("Orders"),
    "invoices": message("Invoices"),
}

STATEMENT_FIELDS = {
    "date": message("day of booking"),
    "value_date": message("day of value"),
    "variable_symbol": message("variable symbol"),
    "constant_symbol": message("constant symbol"),
    "specific_symbol": message("specific symbol"),
    "counter_account": message("account of the other side"),
    "counter_prefix": message("prefix of its account"),
    "counter_bank_code": message("code of its bank"),
    "counter_iban": message("its IBAN"),
    "counter_bic": message("BIC of its bank"),
    "counter_bank_name": message("name of its bank"),
    "counter_name": message("name of the other side"),
    "message": message("texts of payer and recipient"),
    "description": message("what the bank says the entry is"),
    "bank_reference": message("reference of the bank"),
    "end_to_end_reference": message("reference of the payer"),
    "transaction_code": message("code of the transaction"),
    "original_amount": message("amount before conversion"),
    "original_currency": message("its currency"),
    "exchange_rate": message("exchange rate"),
    "charges": message("charges, for information"),
    "currency": message("currency"),
    "account": message("the firm's account"),
    "account_bank_code": message("code of its bank"),
    "number": message("number of the statement"),
}
"""What the fields of an entry are called."""

_NAMES = 5
"""Names of one column that are told; the file has them all."""

_ROWS: dict[TargetName, Message] = {
    "partners": message("Each row is a partner."),
    "products": message("Each row is a product."),
    "orders": message("Each row is an order."),
    "invoices": message("Each row is an invoice."),
}


def in_words(one: StatementMapping | RecordMapping) -> Iterator[Message]:
    """What a mapping file says, a sentence or a field a line; lines of a list begin with two blanks."""
    yield message(
        "{title}. Evidence {grade}: {meaning}. {note}",
        title=one.title,
        grade=one.evidence or "-",
        meaning=EVIDENCE[one.evidence],
        note=one.evidence_note,
    )
    if isinstance(one, RecordMapping):
        yield from _of_records(one)
    else:
        yield from _of_statement(one)


def column_words(spec: ColumnSpec) -> Message:
    """Where a field stands, in words."""
    if isinstance(spec, str):
        return message('"{name}"', name=spec)
    if isinstance(spec, tuple):
        names = " / ".join(column_words(name) for name in spec[:_NAMES])
        more = len(spec) - _NAMES
        return (
            message("{names} and {count} more", names=names, count=more)
            if more > 0
            else message("{names}", names=names)
        )
    where = _place_of(spec)
    if spec.occurrence > 1:
        where = message("{column} (number {count} of this name)", column=where, count=spec.occurrence)
    if spec.pattern is not None:
        where = message("{column} (the part that {pattern} finds)", column=where, pattern=spec.pattern)
    if spec.when:
        where = message("{column} (in some rows only)", column=where)
    return where


def _place_of(spec: Column) -> Message:
    if spec.number is not None:
        return message("column {number}", number=spec.number)
    if spec.join:
        return message("{columns}, put together", columns=_listed(spec.join))
    if spec.first_of:
        return message("the first of {columns} that is filled", columns=_listed(spec.first_of))
    if spec.constant is not None:
        return message('always "{text}"', text=spec.constant)
    if spec.header is not None:
        return message("the heading itself, the part that {pattern} finds", pattern=spec.header)
    return column_words(spec.names)


def _listed(specs: Iterable[ColumnSpec]) -> str:
    return ", ".join(column_words(spec) for spec in specs)


def _recognition(header: Header) -> Iterator[Message]:
    if header.required:
        yield message("A table is known by these columns:")
        for required in header.required:
            yield _item(column_words(required))
    if header.columns is not None:
        yield message("A table has no header and is known by its {count} columns.", count=header.columns)
    if header.forbidden:
        yield message("It has none of these columns: {columns}.", columns=_listed(header.forbidden))


def _item(text: str) -> Message:
    return message("  {text}", text=text)


def _of_statement(one: StatementMapping) -> Iterator[Message]:
    if one.no_statement:
        yield message("It is not read: {reason}", reason=one.no_statement)
    yield from _recognition(one.header)
    yield message("Fields:")
    yield from _amounts(one)
    for name, meaning in STATEMENT_FIELDS.items():
        spec = getattr(one.columns, name)
        if spec is not None:
            yield message("  {field} ({meaning}): {column}", field=name, meaning=meaning, column=column_words(spec))
    if not one.no_statement and not _balances(one):
        yield message("The layout has no balances, so that a missing entry cannot be noticed.")


def _amounts(one: StatementMapping) -> Iterator[Message]:
    amount = one.amount
    places = (
        (message("amount"), amount.column),
        (message("money in"), amount.credit),
        (message("money out"), amount.debit),
        (message("whether money came or went"), amount.direction.column if amount.direction else None),
        *((message("fee"), fee.column) for fee in one.fees),
        (message("balance before"), one.balance.before if one.balance else None),
        (message("balance after"), one.balance.after if one.balance else None),
    )
    for meaning, spec in places:
        if spec is not None:
            yield message("  {meaning}: {column}", meaning=meaning, column=column_words(spec))


def _balances(one: StatementMapping) -> bool:
    beside = {value.field for value in (*one.preamble, *one.footer)}
    return one.balance is not None or "closing" in beside


def _of_records(one: RecordMapping) -> Iterator[Message]:
    if one.lines:
        yield message("Each row is a line; rows of one number are one document.")
    else:
        yield _ROWS[one.target]
    if one.direction == "received":
        yield message("The documents are received ones, the partner is the supplier.")
    if one.only_named:
        yield message("It is used only where it is named: --mapping {name}.", name=one.name)
    yield from _recognition(one.header)
    if one.optional is True:
        yield message("All columns may be missing but those that must be filled.")
    fields = target_fields(one.target)
    yield message("Fields:")
    yield from _fields(one.columns, fields.document)
    if one.lines:
        yield message("Fields of the lines:")
        yield from _fields(one.lines, fields.line)
    yield from _further(one)
    for group in fields.needs:
        if all(_lacks(one, name) for name in group):
            titles = " / ".join(Message(fields.document[name].title) for name in group)
            yield message("Must be told, but is in no column and has no default: {titles}.", titles=titles)


def _lacks(one: RecordMapping, name: str) -> bool:
    beside = (*one.preamble, *one.footer, *one.file_name, *one.sheet_name)
    told = any(value.field == name or f"(?P<{name}>" in (value.pattern or "") for value in beside)
    return name not in one.columns and name not in one.defaults and not told


def _fields(columns: dict[str, ColumnSpec], fields: dict[str, Field]) -> Iterator[Message]:
    for name, spec in columns.items():
        field = fields.get(name)
        if field is None:
            yield message("  {field}: {column}", field=name, column=column_words(spec))
            continue
        told = {"field": name, "title": Message(field.title), "column": column_words(spec), "help": Message(field.help)}
        if field.required:
            yield message("  {field} ({title}, must be filled): {column}. {help}", **told)
        else:
            yield message("  {field} ({title}): {column}. {help}", **told)


def _further(one: RecordMapping) -> Iterator[Message]:
    """What stands in no ordinary column: rates, elements of the service, words, defaults, rows that are left out."""
    for rate in one.vat:
        columns = _listed(spec for spec in (rate.base, rate.vat, rate.total) if spec is not None)
        yield message("  VAT {rate} %: {columns}", rate=rate.rate, columns=columns)
    for element, spec in (*one.service.items(), *one.line_service.items()):
        yield message(
            "  {element} (element of the service's own format): {column}", element=element, column=column_words(spec)
        )
    for field, words in one.words.items():
        for ours, theirs in words.items():
            names = ", ".join(f'"{word}"' for word in theirs)
            yield message("In {field}, {words} means: {meaning}.", field=field, words=names, meaning=ours)
    for field, value in one.defaults.items():
        yield message("Where {field} is empty, it is: {value}.", field=field, value=value)
    for skip in one.skip:
        reason = skip.reason or message("no reason is given")
        column = column_words(skip.column)
        yield message("Rows are left out by {column}: {reason}.", column=column, reason=reason)
