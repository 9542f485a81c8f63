"""The parties of a document that is written, and accounts.

Source: POHODA XML, type.xsd (address, addressType, addressInternetType, shipToAddressType, accountType).
"""

from __future__ import annotations

from efimport.accounts import iban_to_national
from efimport.documents import BankAccount, Party
from efimport.formats.pohoda.party import country_code
from efimport.formats.pohoda.written import Branch, apart, note_unwritten
from efimport.mappings import home_currencies

SYSTEM = "efimport"
_NOT_OF_DELIVERIES = ("registration_number", "vat_id", "tax_number", "fax", "code", "service_id", "vat_registered")
_OWN_NAME = 32
_SLOVAKIA = "SK"


def write_partner_identity(parent: Branch, prefix: str, name: str, party: Party | None, delivery: list[Party]) -> None:
    """The other party with the addresses that goods go to; nothing where the document names none.

    Args:
        parent: the header.
        prefix: its prefix.
        name: ``partnerIdentity``, or ``identity`` in the address book.
        party: the other party.
        delivery: where goods go, the usual address first.
    """
    block = apart(prefix, name, parent.losses)
    if party is not None:
        write_external(block, party.code)
        address = apart("typ", "address", parent.losses)
        write_address(address, party)
        block.kept(address)
        note_unwritten(party, ("service_id",), parent.losses)
    for position, one in enumerate(delivery):
        _write_delivery(block, one, usual=position == 0 and len(delivery) > 1)
    parent.kept(block)


def write_external(parent: Branch, code: str | None) -> None:
    """The code of a record in the system that it comes from."""
    holder = apart("typ", "extId", parent.losses)
    if holder.code("typ", "ids", code, "code"):
        holder.leaf("typ", "exSystemName", SYSTEM)
        parent.element.append(holder.element)


def write_address(address: Branch, party: Party) -> None:
    """Name, seat, numbers and contact of a party."""
    _write_seat(address, party)
    _write_numbers(address, party)
    if party.vat_registered is not None:
        address.leaf("typ", "VATPayerType", "payer" if party.vat_registered else "non-payer")
    address.reference("typ", "country", party.address.country, "country")
    for name, value in (("phone", party.phone), ("mobilPhone", party.mobile), ("fax", party.fax)):
        address.text("typ", name, value, name)
    address.text("typ", "email", party.email, "email")


def _write_seat(address: Branch, party: Party) -> None:
    address.text("typ", "company", party.name, "name")
    address.text("typ", "division", party.address.addition, "addition")
    address.text("typ", "name", party.contact, "contact")
    address.text("typ", "city", party.address.city, "city")
    address.text("typ", "street", party.address.street, "street")
    address.code("typ", "zip", party.address.postal_code, "postal_code")


def _write_numbers(address: Branch, party: Party) -> None:
    """``dic`` is the VAT number in Czechia and the tax number in Slovakia, where ``icDph`` is the VAT number."""
    address.code("typ", "ico", party.registration_number, "registration_number")
    vat_id, tax_number = party.vat_id, party.tax_number
    apart_from_tax = vat_id is not None and (
        tax_number is not None or not country_code(vat_id[:2]) or _is_slovak(vat_id)
    )
    address.code("typ", "dic", tax_number if apart_from_tax else vat_id or tax_number, "vat_id")
    if apart_from_tax:
        address.code("typ", "icDph", vat_id, "vat_id")


def _is_slovak(vat_id: str) -> bool:
    return vat_id[:2].upper() == _SLOVAKIA


def write_own_identity(parent: Branch, prefix: str, party: Party | None) -> None:
    """The firm that keeps the books; its block has no room for a department and a country."""
    if party is None:
        return
    block = apart(prefix, "myIdentity", parent.losses)
    address = block.inside("typ", "address")
    address.text("typ", "company", party.name, "name")
    address.text("typ", "name", party.contact, "contact", _OWN_NAME)
    address.text("typ", "city", party.address.city, "city")
    address.text("typ", "street", party.address.street, "street")
    address.code("typ", "zip", party.address.postal_code, "postal_code")
    _write_numbers(address, party)
    for name, value in (("phone", party.phone), ("mobilPhone", party.mobile), ("fax", party.fax)):
        address.text("typ", name, value, name)
    address.text("typ", "email", party.email, "email")
    note_unwritten(party, ("service_id", "code", "vat_registered"), parent.losses)
    note_unwritten(party.address, ("addition",), parent.losses)
    if party.address.country not in (None, *home_currencies()):
        parent.losses.add("country", party.address.country)
    if len(address.element):
        parent.element.append(block.element)


def _write_delivery(block: Branch, party: Party, *, usual: bool) -> None:
    address = apart("typ", "shipToAddress", block.losses)
    _write_seat(address, party)
    address.reference("typ", "country", party.address.country, "country")
    address.text("typ", "phone", party.phone or party.mobile, "phone")
    address.text("typ", "email", party.email, "email")
    note_unwritten(party, _NOT_OF_DELIVERIES, block.losses)
    if party.phone:
        note_unwritten(party, ("mobile",), block.losses)
    if usual:
        address.leaf("typ", "defaultShipAddress", True)
    block.kept(address)


def write_account(parent: Branch, prefix: str, name: str, account: BankAccount | None) -> None:
    """An account by its number or IBAN."""
    if account is None:
        return
    block = apart(prefix, name, parent.losses)
    if not write_account_number(block, "typ", "accountNo", account):
        return
    if name == "paymentAccount" and len(block.element) == 1:
        # The account of somebody else is nothing without its bank.
        parent.losses.add("payment_account", account.display)
        return
    parent.element.append(block.element)


def write_account_number(block: Branch, prefix: str, name: str, account: BankAccount) -> bool:
    """Number and bank of an account; whether there was a number."""
    number = account.iban or account.number
    national = iban_to_national(account.iban) if account.iban else None
    of_iban = account.bic or (national.bank_code if national is not None else None)
    bank = of_iban if account.iban else account.bank_code or account.bic
    if not block.code(prefix, name, number, "payment_account"):
        return False
    block.code(prefix, "bankCode", bank, "payment_account")
    return True
