"""A damaged file from a warehouse is mended by hand."""

import pytest

from integrations.models import Message, MessageEvent
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.formats.x12_samples import SET_945, enveloped
from tests.monitoring.hands import mend, shown_form
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def northwind(kestrel):
    return pipeline.endpoint(
        kestrel.harbor,
        "northwind",
        label="Northwind",
        connector="x12",
        site="RNO1",
        settings={"host": "h", "user": "u", "own_id": "NWIND3PL", "partner_id": "PORTAL",
                  "host_key": "ssh-ed25519 AAAA", "site": "RNO1", "usage": "T"},
    )  # fmt: skip


def damaged(northwind):
    """A file whose set says it has one segment more than it has."""
    file = enveloped("SW", SET_945.replace("SE*17*", "SE*18*")).replace(b"~", b"~\r\n")
    pipeline.store(northwind, file, object_type="interchange")
    pipeline.run(northwind.customer_id)
    return ExceptionCase.objects.get(code="envelope_error"), file


def test_the_wrong_count_is_marked_in_its_segment(operator, northwind):
    case, _ = damaged(northwind)
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(shown, ".payload li[data-mark=bad]") == ["SE* 18 *0001~"]
    assert texts(shown, ".payload mark") == ["18"]


def test_an_edited_file_is_taken_apart_with_its_line_breaks_kept(operator, northwind):
    case, file = damaged(northwind)
    message = Message.objects.get(direction="in")
    _, values = shown_form(operator, case, "edit")
    assert values["payload"].splitlines()[2] == "ST*945*0001~"
    mended = values["payload"].replace("SE*18*", "SE*17*")
    reason = "count was off by one"
    mend(operator, case, "edit", payload=mended, reason=reason, button="Let 1 move on")
    message.refresh_from_db()
    assert message.state == "split"
    assert bytes(message.payload.body) == file.replace(b"SE*18*", b"SE*17*")
    kept = MessageEvent.objects.get(to_state="edited")
    assert bytes(kept.payload.body) == file
    part = Message.objects.get(parent=message)
    assert (part.object_type, part.state) == ("shipment", "held")
    assert ExceptionCase.objects.get(closed_at=None).code == "unknown_order_945"
