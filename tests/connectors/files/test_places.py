"""Files in and out of every place, and what no place may lead to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from portal.core import guard
from portal.core.errors import NeedsCredentials, Permanent
from tests.connectors.files.conftest import agreed
from tests.connectors.files.harness import AGREEMENT, STOCK
from tests.transports.places import FolderPlace

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)


def with_trailers(to: Any) -> Any:
    to.settings["agreement"] = AGREEMENT
    return to


def names(page: Any) -> list[str]:
    return [document.topic for document in page.documents]


def test_a_file_comes_in_once_is_archived_and_ours_is_put_whole(place, open_client) -> None:
    theirs, to = place
    client = open_client(with_trailers(to))
    theirs.put("out/stock.csv", STOCK.encode())
    theirs.put("out/README.txt", b"fits no entry")
    page = client.fetch("files", {}, now=NOW)
    assert names(page) == ["stock:stock.csv"]
    assert page.documents[0].content_type == "text/csv"
    page.after_stored()
    assert theirs.names("out/archive/2026/03/03") == ["stock.csv"]
    assert [n for n in theirs.names("out") if not n.startswith(".")] == ["README.txt"]
    again = client.fetch("files", page.cursor, now=NOW + timedelta(minutes=5))
    assert again.documents == []

    assert client.put_file("orders_1.csv", b"a\r\n")["status"] == "written"
    assert client.put_file("orders_1.csv", b"a\r\n")["status"] == "already there"
    assert theirs.names("in") == ["orders_1.csv"]
    assert theirs.body("in/orders_1.csv") == b"a\r\n"
    with pytest.raises(Permanent) as taken:
        client.put_file("orders_1.csv", b"others\r\n")
    assert taken.value.code == "file_exists"


def test_a_file_that_may_still_grow_waits_until_it_stood_still(place, open_client) -> None:
    theirs, to = place
    client = open_client(to)
    theirs.put("out/stock.csv", b"site,sku,on hand,available,damaged\nRNO1,TE")
    first = client.fetch("files", {}, now=NOW)
    assert first.documents == []
    later = client.fetch("files", first.cursor, now=NOW + timedelta(seconds=11))
    assert names(later) == ["stock:stock.csv"]


def test_the_connection_test_passes_in_every_place(place, open_client) -> None:
    _, to = place
    lines = list(open_client(to).test_connection())
    assert [line.name for line in lines] == ["host", "tls", "key", "scope", "clock"]
    assert [line for line in lines if line.passed is False] == []


def test_content_that_comes_back_is_news_and_a_file_that_was_not_archived_is_none(
    place, open_client
) -> None:
    theirs, to = place
    client = open_client(with_trailers(to))
    other = STOCK.replace("40", "41")
    keys: list[Any] = []
    cursor: dict[str, Any] = {}
    for day, text in enumerate((STOCK, other, STOCK, STOCK)):
        theirs.put("out/stock.csv", text.encode())
        page = client.fetch("files", cursor, now=NOW + timedelta(days=day))
        cursor = page.cursor
        keys.append(page.documents[0].dedup_key)
        page.after_stored()
    assert len(set(keys[:3])) == 3, "Monday's list on Wednesday is news"
    assert keys[3] == keys[2], "the same list once more is none"

    theirs.put("out/stock.csv", other.encode())
    stored = client.fetch("files", cursor, now=NOW + timedelta(days=5))
    theirs.put("out/stock.csv", STOCK.encode())  # the worker died: nothing was archived
    next_one = open_client(to)
    after = next_one.fetch("files", stored.cursor, now=NOW + timedelta(days=5, minutes=3))
    [old] = after.documents
    assert (old.body, old.dedup_key) == (other.encode(), stored.documents[0].dedup_key)
    after.after_stored()
    last = next_one.fetch("files", after.cursor, now=NOW + timedelta(days=5, minutes=4))
    [new] = last.documents
    assert new.body == STOCK.encode()
    assert new.dedup_key not in keys


def test_a_hostile_name_is_left_named_and_told_of_once(allowed, open_client) -> None:
    theirs = FolderPlace(allowed)
    client = open_client(agreed(protocol="folder", root=str(allowed), agreement=AGREEMENT))
    for name in ("stock\u202evsc.csv", "stock\n.csv", "..\\stock.csv", f"stock{'x' * 240}.csv"):
        theirs.put(f"out/{name}", STOCK.encode())
    theirs.put("out/stock.csv", STOCK.encode())
    page = client.fetch("files", {}, now=NOW)
    notes = [d for d in page.documents if d.object_type == "file_note"]
    assert len(notes) == 4
    assert [n for n in names(page) if n.startswith("stock:")] == ["stock:stock.csv"]
    assert len(theirs.names("out")) == 4 + 0, "all four are where they were"
    page.after_stored()
    again = client.fetch("files", page.cursor, now=NOW + timedelta(minutes=1))
    assert again.documents == []


@pytest.mark.parametrize("root", ["/etc", "{0}/../other", "{0}/link"])
def test_only_a_folder_that_the_installation_allows_is_opened(
    allowed, open_client, root: str
) -> None:
    (allowed.parent / "other" / "out").mkdir(parents=True)
    (allowed / "link").symlink_to(allowed.parent / "other")
    client = open_client(agreed(protocol="folder", root=root.format(allowed)))
    with pytest.raises(Permanent) as refused:
        client.fetch("files", {}, now=NOW)
    assert refused.value.code == "address_refused"
    [first, *_] = client.test_connection()
    assert (first.name, first.passed) == ("host", False)


@pytest.mark.parametrize("folder", ["../other", "out/../../other", "/etc"])
def test_no_folder_leads_out_of_the_root(allowed, open_client, folder: str) -> None:
    (allowed.parent / "other").mkdir()
    to = agreed(protocol="folder", root=str(allowed), pick_up_folder=folder)
    with pytest.raises((Permanent, NeedsCredentials)):
        open_client(to).fetch("files", {}, now=NOW)


def test_a_store_inside_is_not_called(open_client) -> None:
    guard.set_allowed_networks(list)
    to = agreed(
        protocol="bucket", url="https://169.254.169.254", bucket="files", user="k",
        plain_because="a try", secrets={"password": "x"},
    )  # fmt: skip
    with pytest.raises(Permanent) as refused:
        open_client(to).fetch("files", {}, now=NOW)
    assert refused.value.code == "address_refused"


def test_an_agreement_that_cannot_be_read_asks_for_another(allowed, open_client) -> None:
    to = agreed(protocol="folder", root=str(allowed), agreement="incoming: [")
    with pytest.raises(NeedsCredentials) as wrong:
        open_client(to).fetch("files", {}, now=NOW)
    assert wrong.value.code == "settings_invalid"


def test_each_partner_has_a_folder_of_their_own_where_the_installation_says_so(
    tmp_path, open_client
) -> None:
    for name in ("kestrel", "maris"):
        (tmp_path / name / "out").mkdir(parents=True)
    guard.set_allowed_files(lambda: [f"{tmp_path}/{{partner}}"])
    token = guard._carried.set("kestrel")
    try:
        own = open_client(agreed(protocol="folder", root=f"{tmp_path}/kestrel"))
        assert own.fetch("files", {}, now=NOW).documents == []
        for root in (f"{tmp_path}/maris", f"{tmp_path}", f"{tmp_path}/kestrel/../maris"):
            other = open_client(agreed(protocol="folder", root=root))
            with pytest.raises(Permanent) as refused:
                other.fetch("files", {}, now=NOW)
            assert refused.value.code == "address_refused"
        guard._carried.set("")
        with pytest.raises(Permanent):
            guard.must_permit_file(str(tmp_path))
    finally:
        guard._carried.reset(token)
        guard.set_allowed_files(lambda: settings.ALLOWED_FILES)
