"""Handing messages to one receiver, a few at once, through our own client: guarded and bounded in time."""

import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final, NamedTuple

from portal.core import clock, guard, http
from portal.core.errors import CrossdockError, Permanent
from portal.core.recovery import parse_retry_after
from portal.core.redact import redact_text
from portal.core.response import Response
from portal.webhooks import signature
from portal.webhooks.domain import places

TIMEOUT: Final = 15.0  # seconds, for the connection, for silence, and for the answer as a whole
MOST_ANSWER: Final = 2_048
_PATIENCE: Final = 40.0  # then a try counts as unanswered, however slowly its headers drip
_THREADS: Final = 10
_TROUBLES: Final = {
    "timeout": "no answer within 15 seconds",
    "unavailable": "it cannot be reached",
    "address_refused": "this installation does not allow calling it",
    "tls": "its certificate cannot be trusted",
    "bad_address": "the address cannot be called",
    "bad_request": "the address holds what HTTP cannot carry",
}


class Letter(NamedTuple):
    """A message as it goes out."""

    delivery_id: int
    message_id: str
    body: bytes


class Outcome(NamedTuple):
    """What came of one try. `error`: why it failed, in words; "" where it was taken."""

    delivery_id: int
    milliseconds: int
    status: int | None = None
    error: str = ""
    answer: str = ""
    retry_after: float | None = None

    @property
    def is_good(self) -> bool:
        return not self.error

    @property
    def is_gone(self) -> bool:
        """The receiver says that it wants nothing any more."""
        return self.status == 410


def post_all(url: str, letters: Sequence[Letter], *, signing: Sequence[str]) -> list[Outcome]:
    """Send each once; nothing is raised. `signing`: the secrets to sign with."""
    refused = places.objection(url)
    if refused:
        return [Outcome(letter.delivery_id, 0, error=refused) for letter in letters]
    if len(letters) == 1:
        return [_post(url, letters[0], signing)]
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="webhook")
    futures = {
        pool.submit(guard.carried(_post), url, letter, signing): letter for letter in letters
    }
    done, late = wait(futures, timeout=_PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    return [*(future.result() for future in done), *(_unanswered(f, futures) for f in late)]


def _unanswered(future: Future[Outcome], letters: Mapping[Future[Outcome], Letter]) -> Outcome:
    milliseconds = int(_PATIENCE * 1_000)
    return Outcome(letters[future].delivery_id, milliseconds, error=f"{_TROUBLES['timeout']}.")


def _post(url: str, letter: Letter, signing: Sequence[str]) -> Outcome:
    at, began = int(clock.now().timestamp()), clock.monotonic()
    headers = signature.headers(letter.message_id, letter.body, at=at, signing=signing)
    try:
        answer = http.request(
            "POST", url, data=letter.body, headers={"Content-Type": "application/json", **headers},
            timeout=(TIMEOUT, TIMEOUT), total_timeout=TIMEOUT, max_bytes=MOST_ANSWER, cut=True,
        )  # fmt: skip
    except CrossdockError as error:
        milliseconds = int((clock.monotonic() - began) * 1_000)
        return Outcome(letter.delivery_id, milliseconds, error=_trouble(error, url))
    return _read(letter, answer)


def _trouble(error: CrossdockError, url: str) -> str:
    usual = "it cannot be called" if isinstance(error, Permanent) else "it could not be sent"
    return f"{places.host(url)}: {_TROUBLES.get(error.code, usual)}."


def _read(letter: Letter, answer: Response) -> Outcome:
    return Outcome(
        letter.delivery_id,
        int(answer.seconds * 1_000),
        status=answer.status,
        error=_refusal(answer),
        answer=_first_bytes(answer),
        retry_after=parse_retry_after(answer.header("Retry-After")),
    )


def _refusal(answer: Response) -> str:
    if 200 <= answer.status < 300:
        return ""
    if answer.status == 410:
        return "It answered 410: it wants nothing any more."
    if 300 <= answer.status < 400:
        return f"It answered {answer.status}: redirects are not followed. Enter the new address."
    return f"It answered {answer.status}."


def _first_bytes(answer: Response) -> str:
    """What it said, redacted, without characters that a page or a terminal would obey."""
    text = redact_text(answer.body[:MOST_ANSWER].decode("utf-8", "replace"))
    shown = (one for one in text if one in "\n\t" or unicodedata.category(one)[0] != "C")
    return "".join(shown)[:MOST_ANSWER]
