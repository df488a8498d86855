from datetime import UTC, datetime

import pytest

from sandbox.x12 import acknowledge
from sandbox.x12.acknowledge import Verdict
from sandbox.x12.check import check
from sandbox.x12.read import Interchange, RefusedError, read
from sandbox.x12.write import Envelope, build

NOON = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)

ISA = (
    f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PORTAL':15}*ZZ*{'NWIND3PL':15}"
    "*260302*1405*U*00401*000005101*0*T*>~\n"
)
GOOD = (
    ISA
    + """\
GS*OW*PORTAL*NWIND3PL*20260302*1405*5101*X*004010~
ST*940*0001~
W05*N*SO-10442*PO-7781~
N1*ST*HARBOR OUTFITTERS DC 2*92*DC02~
N3*400 QUAY STREET~
N4*RENO*NV*89502*US~
N1*WH*NORTHWIND 3PL RENO*92*RNO1~
N9*CO*WEB-55102~
G62*10*20260303~
NTE*DEL*DOCK 4 ONLY~
W66*PP*M***GROUND*****UPSN~
LX*1~
W01*24*EA*012345678905*VN*TENT-2P~
G69*TWO PERSON TENT~
LX*2~
W01*2*CA**VN*MUG-12~
W76*26*118*LB~
SE*17*0001~
GE*1*5101~
IEA*1*000005101~
"""
)


def _only(text: str) -> Interchange:
    (found,) = read(text.encode())
    assert isinstance(found, Interchange), found
    return found


def _faults(text: str) -> list[str]:
    """Each fault of the first set as segment, position, code and element position:code."""
    return [
        " ".join(
            [f.segment, str(f.position), f.code, *(f"{e.position}:{e.code}" for e in f.elements)]
        )
        for f in check(_only(text).groups[0].sets[0])
    ]


def test_a_good_940_has_no_faults() -> None:
    interchange = _only(GOOD)
    assert (interchange.sender, interchange.receiver) == ("PORTAL", "NWIND3PL")
    assert interchange.groups[0].faults == []
    assert interchange.groups[0].sets[0].faults == []
    assert _faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("W66*PP", "W66*M", "W66 10 8 1:4"),
        ("W66*PP", "W66*QQ", "W66 10 8 1:7"),
        ("*2*CA*", "*2*CX*", "W01 15 8 2:7"),
        ("*VN*MUG-12", "*VN", "W01 15 8 5:2"),
        ("W01*24*EA*012345678905", "W01*24*EA*12345", "W01 12 8 3:4"),
        ("W76*26", "W76*25", "W76 16 8 1:7"),
        ("G62*10*20260303", "G62*10*20260231", "G62 8 8 2:8"),
        ("G62*10*20260303", "G62*10*20261303", "G62 8 8 2:8"),
        ("N4*RENO*NV*89502*US", "N4*RENO*NV*89502*US*", "N4 5 8"),
        ("N3*400 QUAY STREET", f"N3*{'X' * 56}", "N3 4 8 1:5"),
        ("N9*CO*WEB-55102~\n", "N9*CO*WEB-55102~\nZZZ*1~\n", "ZZZ 8 1"),
        ("W05*N*SO-10442", "W05*N*", "W05 2 8 2:1"),
        ("W05*N*", "W05*Q*", "W05 2 8 1:7"),
    ],
)
def test_a_wrong_segment_is_named_by_position_and_code(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    assert _faults(GOOD.replace(old, new)) == [fault]


def test_a_quantity_of_zero_is_a_fault_even_when_the_total_agrees() -> None:
    wrong = GOOD.replace("W01*2*CA", "W01*0*CA").replace("W76*26", "W76*24")
    assert _faults(wrong) == ["W01 15 8 1:7"]


def test_a_missing_w66_is_reported_at_the_end_of_the_set() -> None:
    assert _faults(GOOD.replace("W66*PP*M***GROUND*****UPSN~\n", "")) == ["W66 16 3"]


def test_a_header_segment_after_the_lines_is_out_of_sequence() -> None:
    moved = GOOD.replace("N9*CO*WEB-55102~\n", "").replace("W76", "G62*10*20260303~\nW76", 1)
    assert _faults(moved) == ["G62 15 7"]


def test_a_cancel_needs_only_its_header_and_an_empty_total() -> None:
    head = GOOD.split("N1*ST")[0].replace("W05*N", "W05*F")
    cancel = head + "W76*0~\nSE*4*0001~\nGE*1*5101~\nIEA*1*000005101~\n"
    assert _faults(cancel) == []


@pytest.mark.parametrize(
    ("old", "new", "set_faults", "group_faults"),
    [
        ("SE*17", "SE*18", ["4"], []),
        ("SE*17*0001", "SE*17*0002", ["3"], []),
        ("SE*17*0001~\n", "", ["2"], []),
        ("GE*1*", "GE*2*", [], ["5"]),
        ("GE*1*5101", "GE*1*5102", [], ["4"]),
        ("GE*1*5101~\n", "", [], ["3"]),
        ("ST*940*0001", "ST*941*0001", ["1"], []),
        ("GS*OW", "GS*SW", ["6"], []),
    ],
)
def test_wrong_counts_and_controls_are_named(old, new, set_faults, group_faults) -> None:
    group = _only(GOOD.replace(old, new)).groups[0]
    assert (group.sets[0].faults, group.faults) == (set_faults, group_faults)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "024"),
        ("hello", "024"),
        (GOOD[:400], "023"),
        (GOOD.replace("IEA*1*", "IEA*2*"), "021"),
        (GOOD.replace("IEA*1*000005101", "IEA*1*000005102"), "001"),
        (GOOD.replace("ISA*00*          *", "ISA*00*         *", 1), "024"),
        (GOOD.replace("*U*00401*", "*U*00200*"), "017"),
        (GOOD.replace("*0*T*>~", "*0*X*>~"), "020"),
        (GOOD.replace("RENO*NV", "REÑO*NV"), "024"),
    ],
)
def test_an_interchange_that_cannot_be_taken_is_refused_with_its_note(text: str, note: str) -> None:
    (refused,) = read(text.encode())
    assert isinstance(refused, RefusedError)
    assert refused.note == note


def test_two_interchanges_of_a_file_stand_for_themselves() -> None:
    second = GOOD.replace("000005101", "000005102").replace("*", "|").replace("~", "!")
    first, other = read((GOOD + second).encode())
    assert isinstance(first, Interchange)
    assert isinstance(other, Interchange)
    assert (first.control, other.control) == ("000005101", "000005102")


def test_the_997_accepts_as_the_worked_example_does() -> None:
    group = _only(GOOD).groups[0]
    body = acknowledge.body(group, [Verdict(group.sets[0], [], [])])
    data = build(Envelope("NWIND3PL", "PORTAL", 7, 8, NOON), "997", [body]).decode()
    assert "".join(data.split("\n")[2:8]) == (
        "ST*997*0001~AK1*OW*5101~AK2*940*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~"
    )
    assert len(data.split("\n")[0]) == 106
    (again,) = read(data.encode())
    assert isinstance(again, Interchange)


def test_the_997_rejects_with_segment_position_and_bad_value() -> None:
    group = _only(GOOD.replace("*2*CA*", "*2*CX*")).groups[0]
    verdict = Verdict(group.sets[0], check(group.sets[0]), [])
    assert ["*".join(segment) for segment in acknowledge.body(group, [verdict])] == [
        "AK1*OW*5101",
        "AK2*940*0001",
        "AK3*W01*15**8",
        "AK4*2*355*7*CX",
        "AK5*R*5",
        "AK9*R*1*1*0",
    ]


def test_one_good_and_one_bad_set_make_a_partly_accepted_group() -> None:
    one = GOOD.split("ST*940")[1].split("GE*")[0]
    two = GOOD.replace(
        "GE*1", "ST*940" + one.replace("0001~", "0002~").replace("PP", "QQ") + "GE*2"
    )
    group = _only(two).groups[0]
    body = acknowledge.body(group, [Verdict(s, check(s), s.faults) for s in group.sets])
    assert "*".join(body[-1]) == "AK9*P*2*2*1"


def test_a_received_997_tells_group_code_and_rejected_sets() -> None:
    lines = ["AK1*SW*771", "AK2*945*0001", "AK5*R*5", "AK9*R*1*1*0"]
    envelope = Envelope("PORTAL", "NWIND3PL", 9, 9, NOON)
    text = build(envelope, "997", [[line.split("*") for line in lines]]).decode()
    received = _only(text).groups[0].sets[0]
    assert check(received) == []
    answer = acknowledge.understand(received)
    assert (answer.group_control, answer.code) == ("771", "R")
    assert answer.rejected == ["945 0001: AK5*R*5"]
