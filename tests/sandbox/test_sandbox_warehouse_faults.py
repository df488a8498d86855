"""The warehouse misbehaves when it is asked to, and as often as it is asked to."""

from tests.sandbox.warehouse_documents import order_body, order_file, segments


def test_asked_for_faults_of_945s_come_once_each(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(short=1, duplicate_945=1)
    sftp.drop(
        "940.edi", order_file(1, order_body("SO-1", quantity=2), order_body("SO-2", quantity=2))
    )
    eventually(lambda: len(sftp.files("945")) == 2)
    first, again = sftp.files("945")
    assert [line.split("*")[1:4] for line in segments(first, "W12")] == [
        ["BP", "2", "1"],
        ["CC", "2", "2"],
    ]
    assert segments(again, "W06") == segments(first, "W06")[:1]
    assert segments(again, "ISA") != segments(first, "ISA")


def test_a_duplicate_file_has_the_same_bytes_under_another_name(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(duplicate_file=1)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")))
    eventually(lambda: len(sftp.files("945")) == 2)
    first, again = sftp.files("945")
    assert first == again


def test_a_reject_is_a_997_r_with_ak3_and_ak4(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(reject=1)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")))
    ack = eventually(lambda: sftp.files("997"))[0]
    assert segments(ack, "AK3") == ["AK3*W01*8**8"]
    assert segments(ack, "AK4") == ["AK4*2*355*7*EA"]
    assert segments(ack, "AK9") == ["AK9*R*1*1*0"]
    assert warehouse.effects()["orders"] == {}


def test_damaged_files_come_whole_when_they_are_asked_for_again(
    warehouse, portal, eventually
) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(bad_997=1, truncated_file=1)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")))
    cut = eventually(lambda: sftp.files("945"))[0]
    assert "IEA*" not in cut
    assert segments(sftp.files("997")[0], "SE") == ["SE*7*0001"]
    assert warehouse.post("resend", {}).json() == {"files": 2}
    eventually(lambda: len(sftp.files("945")) == 2)
    whole = sftp.files("945")[1]
    assert segments(whole, "W06")[0].startswith("W06*F*SO-1*")
    assert "IEA*1*" in whole
    assert segments(sftp.files("997")[1], "SE") == ["SE*6*0001"]


def test_wrong_counts_are_wrong_in_se_and_ge(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(wrong_counts=1)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")))
    advice = eventually(lambda: sftp.files("945"))[0]
    real = len(advice.split("ST*945")[1].split("SE*")[0].split("~")) - 1 + 1
    assert segments(advice, "SE") == [f"SE*{real + 1}*0001"]
    assert segments(advice, "GE")[0].startswith("GE*2*")


def test_a_945_for_an_unknown_order_comes_unasked(warehouse, portal, eventually) -> None:
    sftp = portal(warehouse)
    warehouse.misbehave(unknown_order_945=2)
    eventually(lambda: len(sftp.files("945")) == 2)
    assert segments(sftp.files("945")[0], "W06")[0].startswith("W06*F*GHOST-000001*")
    assert warehouse.effects()["orders"] == {}


def test_a_late_945_waits_and_is_kept_over_kill_9(start_warehouse, portal, eventually) -> None:
    warehouse = start_warehouse()
    warehouse.misbehave(late_945=2.0)
    sftp = portal(warehouse)
    sftp.drop("940.edi", order_file(1, order_body("SO-1")))
    eventually(lambda: sftp.files("997"))
    assert sftp.files("945") == []
    warehouse.kill()
    again = start_warehouse()
    sftp = portal(again)
    eventually(lambda: sftp.files("945"))
    assert again.effects()["shipments"] == {"SO-1": 1}
    sftp.drop("same.edi", order_file(1, order_body("SO-1")))
    eventually(lambda: again.effects()["duplicates_refused"] == 1)
    sftp.drop("next.edi", order_file(2, order_body("SO-2")))
    eventually(lambda: len(sftp.files("945")) == 2)
    controls = [segments(text, "ISA")[0].split("*")[13] for text in sftp.files("945")]
    assert len(set(controls)) == 2
