"""ProductImport and ProductMassImport, and the rules of products."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context, ImportType
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.records import merged, unlisted
from efimport.sandbox.reading import canonical, children, digest, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text

LARGEST_MASS_IMPORT = 5000
"""Products in one ProductMassImport (reference, ProductMassImport)."""

_DECIMALS = (
    "vatPercentage", "purchasePrice", "retailPrice", "grossPrice", "packingQuantity", "minimalStockQuantity",
    "warrantyPeriod", "weight", "itemWidth", "itemHeight", "itemDepth",
)  # fmt: skip
_BOOLEANS = (
    "trackItemsBySerialNumbers", "useOfPriceList", "allowChangeOfProductDescriptionOnTheInvoice",
    "allowChangeOfPriceOnTheInvoice", "allowChangeOfVatRateOnTheInvoice",
)  # fmt: skip
_CODES = (
    ("status", "product-status"),
    ("type", "product-type"),
    ("exchangeRate", "product-exchange-rate"),
    ("onlineShopVisibility", "online-visibility"),
)


def import_product(context: Context) -> Answer:
    """Create or update one product by its code; the answer repeats the code.

    Raises:
        RefusedError: no product, no code, it exists under createOnly, or properties are wrong.
    """
    import_type = context.import_type()
    element = context.nested("product", text("product-parameter"))
    code = text_of(element, "productCode")
    if not code:
        raise RefusedError(text("product-property-code"))
    exists = meet_product(context, code)
    if exists and import_type == "createOnly" and context.options.create_only == "refuse":
        raise RefusedError(text("product-exists", code=code))
    if not exists and import_type == "updateOnly" and context.options.update_only == "refuse":
        raise RefusedError(text("product-unknown", code=code))
    if _is_written(import_type, exists):
        check_product(context, element, code)
        store_product(context, element, code)
    return Answer(elements=(etree.Element("parameter", name="productCode", value=code),))


def meet_product(context: Context, code: str) -> bool:
    """Whether the product exists; counts the request that names it."""
    existing = context.state.products.get(code)
    if existing is not None:
        existing.received += 1
    return existing is not None


def _is_written(import_type: ImportType, exists: bool) -> bool:
    return import_type == "createOrUpdate" or exists == (import_type == "updateOnly")


def check_product(context: Context, element: etree._Element, code: str) -> None:
    """Hold the properties of a product against the reference.

    Raises:
        RefusedError: with all that is wrong.
    """
    problems = Problems(element)
    _check(problems)
    _check_bar_code(context, problems, code)
    problems.refuse()


def _check(problems: Problems) -> None:
    """VAT rate, name or description, one price (reference, ProductCreate)."""
    problems.need("vatPercentage")
    if not (problems.value("name") or problems.value("description")):
        problems.add("name", "entry-mandatory")
    if not (problems.value("retailPrice") or problems.value("grossPrice")):
        problems.add("retailPrice", "entry-mandatory")
    problems.check("decimal", *_DECIMALS)
    problems.check("boolean", *_BOOLEANS)
    problems.check("currency", "currency")
    problems.check("country", "countryOfOrigin")
    problems.check_codes(_CODES)


def _check_bar_code(context: Context, problems: Problems, code: str) -> None:
    """A bar code "must be unique" (reference, ProductGetByCode)."""
    bar_code = problems.value("barCode")
    others = (entry for entry in context.state.products.values() if entry.code != code)
    if bar_code and any(text_of(read_xml(entry.raw), "barCode") == bar_code for entry in others):
        problems.add("barCode", "bar-code-taken")


def store_product(context: Context, element: etree._Element, code: str) -> None:
    """Create the product or change what is sent of it."""
    entry = context.state.products.get(code)
    if entry is None:
        entry = Entry(code=code, document_id=context.state.next_id("20"), name="", written=0)
        context.state.products[code] = entry
    whole = merged(entry.raw, element)
    entry.name = text_of(whole, "name") or text_of(whole, "description")
    entry.method = context.request.method
    entry.payload_sha256, entry.raw = digest(canonical(element)), canonical(whole)
    entry.unknown_elements = unlisted("product", element)
    entry.written += 1


def import_products(context: Context) -> Answer:
    """Create or update up to 5000 products; one message for each that was imported.

    Whether one bad product stops the others is not documented; the switch ``mass_import`` decides. The wrapper around
    each product is not printed in the reference: ``product`` below the parameter, or below one more wrapper.

    Raises:
        RefusedError: no products, or more than 5000.
    """
    import_type = context.import_type()
    elements = _mass_elements(context.nested("products", text("products-needed")))
    if not elements:
        raise RefusedError(text("products-needed"))
    if len(elements) > LARGEST_MASS_IMPORT:
        raise RefusedError(text("products-limit"))
    for code in {text_of(element, "productCode") for element in elements}:
        meet_product(context, code)
    if context.options.mass_import == "all-or-nothing":
        wrong = _wrong_of_all(context, import_type, elements)
        if wrong:
            raise RefusedError(", ".join(wrong))
    messages, wrong = [], []
    for element in elements:
        # One after the other: the second of one code meets the first.
        refusal = _refusal(context, import_type, element)
        code = text_of(element, "productCode")
        if refusal is not None:
            wrong.append(refusal)
            if context.options.mass_import == "stop":
                break
        elif _is_written(import_type, code in context.state.products):
            store_product(context, element, code)
            messages.append(leaf("message", text("mass-product-imported", code=code)))
    return Answer(elements=tuple(messages), error=", ".join(wrong) or None)


def _wrong_of_all(context: Context, import_type: ImportType, elements: list[etree._Element]) -> list[str]:
    """What is wrong with a list as a whole; a code that is in it twice would exist when its second product came."""
    wrong, seen = [], set()
    for element in elements:
        code = text_of(element, "productCode")
        refusal = _refusal(context, import_type, element)
        if refusal is None and code in seen and import_type == "createOnly":
            refusal = text("mass-product-exists", code=code)
        seen.add(code)
        if refusal is not None:
            wrong.append(refusal)
    return wrong


def _mass_elements(parameter: etree._Element) -> list[etree._Element]:
    direct = children(parameter, "product") or children(parameter, "Product")
    if direct:
        return direct
    inner = [element for wrapper in children(parameter) for element in children(wrapper)]
    return [element for element in inner if element.tag in ("product", "Product")]


def _refusal(context: Context, import_type: ImportType, element: etree._Element) -> str | None:
    code = text_of(element, "productCode")
    if not code:
        return text("product-property-code")
    exists = code in context.state.products
    if exists and import_type == "createOnly" and context.options.create_only == "refuse":
        return text("mass-product-exists", code=code)
    if not exists and import_type == "updateOnly":
        return text("mass-product-unknown", code=code)
    problems = Problems(element)
    _check(problems)
    return "; ".join(f"{code} #{name} - {why}" for name, why in problems.found) or None
