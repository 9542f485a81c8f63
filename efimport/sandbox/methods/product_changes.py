"""ProductCreate, ProductUpdate, ProductDelete."""

from __future__ import annotations

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.products import check_product, meet_product, store_product
from efimport.sandbox.methods.records import give_code, next_code, only_match
from efimport.sandbox.reading import text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.texts import text


def create_product(context: Context) -> Answer:
    """Create a product; the code is generated where none is sent (reference, ProductCreate).

    Raises:
        RefusedError: no product, the code exists, or properties are wrong.
    """
    if context.request.parameter("product") is None:
        raise RefusedError(text("product-parameter"))
    element = context.nested("product", text("product-not-created"))
    code = text_of(element, "productCode")
    if code and meet_product(context, code):
        raise RefusedError(text("product-exists", code=code))
    check_product(context, element, code)
    if not code:
        code = next_code(context.state.products, 6)
        give_code(element, "productCode", code)
    store_product(context, element, code)
    return Answer(elements=(leaf("productCode", code),))


def update_product(context: Context) -> Answer:
    """Change a product, found by productCode; what is not sent stays (assumed).

    The reference marks the same properties as mandatory as in ProductCreate, so they are wanted again.

    Raises:
        RefusedError: no product, no code, no such product, or properties are wrong.
    """
    element = context.nested("product", text("product-needed"))
    code = text_of(element, "productCode")
    if not code:
        raise RefusedError(text("product-property-code"))
    if not meet_product(context, code):
        raise RefusedError(text("product-unknown", code=code))
    check_product(context, element, code)
    store_product(context, element, code)
    return Answer(elements=(leaf("productCode", code),))


def delete_product(context: Context) -> Answer:
    """Remove a product with its images; a star in the code stands for any characters (assumed), and may find several.

    Raises:
        RefusedError: no code, no such product, or several.
    """
    code = context.request.value("productCode")
    if not code:
        raise RefusedError(text("product-code-required"))
    entry = only_match(context.state.products, code, unknown="product-unknown", several="products-several")
    del context.state.products[entry.code]
    context.state.attachments.pop(entry.document_id, None)
    return Answer()
