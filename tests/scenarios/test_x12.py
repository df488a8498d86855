"""Files of a warehouse: damaged ones, repeated ones, and what its acknowledgements mean."""

import pytest

from integrations.domain import replay
from integrations.models import Interchange, Message, Problem, Record, Reservation
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.connectors.x12.server import USER, Server
from tests.formats.x12_samples import SET_846, SET_997, enveloped

pytestmark = pytest.mark.db

OPEN = ("new", "open", "regressed", "waiting", "snoozed")


@pytest.fixture
def server():
    made = Server("pw")
    yield made
    made.close()


@pytest.fixture
def depot(kestrel, shop, server):
    """A warehouse that all orders go to; our files are marked as tests, as are the samples."""
    made = pipeline.endpoint(
        kestrel.harbor, "northwind", "x12", site="RNO1", label="Northwind", rate_per_second=1000,
        secrets={"password": "pw"},
        settings={
            "host": "127.0.0.1", "port": server.port, "user": USER, "host_key": server.host_key_line,
            "drop_folder": "in", "pick_up_folder": "out", "site": "RNO1", "own_id": "PORTAL",
            "partner_id": "NWIND3PL", "usage": "T",
        },
    )  # fmt: skip
    pipeline.flow(shop, made, routed=True)
    return made


def received(functional_id: str, *sets: str, control: int = 5101) -> bytes:
    """A file from the warehouse to us: the samples have the two the other way round."""
    text = enveloped(functional_id, *sets, control=control).decode()
    text = text.replace("PORTAL         *ZZ*NWIND3PL       ", "NWIND3PL       *ZZ*PORTAL         ")
    return text.replace("*PORTAL*NWIND3PL*", "*NWIND3PL*PORTAL*").encode()


def advice(order: str = "1001", *, shipped: str = "2", number: str = "SH-1") -> str:
    return (
        f"ST*945*0001~W06*F*{order}*20260303*{number}~N1*WH*NORTHWIND*92*RNO1~N9*CN*1Z01~"
        f"G62*11*20260303~W27*M*UPSN~LX*1~W12*CC*{shipped}*{shipped}**EA**VN*TENT-2P~W03*{shipped}~"
        "SE*10*0001~"
    )


def answer(control: int | str, verdict: str = "A", *, sets: str = "") -> str:
    counted = {"A": 1, "R": 0}[verdict]
    text = f"ST*997*0001~AK1*OW*{control}~{sets}AK9*{verdict}*1*1*{counted}~"
    return f"{text}SE*{text.count('~') + 1}*0001~"


def arrives(kestrel, depot, *files: bytes) -> None:
    pipeline.store(depot, *files, object_type="interchange")
    pipeline.run(kestrel.harbor)


def ordered(kestrel, shop, *numbers: str) -> None:
    pipeline.store(shop, *[pipeline.order(n) for n in numbers])
    pipeline.run(kestrel.harbor)


def open_cases() -> list[tuple[str, int]]:
    found = ExceptionCase.objects.filter(state__in=OPEN).order_by("code")
    return [(c.code, c.documents) for c in found]


def states_in() -> list[str]:
    return pipeline.states(direction="in", endpoint__slug="northwind")


def order_state(number: str = "1001") -> str:
    return Record.objects.get(object_type="order", number=number).state


def order_messages() -> list[str]:
    return pipeline.states(direction="out", object_type="order")


def group_control() -> str:
    return (
        Interchange.objects.filter(direction="out", functional_id="OW").latest("at").group_control
    )


def test_an_order_is_written_and_waits_for_its_acknowledgement(kestrel, shop, depot, server):
    ordered(kestrel, shop, "1001")
    [name] = server.names("in")
    assert name.startswith("940_NWIND3PL_")
    assert b"W05*N*1001" in (server.root / "in" / name).read_bytes()
    assert (order_messages(), order_state()) == (["delivered"], "sent_to_warehouse")


def test_an_accepted_order_is_confirmed_and_its_claim_is_sent(kestrel, shop, depot):
    ordered(kestrel, shop, "1001")
    arrives(kestrel, depot, received("FA", answer(group_control())))
    assert (order_messages(), order_state()) == (["confirmed"], "acknowledged")
    assert Reservation.objects.get().state == "sent"
    assert states_in() == ["split", "applied"]


def test_a_refused_order_is_held_and_a_replay_sends_it_under_a_new_number(
    kestrel, shop, depot, server
):
    ordered(kestrel, shop, "1001")
    sets = "AK2*940*0001~AK3*W66*9**8~AK4*5**7*GROUND~AK5*R*5~"
    arrives(kestrel, depot, received("FA", answer(group_control(), "R", sets=sets)))
    assert (order_messages(), open_cases()) == (["held"], [("ack_rejected", 1)])
    case = ExceptionCase.objects.get()
    assert (case.severity, case.title) == (1, "Northwind refused our document")
    assert "W66" in Problem.objects.get().text
    held = Message.objects.get(state="held")
    replay.replay([held.pk], actor="Ana Ruiz", cause="mapping mended")
    pipeline.run(kestrel.harbor)
    controls = Interchange.objects.filter(direction="out", functional_id="OW").order_by("id")
    assert [i.control for i in controls] == ["000000001", "000000002"]
    assert (order_messages(), open_cases()) == (["delivered"], [])
    assert len([n for n in server.names("in") if n.startswith("940")]) == 2


def test_one_refused_order_of_a_file_leaves_the_others_confirmed(kestrel, shop, depot):
    ordered(kestrel, shop, "1", "2", "3")
    sets = "AK2*940*0001~AK5*A~AK2*940*0002~AK5*R*5~AK2*940*0003~AK5*E*5~"
    text = f"ST*997*0001~AK1*OW*{group_control()}~{sets}AK9*P*3*3*2~"
    text += f"SE*{text.count('~') + 1}*0001~"
    arrives(kestrel, depot, received("FA", text))
    assert order_messages() == ["confirmed", "held", "confirmed"], pipeline.story()
    assert open_cases() == [("ack_rejected", 1)]


def test_a_group_refused_as_a_whole_holds_all_its_orders_in_one_case(kestrel, shop, depot):
    ordered(kestrel, shop, "1", "2")
    arrives(kestrel, depot, received("FA", answer(group_control(), "R")))
    assert order_messages() == ["held", "held"]
    assert open_cases() == [("ack_rejected", 2)]


def test_a_refusal_that_comes_after_the_acceptance_leaves_no_case_without_a_document(
    kestrel, shop, depot
):
    ordered(kestrel, shop, "1001")
    control = group_control()
    arrives(kestrel, depot, received("FA", answer(control), control=1))
    arrives(kestrel, depot, received("FA", answer(control, "R"), control=2))
    held = set(Message.objects.filter(state="held").values_list("pk", flat=True))
    told = set(Problem.objects.filter(closed_at=None).values_list("message_id", flat=True))
    assert held == told
    assert (order_messages(), open_cases()) == (["held"], [("ack_rejected", 1)])
    arrives(kestrel, depot, received("FA", answer(control, "R"), control=3))
    assert open_cases() == [("ack_rejected", 1)]


def test_an_acceptance_that_comes_twice_changes_nothing(kestrel, shop, depot):
    ordered(kestrel, shop, "1001")
    control = group_control()
    for n in (1, 2):
        arrives(kestrel, depot, received("FA", answer(control), control=n))
    assert (order_messages(), order_state(), open_cases()) == (["confirmed"], "acknowledged", [])


def test_an_acknowledgement_of_nothing_we_sent_is_held(kestrel, depot):
    arrives(kestrel, depot, received("FA", SET_997))
    assert states_in() == ["split", "held"]
    case = ExceptionCase.objects.get()
    assert (case.code, case.title, case.severity) == (
        "ack_unknown", "Northwind acknowledged what we did not send", 3,
    )  # fmt: skip


def test_a_shipment_advice_ships_its_order_and_is_answered(kestrel, shop, depot, server):
    ordered(kestrel, shop, "1001")
    arrives(kestrel, depot, received("SW", advice()))
    assert order_state() == "shipped"
    assert Reservation.objects.get().state == "consumed"
    answers = [n for n in server.names("in") if n.startswith("997")]
    assert len(answers) == 1
    text = (server.root / "in" / answers[0]).read_text()
    assert "AK1*SW*5101" in text
    assert "AK9*A*1*1*1" in text


def test_a_945_for_an_unknown_order_is_held_and_passes_when_the_order_has_come(
    kestrel, shop, depot
):
    arrives(kestrel, depot, received("SW", advice("4711")))
    assert states_in() == ["split", "held"]
    case = ExceptionCase.objects.get()
    assert (case.code, case.value, case.severity) == ("unknown_order_945", "4711", 1)
    assert case.title == "Northwind sent shipments of orders that are not known"
    assert not Record.objects.filter(object_type="shipment").exists()
    ordered(kestrel, shop, "4711")
    held = Message.objects.filter(state="held").values_list("pk", flat=True)
    replay.replay(list(held), actor="Ana Ruiz", cause="the order came")
    pipeline.run(kestrel.harbor)
    assert (order_state("4711"), open_cases()) == ("shipped", [])


def test_a_945_for_an_unknown_order_does_not_stop_the_others_of_its_file(kestrel, shop, depot):
    ordered(kestrel, shop, "1001")
    unknown = advice("4711", number="SH-2").replace("*0001~", "*0002~")
    arrives(kestrel, depot, received("SW", advice(), unknown))
    assert states_in() == ["split", "applied", "held"]
    assert order_state() == "shipped"


CLEAN = received("IB", SET_846)
DAMAGED = {
    "cut in the middle": CLEAN[: len(CLEAN) // 2],
    "cut in the ISA": CLEAN[:50],
    "cut before the IEA": CLEAN[: CLEAN.index(b"IEA*")],
    "wrong SE count": CLEAN.replace(b"SE*12*", b"SE*13*"),
    "wrong GE count": CLEAN.replace(b"GE*1*", b"GE*2*"),
    "wrong IEA count": CLEAN.replace(b"IEA*1*", b"IEA*3*"),
    "wrong IEA number": CLEAN.replace(b"IEA*1*000005101", b"IEA*1*000005102"),
    "wrong SE number": CLEAN.replace(b"SE*12*0001", b"SE*12*0009"),
    "a wrong group for the set": CLEAN.replace(b"GS*IB*", b"GS*SW*"),
    "no X12 at all": b"PK\x03\x04 this is a zip file \x00\x01\x02",
    "empty": b"",
    "JSON": b'{"number": "1001"}',
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_held_with_its_case_and_takes_no_effect(kestrel, depot, name):
    arrives(kestrel, depot, DAMAGED[name])
    container = Message.objects.get(parent=None, direction="in")
    assert container.state == "held", pipeline.story()
    assert not Record.objects.filter(object_type="inventory").exists()
    codes = set(ExceptionCase.objects.filter(closed_at=None).values_list("code", flat=True))
    assert codes <= {"envelope_error", "encoding_error"}
    assert codes
    held = set(Message.objects.filter(state="held").values_list("pk", flat=True))
    told = set(Problem.objects.filter(closed_at=None).values_list("message_id", flat=True))
    assert held == told == {container.pk}


def test_a_document_with_broken_characters_is_held_in_clear_words(kestrel, depot):
    arrives(kestrel, depot, CLEAN.replace(b"SI*INV", b"SI*\x00\x00\x00"))
    assert states_in() == ["split", "held"]
    assert open_cases() == [("encoding_error", 1)]


@pytest.mark.parametrize("name", ["wrong SE count", "cut in the middle", "no X12 at all"])
def test_a_damaged_file_that_comes_twice_is_held_twice_and_stops_nothing(kestrel, depot, name):
    arrives(kestrel, depot, DAMAGED[name], DAMAGED[name], CLEAN)
    containers = Message.objects.filter(parent=None, direction="in").order_by("id")
    assert [m.state for m in containers] == ["held", "held", "split"], pipeline.story()
    assert "poison" not in {code for code, _ in open_cases()}
    assert Record.objects.filter(object_type="inventory").count() == 2


def test_a_good_file_after_a_damaged_one_under_the_same_number_passes(kestrel, depot):
    arrives(kestrel, depot, DAMAGED["wrong SE count"])
    arrives(kestrel, depot, CLEAN)
    assert Record.objects.filter(object_type="inventory").count() == 2


def test_a_held_file_passes_when_its_oddity_is_tolerated(kestrel, depot):
    arrives(kestrel, depot, DAMAGED["wrong SE count"])
    depot.settings = {**depot.settings, "lenient": ["segment_count_mismatch"]}
    depot.save()
    held = Message.objects.get(parent=None, direction="in")
    replay.replay([held.pk], actor="Ana Ruiz", cause="tolerated from now on")
    pipeline.run(kestrel.harbor)
    held.refresh_from_db()
    assert held.state == "split", pipeline.story()
    assert Record.objects.filter(object_type="inventory").count() == 2
    assert pipeline.states(parent=held) == ["applied"]
    assert open_cases() == []


def test_the_same_interchange_with_the_same_bytes_is_noted_and_dropped(kestrel, depot):
    arrives(kestrel, depot, CLEAN)
    arrives(kestrel, depot, CLEAN)
    assert pipeline.states(parent=None, direction="in") == ["split", "superseded"]
    assert pipeline.states(object_type="inventory", direction="in") == ["applied"]
    assert open_cases() == []


def test_the_same_interchange_twice_in_one_batch_takes_effect_once(kestrel, depot):
    arrives(kestrel, depot, CLEAN, CLEAN)
    assert pipeline.states(parent=None, direction="in") == ["split", "superseded"]
    assert pipeline.states(object_type="inventory", direction="in") == ["applied"]


def test_the_same_interchange_number_with_other_bytes_is_held(kestrel, depot):
    arrives(kestrel, depot, CLEAN)
    arrives(kestrel, depot, CLEAN.replace(b"QTY*17*310*EA", b"QTY*17*999*EA"))
    containers = Message.objects.filter(parent=None, direction="in").order_by("id")
    assert [m.state for m in containers] == ["split", "held"]
    [case] = ExceptionCase.objects.all()
    assert (case.code, case.value) == ("duplicate_control_number", "000005101")
    levels = Record.objects.filter(object_type="inventory", number="TENT-2P")
    assert [r.body["on_hand"] for r in levels] == ["310"]


def test_a_file_meant_for_somebody_else_is_held_and_not_answered(kestrel, depot, server):
    arrives(kestrel, depot, CLEAN.replace(b"NWIND3PL       *", b"SOMEBODY       *"))
    assert open_cases() == [("unknown_partner", 1)]
    assert server.names("in") == []


def test_a_damaged_file_is_answered_with_a_refusal(kestrel, depot, server):
    arrives(kestrel, depot, DAMAGED["wrong SE count"])
    [name] = server.names("in")
    text = (server.root / "in" / name).read_text()
    assert "AK1*IB*5101" in text
    assert "AK5*R*4" in text


def test_a_warehouse_that_cannot_be_reached_gets_the_same_file_when_it_can(
    kestrel, shop, depot, server
):
    port = server.port
    depot.settings = {**depot.settings, "port": 9}
    depot.save()
    ordered(kestrel, shop, "1001")
    assert order_messages() == ["waiting"]
    before = Interchange.objects.get()
    depot.settings = {**depot.settings, "port": port}
    depot.save()
    Message.objects.filter(direction="out").update(due_at=None)
    pipeline.run(kestrel.harbor)
    assert order_messages() == ["delivered"]
    assert Interchange.objects.get().control == before.control
    assert server.names("in") == [before.file_name]
