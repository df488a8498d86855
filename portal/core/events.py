"""How a lower floor tells the floors above that something happened, without knowing them.

A floor declares an event as a NamedTuple and publishes it; receivers run at once, in the order they
subscribed, inside the publisher's transaction. An error in a receiver reaches the publisher: what
must not fail with the publisher belongs in a task that the receiver enqueues.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, TypeVar

Event = TypeVar("Event", bound=tuple[Any, ...])
Handler = Callable[[Any], None]

_handlers: dict[type, tuple[Handler, ...]] = {}
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def subscribe(
    event_type: type[Event],
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Decorate a function that receives every published `event_type`. Twice is once."""
    if not (issubclass(event_type, tuple) and hasattr(event_type, "_fields")):
        raise TypeError(f"{event_type.__name__} is not a NamedTuple")

    def add(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        known = _handlers.get(event_type, ())
        if handler not in known:
            _handlers[event_type] = (*known, handler)
        return handler

    return add


def publish(event: tuple[Any, ...]) -> None:
    """Hand `event` to its receivers, now. The first error stops the rest and propagates."""
    if _silent.get():
        return
    for handler in _handlers.get(type(event), ()):
        handler(event)


def registry() -> Mapping[type, tuple[Handler, ...]]:
    """Who listens to what, read only."""
    return MappingProxyType(_handlers)


@contextmanager
def silenced() -> Iterator[None]:
    """Nobody hears what this thread publishes inside: for work that is taken back afterwards."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


@contextmanager
def isolated() -> Iterator[None]:
    """Start with no receivers and put the real ones back afterwards. For tests."""
    before = dict(_handlers)
    _handlers.clear()
    try:
        yield
    finally:
        _handlers.clear()
        _handlers.update(before)
