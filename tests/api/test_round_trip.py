"""Any call says the same in XML and in JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.api import wire, wire_json
from efimport.api.call import Attribute, Base64Attribute, Base64Text, Call, Element, File, Flag, Nested, Parameter, Text

letters = st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
texts = st.text(letters, max_size=20)
scalars = (
    texts
    | st.booleans()
    | st.integers()
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(microsecond=0))
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
)
plain = st.from_regex(r"[a-z]{1,6}[a-rt-z]", fullmatch=True)
"""Names that are no plural, so that JSON and XML have one way to say that something occurs several times."""
leaves = st.builds(Element, plain, scalars)


def distinct(elements: list[Element]) -> tuple[Element, ...]:
    return tuple({element.name: element for element in elements}.values())


def listed(entries: list[tuple[Element, ...]]) -> Element:
    return Element("Items", children=tuple(Element("Item", children=entry) for entry in entries))


blocks = st.lists(leaves, min_size=1, max_size=3).map(distinct)
structures = st.lists(
    leaves
    | st.builds(lambda name, inside: Element(name, children=inside), plain, blocks)
    | st.lists(blocks, min_size=1, max_size=3).map(listed),
    min_size=1,
    max_size=4,
).map(distinct)
values = (
    st.builds(Attribute, scalars)
    | st.just(Flag())
    | st.builds(Text, scalars)
    | structures.map(Nested)
    | st.builds(Base64Text, st.binary(max_size=30))
    | st.builds(Base64Attribute, st.binary(max_size=30))
    | st.builds(File, st.binary(max_size=30), texts)
)
calls = st.builds(
    Call,
    plain,
    st.lists(st.builds(Parameter, plain, values), max_size=5).map(
        lambda found: tuple({parameter.name: parameter for parameter in found}.values())
    ),
)


def from_xml(node: etree._Element) -> Any:
    """What a parameter or element says, in the terms of JSON, all values as texts."""
    if len(node):
        if {child.tag for child in node} == {"Item"}:
            return [from_xml(child) for child in node]
        return {child.tag: from_xml(child) for child in node}
    if node.get("value") is not None:
        return node.get("value")
    return "true" if node.tag == "parameter" and not node.text and set(node.attrib) == {"name"} else node.text or ""


def as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: as_texts(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_texts(inner) for inner in value]
    return wire.scalar(value)


@settings(max_examples=30, deadline=None)
@given(calls)
def test_a_call_says_the_same_in_xml_and_in_json(call: Call) -> None:
    method = etree.fromstring(wire.encode(call)).find("method")
    body = json.loads(wire_json.encode(call), parse_float=Decimal)
    assert method is not None
    assert body["method"] == method.get("name")
    in_json = as_texts(body["parameters"])
    for node in method:
        said = in_json.pop(node.get("name"))
        # An empty text and a flag look alike in XML alone; which it is says the catalogue.
        assert said == from_xml(node) or (said, from_xml(node)) == ("", "true")
    assert in_json == {}


def test_what_occurs_several_times_is_an_array_of_what_it_says() -> None:
    lists = (listed([(Element("a", 1),)]), listed([(Element("a", 2),)]))
    body = json.loads(wire_json.encode(Call("m", (Parameter("p", Nested(lists)),))))
    assert body["parameters"] == {"p": {"Items": [[{"a": 1}], [{"a": 2}]]}}
