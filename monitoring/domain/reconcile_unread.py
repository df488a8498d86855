"""A side that could not be read: whose it is, why in a sentence, and the case that explains it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from integrations.domain.configuration import EndpointConfig
from monitoring.models import CaseCause
from monitoring.models.case import endpoint_fingerprint
from portal.core.errors import CrossdockError, NeedsCredentials, Retryable

_NOW: Final = "Compare again once it answers."
_WHY: Final = {
    "timeout": ("it did not answer in time", _NOW),
    "rate_limited": ("it takes no more questions for now", "Compare again in some minutes."),
    "unavailable": ("it cannot be reached", _NOW),
    "forbidden": (
        "our credentials may not read it",
        "Have them allowed to, and compare again.",
    ),
    "bad_address": (
        "its address cannot be called",
        "Correct the address at the endpoint, and compare again.",
    ),
}
_LOCKED: Final = (
    "it refused our credentials",
    "Renew them at the endpoint, and compare again.",
)
_REFUSED: Final = (
    "it refused the question or gave no answer that can be read",
    "Test the endpoint, mend its settings, and compare again.",
)


class UnreadError(Exception):
    """A side that did not say what it has, as a sentence with the remedy and without what was sent to
    whom: that is in the log. `endpoint`: whose side it is."""

    def __init__(self, endpoint: EndpointConfig, what: str, error: CrossdockError) -> None:
        self.endpoint = endpoint
        why, remedy = _words(error)
        super().__init__(f"{what} of {endpoint.label} could not be read: {why}. {remedy}")


@contextmanager
def reading(endpoint: EndpointConfig, what: str) -> Iterator[None]:
    """UnreadError for whatever keeps an endpoint from saying `what` it has."""
    try:
        yield
    except CrossdockError as error:
        raise UnreadError(endpoint, what, error) from error


def explained_by(endpoint_id: int) -> int | None:
    """The number of the open case about the endpoint itself being out of reach."""
    causes = CaseCause.objects.filter(fingerprint=endpoint_fingerprint(endpoint_id), is_open=True)
    return causes.values_list("case_id", flat=True).first()


def _words(error: CrossdockError) -> tuple[str, str]:
    if error.code in _WHY:
        return _WHY[error.code]
    if isinstance(error, NeedsCredentials):
        return _LOCKED
    return _WHY["unavailable"] if isinstance(error, Retryable) else _REFUSED
