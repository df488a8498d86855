"""The live test of a described system: does it take the credentials, and are its lists where it says?"""

from collections.abc import Callable, Iterator

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.described import answers
from integrations.connectors.described.api import Api
from integrations.connectors.described.polling import Position
from integrations.connectors.described.reading import Reader
from integrations.connectors.described.system import Ask, System
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent
from portal.core.response import Response

_MOST_STREAMS = 8


def lines(connection: Connection, system: System, api: Callable[[], Api]) -> Iterator[Check]:
    """Host, TLS, key, scope and clock. Nothing is written: only lists are asked for."""
    last: Check | None = None
    for last in web_checks.lines(str(connection.settings["url"])):
        yield last
    if last is not None and last.passed is False:
        yield from checks.rest(last.name)
        return
    try:
        called = api()
    except CrossdockError as error:
        yield checks.failed("key", f"{error}.", "Enter the secret that the description names.")
        yield from checks.rest("key")
        return
    try:
        asked = _asked(system)
        answer = called.ask(asked.path, asked.params)
    except CrossdockError as error:
        yield _refused(error)
        yield from checks.rest("key")
        return
    clock_line = web_checks.clock_of(answer)
    key = _key(system, answer, asked)
    yield key
    yield checks.not_after("scope", "key") if key.passed is False else _scope(called, system)
    yield clock_line


def _asked(system: System) -> Ask:
    """What proves the credentials: the test of the description, else its first list."""
    if system.test is not None:
        return system.test
    stream = next(iter(system.streams.values()))
    here = Position().begin(stream, clock.now())
    return Ask(stream.ask.path, here.params(stream))


def _key(system: System, answer: Response, asked: Ask) -> Check:
    try:
        answers.judge(system, answer, writing=False, listing=system.test is None)
    except CrossdockError as error:
        return _refused(error)
    if system.auth.kind == "none":
        text = f"The description names no credentials. It answered {answer.status} at {asked.path}."
        return checks.untried("key", text)
    return checks.passed("key", f"It answered {answer.status} at {asked.path}: it takes the key.")


def _refused(error: CrossdockError) -> Check:
    if isinstance(error, Permanent) and error.code in {"not_found", "not_allowed", "gone"}:
        remedy = "Correct the base address, or the path in the description."
        return checks.failed("key", f"{error}.", remedy)
    return web_checks.key_refused(error)


def _scope(api: Api, system: System) -> Check:
    """Each list by its first page, as a poll would ask for it."""
    if not system.streams:
        text = "Not tried, because a call would take effect. The first delivery shows it."
        return checks.untried("scope", text)
    found = []
    for stream in list(system.streams.values())[:_MOST_STREAMS]:
        try:
            page = Reader(api, system).page(stream, {}, now=clock.now())
        except CrossdockError as error:
            return checks.failed("scope", str(error), _remedy(error))
        count = len(page.documents)
        found.append(f"{stream.name} {count} {'row' if count == 1 else 'rows'}")
    return checks.passed("scope", f"The first page of each list: {', '.join(found)}.")


def _remedy(error: CrossdockError) -> str:
    if isinstance(error, NeedsCredentials):
        return "Have the key allowed to read this list, or leave the stream out."
    if isinstance(error, Permanent):
        return "Correct the stream in the description."
    return "Try again in a few minutes; if it stays, ask them."
