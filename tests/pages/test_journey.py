from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import deliver, replay
from integrations.models import Interchange, LookupRow, LookupTable, Message, Payload, RouteDecision
from tests import pipeline
from tests.pages import own_scenery, scenery
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


def journey(client, order, query=""):
    return page(client.get(f"/orders/{order.pk}/{query}"))


def words(soup):
    return texts(soup, ".lane-word")


def test_a_new_order_runs_from_the_shop_to_the_hub_and_is_expected_at_the_erp(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    soup = journey(operator, order)
    assert texts(soup, ".lane-names b") == ["Shop", "Hub", "Erp"]
    assert texts(soup, ".lane-names small") == ["JSON over HTTP", "Kestrel Point", "JSON over HTTP"]
    assert words(soup) == ["new order", "order , expected"]
    assert [li["data-state"] for li in soup.select(".lane-step")] == ["", "expected"]
    assert "from-1 to-2" in " ".join(soup.select_one(".lane-step")["class"])


def test_the_panes_show_what_came_and_what_the_hub_made_of_it(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    received, hub, sent = journey(operator, order).select(".pane")
    assert '"number": "1001"' in received.get_text()
    assert "order v1" in hub.get_text()
    assert sent.h3.get_text() == "Sent to Erp"


def test_a_failed_try_stands_in_the_sent_pane_with_its_reason(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    deliver.deliver(harbor.erp.pk)
    key = Message.objects.get(direction="out").pk
    soup = journey(operator, order, f"?step={key}")
    assert "127.0.0.1" in soup.select(".pane")[2].get_text()
    assert soup.select_one(".lane-step[data-chosen]")["data-state"] == "expected"


def test_a_shipment_moves_the_milestones_and_is_the_newest_step(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    scenery.ship(harbor, order, shipped="1")
    soup = journey(operator, order)
    assert texts(soup, ".milestones .status") == [
        "received",
        "released",
        "at warehouse",
        "shipped in part",
        "shipped",
    ]
    assert [s["class"][-1] for s in soup.select(".milestones .shape")] == [
        "shape-good",
        "shape-good",
        "shape-good",
        "shape-risk",
        "shape-due",
    ]
    assert soup.select_one(".step-bar h2").get_text() == "Shipment from Northwind"
    assert "1, 1 short" in texts(soup, ".fact-line dd")


def test_a_held_step_is_red_and_leads_to_its_case(harbor, operator, kestrel):
    (order,) = scenery.take_orders(harbor, "1001")
    held = scenery.hold_order(harbor, "1001")
    soup = journey(operator, order)
    step = soup.select_one(".lane-step[data-state=held]")
    assert step.select_one(".only-read").get_text() == ", held"
    assert texts(soup, ".step-bar a")[0].startswith("Open C-")
    assert soup.select_one(".step-bar a")["href"].startswith("/cases/")
    assert "TENT-OLD" in soup.select_one(".pane mark").get_text()
    assert texts(soup, ".rows .id") == ["lines[0].sku", "TENT-OLD"]
    LookupRow.objects.create(table=LookupTable.objects.get(), code="TENT-OLD", value="TENT-2P")
    replay.replay([held.pk], actor="Ana", cause="lookup")
    pipeline.receive.receive(kestrel.harbor)
    assert not journey(operator, order).select(".lane-step[data-state=held]")


def test_the_route_is_explained_site_by_site(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    RouteDecision.objects.create(
        record=order,
        record_version=1,
        chosen="RNO1",
        explanation={
            "chosen": "RNO1",
            "sites": [
                {"site": "RNO1", "place": 1, "why": "complete"},
                {"site": "ATL2", "place": None, "why": "TENT-2P needs 2, has 0"},
            ],
        },
    )
    soup = journey(operator, order)
    assert texts(soup, "#route li") == ["RNO1: complete", "ATL2: TENT-2P needs 2, has 0"]
    assert texts(soup, "#route b") == ["RNO1: complete"]
    assert "route RNO1" in words(soup)


def test_the_arrow_keys_lead_to_the_neighbours_of_a_step(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    first = journey(operator, order)
    later = first.select_one("[data-key=arrowright]")["href"]
    assert page(operator.get(later)).select_one("[data-key=arrowleft]")


def test_what_was_told_to_be_paid_of_its_invoices_stands_with_what_the_books_say(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    bill = own_scenery.invoice(harbor.customer_id, order, totals={"total": "128", "paid": "28"})
    own_scenery.told_payment(bill, "60", "T-1", discount="3")
    own_scenery.told_payment(bill, "65", "T-2")
    own_scenery.invoice(harbor.customer_id, order, "INV-10")
    soup = journey(operator, order)
    assert texts(soup, "summary") == ["Payments told of INV-9: 128.00 of $128.00"]
    assert "says $28.00 are paid" in soup.get_text()
    told = soup.find("caption", string="Payments told of INV-9").parent
    assert [texts(row, "td")[1:] for row in told.select("tbody tr")] == [
        ["T-1", "60.00", "3.00"], ["T-2", "65.00", ""],
    ]  # fmt: skip
    assert texts(told, "tfoot td")[0] == "128.00"


def test_more_messages_do_not_ask_more_often(harbor, operator):
    one, three = scenery.take_orders(harbor, "1001", "1002")
    for quantity in ("3", "4"):
        pipeline.store(harbor.shop, pipeline.order("1002", quantity=quantity))
    pipeline.receive.receive(harbor.customer_id)
    journey(operator, one)
    with CaptureQueriesContext(connection) as short:
        journey(operator, one)
    with CaptureQueriesContext(connection) as long:
        journey(operator, three)
    assert Message.objects.filter(order=three).count() == 6
    assert len(long) == len(short) <= 23


def test_who_may_not_see_documents_is_told_who_can_grant_it(harbor, kestrel, admin):
    (order,) = scenery.take_orders(harbor, "1001")
    soup = journey(sign_in(kestrel, "finance"), order)
    assert (
        texts(soup, ".pane .empty")
        == ["Documents of Harbor Outfitters are not for Finance. Admin can grant it."] * 3
    )
    assert "400 Quay" not in soup.get_text()
    assert not soup.select("a[href*='/raw/']")


def test_the_raw_document_is_a_file_and_never_a_page(harbor, operator):
    scenery.take_orders(harbor, "<script>")
    message = Message.objects.get(direction="in")
    answer = operator.get(f"/messages/{message.pk}/raw/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{message.pk}.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b'"<script>"' in answer.content


def test_an_edited_document_keeps_its_original_for_download(harbor, operator):
    held = scenery.hold_order(harbor)
    before = bytes(held.payload_id).hex()
    replay.edit_and_replay(held.pk, b'{"number": "1"}', actor="Ana", reason="typo")
    assert b"TENT-OLD" not in operator.get(f"/messages/{held.pk}/raw/").content
    assert b"TENT-OLD" in operator.get(f"/messages/{held.pk}/raw/{before}").content


def test_bytes_cannot_be_had_by_digest_through_another_message(harbor, operator):
    scenery.take_orders(harbor, "1001", "1002")
    first, second = Message.objects.filter(direction="in").order_by("pk")
    digest = bytes(first.payload_id).hex()
    assert operator.get(f"/messages/{second.pk}/raw/{digest}").status_code == 404


def test_a_viewer_gets_no_raw_document(harbor, viewer):
    scenery.take_orders(harbor, "1001")
    message = Message.objects.get(direction="in")
    assert viewer.get(f"/messages/{message.pk}/raw/").status_code == 403


def test_an_order_of_another_partner_is_not_found(harbor, stranger):
    (order,) = scenery.take_orders(harbor, "1001")
    assert stranger.get(f"/orders/{order.pk}/").status_code == 404


X12_FILE = (
    b"ISA*00*          *00*          *ZZ*PORTAL         *ZZ*NWIND3PL       *260303*1602*U*00401"
    b"*000000771*0*P*>~GS*OW*PORTAL*NWIND3PL*20260303*1602*771*X*004010~"
    b"ST*940*0001~W05*N*1001~SE*3*0001~ST*940*0002~W05*N*1002~SE*3*0002~GE*2*771~IEA*1*000000771~"
)


def test_of_a_file_with_many_orders_only_this_orders_set_is_shown(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1002")
    payload = Payload.objects.create(
        sha256=sha256(X12_FILE).digest(), body=X12_FILE, content_type="application/edi-x12"
    )
    interchange = Interchange.objects.create(
        id=order.pk, endpoint=harbor.erp, direction="out", functional_id="OW", payload=payload
    )
    Message.objects.filter(direction="out").update(
        state="delivered", payload=payload, interchange=interchange, part=2
    )
    key = Message.objects.get(direction="out").pk
    soup = journey(operator, order, f"?step={key}")
    sent = soup.select(".pane")[2].get_text()
    assert "W05*N*1002" in sent
    assert "W05*N*1001" not in sent
    assert words(soup)[-1] == "940"


def test_an_x12_document_is_called_by_its_set():
    from integrations.queries.steps import document_word

    assert document_word(Message(topic="x12:945", object_type="shipment")) == "945"
    assert document_word(Message(topic="order.created", object_type="order")) == "order"
