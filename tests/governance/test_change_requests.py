"""A change goes live with evidence and a second pair of eyes, or not at all."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.domain import approval, configuration, drafts, evidence, publishing, rerun
from integrations.domain.drafts import NotNowError
from integrations.domain.publishing import NewerVersionError
from integrations.domain.subjects import Content, Subject
from integrations.models import (
    ChangeRequest,
    Endpoint,
    Kind,
    LookupTable,
    MappingVersion,
    Message,
    Record,
    Version,
)
from portal.core import clock
from tests import pipeline
from tests.people import Site

pytestmark = [pytest.mark.db, pytest.mark.long]


def with_channel(content: Content | None, channel: str) -> Content:
    assert content
    rows = [row for row in content["rows"] if row[0] != "channel"]
    return {"rows": [*rows, ["channel", f'"{channel}"']]}


def proposed(subject: Subject, content: Content, *, author: Any, reason: str = "As agreed") -> int:
    change = drafts.begin(subject, author=author, content=content)
    evidence.gather(change)
    approval.ask(change.pk, actor=author, reason=reason)
    return change.pk


def published(subject: Subject, content: Content, *, author: Any, approver: Any) -> ChangeRequest:
    change_id = proposed(subject, content, author=author)
    edition = ChangeRequest.objects.get(pk=change_id).edition
    approval.approve(change_id, actor=approver, edition=edition)
    return publishing.publish(change_id, actor=approver.name)


def default_rows(subject: Subject) -> Content:
    content = drafts.default_content(subject)
    assert content
    return content


def test_evidence_counts_the_documents_a_draft_changes(
    orders: list[str], orders_in: Subject, dana: Any
) -> None:
    draft = drafts.begin(orders_in, author=dana)
    draft_content = with_channel(draft.content, "web")
    drafts.save(draft, draft_content, edition=draft.edition)
    found = evidence.gather(draft)
    assert found["counts"]["documents"] == 20
    assert found["counts"]["changed"] == 20
    assert [field["path"] for field in found["fields"]] == ["channel"]
    assert found["documents"][0]["fields"][0]["after"] == "web"


def test_a_draft_that_changes_nothing_shows_that_nothing_changes(
    orders: list[str], orders_in: Subject, dana: Any
) -> None:
    draft = drafts.begin(orders_in, author=dana)
    assert evidence.gather(draft)["counts"]["changed"] == 0


def test_evidence_writes_and_sends_nothing(
    orders: list[str], orders_in: Subject, dana: Any, sink: Any
) -> None:
    before = (Message.objects.count(), Record.objects.count(), len(sink.taken))
    draft = drafts.begin(orders_in, author=dana)
    drafts.save(draft, with_channel(draft.content, "web"), edition=draft.edition)
    evidence.gather(draft)
    assert (Message.objects.count(), Record.objects.count(), len(sink.taken)) == before


def test_a_published_mapping_decides_over_the_next_document(
    kestrel: Site, shop: Endpoint, orders: list[str], orders_in: Subject, dana: Any, lee: Any
) -> None:
    content = with_channel(default_rows(orders_in), "web")
    change = published(orders_in, content, author=dana, approver=lee)
    assert change.state == "live"
    pipeline.store(shop, pipeline.order("2001"))
    pipeline.run(kestrel.harbor)
    assert Record.objects.get(number="2001").body["channel"] == "web"
    assert Record.objects.get(number="1001").body["channel"] == "shop"


def test_the_author_cannot_approve_a_mapping(
    orders: list[str], orders_in: Subject, dana: Any
) -> None:
    change_id = proposed(orders_in, with_channel(default_rows(orders_in), "web"), author=dana)
    with pytest.raises(NotNowError, match="Somebody else has to approve"):
        approval.approve(change_id, actor=dana, edition=2)


def test_a_customer_whose_policy_is_one_person_needs_no_second(
    kestrel: Site, orders: list[str], orders_in: Subject, dana: Any
) -> None:
    from portal.customers.models import Customer

    Customer.objects.filter(pk=kestrel.harbor).update(policies={"approval": {"mapping": "one"}})
    change = published(
        orders_in, with_channel(default_rows(orders_in), "web"), author=dana, approver=dana
    )
    assert change.state == "live"


def test_a_draft_changed_after_its_evidence_cannot_be_asked_for(
    orders: list[str], orders_in: Subject, dana: Any
) -> None:
    draft = drafts.begin(orders_in, author=dana)
    evidence.gather(draft)
    drafts.save(draft, with_channel(draft.content, "web"), edition=draft.edition)
    with pytest.raises(NotNowError, match="Test it again"):
        approval.ask(draft.pk, actor=dana, reason="As agreed")


def test_a_change_cannot_be_approved_as_it_was_before_its_last_edit(
    orders: list[str], orders_in: Subject, dana: Any, lee: Any
) -> None:
    change_id = proposed(orders_in, with_channel(default_rows(orders_in), "web"), author=dana)
    with pytest.raises(NotNowError, match="Read it again"):
        approval.approve(change_id, actor=lee, edition=1)


def test_publishing_over_a_newer_version_is_refused(
    orders: list[str], orders_in: Subject, dana: Any, lee: Any
) -> None:
    mine = proposed(orders_in, with_channel(default_rows(orders_in), "web"), author=dana)
    approval.approve(mine, actor=lee, edition=2)
    published(orders_in, with_channel(default_rows(orders_in), "b2b"), author=lee, approver=dana)
    with pytest.raises(NewerVersionError, match="v1 went live by Dana"):
        publishing.publish(mine, actor="Lee")
    assert MappingVersion.objects.count() == 1


def test_two_windows_cannot_overwrite_each_others_draft(orders_in: Subject, dana: Any) -> None:
    draft = drafts.begin(orders_in, author=dana)
    same = ChangeRequest.objects.get(pk=draft.pk)
    drafts.save(draft, with_channel(draft.content, "web"), edition=draft.edition)
    with pytest.raises(NotNowError, match="changed in another window"):
        drafts.save(same, with_channel(same.content, "b2b"), edition=same.edition)


def test_what_is_asked_for_cannot_be_edited(
    orders: list[str], orders_in: Subject, dana: Any
) -> None:
    change = ChangeRequest.objects.get(
        pk=proposed(orders_in, with_channel(default_rows(orders_in), "web"), author=dana)
    )
    with pytest.raises(NotNowError, match="Take it back"):
        drafts.save(change, with_channel(change.content, "b2b"), edition=change.edition)


def test_a_scheduled_change_goes_live_when_its_time_comes(
    orders: list[str], orders_in: Subject, dana: Any, lee: Any, monkeypatch: Any
) -> None:
    change_id = proposed(orders_in, with_channel(default_rows(orders_in), "web"), author=dana)
    at = clock.now() + timedelta(hours=2)
    approval.approve(change_id, actor=lee, edition=2, publish_at=at)
    assert publishing.publish_due() == 0
    ChangeRequest.objects.filter(pk=change_id).update(publish_at=clock.now() - timedelta(minutes=1))
    assert publishing.publish_due() == 1
    assert ChangeRequest.objects.get(pk=change_id).state == "live"


def test_a_scheduled_change_that_came_too_late_goes_back_to_its_author(
    orders: list[str], orders_in: Subject, dana: Any, lee: Any
) -> None:
    mine = proposed(orders_in, with_channel(default_rows(orders_in), "web"), author=dana)
    approval.approve(mine, actor=lee, edition=2)
    published(orders_in, with_channel(default_rows(orders_in), "b2b"), author=lee, approver=dana)
    ChangeRequest.objects.filter(pk=mine).update(publish_at=clock.now() - timedelta(minutes=1))
    assert publishing.publish_due() == 0
    back = ChangeRequest.objects.get(pk=mine)
    assert back.state == "refused"
    assert "v1 went live" in back.events.last().text


def test_a_lookup_draft_shows_which_orders_it_changes(
    kestrel: Site, channels: LookupTable, orders: list[str], dana: Any
) -> None:
    draft = drafts.begin(Subject(kestrel.harbor, Kind.LOOKUP, "channel"), author=dana)
    assert draft.content == {"default": "pass", "default_value": "", "rows": {"shop": "shop"}}
    drafts.save(draft, {**draft.content, "rows": {"shop": "web"}}, edition=1)
    found = evidence.gather(draft)
    assert {field["path"]: field["count"] for field in found["fields"]} == {"channel": 20}


def test_a_rule_draft_shows_where_orders_would_go(
    kestrel: Site, shop: Endpoint, dana: Any, sink: Any
) -> None:
    for slug, site in (("reno", "RNO1"), ("atlanta", "ATL2")):
        depot = pipeline.endpoint(
            kestrel.harbor, slug, settings={"url": sink.url}, site=site, rate_per_second=1000
        )
        pipeline.flow(shop, depot, routed=True)
    pipeline.store(shop, *[pipeline.order(str(3000 + n)) for n in range(5)])
    pipeline.run(kestrel.harbor)
    draft = drafts.begin(Subject(kestrel.harbor, Kind.RULES, ""), author=dana)
    drafts.save(draft, {"rules": [{"n": 1, "if": {}, "then": {"force": "RNO1"}}]}, edition=1)
    counts = evidence.gather(draft)["counts"]
    assert (counts["documents"], counts["rerouted"]) == (5, 5)
    assert counts["routes"] == [["ATL2", "RNO1", 5]]


def test_a_change_outside_of_change_requests_is_found_and_kept(
    kestrel: Site, channels: LookupTable
) -> None:
    configuration.live(kestrel.harbor)
    row = channels.rows.get()
    row.value = "web"
    row.save()
    configuration.live(kestrel.harbor)
    kept = Version.objects.filter(kind="lookup", key="channel").order_by("number")
    assert [(v.number, v.content["rows"]) for v in kept if v.content] == [
        (1, {"shop": "shop"}),
        (2, {"shop": "web"}),
    ]


def test_a_document_of_many_records_is_compared_record_by_record(kestrel: Site, dana: Any) -> None:
    from tests.connectors.x12.harness import interchange

    settings = {
        "host": "127.0.0.1", "port": 9, "user": "portal", "own_id": "PORTAL",
        "partner_id": "NWIND3PL", "usage": "T", "site": "RNO1",
    }  # fmt: skip
    site = pipeline.endpoint(kestrel.harbor, "reno", "x12", settings=settings, site="RNO1")
    pipeline.flow(site, pipeline.endpoint(kestrel.harbor, "shop", settings={}), "inventory")
    pipeline.store(site, interchange("846"), object_type="interchange")
    pipeline.run(kestrel.harbor)
    assert Record.objects.filter(object_type="inventory").count() > 1

    key = "reno inventory in"
    subject = Subject(kestrel.harbor, Kind.MAPPING, key)
    _, live = drafts.live_content(subject)
    assert live
    rows = [["on_hand", '"7"'] if row[0] == "on_hand" else row for row in live["rows"]]
    change = drafts.begin(subject, author=dana, content={"rows": rows})
    found = evidence.gather(change)
    assert found["counts"]["documents"] == 1
    assert found["counts"]["changed"] == 1
    assert any("on_hand" in field["path"] for field in found["fields"])


def test_what_was_held_is_tested_before_what_said_nothing_new(
    kestrel: Site, shop: Endpoint, erp: Endpoint, orders: list[str], dana: Any
) -> None:
    pipeline.store(shop, pipeline.order("H-1", quantity="-1"))
    pipeline.store(shop, *[pipeline.order(number) for number in orders])  # read again
    pipeline.run(kestrel.harbor)
    assert Message.objects.filter(state="unchanged").count() == len(orders)
    wanted = rerun.Wanted(shop.pk, "order", "in")
    states = dict(Message.objects.values_list("id", "state"))
    found = [states[one.id] for one in rerun.latest(kestrel.harbor, wanted, most=21)]
    assert sorted(set(found)) == ["applied", "held"]
    assert len(rerun.latest(kestrel.harbor, wanted, most=30)) == 30


def test_a_document_that_stops_our_own_code_ends_no_replay(
    shop: Endpoint, orders: list[str], orders_in: Subject, dana: Any, monkeypatch: Any
) -> None:
    run = rerun.Runner.run

    def fails(self: rerun.Runner, stored: rerun.Stored) -> Any:
        if stored.name == orders[0]:
            raise KeyError("lines")
        return run(self, stored)

    monkeypatch.setattr(rerun.Runner, "run", fails)
    _, live = drafts.live_content(orders_in)
    change = drafts.begin(orders_in, author=dana, content=with_channel(live, "web"))
    assert evidence.gather(change)["counts"]["documents"] == len(orders)
    assert change.evidence["counts"]["changed"] == len(orders) - 1


def test_what_waits_for_approval_is_neither_rebased_nor_approved_without_evidence(
    shop: Endpoint, orders: list[str], orders_in: Subject, dana: Any, lee: Any
) -> None:
    _, live = drafts.live_content(orders_in)
    pk = proposed(orders_in, with_channel(live, "web"), author=dana)
    change = ChangeRequest.objects.get(pk=pk)
    with pytest.raises(NotNowError, match="take it back first"):
        drafts.rebase(change, actor="Dana")
    ChangeRequest.objects.filter(pk=pk).update(evidence_of="")
    with pytest.raises(NotNowError, match="has not been shown"):
        approval.approve(pk, actor=lee, edition=change.edition)
