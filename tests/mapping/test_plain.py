import pytest

from integrations.mapping.plain import is_plain
from tests.mapping.shipped import shipped_rows

pytestmark = pytest.mark.pure


def test_every_shipped_row_is_plain():
    assert [row for row in shipped_rows() if not is_plain(row.source)] == []


@pytest.mark.parametrize(
    "source",
    [
        "[1..3]",
        "$map(a, function($x) { $x })",
        "$map(a, λ($x) { $x })",
        "$distinct(a)",
        "$formatInteger(a, b)",
        "$replace(a, b, c)",
        '$replace(a, b, "more than twenty characters")',
        "$join(a, b)",
        '$join(a.$join(b.$join(c.$join(d, ","), ","), ","), ",")',
        "($s := a; $s.($s))",
        "items.{'all': $$}",
        "items{sku: $$}",
        "items.$root.items",
        "[" + "$$, " * 25 + "1]",
        "($a := [x,x]; $b := [$a,$a,$a,$a,$a,$a]; $c := [$b,$b,$b,$b,$b,$b]; [$c,$c,$c,$c,$c,$c]"
        + "; $d := [$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c,$c])",
        "**.a",
        "a ~> |b|{}|",
        "$string",
        "$pad ~> $x",
        "'half",
    ],
)
def test_what_may_grow_or_last_is_not_plain(source):
    assert not is_plain(source)


@pytest.mark.parametrize(
    "source",
    ["a / b", "$match(a, /x/i)[0].match", 'a & " .. ** function"', "/* $distinct */ a", "$root.a"],
)
def test_what_only_looks_dangerous_is_plain(source):
    assert is_plain(source)
