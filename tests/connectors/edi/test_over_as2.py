"""A trading partner over AS2: what is entered, what is posted, and what the door goes by."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.connectors.client import Fetches, PutsFiles
from integrations.connectors.connection import Connection
from integrations.connectors.edi import CONNECTOR
from integrations.connectors.edi.settings import AS2
from integrations.formats.as2 import Received
from portal.core import clock
from tests.as2.partners import NOW, pair
from tests.connectors.edi.files import agreed, file_of
from tests.connectors.test_as2_partner import pem
from tests.transports.test_as2 import Door

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.server.shutdown()
    made.server.server_close()


def over_as2(url: str = "http://127.0.0.1:9/as2", **settings: Any) -> Connection:
    return agreed(
        secrets={"as2_private_key": pem(pair("north"))},
        transport=AS2,
        as2_own_id="NORTH",
        as2_partner_id="SOUTH CO",
        as2_url=url,
        as2_certificate=pem(pair("south"), key=False).splitlines(),
        **settings,
    )


def needed(to: Connection) -> set[str]:
    return {s.name for s in CONNECTOR.settings if s.is_needed(to.settings) and s.default is None}


def test_what_is_needed_follows_the_way_of_the_files() -> None:
    assert needed(agreed()) == {"host", "user", "own_id", "partner_id"}
    wanted = {"as2_own_id", "as2_partner_id", "as2_url", "own_id", "partner_id"}
    assert needed(over_as2()) == wanted


def test_the_door_goes_by_the_agreement_and_folders_are_looked_into() -> None:
    assert CONNECTOR.as2 is not None
    agreement = CONNECTOR.as2(over_as2())
    assert agreement is not None
    assert (agreement.profile.ours, agreement.profile.theirs) == ("NORTH", "SOUTH CO")
    assert CONNECTOR.streams(over_as2()) == {}
    assert CONNECTOR.as2(agreed()) is None
    assert CONNECTOR.streams(agreed()) == {"files": "interchange"}


def test_a_file_is_posted_as_a_message_and_its_receipt_proves_it(door: Door) -> None:
    client = CONNECTOR.client(over_as2(door.url))
    assert isinstance(client, PutsFiles)
    assert not isinstance(client, Fetches)
    body = file_of("ORDERS")
    answer = client.put_file("ORDERS_1.edi", body)
    assert answer["status"] == "receipt proves it"
    [came] = door.came
    assert isinstance(came, Received)
    assert came.content.payload == body


def test_accounts_over_as2_are_told_apart_by_their_names() -> None:
    one = CONNECTOR.account(over_as2("http://as2.example/in"))
    assert one == CONNECTOR.account(over_as2("HTTP://AS2.example./in/"))
    others = [over_as2("http://as2.example/out"), over_as2("http://as2.example/in", own_id="OTHER")]
    assert one not in {CONNECTOR.account(other) for other in others}
