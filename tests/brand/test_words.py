"""A partner's texts become parts of a page, and its words for mails name what there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.tenants.mail_kinds import MAIL_KINDS, UnknownVariableError, check, filled
from portal.tenants.prose import Part, parts

pytestmark = pytest.mark.pure


def test_paragraphs_headings_and_lists_by_three_plain_rules() -> None:
    text = "# Who we are\nKestrel Point LLC\n14 Quay Street\n\nWe keep:\n- names\n- orders\n## Rights\n\nAsk us."
    assert parts(text) == [
        Part("heading", ("Who we are",)),
        Part("paragraph", ("Kestrel Point LLC", "14 Quay Street")),
        Part("paragraph", ("We keep:",)),
        Part("list", ("names", "orders")),
        Part("heading", ("Rights",)),
        Part("paragraph", ("Ask us.",)),
    ]
    assert parts(" \n\n") == parts("#") == []


@given(st.text(alphabet="ab #-\n"))
def test_no_letter_of_a_text_is_lost(text: str) -> None:
    shown = "".join(line for part in parts(text) for line in part.lines)
    assert [c for c in shown if c in "ab"] == [c for c in text if c in "ab"]


@pytest.mark.parametrize("kind", MAIL_KINDS)
def test_the_usual_words_of_every_mail_name_only_what_there_is(kind: str) -> None:
    usual = MAIL_KINDS[kind]
    check(kind, usual.subject)
    check(kind, usual.opening)
    assert "{" not in filled(f"{usual.subject} {usual.opening}", usual.variables)


@pytest.mark.parametrize(
    "text",
    ["{iban}", "{customer.password}", "{customer!r}", "{}", "{0}", "{ customer }", "{customer", "customer}"],
)  # fmt: skip
def test_an_unknown_variable_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(UnknownVariableError) as refused:
        check("invoice", f"Dear {text}")
    assert "is not known here. There is {customer}, {partner}," in str(refused.value)


def test_what_a_value_holds_is_text_and_no_variable() -> None:
    values = {"customer": "{month} {iban}", "month": "April"}
    assert filled("{customer}, {month}, {iban}", values) == "{month} {iban}, April, {iban}"
