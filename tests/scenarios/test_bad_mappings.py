"""Mappings that fail: their documents are held with a reason, everybody else's pass."""

import time

import pytest

from integrations.connectors.http.mapper import MAPPINGS
from integrations.domain import deliver, receive, replay
from integrations.models import Endpoint, Message, Problem
from monitoring.models import ExceptionCase
from tests import pipeline

pytestmark = [pytest.mark.db, pytest.mark.timed]

ENDLESS = "($f := function() { $f() }; $f())"


def remap(endpoint: Endpoint, direction: str = "in", *, version: int = 1, **sources: str) -> None:
    """A version of the order mapping that takes some fields from other expressions."""
    rows = [[row.target, row.source] for row in MAPPINGS["order", direction]]
    changed = [[target, sources.get(target, source)] for target, source in rows]
    endpoint.mappings.create(
        object_type="order", direction=direction, version=version, rows=changed
    )


def held_ids() -> list:
    return list(Message.objects.filter(state="held").values_list("pk", flat=True))


def test_a_runaway_expression_holds_its_documents_and_the_other_endpoints_pass(
    kestrel, shop, erp, sink
):
    remap(shop, po_number=ENDLESS)
    other = pipeline.endpoint(kestrel.harbor, "other", settings={})
    pipeline.flow(other, Endpoint.objects.get(slug="erp"))
    pipeline.store(shop, pipeline.order("1"))
    pipeline.store(other, pipeline.order("2"))
    pipeline.store(shop, pipeline.order("3"))
    began = time.monotonic()
    pipeline.run(kestrel.harbor)
    assert time.monotonic() - began < 10
    assert pipeline.states(direction="in") == ["held", "applied", "held"], pipeline.story()
    assert sink.names == ["2"]
    case = ExceptionCase.objects.get()
    assert (case.code, case.path, case.documents) == ("mapping_error", "po_number", 2)
    assert case.title == "The mapping fails at po_number"


def test_a_bite_of_runaway_expressions_ends_in_seconds_and_the_rest_comes_later(
    kestrel, shop, erp, sink
):
    remap(shop, po_number=ENDLESS)
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(200)])
    began = time.monotonic()
    done = receive.receive(kestrel.harbor).done
    assert time.monotonic() - began < 10
    assert 0 < done < 200
    assert pipeline.states() == ["held"] * done + ["received"] * (200 - done)


def test_a_bite_of_runaway_outbound_expressions_lets_the_rest_wait_untried(
    kestrel, shop, erp, sink
):
    remap(erp, "out", po_number=ENDLESS)
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(100)])
    receive.receive(kestrel.harbor)
    began = time.monotonic()
    assert deliver.deliver(erp.pk).done == 100
    assert time.monotonic() - began < 10
    held = Message.objects.filter(direction="out", state="held").count()
    assert 0 < held < 100
    assert (
        Message.objects.filter(state="waiting", attempts=0, lease_until=None).count() == 100 - held
    )


def test_a_mapping_that_raises_for_some_documents_holds_only_those(kestrel, shop, erp, sink):
    remap(shop, po_number="number = '2' ? $error('no PO in B2C') : number")
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(1, 5)])
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["applied", "held", "applied", "applied"]
    assert sink.names == ["1", "3", "4"]
    problem = Problem.objects.get()
    assert (problem.code, problem.path) == ("mapping_error", "po_number")
    assert problem.text.endswith("po_number: No PO in B2C.")


def test_a_better_mapping_version_and_a_replay_free_what_was_held(kestrel, shop, erp, sink):
    remap(shop, po_number="$error('broken')")
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(3)])
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["held"] * 3
    remap(shop, version=2, po_number="'PO-' & number")
    assert replay.replay(held_ids(), actor="Ana Ruiz", cause="mapping v2") == 3
    pipeline.run(kestrel.harbor)
    assert [o["po_number"] for o in sink.taken] == ["PO-0", "PO-1", "PO-2"]
    assert ExceptionCase.objects.get().state == "resolved"
    assert set(Message.objects.filter(direction="in").values_list("mapping", flat=True)) == {
        "shop order in v2"
    }


def test_an_outbound_mapping_that_raises_holds_only_its_documents(kestrel, shop, erp, sink):
    remap(erp, "out", po_number="number = '2' ? $error('no PO') : number")
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(1, 4)])
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["applied"] * 3
    assert pipeline.states(direction="out") == ["confirmed", "held", "confirmed"]
    assert sink.names == ["1", "3"]
    case = ExceptionCase.objects.get()
    assert (case.code, case.endpoint_id, case.documents) == ("mapping_error", erp.pk, 1)


def test_a_runaway_outbound_mapping_holds_its_document(kestrel, shop, erp, sink):
    remap(erp, "out", po_number=f"number = '2' ? {ENDLESS} : number")
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(1, 4)])
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="out") == ["confirmed", "held", "confirmed"]


def test_a_mapping_that_gives_a_wrong_shape_is_held_at_the_wrong_field(kestrel, shop):
    remap(shop, lines="'none'")
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    case = ExceptionCase.objects.get()
    assert (case.code, case.path, case.value) == ("wrong_type", "lines", "none")


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_mapping_that_does_not_even_compile_holds_its_documents_and_no_others(
    kestrel, shop, erp, sink, direction
):
    remap({"in": shop, "out": erp}[direction], direction, po_number="(((")
    other = pipeline.endpoint(kestrel.harbor, "other", settings={})
    pipeline.store(shop, pipeline.order("1"))
    pipeline.store(other, pipeline.order("2", channel="other"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states(endpoint=other) == ["applied"]
    assert sink.taken == []
    held = Message.objects.get(state="held")
    assert (held.direction, held.endpoint.slug) == (
        direction, {"in": "shop", "out": "erp"}[direction],
    )  # fmt: skip
    assert ExceptionCase.objects.get(endpoint=held.endpoint).code == "mapping_error"
