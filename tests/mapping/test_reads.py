import pytest

from integrations.mapping.reads import chains, lookups, reads


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("ship_to.city", {"ship_to.city"}),
        ('$trim(first & " the last " & last)', {"first", "last"}),
        ('meta[key = "po"].value', {"meta.value"}),
        ("$$.number", set()),
        ('$lookup("sku", sku)', {"sku"}),
    ],
)
def test_paths_stand_in_a_source_without_texts_and_functions(source, found):
    assert found <= chains(source)
    assert not chains(source) & {"the", "po", "trim", "lookup"}


@pytest.mark.parametrize(
    ("source", "field", "does"),
    [
        ("ship_to.city", "ship_to.city", True),
        ("ship_to.city", "bill_to.city", False),
        ("sku", "lines[].sku", True),
        ("lines", "lines[].sku", True),
        ("number", "po_number", False),
        ('"city"', "ship_to.city", False),
    ],
)
def test_a_source_reads_a_field_by_its_path_or_the_end_of_it(source, field, does):
    assert reads(source, field) is does


def test_the_tables_of_a_source():
    assert lookups('$lookup("a", x) & $lookup( \'b\', $lookup("c", y))') == {"a", "b", "c"}
