import io
import json
import logging
import time
from datetime import UTC, datetime

import pytest
import structlog

from portal.core import clock, logs

PLANTED = "Zq7RplantedT9x"


@pytest.fixture
def lines():
    """Configure as asked, hand out what was printed, and put logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()

    def configure(*, as_json: bool, level: str = "INFO") -> io.StringIO:
        logs.configure(as_json=as_json, level=level)
        root.handlers[0].stream = stream
        return stream

    yield configure
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_line_is_one_json_object_with_time_level_name_and_fields(lines):
    stream = lines(as_json=True)
    with clock.freeze(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        structlog.get_logger("engine").info("delivered", number="1001", attempt=2)
    assert json.loads(stream.getvalue()) == {
        "event": "delivered",
        "number": "1001",
        "attempt": 2,
        "level": "info",
        "logger": "engine",
        "timestamp": "2026-03-02T12:00:00.000+00:00",
    }


def test_context_is_on_every_line_of_both_kinds_of_logger(lines):
    stream = lines(as_json=True)
    structlog.contextvars.bind_contextvars(partner="northwind")
    structlog.get_logger("a").info("one")
    logging.getLogger("b").warning("two %s", "words")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["partner"], second["partner"]) == ("northwind", "northwind")
    assert (second["event"], second["level"], second["logger"]) == ("two words", "warning", "b")


def plant_in_fields(log):
    log.info("calling", headers={"Authorization": PLANTED}, url=f"https://a/?key={PLANTED}")


def plant_in_words(log):
    log.info("login with password=%s failed", PLANTED)


def plant_in_context(log):
    structlog.contextvars.bind_contextvars(api_key=PLANTED)
    log.info("hello")


def plant_in_traceback(log):
    try:
        raise ValueError(f"client_secret={PLANTED} is wrong")
    except ValueError:
        log.exception("failed")


def plant_in_object(log):
    log.info("failed", error=LookupError(f"token={PLANTED}"), payload=b"token=" + PLANTED.encode())


def plant_in_local_variable(log):
    password = PLANTED  # noqa: F841  a pretty traceback would print it
    try:
        raise ValueError("no secret in here")
    except ValueError:
        log.exception("failed")


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "plant",
    [
        plant_in_fields,
        plant_in_words,
        plant_in_context,
        plant_in_traceback,
        plant_in_object,
        plant_in_local_variable,
    ],
)
def test_a_secret_is_never_printed(lines, plant, as_json):
    stream = lines(as_json=as_json)
    plant(structlog.get_logger("engine"))
    assert PLANTED not in stream.getvalue()
    assert "engine" in stream.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_lines_of_other_libraries_are_redacted_too(lines, as_json):
    stream = lines(as_json=as_json)
    logging.getLogger("urllib3").warning("retrying /orders?consumer_key=%s", PLANTED)
    plant_in_traceback(logging.getLogger("django.request"))
    assert PLANTED not in stream.getvalue()
    assert "consumer_key=not shown" in stream.getvalue()


def test_the_level_is_kept(lines):
    stream = lines(as_json=True, level="WARNING")
    structlog.get_logger("engine").info("too much")
    logging.getLogger("other").info("too much")
    structlog.get_logger("engine").warning("enough")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["enough"]


def test_a_line_that_anybody_may_write_is_cut_before_it_is_searched(lines):
    stream = lines(as_json=True)
    path = "/token%3C" + "<a-eyJ" * 1_000_000
    started = time.process_time()
    logging.getLogger("django.request").warning("Not Found: %s", path, extra={"path": path})
    assert time.process_time() - started < 1
    event = json.loads(stream.getvalue())["event"]
    assert event.startswith("Not Found: /token%3C<a-eyJ")
    assert len(event) == 8192


def test_a_long_traceback_is_shown_to_its_last_line(lines):
    stream = lines(as_json=True)
    try:
        raise ValueError("x" * 20_000 + f" token={PLANTED} at the end")
    except ValueError:
        structlog.get_logger("engine").exception("failed")
    printed = json.loads(stream.getvalue())["exception"]
    assert printed.endswith("token=not shown at the end")
