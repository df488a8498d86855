"""What a description may say, and how it is refused: by line and key, all of it at once."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from integrations.connectors import registry
from integrations.connectors.described.description import (
    MOST_BYTES,
    DescriptionError,
    complaint,
    parse,
)
from integrations.connectors.described.system import (
    Ask,
    Auth,
    Call,
    Incremental,
    Paging,
    Rate,
    Rule,
)
from tests.connectors.rest.harness import DESCRIPTION

pytestmark = pytest.mark.pure

GOOD = """
auth: {kind: header, name: X-Key, prefix: Key, secret: token}
test: {path: /ping, params: {full: 0}}
streams:
  orders:
    object: order
    path: /v2/orders
    params: {state: any}
    rows: /d/results
    id: uid
    updated: meta.changed
    paging: {kind: offset, param: skip, size_param: top, size: 250, more: meta.more}
    incremental: {param: since, format: unix, overlap: 120, start: 2026-03-01}
writes:
  shipment:
    method: PUT
    path: /orders/{order.id}/ship
    wrap: data.shipment
    leave_out: [order, note]
    answer_id: id
    update: {method: PATCH, path: "/shipments/{remote_id}"}
errors:
  message: error.text
  rules:
    - {status: [409, 422], field: error.code, is: [E7, 7, true], means: person}
rate: {per_second: 2.5}
limits: {pages: 50, rows: 100}
"""


def refusal(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(DescriptionError) as refused:
        parse(text)
    return [(fault.line, fault.path, fault.text) for fault in refused.value.faults]


def test_a_description_says_what_it_says() -> None:
    system = parse(GOOD)
    stream, write = system.streams["orders"], system.writes["shipment"]
    assert system.auth == Auth("header", "X-Key", "Key", "token", "")
    assert system.test == Ask("/ping", {"full": "0"})
    assert (stream.object_type, stream.rows, stream.id) == ("order", ("d", "results"), ("uid",))
    assert stream.ask == Ask("/v2/orders", {"state": "any"})
    assert stream.paging == Paging("offset", "skip", 0, "top", 250, None, ("meta", "more"))
    march = datetime(2026, 3, 1, tzinfo=UTC)
    assert stream.incremental == Incremental(
        "since", "unix", ("meta", "changed"), 120, False, march, False
    )
    assert write.create == Call("PUT", ("/orders/", "order.id", "/ship"))
    assert write.update == Call("PATCH", ("/shipments/", "remote_id", ""))
    assert (write.wrap, write.leave_out) == (("data", "shipment"), ("order", "note"))
    assert (write.key_header, write.look_up, write.id) == ("", None, ("id",))
    statuses, values = frozenset({409, 422}), frozenset({"E7", "7", "true"})
    assert system.rules == (Rule("person", statuses, ("error", "code"), values),)
    assert (system.messages, system.rate) == ((("error", "text"),), Rate(2.5))
    assert (system.most_pages, system.most_rows) == (50, 100)
    with pytest.raises(FrozenInstanceError):
        system.rate = Rate(9)  # type: ignore[misc]


def test_orders_begin_a_day_back_and_everything_else_with_all_there_is() -> None:
    def begins(object_type: str, start: str) -> tuple[datetime | None, bool]:
        text = GOOD.replace("object: order", f"object: {object_type}").replace(
            ", start: 2026-03-01", start
        )
        changes = parse(text).streams["orders"].incremental
        assert changes is not None
        return changes.start, changes.a_day

    assert begins("order", "") == (None, True)
    assert begins("order", ", start: everything") == (None, False)
    assert begins("product", "") == (None, False)


def test_the_desk_of_the_how_to_is_good() -> None:
    assert complaint(DESCRIPTION) == ""


TYPES = ("There is no object type ship. There are: adjustment, availability, customer, inbound_shipment,"
         " inventory, invoice, order, price_list, product, receipt, return, shipment.")  # fmt: skip
ELSEWHERE = "It must be a plain path: letters, digits and -._~ between slashes."
CLIMBS = "It must not climb by dots, and have no empty segment."
REFUSALS = [
    # what is changed, into what, line, key, sentence
    ("limits: {", "call_id: Authorization\nlimits: {", 27, "call_id", "It must be the name of a header that nothing else is in."),
    ("limits: {", "rates: [{path: /a*}]\nlimits: {", 27, "rates[0].path", "It must be a path such as /orders/*/items; * stands for one segment."),
    ("limits: {", "rates: [{path: /a, limit: X-L}]\nlimits: {", 27, "rates[0].limit", "It goes with per_second, which counts until the system says its own."),
    ("auth: {", "oauth: {", 2, "oauth", "There is no such key. There are: auth, headers, test, streams, writes, errors, rate, rates, call_id, limits."),
    ("kind: header", "kind: magic", 2, "auth.kind", "“magic” is not one of none, header, bearer, basic, query, oauth, oauth1."),
    ("name: X-Key", 'name: "X Key"', 2, "auth.name", "It must be a plain name of letters, digits and dashes."),
    ("name: X-Key, ", "", 2, "auth.name", "This key is missing."),
    ("secret: token", "secret: 5up3r", 2, "auth.secret", "“5up3r” is not one of token, user, password."),
    ("kind: header, name: X-Key, prefix: Key", "kind: query, name: k", 2, "auth.name",
     "Use a name that shows it is a secret, such as api_key or token."),
    ("kind: header, name: X-Key, prefix: Key", "kind: bearer, name: x", 2, "auth.name", "There is no such key. There are: kind, secret."),
    ("auth: {kind: header, name: X-Key, prefix: Key, secret: token}", "auth: token", 2, "auth", "It must be a group of keys."),
    ("/ping", "ping", 3, "test.path", "It must begin with one slash: it stands behind the base address."),
    ("/ping", "//evil.example/", 3, "test.path", "It must begin with one slash: it stands behind the base address."),
    ("/ping", "'/{number}'", 3, "test.path", "A list is the same for every document: its path takes no {values}."),
    ("full: 0", "full: [0]", 3, "test.params.full", "It must be text."),
    ("  orders:", "  Orders:", 5, "streams.Orders", "A stream has a name of small letters, digits, _ and -, such as orders."),
    ("object: order", "object: ship", 6, "streams.orders.object", TYPES.replace("There is no object type ship. There are:", "“ship” is not one of")),
    ("/v2/orders", "/v2/orders?x=1", 7, "streams.orders.path", ELSEWHERE),
    ("/v2/orders", "/v2/%2e%2e/x", 7, "streams.orders.path", ELSEWHERE),
    ("/v2/orders", "/v2/ä", 7, "streams.orders.path", ELSEWHERE),
    ("/v2/orders", "/v2/../orders", 7, "streams.orders.path", CLIMBS),
    ("rows: /d/results", "rows: a..b", 9, "streams.orders.rows", "It must be a place such as data.orders or /data/orders."),
    ("updated: meta.changed", "", 5, "streams.orders.updated", "Whoever asks for changes says where a row tells when it changed."),
    ("kind: offset", "kind: pages", 12, "streams.orders.paging.kind", "“pages” is not one of none, page, offset, cursor, link."),
    ("param: skip, ", "", 12, "streams.orders.paging.param", "This key is missing."),
    ("size: 250", "size: 0", 12, "streams.orders.paging.size", "It must be 1 to 5000."),
    ("size: 250", "size: 2.5", 12, "streams.orders.paging.size", "It must be a whole number."),
    ("size: 250", "size: many", 12, "streams.orders.paging.size", "It must be a number."),
    ("kind: offset", "kind: cursor", 12, "streams.orders.paging.next", "Say where the answer has the next cursor, such as meta.next."),
    ("format: unix", "format: '%H:%M'", 13, "streams.orders.incremental.format",
     "It must be iso, date, unix, unix_ms, rfc2822, or a pattern such as %d.%m.%Y."),
    ("overlap: 120", "overlap: 0", 13, "streams.orders.incremental.overlap", "It must be 1 to 2678400."),
    ("format: unix, overlap: 120", "format: date, overlap: 60", 13, "streams.orders.incremental.overlap", "It must be 86400 to 2678400."),
    ("start: 2026-03-01", "start: soon", 13, "streams.orders.incremental.start",
     "It must be a time such as 2026-03-01T00:00:00Z, everything, or a_day."),
    ("overlap: 120", "ascending: sure", 13, "streams.orders.incremental.ascending", "It must be true or false."),
    ("  shipment:", "  ship:", 15, "writes.ship", TYPES),
    ("method: PUT", "method: DELETE", 16, "writes.shipment.method", "“DELETE” is not one of POST, PUT, PATCH."),
    ("/orders/{order.id}/ship", "/orders/{order.id/ship", 17, "writes.shipment.path",
     "Braces hold the name of a value, such as {number} or {ship_to.city}."),
    ("/orders/{order.id}/ship", "/orders/../{order.id}", 17, "writes.shipment.path", CLIMBS),
    ("/orders/{order.id}/ship", "https://evil.example/{order.id}", 17, "writes.shipment.path",
     "It must begin with one slash: it stands behind the base address."),
    ("/orders/{order.id}/ship", "'{order.id}.evil.example/'", 17, "writes.shipment.path",
     "It must begin with one slash: it stands behind the base address."),
    ("leave_out: [order, note]", "leave_out: [[order]]", 19, "writes.shipment.leave_out", "It must be one value, or a list of them."),
    ("answer_id: id", "idempotency_header: 'a: b'", 20, "writes.shipment.idempotency_header", "It must be the name of a header."),
    ("answer_id: id", 'look_up: {path: "/x", params: {a: "{"}}', 20, "writes.shipment.look_up.params",
     "Braces hold the name of a value, such as {number} or {ship_to.city}."),
    ("means: person", "means: panic", 25, "errors.rules[0].means",
     "“panic” is not one of retryable, person, credentials, permanent, confirmed, nothing."),
    ("status: [409, 422]", "status: [99]", 25, "errors.rules[0].status", "It must be a status from 200 to 599, or a list of them."),
    ("status: [409, 422], field: error.code, is: [E7, 7, true], ", "", 25, "errors.rules[0]", "A rule needs a status, a field, or both."),
    ("field: error.code, ", "", 25, "errors.rules[0].is", "Say in `field` what has this value."),
    ("status: [409, 422], field: error.code, is: [E7, 7, true], ", "status: 200, ", 25, "errors.rules[0].status",
     "A good answer is an error only by a field in it."),
    ("per_second: 2.5", "per_second: 0", 26, "rate.per_second", "It must be 0.001 to 1000."),
    ("pages: 50", "pages: 0", 27, "limits.pages", "It must be 1 to 100000."),
    ("rows: 100}", "bytes: 1}", 27, "limits.bytes", "There is no such key. There are: pages, rows."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "line", "key", "text"),
    REFUSALS,
    ids=[f"{r[3]}-{r[1][:20]}" for r in REFUSALS],
)
def test_what_is_wrong_is_said_with_its_line_and_key(
    before: str, after: str, line: int, key: str, text: str
) -> None:
    assert before in GOOD
    assert (line, key, text) in refusal(GOOD.replace(before, after, 1))


def test_all_of_it_is_said_at_once() -> None:
    text = GOOD.replace("kind: header", "kind: magic").replace("/v2/orders", "orders")
    found = refusal(text)
    assert {line for line, _, _ in found} >= {2, 7}
    assert complaint(text).startswith("Line 2, auth.kind: “magic” is not one of")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "The description is empty."),
        ("- a\n- b", 1, "It must be a group of keys."),
        ("a: [1\nb: 2", 2, "This is not YAML"),
        ("auth: !!python/object/apply:os.system [id]", 1, "It must be a group of keys."),
        ("auth: !!python/name:os.system x", 1, "The tag tag:yaml.org,2002:python"),
        ("auth: {kind: none}\nauth: {kind: none}", 2, "This key stands here twice."),
        ("[" * 60, 1, "nest deeper than 50 levels"),
        ("# " + "x" * MOST_BYTES, 1, "It may have at most 64000 bytes."),
        ("auth: \x00", 1, "The character U+0000"),
        ("a: \ud800", 1, "not UTF-8"),
        ("auth: {kind: none}", 1, "Describe at least one stream or one write."),
        ("writes: {order: {path: /o}}", 1, "Without streams it says what the connection test asks."),
    ],
)  # fmt: skip
def test_what_is_no_description_at_all_is_refused(text: str, line: int, said: str) -> None:
    found = refusal(text)
    assert any(at == line and said in sentence for at, _, sentence in found), found


def test_an_alias_bomb_goes_off_nowhere() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    [(_, _, text)] = refusal(bomb)
    assert text == "Aliases repeat more than 10000 values."


def test_a_description_that_cannot_be_read_has_no_streams_and_never_raises() -> None:
    from tests.connectors.conformance import connection

    rest = registry.get("rest")
    for text in ("", "a: [", "streams: 7"):
        assert rest.streams(connection(rest, settings={"description": text}, secrets={})) == {}
    given = connection(rest, settings={"description": GOOD}, secrets={})
    assert rest.streams(given) == {"orders": "order"}
