"""Spans of what is done where, when an installation wants them; else nothing at all."""

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from integrations.transports.threads import Threads
from portal.core import http, traces
from portal.core.errors import Permanent

pytestmark = pytest.mark.pure


@pytest.fixture
def spans(settings, monkeypatch):
    """What has been exported, once it is asked for."""
    settings.TRACES_URL = "http://collector.test:4318"
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(traces, "_exporter", lambda: exporter)
    monkeypatch.setattr(traces, "_tracer", None)

    def finished():
        traces._tracer[1].span_processor.force_flush()
        return {one.name: one for one in exporter.get_finished_spans()}

    yield finished
    if traces._tracer:
        traces._tracer[1].span_processor.shutdown()


def test_nothing_of_it_is_imported_while_it_is_off() -> None:
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup();"
        " from portal.core import traces, http; from portal.jobs import runner;"
        "\nwith traces.span('x') as span: span.set_attribute('a', 1)"
        "\nassert traces.carried(print) is print"
        "\nassert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_a_span_within_a_span_is_its_child_and_says_what_it_was_told(spans) -> None:
    with traces.span("lane deliver", partner="kestrel") as outer:
        outer.set_attribute("done", 3)
        with traces.span("HTTP POST", host="erp.test"):
            pass
    found = spans()
    assert dict(found["lane deliver"].attributes) == {"partner": "kestrel", "done": 3}
    assert found["HTTP POST"].parent.span_id == found["lane deliver"].context.span_id


def test_an_error_is_noted_by_its_kind_without_its_words(spans) -> None:
    with pytest.raises(ValueError, match="password=hunter2"), traces.span("x"):
        raise ValueError("password=hunter2")
    made = spans()["x"]
    assert (made.status.status_code.name, made.status.description) == ("ERROR", "ValueError")
    assert made.events == ()


def test_calls_on_other_threads_belong_to_who_began_them(spans) -> None:
    threads = Threads(2)

    def call(n: int) -> int:
        with traces.span(f"call {n}"):
            return n

    with traces.span("deliver"):
        assert sorted(threads.each(call, [1, 2, 3])) == [1, 2, 3]
    threads.close()
    found = spans()
    parents = {found[f"call {n}"].parent.span_id for n in (1, 2, 3)}
    assert parents == {found["deliver"].context.span_id}


def test_a_call_is_told_by_its_host_and_never_by_its_address(spans, allow) -> None:
    allow()
    with pytest.raises(Permanent):
        http.request("GET", "https://user:secret@10.1.2.3/orders?key=secret")
    made = spans()["HTTP GET"]
    assert dict(made.attributes) == {"host": "10.1.2.3"}
    assert made.status.description == "Permanent"
    assert "secret" not in made.to_json()


def test_a_process_that_was_forked_begins_anew(spans, monkeypatch) -> None:
    first = traces._current()
    assert traces._current() is first
    monkeypatch.setattr(traces.os, "getpid", lambda: -1)
    assert traces._current() is not first
