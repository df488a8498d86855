"""What is proposed for a target, and why."""

import pytest

from benchmarks import suggestions as bench
from integrations.canonical.schema import schema_of
from integrations.mapping import Row
from integrations.mapping.fields import source_fields, target_fields
from integrations.mapping.schema_fields import TargetField
from integrations.mapping.suggest import Earlier, suggest

DOCUMENT = {
    "order_no": "A-1",
    "cust_ref": "PO-9",
    "delivery": {"town": "Reno", "zip": "89502"},
    "items": [{"article": "TENT-2P", "qty": 2}],
}
FIELDS = source_fields([DOCUMENT])


def target(path: str) -> TargetField:
    return next(f for f in target_fields(schema_of("order"), given=[path]) if f.path == path)


@pytest.mark.parametrize(
    ("path", "source"),
    [("ship_to.city", "delivery.town"), ("ship_to.postal_code", "delivery.zip")],
)
def test_words_of_the_trade_that_mean_the_same_are_found(path: str, source: str) -> None:
    best = suggest(target(path), FIELDS, rows=[])[0]
    assert (best.source, best.score > 0.5) == (source, True)


def test_a_field_of_a_line_is_proposed_as_it_is_written_inside_the_loop() -> None:
    rows = [Row("lines[]", "items")]
    assert suggest(target("lines[].sku"), FIELDS, rows=rows)[0].source == "article"


def test_a_target_that_has_a_row_is_left_alone() -> None:
    rows = [Row("ship_to.city", "delivery.zip")]
    assert suggest(target("ship_to.city"), FIELDS, rows=rows) == []


def test_how_the_partner_mapped_it_elsewhere_is_carried_over() -> None:
    rows = [Row("lines[]", "items")]
    earlier = [Earlier("Northwind store", "lines[].sku", '$lookup("sku", article_no)')]
    best = suggest(target("lines[].sku"), FIELDS, rows=rows, earlier=earlier)[0]
    assert best.source == '$lookup("sku", article)'
    assert best.reason == "You mapped it so in Northwind store"


def test_nothing_is_proposed_from_fields_that_look_like_nothing() -> None:
    assert suggest(target("currency"), source_fields([{"zzz": "q"}]), rows=[]) == []


def test_seven_of_ten_hidden_rows_of_the_shipped_mappings_are_proposed_first() -> None:
    hits = [bench.is_first(*one) for name in bench.WHOSE for one in bench.hidden_rows(name)]
    assert len(hits) == 126
    assert sum(hits) / len(hits) >= 0.7
