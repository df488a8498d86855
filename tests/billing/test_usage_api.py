"""Usage events of other systems."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from billing.api import key
from billing.models import Account, UsageFact, UsageSource
from portal.core import clock
from tests.billing.usage import account, at
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-05-10 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor)


@pytest.fixture
def secret(kestrel: Site) -> str:
    return key.new_source("wms", "Label printer", by="Ana")[1]


def send(events: Any, secret: str, *, host: str = "kestrel.localhost") -> Any:
    return Client(HTTP_HOST=host).post(
        "/api/usage/", {"events": events}, content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )  # fmt: skip


def label(name: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "account": "harbor", "kind": "label", "key": name, "happened_at": "2026-05-03T10:00:00Z", **more,
    }  # fmt: skip


def test_events_are_noted_once(harbor: Account, secret: str) -> None:
    first = send([label("1"), label("2", quantity="2.5")], secret)
    assert (first.status_code, first.json()) == (
        200, {"added": 2, "duplicates": 0, "late": 0, "refused": []},
    )  # fmt: skip
    assert send([label("1"), label("3")], secret).json()["duplicates"] == 1
    assert UsageFact.objects.count() == 3
    assert UsageFact.objects.get(key="wms/2").quantity == 2.5
    assert UsageSource.objects.get().used_at == clock.now()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"quantity": 1}, "write it as text"),
        ({"quantity": "-1"}, "less than nothing"),
        ({"quantity": "1e3"}, "write it as text"),
        ({"account": "nobody"}, "there is no nobody"),
        ({"kind": "document"}, "is noted here"),
        ({"happened_at": "2026-05-03T10:00:00"}, "with its zone"),
        ({"happened_at": "2026-05-11T10:00:00Z"}, "only what happened"),
        ({"happened_at": "2025-05-03T10:00:00Z"}, "May 2025 is closed"),
        ({"key": "k" * 101}, "more than 100 characters"),
        ({"key": "a\0b"}, "no text"),
        ({"properties": {"a": {"b": 1}}}, "properties.a"),
        ({"colour": "red"}, "there is no such field"),
        ({"revision": -1}, "grows by 1"),
    ],
)
def test_what_cannot_be_noted_is_said_with_its_place(
    harbor: Account, secret: str, change: dict[str, Any], words: str
) -> None:
    answer = send([label("good"), label("bad", **change)], secret).json()
    assert (answer["added"], [one["at"] for one in answer["refused"]]) == (1, [1])
    assert words in answer["refused"][0]["error"]
    assert list(UsageFact.objects.values_list("key", flat=True)) == ["wms/good"]


@pytest.mark.parametrize("body", [{}, {"events": []}, {"events": "x"}, [], {"events": [{}] * 1001}])
def test_what_is_no_batch_is_refused_whole(harbor: Account, secret: str, body: Any) -> None:
    answer = Client(HTTP_HOST="kestrel.localhost").post(
        "/api/usage/", body, content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert not UsageFact.objects.exists()


def test_without_a_key_or_with_a_revoked_or_another_partners_one_nothing_is_taken(
    harbor: Account, secret: str, aurora: Site
) -> None:
    assert send([label()], "uk_wrong").status_code == 401
    assert Client(HTTP_HOST="kestrel.localhost").post("/api/usage/").status_code == 401
    assert send([label()], secret, host=aurora.host).status_code == 401
    with schema_context("kestrel"):
        key.revoke(UsageSource.objects.get())
    assert send([label()], secret).status_code == 401
    assert not UsageFact.objects.exists()


def test_the_key_is_kept_as_a_hash(secret: str) -> None:
    source = UsageSource.objects.get()
    assert secret not in str(source.__dict__)
    assert source.hint == secret[-4:]


def test_two_sources_may_use_the_same_key(harbor: Account, secret: str) -> None:
    other = key.new_source("tms", "Carrier desk", by="Ana")[1]
    assert send([label("1")], secret).json()["added"] == 1
    assert send([label("1")], other).json()["added"] == 1
