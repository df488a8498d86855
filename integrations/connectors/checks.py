"""The five lines of a live connection test, and what to do about the common failures."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from integrations.connectors.client import STEPS, Check, Step
from integrations.transports.reach import Reached, UnreachableError, reach
from portal.core.errors import CrossdockError
from portal.core.redact import HIDDEN
from portal.core.secrets import Secret

LARGEST_DIFFERENCE: Final = 300.0  # seconds
HOST_REMEDIES: Final = {
    "unnamed": "Check the spelling of the host name.",
    "forbidden": "Enter an address on the internet, or have this network allowed for the installation.",
    "refused": "Check the port, and whether the system is running.",
    "silent": "Check the address and port, and whether their firewall lets us in.",
    "cut": "Check the address, and whether their network is up.",
}


def passed(name: Step, text: str) -> Check:
    return Check(name, True, text, "")


def failed(name: Step, text: str, remedy: str) -> Check:
    return Check(name, False, text, remedy)


def untried(name: Step, text: str) -> Check:
    return Check(name, None, text, "")


def rest(after: Step) -> Iterator[Check]:
    """The lines behind `after`, which failed: none of them could be tried."""
    for name in STEPS[STEPS.index(after) + 1 :]:
        yield not_after(name, after)


def not_after(name: Step, failure: Step) -> Check:
    """`name` was not tried, since `failure` failed."""
    return untried(name, f"Not tried, because {_SPOKEN[failure]} failed.")


def hushed(lines: Iterable[Check], secrets: Mapping[str, Secret]) -> Iterator[Check]:
    """The lines without any of `secrets`: a system may repeat in its answer what it was sent."""
    texts = sorted((s.reveal().strip() for s in secrets.values()), key=len, reverse=True)
    for line in lines:
        text, remedy = line.text, line.remedy
        for secret in filter(None, texts):
            text, remedy = text.replace(secret, HIDDEN), remedy.replace(secret, HIDDEN)
        yield line._replace(text=text, remedy=remedy)


_SPOKEN: Final[dict[Step, str]] = {
    "host": "the host",
    "tls": "TLS",
    "key": "the key",
    "scope": "the scope",
    "clock": "the clock",
}


def of_settings(error: CrossdockError) -> Iterator[Check]:
    """A test that ended before it began: the settings cannot be used."""
    yield failed("host", str(error), "Correct the settings.")
    yield from rest("host")


def host(name: str, port: int) -> tuple[Check, Reached | None]:
    """The line for a host, and how it was reached."""
    try:
        found = reach(name, port)
    except UnreachableError as error:
        return failed("host", str(error), HOST_REMEDIES[error.reason]), None
    return passed("host", f"{name}:{port} answers, in {found.milliseconds} ms."), found


def clock_line(theirs: datetime | None, *, ours: datetime, whose: str) -> Check:
    """The line for the difference between their time and ours, at the same moment."""
    if theirs is None:
        return untried("clock", f"{whose} tells no time.")
    difference = (theirs - ours).total_seconds()
    text = f"{whose} is {_spoken(difference)}."
    if abs(difference) <= LARGEST_DIFFERENCE:
        return passed("clock", text)
    remedy = "Ask them to set their clock by a time server: more than 5 minutes makes changes go missing."
    return failed("clock", text, remedy)


def _spoken(difference: float) -> str:
    seconds = round(abs(difference))
    if seconds < 1:
        return "right to the second"
    way = "ahead of" if difference > 0 else "behind"
    return f"{_duration(seconds)} {way} our clock"


def _duration(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 2 * 3600:
        return f"{seconds // 60} min"
    if seconds < 2 * 86400:
        return f"{seconds // 3600} h {seconds % 3600 // 60}"
    return f"{seconds // 86400} d"
