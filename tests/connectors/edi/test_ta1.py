"""TA1: our answer to the envelope of a file, beside the answers to its groups."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from integrations.connectors import registry
from integrations.connectors.edi import CONNECTOR
from integrations.connectors.edi_files.settings import NEVER, REFUSED
from integrations.connectors.outbound import INTERCHANGE_ANSWER, Controls
from integrations.formats.x12 import read
from tests.connectors.conformance import connection
from tests.connectors.edi.files import X12, agreed, file_of, x12

pytestmark = pytest.mark.pure
NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
CONTROLS = Controls(interchange=5101, group=77, first_set=1)
ASKING = file_of("850").replace(b"*0*T*>", b"*1*T*>")
MESSAGE = UUID(int=1)


def answers(body: bytes, **settings: Any) -> list[dict[str, Any]]:
    found = CONNECTOR.mapper.split(body, agreed(**settings), received=None).envelopes
    return [
        e.answer[INTERCHANGE_ANSWER] for e in found if e.answer and INTERCHANGE_ANSWER in e.answer
    ]


def told(code: str, note: str) -> dict[str, str]:
    return {"control": "000000771", "date": "260302", "time": "1605", "code": code, "note": note}


def test_a_file_that_asks_for_it_is_answered_beside_its_groups() -> None:
    found = CONNECTOR.mapper.split(ASKING, agreed(), received=None)
    assert [(e.functional_id, e.group_control) for e in found.envelopes] == [
        ("PO", "771"),
        ("ISA", ""),
    ]
    assert found.envelopes[1].answer == {INTERCHANGE_ANSWER: told("A", "000")}


def test_a_file_that_does_not_ask_is_not_answered_and_one_may_never_be() -> None:
    assert answers(file_of("850")) == []
    assert answers(ASKING, ta1=NEVER) == []


@pytest.mark.parametrize(
    ("damaged", "note"),
    [
        ((b"IEA*1*000000771", b"IEA*1*000000772"), "001"),
        ((b"IEA*1*", b"IEA*3*"), "021"),
        ((b"IEA*1*000000771~\n", b""), "023"),
    ],
)
def test_a_damaged_envelope_is_refused_where_it_asks_or_where_refusals_are_agreed(
    damaged: tuple[bytes, bytes], note: str
) -> None:
    plain = file_of("850").replace(*damaged)
    assert answers(plain) == []
    assert answers(plain, ta1=REFUSED) == [told("R", note)]
    assert answers(ASKING.replace(*damaged)) == [told("R", note)]


def test_a_file_that_cannot_be_taken_apart_is_refused_too() -> None:
    body = x12("850", f"BEG*{'*' * 2000}~")
    found = CONNECTOR.mapper.split(body, agreed(ta1=REFUSED), received=None)
    assert (found.parts, answers(body, ta1=REFUSED)) == ([], [told("R", "024")])


def test_an_oddity_that_is_borne_is_an_error_that_is_told() -> None:
    body = ASKING.replace(b"IEA*1*", b"IEA*3*")
    assert answers(body, lenient=["group_count_mismatch"]) == [told("E", "021")]


def test_answers_and_the_files_of_strangers_are_not_answered() -> None:
    answer = x12("997", "AK1*IN*1~AK9*A*1*1*1~").replace(b"*0*T*>", b"*1*T*>")
    assert answers(answer, ta1=REFUSED) == []
    found = CONNECTOR.mapper.split(ASKING, agreed(partner_id="OTHER"), received=None)
    assert [e.answer for e in found.envelopes] == [None, None]


@pytest.mark.parametrize("slug", ["edi", "x12"])
def test_it_goes_in_an_interchange_without_a_group(slug: str) -> None:
    connector = registry.get(slug)
    settings = {name: X12[name] for name in ("own_id", "partner_id", "usage")}
    to = connection(connector, settings=settings, secrets={}, slug="harbor-edi")
    document = {INTERCHANGE_ANSWER: told("A", "000")}
    assert connector.envelope is not None
    made = connector.envelope(to, [(MESSAGE, "acknowledgement", document)], CONTROLS, NOW)
    assert (made.functional_id, made.problems) == ("TA1", {})
    assert made.file_name == "TA1_HARBOR_20260304T140500_000005101.edi"
    assert made.body.decode() == (
        "ISA*00*          *00*          *ZZ*ACMEGOODS      *ZZ*HARBOR         *260304*1405*U*00401"
        "*000005101*0*T*>~\nTA1*000000771*260302*1605*A*000~\nIEA*0*000005101~\n"
    )
    [interchange] = read(made.body).interchanges
    assert interchange.acknowledgements == [told("A", "000") | {"time": "16:05"}]
    assert read(made.body).issues == []


def test_a_warehouse_is_answered_too() -> None:
    warehouse = registry.get("x12")
    to = connection(warehouse, settings={"usage": "T"}, secrets={}, slug="depot")
    body = x12("846", "BIA*00*SI*R*20260302~").replace(b"*0*T*>", b"*1*T*>")
    found = warehouse.mapper.split(body, to, received=None)
    assert [e.answer for e in found.envelopes][1:] == [{INTERCHANGE_ANSWER: told("A", "000")}]


def test_one_that_cannot_be_written_says_why() -> None:
    to = agreed(partner_id="A PARTNER OF TOO LONG A NAME")
    document = {INTERCHANGE_ANSWER: told("A", "000")}
    made = CONNECTOR.envelope(to, [(MESSAGE, "acknowledgement", document)], CONTROLS, NOW)
    assert made.body == b""
    assert [p.code for p in made.problems[MESSAGE]] == ["edi_not_writable"]
