import re
import socket
import stat

import paramiko
import pytest
import requests


def _interchange(control: int, sets: list[str], *, functional_id: str = "OW") -> str:
    header = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PORTAL':15}*ZZ*{'NWIND3PL':15}*260302*1405*U*00401"
        f"*{control:09}*0*T*>~"
    )
    group = f"GS*{functional_id}*PORTAL*NWIND3PL*20260302*1405*{control}*X*004010~"
    trailer = f"GE*{len(sets)}*{control}~IEA*1*{control:09}~"
    return header + group + "".join(sets) + trailer


def _set(kind: str, control: int, body: str) -> str:
    count = body.count("~") + 2
    return f"ST*{kind}*{control:04}~{body}SE*{count}*{control:04}~"


def _order(number: str, *, quantity: int = 2, sku: str = "TENT-2P", purpose: str = "N") -> str:
    return (
        f"W05*{purpose}*{number}*PO-1~N1*ST*ANA CHEN~N3*1 QUAY STREET~N4*RENO*NV*89502*US~"
        f"W66*PP*M***GROUND*****UPSN~LX*1~W01*{quantity}*EA**VN*{sku}~N9*LI*7001~W76*{quantity}~"
    )


def _file(control: int, *bodies: str) -> str:
    return _interchange(control, [_set("940", n, body) for n, body in enumerate(bodies, start=1)])


def _found(text: str, name: str) -> list[str]:
    """The segments of one name."""
    return [part.strip() for part in text.split("~") if part.strip().startswith(f"{name}*")]


def _post(system, path: str, body: dict) -> requests.Response:
    return requests.post(f"{system.url}/_sandbox/{path}", json=body, timeout=5)


def test_a_940_is_answered_by_997_then_945_and_leaves_stock(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    before = warehouse.effects()["stock"]["TENT-2P"]
    sftp.drop("940_1.edi", _file(1, _order("SO-1", quantity=3)))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert _found(ack, "AK1") == ["AK1*OW*1"]
    assert _found(ack, "AK9") == ["AK9*A*1*1*1"]
    advice = eventually(lambda: sftp.files("945"))[0]
    assert _found(advice, "W06")[0].startswith("W06*F*SO-1*")
    assert _found(advice, "W12") == ["W12*CC*3*3**EA**VN*TENT-2P"]
    assert _found(advice, "N9")[2] == "N9*LI*7001"
    assert _found(advice, "W03") == ["W03*3*14.4*LB"]
    assert re.fullmatch(r"N9\*CN\*1Z\d{16}", _found(advice, "N9")[1])
    assert re.fullmatch(r"MAN\*GM\*00\d{18}", _found(advice, "MAN")[0])
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
    sftp.drop("940_1.edi", _file(1, *(_order(f"SO-{n}") for n in range(120))))
    eventually(lambda: len(sftp.files("945")) == 3)
    assert len(sftp.files("997")) == 1
    assert [len(_found(text, "W06")) for text in sftp.files("945")] == [50, 50, 20]
    assert set(warehouse.effects()["orders"].values()) == {1}
    numbers = [line for text in sftp.files("945") for line in _found(text, "N9") if "CN" in line]
    assert len(set(numbers)) == 120


def test_files_that_are_not_finished_are_left_alone(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    for name in ("/in/a.edi.tmp", "/in/.b.edi"):
        with sftp.sftp.open(name, "wb") as file:
            file.write(_file(1, _order("SO-HALF")).encode())
    sftp.drop("940_2.edi", _file(2, _order("SO-2")))
    eventually(lambda: sftp.files("945"))
    assert warehouse.effects()["orders"] == {"SO-2": 1}
    assert {"a.edi.tmp", ".b.edi"} <= set(sftp.sftp.listdir("/in"))


def test_the_same_interchange_twice_is_refused_silently(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("first.edi", _file(1, _order("SO-1")))
    sftp.drop("second.edi", _file(1, _order("SO-1")))
    eventually(lambda: warehouse.effects()["duplicates_refused"] == 1)
    eventually(lambda: sftp.files("945"))
    assert warehouse.effects()["orders"] == {"SO-1": 1}
    assert len(sftp.files("997")) == 1


def test_the_same_control_number_with_other_content_gets_ta1_025(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    sftp.drop("first.edi", _file(1, _order("SO-1")))
    eventually(lambda: sftp.files("997"))
    sftp.drop("second.edi", _file(1, _order("SO-2")))
    refusal = eventually(lambda: sftp.files("TA1"))[0]
    assert _found(refusal, "TA1") == ["TA1*000000001*260302*1405*R*025"]
    assert warehouse.effects()["orders"] == {"SO-1": 1}
    assert warehouse.effects()["control_conflicts"] == 1


def test_an_order_sent_anew_is_shipped_again_and_counted(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("first.edi", _file(1, _order("SO-1")))
    sftp.drop("second.edi", _file(2, _order("SO-1")))
    eventually(lambda: warehouse.effects()["shipments"] == {"SO-1": 2})
    assert warehouse.effects()["orders"] == {"SO-1": 2}
    assert warehouse.effects()["double_effects"] == 1


def test_a_wrong_940_is_rejected_with_its_segment_and_takes_no_effect(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    wrong = _order("SO-BAD").replace("*EA*", "*CX*")
    sftp.drop("940.edi", _file(1, wrong, _order("SO-GOOD")))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert _found(ack, "AK3") == ["AK3*W01*8**8"]
    assert _found(ack, "AK4") == ["AK4*2*355*7*CX"]
    assert _found(ack, "AK9") == ["AK9*P*2*2*1"]
    assert warehouse.effects()["orders"] == {"SO-GOOD": 1}
    assert "CX" in warehouse.effects()["errors"][0]


def test_a_wrong_segment_count_is_rejected_with_code_4(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", _file(1, _order("SO-1")).replace("SE*11*", "SE*12*"))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert _found(ack, "AK5") == ["AK5*R*4"]
    assert warehouse.effects()["orders"] == {}


def test_an_interchange_for_somebody_else_gets_ta1_008(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", _file(1, _order("SO-1")).replace("NWIND3PL ", "OTHER3PL ", 1))
    refusal = eventually(lambda: sftp.files("TA1"))[0]
    assert _found(refusal, "TA1")[0].endswith("*R*008")


def test_a_cut_off_file_gets_ta1_023(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("cut.edi", _file(1, _order("SO-1"))[:300])
    refusal = eventually(lambda: sftp.files("TA1"))[0]
    assert _found(refusal, "TA1")[0].endswith("*R*023")
    assert sftp.sftp.listdir("/in/error") == ["cut.edi"]


def test_a_cancel_before_shipping_stops_the_945(start_warehouse, portal, eventually) -> None:
    warehouse = start_warehouse("--ship-after", "1.5")
    sftp = portal(warehouse)
    sftp.drop("new.edi", _file(1, _order("SO-1"), _order("SO-2")))
    eventually(lambda: warehouse.effects()["waiting_945"] == 2)
    sftp.drop("cancel.edi", _file(2, "W05*F*SO-1*PO-1~W76*0~"))
    eventually(lambda: sftp.files("945"))
    effects = warehouse.effects()
    assert effects["status"] == {"SO-1": "cancelled", "SO-2": "shipped"}
    assert effects["committed"] == {}


def test_an_item_that_is_not_stocked_is_cancelled_in_the_945(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", _file(1, _order("SO-1", sku="NO-SUCH")))
    advice = eventually(lambda: sftp.files("945"))[0]
    assert _found(advice, "W12") == ["W12*IC*2*0*2*EA**VN*NO-SUCH"]


def test_an_empty_shelf_ships_what_is_there(start_warehouse, portal, eventually) -> None:
    warehouse = start_warehouse("--stock", "3")
    sftp = portal(warehouse)
    sftp.drop("940.edi", _file(1, _order("SO-1", quantity=5), _order("SO-2", quantity=1)))
    advice = eventually(lambda: sftp.files("945"))[0]
    assert _found(advice, "W12") == [
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
    sftp.drop("943.edi", _interchange(1, [_set("943", 1, body)], functional_id="AR"))
    receipt = eventually(lambda: sftp.files("944"))[0]
    assert _found(receipt, "W17")[0].endswith("*TR-1*ASN-9")
    assert _found(receipt, "W07") == ["W07*3*CA**VN*MUG-12"]
    assert _found(receipt, "W14") == ["W14*3"]
    # 3 cases of 36
    assert warehouse.effects()["stock"]["MUG-12"] == before + 108


def test_an_846_lists_every_item_with_hand_available_and_committed(
    start_warehouse, portal, eventually
) -> None:
    warehouse = start_warehouse("--ship-after", "60")
    sftp = portal(warehouse)
    sftp.drop("940.edi", _file(1, _order("SO-1", quantity=4)))
    eventually(lambda: warehouse.effects()["committed"] == {"TENT-2P": 4})
    assert _post(warehouse, "inventory", {}).status_code == 200
    report = eventually(lambda: sftp.files("846"))[0]
    assert len(_found(report, "LIN")) == 50
    item = report.split("*VN*TENT-2P*UP*850012000013~\n")[1].split("LIN")[0].split("~\n")
    assert item[:3] == ["QTY*17*8050*EA", "QTY*33*8046*EA", "QTY*27*4*EA"]


def test_an_adjustment_moves_stock_and_sends_a_947(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    before = warehouse.effects()["stock"]["TENT-2P"]
    lines = [{"sku": "TENT-2P", "quantity": -3, "reason": "AU"}]
    assert _post(warehouse, "adjust", {"lines": lines}).status_code == 200
    advice = eventually(lambda: sftp.files("947"))[0]
    assert _found(advice, "W19") == ["W19*AU*-3*EA*850012000013*VN*TENT-2P"]
    assert warehouse.effects()["stock"]["TENT-2P"] == before - 3
    assert _post(warehouse, "adjust", {"lines": [{"sku": "X", "quantity": 1}]}).status_code == 400


def test_our_997_is_noted_against_the_945_and_is_never_answered(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    sftp.drop("940.edi", _file(1, _order("SO-1")))
    advice = eventually(lambda: sftp.files("945"))[0]
    group = _found(advice, "GS")[0].split("*")[6]
    assert warehouse.effects()["unacknowledged"] == [group]
    body = f"AK1*SW*{group}~AK2*945*0001~AK5*A~AK9*A*1*1*1~"
    sftp.drop("997.edi", _interchange(2, [_set("997", 1, body)], functional_id="FA"))
    eventually(lambda: warehouse.effects()["acks_received"] == {group: "A"})
    assert warehouse.effects()["unacknowledged"] == []
    assert len(sftp.files("997")) == 1


def test_a_997_for_a_group_never_sent_is_an_error(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    body = "AK1*SW*999~AK9*A*1*1*1~"
    sftp.drop("997.edi", _interchange(1, [_set("997", 1, body)], functional_id="FA"))
    errors = eventually(lambda: warehouse.effects()["errors"])
    assert errors == ["997.edi: 997 for a group 999 never sent"]


def test_asked_for_faults_of_945s_come_once_each(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(short=1, duplicate_945=1)
    sftp.drop("940.edi", _file(1, _order("SO-1", quantity=2), _order("SO-2", quantity=2)))
    eventually(lambda: len(sftp.files("945")) == 2)
    first, again = sftp.files("945")
    assert [line.split("*")[1:4] for line in _found(first, "W12")] == [
        ["BP", "2", "1"],
        ["CC", "2", "2"],
    ]
    assert _found(again, "W06") == _found(first, "W06")[:1]
    assert _found(again, "ISA") != _found(first, "ISA")


def test_a_duplicate_file_has_the_same_bytes_under_another_name(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(duplicate_file=1)
    sftp.drop("940.edi", _file(1, _order("SO-1")))
    eventually(lambda: len(sftp.files("945")) == 2)
    first, again = sftp.files("945")
    assert first == again


def test_a_reject_is_a_997_r_with_ak3_and_ak4(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(reject=1)
    sftp.drop("940.edi", _file(1, _order("SO-1")))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert _found(ack, "AK3") == ["AK3*W01*8**8"]
    assert _found(ack, "AK4") == ["AK4*2*355*7*EA"]
    assert _found(ack, "AK9") == ["AK9*R*1*1*0"]
    assert warehouse.effects()["orders"] == {}


def test_damaged_files_come_whole_when_they_are_asked_for_again(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(bad_997=1, truncated_file=1)
    sftp.drop("940.edi", _file(1, _order("SO-1")))
    cut = eventually(lambda: sftp.files("945"))[0]
    assert "IEA*" not in cut
    assert _found(sftp.files("997")[0], "SE") == ["SE*7*0001"]
    assert _post(warehouse, "resend", {}).json() == {"files": 2}
    eventually(lambda: len(sftp.files("945")) == 2)
    whole = sftp.files("945")[1]
    assert _found(whole, "W06")[0].startswith("W06*F*SO-1*")
    assert "IEA*1*" in whole
    assert _found(sftp.files("997")[1], "SE") == ["SE*6*0001"]


def test_wrong_counts_are_wrong_in_se_and_ge(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(wrong_counts=1)
    sftp.drop("940.edi", _file(1, _order("SO-1")))
    advice = eventually(lambda: sftp.files("945"))[0]
    real = len(advice.split("ST*945")[1].split("SE*")[0].split("~")) - 1 + 1
    assert _found(advice, "SE") == [f"SE*{real + 1}*0001"]
    assert _found(advice, "GE")[0].startswith("GE*2*")


def test_a_945_for_an_unknown_order_comes_unasked(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(unknown_order_945=2)
    eventually(lambda: len(sftp.files("945")) == 2)
    assert _found(sftp.files("945")[0], "W06")[0].startswith("W06*F*GHOST-000001*")
    assert warehouse.effects()["orders"] == {}


def test_a_late_945_waits_and_is_kept_over_kill_9(start_warehouse, portal, eventually) -> None:
    warehouse = start_warehouse()
    warehouse.misbehave(late_945=2.0)
    sftp = portal(warehouse)
    sftp.drop("940.edi", _file(1, _order("SO-1")))
    eventually(lambda: sftp.files("997"))
    assert sftp.files("945") == []
    warehouse.kill()
    again = start_warehouse()
    sftp = portal(again)
    eventually(lambda: sftp.files("945"))
    assert again.effects()["shipments"] == {"SO-1": 1}
    sftp.drop("same.edi", _file(1, _order("SO-1")))
    eventually(lambda: again.effects()["duplicates_refused"] == 1)
    sftp.drop("next.edi", _file(2, _order("SO-2")))
    eventually(lambda: len(sftp.files("945")) == 2)
    controls = [_found(text, "ISA")[0].split("*")[13] for text in sftp.files("945")]
    assert len(set(controls)) == 2


def test_an_outage_refuses_sftp_and_ends_by_itself(warehouse, portal, eventually) -> None:
    first = portal(warehouse)
    warehouse.misbehave(outage=0.6)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", warehouse.sftp_port), timeout=1)
    eventually(lambda: not first.transport.is_active())

    def open_again() -> bool:
        try:
            socket.create_connection(("127.0.0.1", warehouse.sftp_port), timeout=1).close()
        except OSError:
            return False
        return True

    eventually(open_again)
    assert portal(warehouse).sftp.listdir("/in/archive") == []


def test_the_host_key_stays_over_restarts_and_differs_when_asked(start_warehouse, portal) -> None:
    warehouse = start_warehouse()
    pinned = portal(warehouse).transport.get_remote_server_key()
    warehouse.kill()
    warehouse = start_warehouse()
    assert portal(warehouse).transport.get_remote_server_key() == pinned
    warehouse.misbehave(wrong_host_key=True)
    assert portal(warehouse).transport.get_remote_server_key() != pinned
    warehouse.misbehave(wrong_host_key=False)
    assert portal(warehouse).transport.get_remote_server_key() == pinned


def test_a_wrong_password_is_refused(warehouse, portal) -> None:
    with pytest.raises(paramiko.AuthenticationException):
        portal(warehouse, password="wrong")


def test_only_the_authorized_key_opens_the_door(start, tmp_path, portal) -> None:
    good, other = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    (tmp_path / "keys").write_text(f"{good.get_name()} {good.get_base64()} portal\n")
    system = start(
        *("warehouse", "--root", str(tmp_path / "wms"), "--user", "portal"),
        *("--authorized-key", str(tmp_path / "keys"), "--host-key", str(tmp_path / "host.key")),
    )
    assert portal(system, pkey=good).sftp.listdir("/") != []
    with pytest.raises(paramiko.AuthenticationException):
        portal(system, pkey=other)


def test_the_client_sees_its_folders_and_not_the_books_or_the_machine(warehouse, portal) -> None:
    sftp = portal(warehouse).sftp
    assert sorted(sftp.listdir("/")) == ["in", "out"]
    for path in ("/.state/books.sqlite", "/../host.key", "/etc/passwd"):
        with pytest.raises(OSError):
            sftp.stat(path)


def test_claiming_by_rename_and_archiving_work_over_sftp(warehouse, portal, eventually) -> None:
    one = portal(warehouse)
    _post(warehouse, "inventory", {"skus": ["MUG-12"]})
    eventually(lambda: one.files("846"))
    name = next(n for n in one.sftp.listdir("/out") if n.startswith("846_"))
    one.sftp.mkdir("/out/processing")
    one.sftp.rename(f"/out/{name}", f"/out/processing/{name}.w1")
    with pytest.raises(OSError):
        one.sftp.rename(f"/out/{name}", f"/out/processing/{name}.w2")
    one.sftp.mkdir("/out/archive/2026")
    one.sftp.posix_rename(f"/out/processing/{name}.w1", f"/out/archive/2026/{name}")
    size = one.sftp.stat(f"/out/archive/2026/{name}").st_size
    assert size == len(one.read(f"/out/archive/2026/{name}"))
    assert stat.S_ISDIR(one.sftp.stat("/out/archive").st_mode or 0)
