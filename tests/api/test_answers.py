"""Reading answers: what is understood, and above all what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.api.answers import Answer, PropertyError, parse
from efimport.errors import UnknownOutcomeError

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def xml(text: str, status: int = 200) -> Answer:
    return parse((HEAD + text).encode(), "text/xml", status)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('<response status="ok"></response>', {}),
        ('<response status="ok" >\n</response>', {}),
        ('<response status="ok"/>', {}),
        ('<response status="ok"><number>7</number><date>2026-03-02</date></response>', {"number": "7"}),
        ('response status="ok" >\n <number>7</number>\n</response>', {"number": "7"}),
        (
            (
                '<response status="ok">\n<number>12/2026</number>   <!-- number of it\n'
                "<date>2026-03-02</date> <!-- date\n</response>"
            ),
            {"number": "12/2026", "date": "2026-03-02"},
        ),
        ('<response status="ok"><name>Novák & syn</name></response>', {"name": "Novák & syn"}),
        ('<response status="ok"><name>Nov&#225;k &amp; syn</name></response>', {"name": "Novák & syn"}),
        (
            '<response status="ok"><statementNumber>Bank statement number 3 was imported</statementNumber></response>',
            {},
        ),
    ],
)
def test_good_news_is_read_in_every_documented_form(text: str, fields: dict[str, str]) -> None:
    answer = xml(text)
    assert (answer.status, answer.kind, answer.ok) == ("ok", "ok", True)
    assert {name: answer.field(name) for name in fields} == fields


@pytest.mark.parametrize(
    ("text", "description", "kind"),
    [
        ('<error description="no privileges"/>', "no privileges", "privileges"),
        ('<error description="no privileges"><error/>', "no privileges", "privileges"),
        ('<error description="no privileges">\n</error>', "no privileges", "privileges"),
        (
            '<error description="no privileges"><error/>   <!-- document could not be found, …\n',
            "no privileges",
            "privileges",
        ),
        (
            '<error description="Property <number> is required."><error/>',
            "Property <number> is required.",
            "validation",
        ),
        ('<error description="Property &lt;number&gt; is required."/>', "Property <number> is required.", "validation"),
        (
            '<error description="Parameter <base64data>: cannot parse contents"></error>',
            "Parameter <base64data>: cannot parse contents",
            "validation",
        ),
        (
            '<error description="Parameter named "number" is required"><error/>',
            'Parameter named "number" is required',
            "validation",
        ),
        (
            '<error description="Product for code: 7 already exists!><error/>',
            "Product for code: 7 already exists!",
            "already-exists",
        ),
        ('<error description="Smith & Sons <x> not found"/>', "Smith & Sons <x> not found", "not-found"),
        ('<error description="Parameter <image>"/>', "Parameter <image>", "other-refusal"),
        ('<error description=""><error/>', "", "other-refusal"),
        ("<error>posted in a text: already posted</error>", "posted in a text: already posted", "posted"),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_a_refusal_is_read_whatever_is_wrong_with_its_form(text: str, description: str, kind: str, status: int) -> None:
    answer = xml(f'<response status="error" >\n  {text}\n</response>', status)
    assert (answer.status, answer.description, answer.kind) == ("error", description, kind)
    assert answer.raw
    assert answer.http_status == status


def test_a_refusal_with_several_errors_keeps_them_all() -> None:
    answer = xml(
        '<response status="error"><error description="Product for code 1 already exists."/>'
        '<error description="Product for code 2 already exists."/><message>Product for code 3 successfully imported.'
        "</message></response>"
    )
    assert len(answer.descriptions) == 2
    assert answer.kind == "already-exists"
    assert answer.messages == ("Product for code 3 successfully imported.",)


def test_a_refusal_of_mixed_kinds_is_none_of_them() -> None:
    answer = xml(
        '<response status="error"><error description="Product for code 1 already exists."/>'
        '<error description="Property &lt;name&gt; is required."/></response>'
    )
    assert answer.kind == "other-refusal"


def test_the_faults_of_properties_are_listed_one_by_one() -> None:
    answer = xml(
        '<response status="error"><error description="Error nr: 1 #city - This field is required; &#13;&#10;'
        'Error nr: 2 #Item1_vatPercentage - Entry; is mandatory; &#13;&#10;"/></response>',
        500,
    )
    assert answer.property_errors == (
        PropertyError(1, "city", "This field is required"),
        PropertyError(2, "Item1_vatPercentage", "Entry; is mandatory"),
    )
    assert answer.kind == "validation"


def test_the_number_of_the_document_that_exists_is_known() -> None:
    answer = xml(
        '<response status="error"><error description="Sales invoice for number: 7/2026 already exists!"/></response>'
    )
    assert answer.existing_key == "7/2026"


def test_nested_elements_keep_their_order_and_attributes() -> None:
    answer = xml(
        '<response status="ok"><SalesInvoice><Attachments><Attachment><fileName>a.jpg</fileName>'
        '<contents encoding="BASE64">YQ==</contents></Attachment><Attachment><fileName>b.jpg</fileName></Attachment>'
        "</Attachments></SalesInvoice></response>"
    )
    assert [element.value for element in answer.find("fileName")] == ["a.jpg", "b.jpg"]
    assert next(answer.find("contents")).attributes == (("encoding", "BASE64"),)


@pytest.mark.parametrize("declared", ["windows-1250", "utf-8"])
def test_an_answer_in_windows_1250_is_read_whatever_it_declares(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><response status="ok"><name>Žižkov</name></response>'
    assert parse(text.encode("windows-1250"), "text/xml").field("name") == "Žižkov"


def test_the_character_set_of_the_header_is_used_where_the_answer_has_none() -> None:
    body = '<response status="ok"><name>Č & Š</name></response>'.encode("iso-8859-2")
    assert parse(body, "text/xml; charset=iso-8859-2").field("name") == "Č & Š"


def test_an_eslog_document_is_an_answer_to_a_question_and_to_nothing_else() -> None:
    body = '<?xml version="1.0" encoding="windows-1250"?><IzdaniRacunEnostavni><Racun>Š</Racun></IzdaniRacunEnostavni>'
    answer = parse(body.encode("windows-1250"))
    assert answer.ok
    assert next(answer.find("Racun")).value == "Š"
    with pytest.raises(UnknownOutcomeError):
        parse(body.encode("windows-1250"), bare=False)


JSON_OK = b'{"response":{"status":"ok","result":{"number":"7","total":1.50,"Items":[{"price":10.10},{"price":2}]}}}'


def test_json_is_read_as_the_same_elements() -> None:
    answer = parse(JSON_OK, "application/json")
    assert (answer.field("number"), answer.field("total")) == ("7", "1.50")
    assert [element.value for element in answer.find("price")] == ["10.10", "2"]
    assert len(list(answer.find("Item"))) == 2


def test_a_byte_order_mark_is_no_part_of_the_answer() -> None:
    assert parse(b"\xef\xbb\xbf" + JSON_OK).ok
    assert parse(b"\xef\xbb\xbf" + GOOD).ok


@pytest.mark.parametrize("declared", ["undefined", "no-such-encoding", "base64", "utf-16"])
def test_a_declared_encoding_that_cannot_be_is_no_reason_to_fail(declared: str) -> None:
    body = f'<?xml version="1.0" encoding="{declared}"?><response status="error"><error description="a<b"/></response>'
    try:
        assert parse(body.encode()).status == "error"
    except UnknownOutcomeError:
        assert declared == "utf-16"


def test_a_refusal_in_json_is_read() -> None:
    body = b'{"response":{"status":"error","apiMethod":null,"description":"Invalid web services token supplied"}}'
    answer = parse(body, "application/json", 500)
    assert (answer.kind, answer.description) == ("login", "Invalid web services token supplied")


def test_too_many_requests_is_busy_whatever_the_body_says() -> None:
    assert parse(b"", "", 429).kind == "busy"
    assert parse(b"<html>slow down</html>", "text/html", 429).kind == "busy"
    assert parse(b'{"response":{"status":"error","description":"Too Many Requests."}}', "", 429).description


def test_unauthorized_is_a_matter_of_the_login() -> None:
    assert parse(b"<html/>", "text/html", 401).kind == "login"


GOOD = (HEAD + '<response status="ok"><number>7</number><message>Done.</message></response>').encode()
BAD = (
    HEAD + '<response status="error"><error description="Property <number> is required."><error/></response>'
).encode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"   \n", 200),
        (b"ok", 200),
        (b"<html><body>Bad gateway</body></html>", 502),
        (b"<!DOCTYPE html><html><head></head></html>", 500),
        (b'<!DOCTYPE response [<!ENTITY a "b">]><response status="ok">&a;</response>', 200),
        (b'<response status="ok"><a>&a;</a></response><!DOCTYPE x>', 200),
        (b'<response status="maybe"></response>', 200),
        (b"<response></response>", 200),
        (b'<answer status="ok"></answer>', 200),
        (b'<x:response xmlns:x="urn:x" status="ok"></x:response>', 200),
        (b'<response status="ok"><error description="x"/></response>', 200),
        (b'<response status="ok"><number>7</number></response><response status="error"/>', 200),
        (GOOD, 500),
        (GOOD, 404),
        (GOOD, 302),
        (GOOD, 429),
        (b"[]", 200),
        (b"{}", 200),
        (b'{"response":[]}', 200),
        (b'{"response":{"status":"ok"', 200),
        (b'{"status":"ok"}', 200),
        (JSON_OK, 500),
        (b"[" * 100_000, 200),
        (b'<response status="ok">' + b"<a>" * 3000 + b"</a>" * 3000 + b"</response>", 200),
        (b'<response status="ok">' + b"<a>" * 500 + b"</a>" * 500 + b"</response>", 200),
        (b'<response status="error">no description that anybody could read < </response>', 200),
    ],
)
def test_what_is_not_positively_understood_is_of_unknown_outcome(body: bytes, status: int) -> None:
    with pytest.raises(UnknownOutcomeError) as caught:
        parse(body, "text/xml", status)
    assert caught.value.raw == body
    assert caught.value.http_status == status


@pytest.mark.parametrize("body", [GOOD, BAD, JSON_OK])
def test_a_cut_answer_is_never_taken_for_a_whole_one(body: bytes) -> None:
    whole = parse(body)
    for length in range(len(body)):
        try:
            cut = parse(body[:length])
        except UnknownOutcomeError:
            continue
        # Only white space may be missing.
        assert (cut.status, cut.descriptions, cut.messages) == (whole.status, whole.descriptions, whole.messages)
        assert body[length:].strip() == b""


def test_the_billion_laughs_are_not_heard() -> None:
    entities = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(12))
    body = f'<!DOCTYPE r [<!ENTITY a0 "ha">{entities}]><response status="ok">&a12;</response>'
    with pytest.raises(UnknownOutcomeError):
        parse(body.encode())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_damage_gives_an_answer_or_an_unknown_outcome_and_nothing_else(noise: bytes, place: int, taken: int) -> None:
    for body in (noise, GOOD[:place] + noise + GOOD[place + taken :], BAD[:place] + noise + BAD[place + taken :]):
        try:
            answer = parse(body)
        except UnknownOutcomeError:
            continue
        assert answer.status in ("ok", "error")


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=60))
def test_a_refusal_in_good_xml_keeps_its_text_word_for_word(text: str) -> None:
    from xml.sax.saxutils import quoteattr

    answer = parse(f'<response status="error"><error description={quoteattr(text)}/></response>'.encode())
    assert answer.description == text.strip()
    assert not answer.repaired
