"""Quantities that none of our documents could say: a sentence that names who says what of which item."""

from types import SimpleNamespace

import pytest

from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from integrations.domain import clients
from monitoring.domain import reconcile_sides
from monitoring.models import Correction, ExceptionCase
from monitoring.reconcile import amount
from portal.core import clock
from tests.reconciliation.conftest import TENT, only_break, run, twice
from tests.reconciliation.test_order_runs import define as define_orders

pytestmark = pytest.mark.db
ENDLESS = "1e3000000"


def telling(monkeypatch, **says):
    said = SimpleNamespace(
        **{name: lambda *_, what=what, **__: what for name, what in says.items()}
    )
    monkeypatch.setattr(clients, "telling", lambda target: said)


@pytest.mark.parametrize("said", [ENDLESS, "1e-3000000", "99999999999999", "many"])
def test_stock_that_is_no_quantity_refuses_the_run_by_its_item(house, monkeypatch, said):
    house.count()
    telling(monkeypatch, levels=[LevelSaid("RNO1", TENT, said)])
    ended = run(house.define())
    assert (ended.state, ended.trouble) == (
        "refused",
        f"ERP says “{said}” of TENT-2P, which is no quantity we can compare."
        " Have it corrected there, and compare again.",
    )
    assert ExceptionCase.objects.get().code == "recon_refused"


@pytest.mark.parametrize(
    ("order", "line", "sentence"),
    [
        ({"pieces": ENDLESS}, "2", f"ERP says “{ENDLESS}” of order 1001, which is no quantity"),
        ({"total": ENDLESS}, "2", f"ERP says “{ENDLESS}” of order 1001, which is no amount"),
        ({"total": "free"}, "2", "ERP says “free” of order 1001, which is no amount"),
        ({"pieces": "1"}, ENDLESS, f"ERP says “{ENDLESS}” of {TENT} in order 1001"),
    ],
)
def test_an_order_with_a_number_that_is_none_refuses_the_run(
    house, monkeypatch, order, line, sentence
):
    # Late in the hour: what was placed in one that has just begun is not compared yet.
    with clock.freeze(clock.now().replace(minute=40)):
        house.count()
        house.order("1001", ("TENT-2P", 2))
        one = define_orders(house)
        said = OrderSaid("1001", "SO-1", "open", clock.now(), **order)
        telling(monkeypatch, orders=[said], order_lines={"SO-1": [LineSaid(TENT, line)]})
        ended = run(one)
    assert ended.state == "refused"
    assert ended.trouble.startswith(sentence)


def test_what_comes_past_the_door_still_ends_the_run_with_a_sentence(house, monkeypatch):
    monkeypatch.setattr(reconcile_sides, "stock_of", lambda *_: amount(ENDLESS))
    ended = run(house.define())
    assert (ended.state, ended.trouble) == ("failed", f"“{ENDLESS}” is no quantity.")


@pytest.mark.parametrize("said", [ENDLESS, "1e-3000000", "1/0", "٣", "many"])
def test_the_form_says_that_it_is_no_quantity(operator, house, said):
    house.count({"TENT-2P": -2})
    one = house.define()
    twice(one)
    address = f"/reconciliation/breaks/{only_break(one).pk}/correct/adjust/"
    answer = operator.post(address, {"adjust-quantity": said, "adjust-reason": "Counted"})
    assert answer.status_code == 422
    assert f"“{said}” is no quantity. Write it as -2 or 2.5." in answer.content.decode()
    assert not Correction.objects.exists()
