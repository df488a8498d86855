"""The conformance suite: what every registered connector has to hold."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors.client import STEPS
from integrations.connectors.connector import Connector
from integrations.connectors.outbound import Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import CrossdockError, NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import (
    FAULTS,
    SECRET_MARK,
    Harness,
    Sample,
    client_of,
    read_stream,
)

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
HOSTILE = (
    "Robert'); DROP TABLE orders;--",
    "<script>alert(1)</script>",
    "Zoë Ñandú 🏕️ 東京",
    "{{7*7}} ${7*7} %s %n",
    "a\u202eb\u200bc",
    '"quoted" & \\back/slash',
)
MONEY = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
MONEY_NAMES = {
    "unit_price",
    "total",
    "price",
    "tax",
    "discount",
    "shipping",
    "fees",
    "paid",
    "freight",
}
LONGEST_HELP = 320  # what one reads beside a field
DELIVERED_ONCE = "conformance-once"
# Capability → the client's methods for it; webhooks and AS2 messages, which come, need none.
METHODS = {
    "poll": {"fetch"},
    "deliver": {"deliver"},
    "envelope": {"put_file"},
    "snapshot": {"levels", "orders", "order_lines"},
    "resources": {"zone", "relations", "relation", "procedures", "read_rows", "write_row"},
}


def translate(connector: Connector, harness: Harness, sample: Sample) -> list[dict[str, Any]]:
    """The canonical bodies of a document; it must map and validate without a problem."""
    native = connector.mapper.read(
        sample.object_type, sample.topic, sample.body, harness.connection()
    )
    assert native.problems == []
    rows = connector.mapper.MAPPINGS[native.object_type, "in"]
    mapping = compile_mapping(rows, name="conformance")
    bodies = []
    for document in native.documents:
        outcome = mapping.run(
            document,
            lookup=lambda table, code: code,
            binding=lambda kind, remote: MISSING,
            context={},
        )
        assert outcome.problems == []
        assert outcome.body is not None
        assert validate(native.object_type, outcome.body) == []
        bodies.append(outcome.body)
    assert bodies, "a sample must say something"
    return bodies


def leaves(value: Any, name: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for key, child in value.items() for leaf in leaves(child, key)]
    if isinstance(value, list):
        return [leaf for child in value for leaf in leaves(child, name)]
    return [(name, value)]


def never_called(connector: Connector) -> bool:
    """Whether the system calls us and we never call it: nothing to reach, no credentials to keep."""
    return connector.manifest.capabilities == {"api"}


def error_of(connector: Connector, harness: Harness, fault: str) -> CrossdockError:
    """What a call that meets `fault` ends in."""
    with client_of(connector, harness.meeting(fault)) as client:
        item = harness.outbound(key=f"fault-{fault}")
        if item is not None and "deliver" in connector.manifest.capabilities:
            [outcome] = list(client.deliver([item]))
            assert outcome.error is not None, "the fault went unnoticed"
            return outcome.error
        with pytest.raises(CrossdockError) as caught:
            client.fetch(next(iter(harness.streams)), {}, now=NOW)
        return caught.value


def test_the_manifest_is_complete(connector: Connector, harness: Harness) -> None:
    manifest = connector.manifest
    assert manifest.slug == harness.slug
    assert all((manifest.label, manifest.category, manifest.summary, manifest.auth))
    assert manifest.capabilities
    assert manifest.quality
    for item, state in manifest.quality.items():
        assert state.split(",")[0].split(":")[0].split(" ")[0] in {"done", "todo", "exempt"}, item
    assert set(harness.streams) == set(connector.streams(harness.connection()))


def test_a_connector_can_do_what_its_capabilities_promise_and_no_more(
    connector: Connector, harness: Harness
) -> None:
    capabilities = connector.manifest.capabilities
    assert (connector.admit is not None) == ("webhook" in capabilities)
    assert (connector.as2 is not None) == ("as2" in capabilities)
    assert (connector.envelope is not None) == ("envelope" in capabilities)
    assert (connector.tables is not None) == ("tables" in capabilities)
    assert bool(connector.streams(harness.connection())) == ("poll" in capabilities)
    with client_of(connector, harness.connection()) as client:
        methods = {name for name in dir(client) if not name.startswith("_")}
    promised = {name for capability in capabilities for name in METHODS.get(capability, ())}
    # Where a fetch would claim what it reads, there is a look that does not; and one order may be asked for.
    may = {"peek", "fetch_order"} if "poll" in capabilities else set()
    may |= {"place_test_order", "remove_test_order"}
    assert ("place_test_order" in methods) == ("remove_test_order" in methods)
    assert methods - may == promised | {"test_connection", "close"}


def test_every_object_type_of_the_manifest_has_a_default_mapping(connector: Connector) -> None:
    offered = set(connector.mapper.MAPPINGS)
    wanted = {(kind, "in") for kind in connector.manifest.reads}
    wanted |= {(kind, "out") for kind in connector.manifest.writes}
    assert offered == wanted


def test_every_default_mapping_compiles(connector: Connector) -> None:
    for (object_type, direction), rows in connector.mapper.MAPPINGS.items():
        compile_mapping(rows, name=f"{object_type} {direction}")


def test_every_setting_explains_itself(connector: Connector) -> None:
    names = [setting.name for setting in connector.settings]
    assert len(names) == len(set(names))
    for setting in connector.settings:
        assert setting.label
        assert setting.help.endswith((".", "?")), setting.name
        assert len(setting.help) <= LONGEST_HELP, (
            f"{setting.name}: the rest belongs into the README"
        )
        if setting.secret:
            assert setting.default is None
        if setting.kind == "choice":
            assert setting.default in setting.choices


def test_secrets_are_in_no_representation(connector: Connector, harness: Harness) -> None:
    if never_called(connector):
        pytest.skip("it is never called")
    to = harness.connection()
    assert any(SECRET_MARK in secret.reveal() for secret in to.secrets.values())
    with client_of(connector, to) as client:
        shown = f"{to!r} {to} {to.secrets!r} {client!r} {client} {vars(client)!r}"
    assert SECRET_MARK not in shown


@pytest.mark.parametrize("fault", ["wrong key", "nobody there", *FAULTS])
def test_secrets_are_in_no_error(
    connector: Connector, harness: Harness, fault: str, impatient: None
) -> None:
    if isinstance(harness.faults.get(fault), str):
        pytest.skip(str(harness.faults[fault]))
    named = {"wrong key": harness.with_wrong_key, "nobody there": harness.with_nobody_there}
    to = named[fault]() if fault in named else harness.meeting(fault)
    with client_of(connector, to) as client:
        said = repr(list(client.test_connection()))
        item = harness.outbound(key="secrets")
        if item is not None:
            said += repr(list(client.deliver([item])))
    assert SECRET_MARK not in said


def test_the_connection_test_passes_with_the_right_key(
    connector: Connector, harness: Harness
) -> None:
    if never_called(connector):
        pytest.skip("it is never called")
    with client_of(connector, harness.connection()) as client:
        checks = list(client.test_connection())
    assert [check.name for check in checks] == list(STEPS)
    assert [check for check in checks if check.passed is False] == []
    assert [check.name for check in checks if check.passed][:1] == ["host"]
    assert "key" in [check.name for check in checks if check.passed]
    assert {check.remedy for check in checks} == {""}


def test_the_connection_test_tells_a_wrong_key_from_no_network(
    connector: Connector, harness: Harness, impatient: None
) -> None:
    if never_called(connector):
        pytest.skip("it is never called")
    with client_of(connector, harness.with_wrong_key()) as client:
        wrong_key = list(client.test_connection())
    with client_of(connector, harness.with_nobody_there()) as client:
        nobody = list(client.test_connection())
    # Whoever refuses the key has been reached, and what hangs on the key was not tried.
    told = {check.name: check.passed for check in wrong_key}
    assert (told["host"], told["key"], told["scope"]) == (True, False, None)
    assert [(check.name, check.passed) for check in nobody] == [
        ("host", False),
        ("tls", None),
        ("key", None),
        ("scope", None),
        ("clock", None),
    ]
    failed = [check for check in (*wrong_key, *nobody) if check.passed is False]
    assert all(check.text and check.remedy for check in failed)


def test_fetching_resumes_from_every_checkpoint(connector: Connector, harness: Harness) -> None:
    with client_of(connector, harness.connection()) as client:
        for stream, count in harness.streams.items():
            pages = list(read_stream(client, stream, {}))
            keys = [{document.dedup_key for document in documents} for documents, _ in pages]
            assert len(set().union(*keys)) == count, stream
            for number, (_, cursor) in enumerate(pages[:-1], start=1):
                rest = list(read_stream(client, stream, cursor))
                seen = set().union(*keys[:number])
                seen.update(document.dedup_key for documents, _ in rest for document in documents)
                assert len(seen) == count, f"{stream}: lost behind page {number}"
                assert len(rest) == len(pages) - number, f"{stream}: page {number} starts over"


def test_the_same_page_twice_makes_no_second_document(
    connector: Connector, harness: Harness
) -> None:
    with client_of(connector, harness.connection()) as client:
        for stream, count in harness.streams.items():
            passes = [
                [d.dedup_key for documents, _ in read_stream(client, stream, {}) for d in documents]
                for _ in range(2)
            ]
            assert passes[0] == passes[1]
            assert len(set(passes[0])) == count
            assert all(key and len(key) <= 120 for key in passes[0])


def test_good_documents_of_every_type_become_valid_records(
    connector: Connector, harness: Harness
) -> None:
    samples = harness.samples()
    assert {sample.object_type for sample in samples} == set(connector.manifest.reads)
    for sample in samples:
        translate(connector, harness, sample)


def test_unknown_fields_change_nothing(connector: Connector, harness: Harness) -> None:
    for plain, odd in zip(harness.samples(), harness.with_unknown_fields(), strict=True):
        assert plain.body != odd.body
        assert translate(connector, harness, odd) == translate(connector, harness, plain)


def test_missing_optional_fields_pass(connector: Connector, harness: Harness) -> None:
    minimal = harness.minimal()
    assert {sample.object_type for sample in minimal} == set(connector.manifest.reads)
    for sample in minimal:
        translate(connector, harness, sample)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_and_emoji_arrive_as_they_are(
    connector: Connector, harness: Harness, name: str
) -> None:
    sample = harness.order_like(name=name, lines=1)
    [body] = translate(connector, harness, sample)
    assert name in [value for _, value in leaves(body)]


def test_ten_thousand_lines_arrive_whole(connector: Connector, harness: Harness) -> None:
    sample = harness.order_like(name="Sam Reyes", lines=10_000)
    [body] = translate(connector, harness, sample)
    assert len(body["lines"]) == 10_000


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00", b"[1,2", b"null", b"[]", b'"text"', b"{}", b"\x00" * 50, b"{" * 5000],
)
def test_bad_bytes_give_problems_and_never_an_error(
    connector: Connector, harness: Harness, body: bytes
) -> None:
    for object_type in connector.manifest.reads:
        native = connector.mapper.read(object_type, "", body, harness.connection())
        if body != b"{}":
            assert native.problems
            assert native.documents == []
        assert all(problem.code and problem.text for problem in native.problems)


def test_money_is_decimal_text_and_times_are_aware(connector: Connector, harness: Harness) -> None:
    for sample in harness.samples():
        for body in translate(connector, harness, sample):
            for name, value in leaves(body):
                assert not isinstance(value, float), name
                if name in MONEY_NAMES:
                    assert MONEY.fullmatch(value), (name, value)
                    assert Decimal(value).is_finite()
                if name.endswith("_at") and len(value) > 10:
                    assert datetime.fromisoformat(value).tzinfo is not None, name


def test_every_fault_is_judged(harness: Harness) -> None:
    assert set(harness.faults) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_becomes_the_error_that_names_its_recovery(
    connector: Connector, harness: Harness, fault: str, impatient: None
) -> None:
    wanted = harness.faults[fault]
    if isinstance(wanted, str):
        pytest.skip(wanted)
    error = error_of(connector, harness, fault)
    assert type(error) is wanted, error
    assert type(error) in {Retryable, NeedsPerson, NeedsCredentials, Permanent}
    if fault == "429":
        assert isinstance(error, Retryable)
        assert error.retry_after == 17
    if fault in {"no answer", "cut off"}:
        assert isinstance(error, Retryable)
        assert error.uncertain


def test_a_push_repeated_with_the_same_key_has_one_effect(
    connector: Connector, harness: Harness
) -> None:
    if "deliver" not in connector.manifest.capabilities:
        pytest.skip("this connector does not deliver one by one")
    before = harness.effects()
    outcomes: list[Outcome] = []
    with client_of(connector, harness.connection()) as client:
        for retried in (False, True, True):
            item = harness.outbound(key=DELIVERED_ONCE, retried=retried)
            assert item is not None
            outcomes += client.deliver([item])
    assert [outcome.error for outcome in outcomes] == [None, None, None]
    assert harness.effects() == before + 1
    assert len({outcome.remote_id for outcome in outcomes}) == 1
