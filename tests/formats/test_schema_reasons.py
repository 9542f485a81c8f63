"""What a schema has against a document is said in words for people."""

from __future__ import annotations

import pytest
import xmlschema
from lxml import etree

from efimport.formats.schema_reasons import reason_of

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:z" xmlns="urn:z"
 elementFormDefault="qualified">
<xs:simpleType name="flag"><xs:restriction base="xs:boolean"><xs:pattern value="true|false"/></xs:restriction>
</xs:simpleType>
<xs:simpleType name="code"><xs:restriction base="xs:string"><xs:length value="3"/></xs:restriction></xs:simpleType>
<xs:simpleType name="kind"><xs:restriction base="xs:string"><xs:enumeration value="a"/><xs:enumeration value="b"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="form"><xs:restriction base="xs:string"><xs:pattern value="[0-9]{2}"/></xs:restriction>
</xs:simpleType>
<xs:element name="root"><xs:complexType><xs:sequence><xs:element name="day" type="xs:date"/>
<xs:element name="sum" type="xs:decimal"/><xs:element name="flag" type="flag"/><xs:element name="code" type="code"/>
<xs:element name="kind" type="kind"/><xs:element name="form" type="form"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
GOOD = (
    '<z:root xmlns:z="urn:z"><z:day>2026-01-31</z:day><z:sum>1.5</z:sum><z:flag>true</z:flag><z:code>CZK</z:code>'
    "<z:kind>a</z:kind><z:form>12</z:form></z:root>"
)


def reasons(text):
    return {str(reason_of(error)) for error in xmlschema.XMLSchema(SCHEMA).iter_errors(etree.fromstring(text))}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (">2026-01-31<", ">31.1.2026<", 'day is "31.1.2026", which is no date like 2026-01-31.'),
        (">1.5<", ">1,5<", 'sum is "1,5", which is no number like 1234.50.'),
        (">1.5<", "><", 'sum is "", which is no number like 1234.50.'),
        (">true<", ">1<", 'flag is "1"; the format knows true and false only.'),
        (">true<", ">yes<", 'flag is "yes"; the format knows true and false only.'),
        (">CZK<", ">Kč<", 'code is "Kč", which has not the length that is prescribed.'),
        (">a<", ">c<", 'kind is "c", which is none of the values of the format.'),
        (">12<", ">1a<", 'form is "1a", which has not the form that is prescribed.'),
        (
            "<z:sum>",
            "<z:day>2026-01-31</z:day><z:sum>",
            "day does not belong at this place of root, or is there too often.",
        ),
        ("<z:form>12</z:form>", "", "root is not complete; what can follow is form."),
        ("<z:root ", '<z:root Id="1" ', "root may not have the attribute Id."),
        ("<z:day>", "left over<z:day>", "Text stands in root where only elements belong."),
    ],
)
def test_a_deviation_is_told_without_the_words_of_the_validator(old, new, reason):
    assert old in GOOD
    assert reasons(GOOD) == set()
    assert reasons(GOOD.replace(old, new)) == {reason}


def test_a_long_value_is_cut():
    (reason,) = reasons(GOOD.replace(">12<", f">{'9' * 500}<"))
    assert len(reason) < 130
