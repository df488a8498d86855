"""The warehouse's papers: what it answers to orders, deliveries and acknowledgements."""

import re

import pytest

from tests.sandbox.warehouse_documents import (
    interchange,
    order_body,
    order_file,
    segments,
    transaction_set,
)

pytestmark = pytest.mark.long


def test_a_940_is_answered_by_997_then_945_and_leaves_stock(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    before = warehouse.effects()["stock"]["TENT-2P"]
    sftp.drop("940_1.edi", order_file(1, order_body("SO-1", quantity=3)))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert segments(ack, "AK1") == ["AK1*OW*1"]
    assert segments(ack, "AK9") == ["AK9*A*1*1*1"]
    advice = eventually(lambda: sftp.files("945"))[0]
    assert segments(advice, "W06")[0].startswith("W06*F*SO-1*")
    assert segments(advice, "W12") == ["W12*CC*3*3**EA**VN*TENT-2P"]
    assert segments(advice, "N9")[2] == "N9*LI*7001"
    assert segments(advice, "W03") == ["W03*3*14.4*LB"]
    assert re.fullmatch(r"N9\*CN\*1Z\d{16}", segments(advice, "N9")[1])
    assert re.fullmatch(r"MAN\*GM\*00\d{18}", segments(advice, "MAN")[0])
    effects = warehouse.effects()
    assert effects["orders"] == {"SO-1": 1}
    assert effects["stock"]["TENT-2P"] == before - 3
    assert effects["committed"] == {}
    assert effects["errors"] == []


def test_many_orders_of_a_file_get_one_997_and_share_945_files(
    start_warehouse, portal, eventually
) -> None:
    warehouse = start_warehouse("--sets-per-file", "50")
    sftp = portal(warehouse)
    sftp.drop("940_1.edi", order_file(1, *(order_body(f"SO-{n}") for n in range(120))))
    eventually(lambda: len(sftp.files("945")) == 3)
    assert len(sftp.files("997")) == 1
    assert [len(segments(text, "W06")) for text in sftp.files("945")] == [50, 50, 20]
    assert set(warehouse.effects()["orders"].values()) == {1}
    numbers = [line for text in sftp.files("945") for line in segments(text, "N9") if "CN" in line]
    assert len(set(numbers)) == 120


def test_the_same_interchange_twice_is_refused_silently(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("first.edi", order_file(1, order_body("SO-1")))
    sftp.drop("second.edi", order_file(1, order_body("SO-1")))
    eventually(lambda: warehouse.effects()["duplicates_refused"] == 1)
    eventually(lambda: sftp.files("945"))
    assert warehouse.effects()["orders"] == {"SO-1": 1}
    assert len(sftp.files("997")) == 1


def test_the_same_control_number_with_other_content_gets_ta1_025(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    sftp.drop("first.edi", order_file(1, order_body("SO-1")))
    eventually(lambda: sftp.files("997"))
    sftp.drop("second.edi", order_file(1, order_body("SO-2")))
    refusal = eventually(lambda: sftp.files("TA1"))[0]
    assert segments(refusal, "TA1") == ["TA1*000000001*260302*1405*R*025"]
    assert warehouse.effects()["orders"] == {"SO-1": 1}
    assert warehouse.effects()["control_conflicts"] == 1


def test_an_order_sent_anew_is_shipped_again_and_counted(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("first.edi", order_file(1, order_body("SO-1")))
    sftp.drop("second.edi", order_file(2, order_body("SO-1")))
    eventually(lambda: warehouse.effects()["shipments"] == {"SO-1": 2})
    assert warehouse.effects()["orders"] == {"SO-1": 2}
    assert warehouse.effects()["double_effects"] == 1


def test_a_wrong_940_is_rejected_with_its_segment_and_takes_no_effect(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    wrong = order_body("SO-BAD").replace("*EA*", "*CX*")
    sftp.drop("940.edi", order_file(1, wrong, order_body("SO-GOOD")))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert segments(ack, "AK3") == ["AK3*W01*8**8"]
    assert segments(ack, "AK4") == ["AK4*2*355*7*CX"]
    assert segments(ack, "AK9") == ["AK9*P*2*2*1"]
    assert warehouse.effects()["orders"] == {"SO-GOOD": 1}
    assert "CX" in warehouse.effects()["errors"][0]


def test_a_wrong_segment_count_is_rejected_with_code_4(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")).replace("SE*11*", "SE*12*"))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert segments(ack, "AK5") == ["AK5*R*4"]
    assert warehouse.effects()["orders"] == {}


def test_an_interchange_for_somebody_else_gets_ta1_008(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")).replace("NWIND3PL ", "OTHER3PL ", 1))
    refusal = eventually(lambda: sftp.files("TA1"))[0]
    assert segments(refusal, "TA1")[0].endswith("*R*008")


def test_a_cut_off_file_gets_ta1_023(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("cut.edi", order_file(1, order_body("SO-1"))[:300])
    refusal = eventually(lambda: sftp.files("TA1"))[0]
    assert segments(refusal, "TA1")[0].endswith("*R*023")
    assert sftp.sftp.listdir("/in/error") == ["cut.edi"]


def test_a_cancel_before_shipping_stops_the_945(start_warehouse, portal, eventually) -> None:
    warehouse = start_warehouse("--ship-after", "1.5")
    sftp = portal(warehouse)
    sftp.drop("new.edi", order_file(1, order_body("SO-1"), order_body("SO-2")))
    eventually(lambda: warehouse.effects()["waiting_945"] == 2)
    sftp.drop("cancel.edi", order_file(2, "W05*F*SO-1*PO-1~W76*0~"))
    eventually(lambda: sftp.files("945"))
    effects = warehouse.effects()
    assert effects["status"] == {"SO-1": "cancelled", "SO-2": "shipped"}
    assert effects["committed"] == {}


def test_an_item_that_is_not_stocked_is_cancelled_in_the_945(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", order_file(1, order_body("SO-1", sku="NO-SUCH")))
    advice = eventually(lambda: sftp.files("945"))[0]
    assert segments(advice, "W12") == ["W12*IC*2*0*2*EA**VN*NO-SUCH"]


def test_an_empty_shelf_ships_what_is_there(start_warehouse, portal, eventually) -> None:
    warehouse = start_warehouse("--stock", "3")
    sftp = portal(warehouse)
    sftp.drop(
        "940.edi", order_file(1, order_body("SO-1", quantity=5), order_body("SO-2", quantity=1))
    )
    advice = eventually(lambda: sftp.files("945"))[0]
    assert segments(advice, "W12") == [
        "W12*BP*5*3*2*EA**VN*TENT-2P",
        "W12*BO*1*0*1*EA**VN*TENT-2P",
    ]


def test_a_943_is_answered_by_a_944_and_fills_the_shelf(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    before = warehouse.effects()["stock"]["MUG-12"]
    body = (
        "W06*N*TR-1*20260302*ASN-9~N1*WH*NORTHWIND 3PL RENO*92*RNO1~G62*17*20260305~"
        "W04*3*CA**VN*MUG-12~W03*3~"
    )
    sftp.drop("943.edi", interchange(1, [transaction_set("943", 1, body)], functional_id="AR"))
    receipt = eventually(lambda: sftp.files("944"))[0]
    assert segments(receipt, "W17")[0].endswith("*TR-1*ASN-9")
    assert segments(receipt, "W07") == ["W07*3*CA**VN*MUG-12"]
    assert segments(receipt, "W14") == ["W14*3"]
    # 3 cases of 36
    assert warehouse.effects()["stock"]["MUG-12"] == before + 108


def test_an_846_lists_every_item_with_hand_available_and_committed(
    start_warehouse, portal, eventually
) -> None:
    warehouse = start_warehouse("--ship-after", "60")
    sftp = portal(warehouse)
    sftp.drop("940.edi", order_file(1, order_body("SO-1", quantity=4)))
    eventually(lambda: warehouse.effects()["committed"] == {"TENT-2P": 4})
    assert warehouse.post("inventory", {}).status_code == 200
    report = eventually(lambda: sftp.files("846"))[0]
    assert len(segments(report, "LIN")) == 50
    item = report.split("*VN*TENT-2P*UP*850012000013~\n")[1].split("LIN")[0].split("~\n")
    assert item[:3] == ["QTY*17*8050*EA", "QTY*33*8046*EA", "QTY*27*4*EA"]


def test_an_adjustment_moves_stock_and_sends_a_947(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    before = warehouse.effects()["stock"]["TENT-2P"]
    lines = [{"sku": "TENT-2P", "quantity": -3, "reason": "AU"}]
    assert warehouse.post("adjust", {"lines": lines}).status_code == 200
    advice = eventually(lambda: sftp.files("947"))[0]
    assert segments(advice, "W19") == ["W19*AU*-3*EA*850012000013*VN*TENT-2P"]
    assert warehouse.effects()["stock"]["TENT-2P"] == before - 3
    assert warehouse.post("adjust", {"lines": [{"sku": "X", "quantity": 1}]}).status_code == 400


def test_our_997_is_noted_against_the_945_and_is_never_answered(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")))
    advice = eventually(lambda: sftp.files("945"))[0]
    group = segments(advice, "GS")[0].split("*")[6]
    assert warehouse.effects()["unacknowledged"] == [group]
    body = f"AK1*SW*{group}~AK2*945*0001~AK5*A~AK9*A*1*1*1~"
    sftp.drop("997.edi", interchange(2, [transaction_set("997", 1, body)], functional_id="FA"))
    eventually(lambda: warehouse.effects()["acks_received"] == {group: "A"})
    assert warehouse.effects()["unacknowledged"] == []
    assert len(sftp.files("997")) == 1


def test_a_997_for_a_group_never_sent_is_an_error(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    body = "AK1*SW*999~AK9*A*1*1*1~"
    sftp.drop("997.edi", interchange(1, [transaction_set("997", 1, body)], functional_id="FA"))
    errors = eventually(lambda: warehouse.effects()["errors"])
    assert errors == ["997.edi: 997 for a group 999 never sent"]
