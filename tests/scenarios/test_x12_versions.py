"""Orders that change or are cancelled while a warehouse has their files, and answers that come late."""

import pytest

from integrations.domain import replay
from integrations.models import Interchange, Message, Record, Reservation
from integrations.queries import ledger
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.scenarios import test_x12
from tests.scenarios.test_x12 import advice, answer, arrives, open_cases, received

pytestmark = pytest.mark.db

server = test_x12.server
northwind = test_x12.depot

REFUSED = "AK2*940*0001~AK3*W01*9**8~AK4*2**7*EA~AK5*R*5~"


def ordered(kestrel, shop, *quantities: str, **fields: object) -> None:
    pipeline.store(shop, *[pipeline.order(quantity=q, **fields) for q in quantities])
    pipeline.run(kestrel.harbor)


def sent() -> list[tuple[str, str]]:
    """(purpose, quantity) of every 940 that was written, in the order in which they went out."""
    found = []
    files = Interchange.objects.filter(direction="out", functional_id="OW").order_by("id")
    for body in files.values_list("payload__body", flat=True):
        segments = [s.strip().split("*") for s in bytes(body).decode().split("~")]
        purposes = [s[1] for s in segments if s[0] == "W05"]
        quantities = [s[1] for s in segments if s[0] == "W01"]
        found.append((*purposes, *quantities))
    return found


def controls() -> list[str]:
    files = Interchange.objects.filter(direction="out", functional_id="OW").order_by("id")
    return list(files.values_list("group_control", flat=True))


def answers(kestrel, northwind, *verdicts: str, of: list[str], first: int = 1) -> None:
    """The warehouse answers some of our files, one 997 for each."""
    for n, (control, verdict) in enumerate(zip(of, verdicts, strict=True), first):
        sets = REFUSED if verdict == "R" else ""
        arrives(kestrel, northwind, received("FA", answer(control, verdict, sets=sets), control=n))


def order_state() -> str:
    return Record.objects.get(object_type="order").state


def out_states() -> list[str]:
    return pipeline.states(direction="out", object_type="order")


def claims() -> dict:
    return dict(Reservation.objects.values_list("state", "quantity"))


def assert_books_balance() -> None:
    found = ledger.balance()
    assert found.findings == []


def test_three_quick_changes_of_an_order_go_out_as_changes_one_after_the_other(
    kestrel, shop, northwind, server
):
    ordered(kestrel, shop, "2")
    ordered(kestrel, shop, "3", "4", "5")
    assert sent() == [("N", "2"), ("R", "3"), ("R", "4"), ("R", "5")]
    assert out_states() == ["delivered"] * 4
    answers(kestrel, northwind, "A", "A", "A", "A", of=controls())
    assert (out_states(), order_state()) == (["confirmed"] * 4, "acknowledged")
    assert (Record.objects.get(object_type="order").version, claims()) == (4, {"sent": 5})
    arrives(kestrel, northwind, received("SW", advice(shipped="5"), control=9))
    assert (order_state(), claims(), open_cases()) == ("shipped", {"consumed": 5}, [])
    assert_books_balance()


def test_changes_that_come_while_the_first_file_cannot_be_put_wait_behind_it(
    kestrel, shop, northwind, server
):
    port = server.port
    northwind.settings = {**northwind.settings, "port": 9}
    northwind.save()
    ordered(kestrel, shop, "2")
    ordered(kestrel, shop, "3", "4", "5")
    assert (sent(), out_states()) == ([("N", "2")], ["waiting"] * 4)
    northwind.settings = {**northwind.settings, "port": port}
    northwind.save()
    Message.objects.filter(direction="out").update(due_at=None)
    pipeline.run(kestrel.harbor)
    assert sent() == [("N", "2"), ("R", "3"), ("R", "4"), ("R", "5")]
    assert len(server.names("in")) == 4
    assert_books_balance()


def test_a_refusal_of_the_first_file_holds_the_changes_too_and_one_replay_sends_all_again(
    kestrel, shop, northwind, server
):
    ordered(kestrel, shop, "2")
    ordered(kestrel, shop, "3", "4")
    answers(kestrel, northwind, "A", of=controls()[2:])
    answers(kestrel, northwind, "R", of=controls()[:1], first=2)
    assert (out_states(), open_cases()) == (["held"] * 3, [("ack_rejected", 3)])
    held = list(Message.objects.filter(state="held").values_list("pk", flat=True))
    replay.replay(held, actor="Ana Ruiz", cause="mapping mended")
    pipeline.run(kestrel.harbor)
    assert sent()[3:] == [("N", "2"), ("R", "3"), ("R", "4")]
    assert (out_states(), open_cases()) == (["delivered"] * 3, [])
    assert_books_balance()


def test_a_refused_change_leaves_the_version_before_it_alone(kestrel, shop, northwind):
    ordered(kestrel, shop, "2")
    ordered(kestrel, shop, "3")
    answers(kestrel, northwind, "A", "R", of=controls())
    assert (out_states(), open_cases()) == (["confirmed", "held"], [("ack_rejected", 1)])
    assert order_state() == "acknowledged"


def test_a_cancel_goes_out_as_one_and_is_in_effect_when_its_file_is_accepted(
    kestrel, shop, northwind
):
    ordered(kestrel, shop, "2")
    answers(kestrel, northwind, "A", of=controls())
    ordered(kestrel, shop, "2", status="cancelled")
    assert sent() == [("N", "2"), ("F",)]
    assert (order_state(), claims()) == ("cancel_requested", {"sent": 2})
    answers(kestrel, northwind, "A", of=controls()[1:], first=2)
    assert (order_state(), claims()) == ("cancelled", {"released": 2})
    assert_books_balance()


def test_a_cancel_outdoes_a_change_that_did_not_go_out_yet(kestrel, shop, northwind):
    ordered(kestrel, shop, "2")
    northwind.state = "paused"
    northwind.save()
    ordered(kestrel, shop, "3")
    ordered(kestrel, shop, "3", status="cancelled")
    northwind.state = "active"
    northwind.save()
    pipeline.run(kestrel.harbor)
    assert sent() == [("N", "2"), ("F",)]
    assert_books_balance()


def test_a_945_of_cancelled_lines_is_the_answer_to_a_cancel_without_its_997(
    kestrel, shop, northwind
):
    ordered(kestrel, shop, "2")
    ordered(kestrel, shop, "2", status="cancelled")
    text = advice(shipped="0").replace("W12*CC*0*0**", "W12*IC*2*0*2*")
    arrives(kestrel, northwind, received("SW", text))
    assert (order_state(), claims(), open_cases()) == ("cancelled", {"released": 2}, [])
    answers(kestrel, northwind, "A", of=controls()[1:], first=2)
    assert (order_state(), out_states()) == ("cancelled", ["delivered", "confirmed"])
    assert_books_balance()


def test_goods_that_leave_after_the_cancel_was_accepted_open_a_case(kestrel, shop, northwind):
    ordered(kestrel, shop, "2")
    ordered(kestrel, shop, "2", status="cancelled")
    answers(kestrel, northwind, "A", "A", of=controls())
    assert order_state() == "cancelled"
    arrives(kestrel, northwind, received("SW", advice(), control=9))
    assert (order_state(), claims()) == ("shipped", {"consumed": 2})
    assert open_cases() == [("shipped_after_cancel", 1)]
    assert_books_balance()


def test_a_warehouse_that_refuses_a_cancel_leaves_it_open_for_a_person(kestrel, shop, northwind):
    ordered(kestrel, shop, "2")
    ordered(kestrel, shop, "2", status="cancelled")
    answers(kestrel, northwind, "A", "R", of=controls())
    assert (order_state(), claims()) == ("cancel_requested", {"sent": 2})
    assert open_cases() == [("ack_rejected", 1)]


def test_an_acceptance_that_comes_after_the_refusal_counts_and_closes_the_case(
    kestrel, shop, northwind
):
    ordered(kestrel, shop, "2")
    answers(kestrel, northwind, "R", of=controls())
    assert (out_states(), open_cases()) == (["held"], [("ack_rejected", 1)])
    answers(kestrel, northwind, "A", of=controls(), first=2)
    assert (out_states(), order_state(), claims()) == (["confirmed"], "acknowledged", {"sent": 2})
    assert open_cases() == []
    case = ExceptionCase.objects.get()
    assert (case.state, case.resolution) == (
        "resolved",
        "Northwind accepted the document after all",
    )
    assert_books_balance()


def test_a_change_that_waited_behind_the_refused_order_goes_out_when_that_is_accepted(
    kestrel, shop, northwind
):
    ordered(kestrel, shop, "2")
    answers(kestrel, northwind, "R", of=controls())
    ordered(kestrel, shop, "3")
    assert out_states() == ["held", "waiting"]
    answers(kestrel, northwind, "A", of=controls(), first=2)
    assert sent() == [("N", "2"), ("R", "3")]


def test_an_acceptance_of_what_was_taken_back_is_told_to_a_person(kestrel, shop, northwind):
    ordered(kestrel, shop, "2")
    answers(kestrel, northwind, "R", of=controls())
    ordered(kestrel, shop, "2", status="cancelled")
    assert (order_state(), out_states()) == ("cancelled", ["superseded"])
    answers(kestrel, northwind, "A", of=controls(), first=2)
    assert (order_state(), out_states()) == ("cancelled", ["superseded"])
    assert open_cases() == [("ack_too_late", 1)]
    assert_books_balance()


def test_an_answer_to_a_file_whose_order_was_sent_again_is_no_unknown_one(kestrel, shop, northwind):
    ordered(kestrel, shop, "2")
    first = controls()
    answers(kestrel, northwind, "R", of=first)
    held = Message.objects.get(state="held")
    replay.replay([held.pk], actor="Ana Ruiz", cause="mapping mended")
    pipeline.run(kestrel.harbor)
    answers(kestrel, northwind, "R", of=first, first=2)
    assert (out_states(), open_cases()) == (["delivered"], [])
