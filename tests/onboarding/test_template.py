"""Templates: what is written is read again, and what does not fit is refused in plain words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.onboarding.template import TemplateError, export_template, read_template

DATA: dict[str, Any] = {
    "template": 1,
    "name": "Web store",
    "connector": "woocommerce",
    "settings": {"overlap_seconds": 300},
    "flows": [{"object": "order", "direction": "in", "peer": "warehouse", "latency": "realtime",
               "drift": "warn"}],
    "mappings": [{"object": "order", "direction": "in", "rows": [["number", "number"]]}],
    "lookups": [{"name": "uom", "default": "hold", "default_value": "", "rows": {"NO": "EA"}}],
    "contracts": [{"object": "order", "schema": {"type": "object", "required": ["number"]}}],
}  # fmt: skip
TEXT = export_template(DATA)


def test_a_template_is_read_as_it_was_written() -> None:
    assert read_template(TEXT) == DATA
    assert export_template(read_template(TEXT)) == TEXT


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=9), max_size=5))
def test_every_code_and_meaning_survives(rows: dict[str, str]) -> None:
    lookup = {"name": "sku", "default": "hold", "default_value": "", "rows": rows}
    assert read_template(export_template({**DATA, "lookups": [lookup]}))["lookups"] == [lookup]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("template: 1", "template: 2",
         "Line 1: This is a template of version 2; this installation reads version 1."),
        ("settings:\n", "settings:\n  consumer_secret: cs_1\n", "consumer_secret is a secret"),
        ("flows:", "flow:", "Nothing is called flow here. Did you mean flows?"),
        ("name: Web store\n", "", "name is missing"),
        ("name: Web store", "name: [a]", "name has to be a text"),
        ("  - - number\n    - number", "  - - number\n    - $lookup(", "number"),
        ("type: object", "type: array", "accepts no document"),
        ("template: 1", "template: 1\n  : [", "This is not YAML"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(TemplateError) as refused:
        read_template(TEXT.replace(old, new, 1))
    assert said in str(refused.value)


def test_a_file_that_unfolds_into_millions_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]\n"
        for p, c in zip("abcdefg", "bcdefgh", strict=True)
    )
    with pytest.raises(TemplateError):
        read_template(bomb)


def test_a_file_of_more_than_a_megabyte_is_refused() -> None:
    with pytest.raises(TemplateError, match="larger than 1 MB"):
        read_template("#" * 1_000_001)
