import pytest

from integrations.contracts import problems_with


@pytest.mark.parametrize(
    "schema", [{"type": 5}, {"type": [{}]}, {"properties": []}, {"required": 7}, {"enum": 1}]
)
def test_keywords_of_the_wrong_form_are_named_and_nothing_breaks(schema):
    assert problems_with(schema)
