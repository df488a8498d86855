"""The errors everything outside the happy path ends in, named by what recovers from them.

A message is redacted when the error is made, so neither text, representation nor arguments carry
a secret that came along in an address, a header or an answer.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from portal.core.redact import redact_text


@runtime_checkable
class ProblemLike(Protocol):
    """One thing wrong with one message."""

    @property
    def code(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def text(self) -> str: ...


class CrossdockError(Exception):
    """Anything the portal raises on purpose. `code` is stable and safe to store and to count."""

    def __init__(self, message: str, code: str) -> None:
        self.message = redact_text(message)
        self.code = code
        super().__init__(self.message, code)

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code}: {self.message})"


class Retryable(CrossdockError):
    """Trying again later can help.

    `retry_after`: seconds the other side asked for, or None. `uncertain`: the request may have
    taken effect although no answer came, so look before creating again.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        code: str = "unavailable",
        uncertain: bool = False,
    ) -> None:
        super().__init__(message, code)
        self.retry_after = retry_after
        self.uncertain = uncertain

    def __reduce__(self) -> tuple[object, ...]:
        return _remake_retryable, (self.message, self.retry_after, self.code, self.uncertain)


def _remake_retryable(
    message: str, retry_after: float | None, code: str, uncertain: bool
) -> Retryable:
    return Retryable(message, retry_after=retry_after, code=code, uncertain=uncertain)


class NeedsPerson(CrossdockError):
    """A person has to decide or to mend data. `problems` say what and where.

    The text names codes and paths and never the values: a log line is no place for a payload.
    """

    def __init__(self, problems: Sequence[ProblemLike]) -> None:
        if not problems:
            raise ValueError("NeedsPerson wants at least one problem")
        self.problems = tuple(problems)
        super().__init__(_name_problems(self.problems), self.problems[0].code)

    def __reduce__(self) -> tuple[object, ...]:
        return NeedsPerson, (self.problems,)


def _name_problems(problems: Sequence[ProblemLike]) -> str:
    named = [f"{problem.code} at {problem.path or 'the document'}" for problem in problems[:5]]
    more = [f"{len(problems) - 5} more"] if len(problems) > 5 else []
    return ", ".join(named + more)


class NeedsCredentials(CrossdockError):
    """Somebody has to enter or renew credentials; until then every call would fail alike."""

    def __init__(self, message: str, code: str = "auth_expired") -> None:
        super().__init__(message, code)


class Permanent(CrossdockError):
    """Neither time nor new credentials help: the same request will always fail."""
