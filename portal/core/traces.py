"""Traces as OpenTelemetry has them, where an installation wants them (`CROSSDOCK_TRACES_URL`).

While they are off nothing of OpenTelemetry is imported, and a span is a call that does nothing. A process
begins to export at its first span: web servers and workers fork, and threads do not live through that.
Spans name the partner, the lane and the host that was called; never a path, a query or a document.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ParamSpec, Protocol, TypeVar

from django.conf import settings

P = ParamSpec("P")
T = TypeVar("T")


class Span(Protocol):
    """What a span is told while it lasts."""

    def set_attribute(self, key: str, value: Any) -> object: ...


class _Nothing:
    def set_attribute(self, key: str, value: Any) -> None:
        pass


_NOTHING = nullcontext(_Nothing())
_lock = threading.Lock()
_tracer: tuple[int, Any] | None = None  # the process it belongs to, and the tracer


def span(name: str, **attributes: str | int | float) -> Any:
    """A context manager around a piece of work; it gives the `Span`. An error that leaves it is noted by
    its type, not by its text, which may hold anything."""
    tracer = _current()
    return _recorded(tracer, name, attributes) if tracer else _NOTHING


def carried(function: Callable[P, T]) -> Callable[P, T]:
    """The function as part of what is traced here, for a thread that knows nothing of it."""
    if _current() is None:
        return function
    from opentelemetry import context

    here = context.get_current()

    def there(*args: P.args, **kwargs: P.kwargs) -> T:
        token = context.attach(here)
        try:
            return function(*args, **kwargs)
        finally:
            context.detach(token)

    return there


@contextmanager
def _recorded(tracer: Any, name: str, attributes: dict[str, Any]) -> Iterator[Span]:
    from opentelemetry.trace import StatusCode

    with tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield made
        except BaseException as error:
            made.set_status(StatusCode.ERROR, type(error).__name__)
            raise


def _current() -> Any:
    if not settings.TRACES_URL:
        return None
    global _tracer
    if _tracer is None or _tracer[0] != os.getpid():
        with _lock:
            if _tracer is None or _tracer[0] != os.getpid():
                _tracer = (os.getpid(), begin(_exporter()))
    return _tracer[1]


def _exporter() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=f"{settings.TRACES_URL.rstrip('/')}/v1/traces")


def begin(exporter: Any) -> Any:
    """A tracer of this process that gives its spans to `exporter`, a batch at a time."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": settings.TRACES_SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer("crossdock")
