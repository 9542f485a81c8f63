"""The sentences of the service: where each comes from, that each is said, and that the client knows each refusal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import efimport.sandbox
from efimport.api.refusals import documented_texts
from efimport.sandbox.texts import sentences, text

PACKAGE = Path(efimport.sandbox.__file__).parent
FIELD = re.compile(r"\{\w+\}")
PROPERTY = "Error nr: {position} #{property} - "

NO_REFUSALS = frozenset(
    {
        "statement-imported",
        "pdf-added",
        "pdf-not-added",
        "mass-product-imported",
        "attachment-added",
        "product-image-added",
        "image-added",
        "image-removed",
        "calculation-updated",
        "mass-calculation-updated",
        "action-added",
        "installments-added",
        "invoice-created",
    }
)
"""What the service says when all went well; the client looks for refusals only."""

SEVERAL = "several-errors"
"""Two sentences of properties in one description, each of which the client knows for itself."""


@pytest.mark.parametrize("name", sentences())
def test_a_sentence_names_its_evidence_and_its_source(name: str) -> None:
    sentence = sentences()[name]
    assert sentence.evidence in ("documented", "observed", "assumed")
    assert len(sentence.source) > 10
    if sentence.evidence == "documented":
        assert sentence.source.startswith("web service reference, ")
    if sentence.evidence == "observed":
        assert sentence.source.startswith("public clients")


def test_assumed_sentences_are_marked_unless_they_imitate_documented_ones() -> None:
    for name, sentence in sentences().items():
        ours = sentence.evidence == "assumed" and not sentence.source.startswith("imitates ")
        assert sentence.text.startswith("EMU: ") == ours, name


def test_every_sentence_is_used() -> None:
    sources = [*PACKAGE.rglob("*.py"), PACKAGE / "methods" / "document_types.toml"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [name for name in sentences() if f'"{name}"' not in code] == []


def test_a_sentence_wants_all_its_fields() -> None:
    with pytest.raises(KeyError):
        text("document-exists", label="Sales invoice")


def normalised(sentence: str) -> str:
    """Without what stands around the sentence itself: the property that it is about, and the comma after "Partner"."""
    return sentence.removeprefix(PROPERTY).removesuffix(",")


def fits(pattern: str, sentence: str) -> bool:
    """Whether the one is the other with something in the places of its fields."""
    parts = (re.escape(part) for part in FIELD.split(pattern))
    return re.fullmatch(".+".join(parts), FIELD.sub("x", sentence)) is not None


def are_one(first: str, second: str) -> bool:
    first, second = normalised(first), normalised(second)
    return fits(first, second) or fits(second, first)


def test_a_sentence_is_recognised_by_its_words_whatever_its_fields_are_called() -> None:
    assert are_one("Can not find {label} for number: {n}", "Can not find {kind} for number: {number}")
    assert are_one("Parameter named <{name}> is required.", "Parameter named <IBAN> is required.")
    assert are_one("Error nr: {position} #{property} - Entry is mandatory", "Entry is mandatory")
    assert not are_one("Parameter named <IBAN> is required.", "Parameter named <IBAN> is required")
    assert not are_one("Can not find {label} for number: {n}", "Cannot find {label} for number: {n}")


@pytest.mark.parametrize("known", documented_texts())
def test_the_sandbox_says_every_refusal_that_the_client_knows(known: str) -> None:
    assert [name for name, sentence in sentences().items() if are_one(known, sentence.text)] != []


@pytest.mark.parametrize("name", [name for name, one in sentences().items() if one.evidence != "assumed"])
def test_the_client_knows_every_refusal_that_the_service_has_been_seen_to_say(name: str) -> None:
    known = [refusal for refusal in documented_texts() if are_one(refusal, sentences()[name].text)]
    if name == SEVERAL:
        return
    assert bool(known) == (name not in NO_REFUSALS)


def test_the_exceptions_are_sentences() -> None:
    assert {SEVERAL, *NO_REFUSALS} <= sentences().keys()
