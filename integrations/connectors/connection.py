"""What a person enters for an endpoint, and what its connector is given of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol
from urllib.parse import urlsplit

from integrations.transports.oauth import Held
from integrations.transports.token_server import Granted
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret, decrypt

GIVEN: Final = "*"  # in a Setting's `when`: whatever was entered, as long as something was


@dataclass(frozen=True)
class Setting:
    """One thing a person enters for an endpoint. A secret is stored encrypted and never shown.

    `check` says in a sentence what is wrong with a text; the sentence never repeats a secret. `place`: where
    secrets are sent depends on it, so whoever changes it enters them anew. `stays`: a secret that is only
    compared with what comes in, and sent nowhere. `when`: it applies only where another setting, by name,
    has this value, or one of these, or any if GIVEN; it stands after that setting, and the page folds away
    what hangs on one that is folded away itself. A `document` is a long text kept as it was entered, blanks
    at the beginning of its lines included. `words`: what people read for each of the `choices`, in their
    order, where those are not words themselves. `seldom`: most leave it as it is, so the page folds it away
    under “Advanced”; it is no must, and none that is always in sight hangs on it. `part`: the heading of the
    part of the form that begins with it, which always applies.
    """

    name: str
    label: str
    help: str
    secret: bool = False
    required: bool = True
    default: Any = None
    kind: Literal["text", "url", "number", "choice", "flag", "lines", "document"] = "text"
    choices: tuple[str, ...] = ()
    check: Callable[[str], str] | None = None
    place: bool = False
    stays: bool = False
    when: tuple[str, Any] | None = None
    words: tuple[str, ...] = ()
    seldom: bool = False
    part: str = ""

    def said(self, value: Any) -> str:
        """A value in words."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple | list):
            return ", ".join(map(str, value))
        return dict(zip(self.choices, self.words, strict=False)).get(value, str(value))

    @property
    def fitting(self) -> tuple[Any, ...]:
        """The values of the other setting that `when` names with which it applies."""
        values = self.when[1] if self.when else ()
        return values if isinstance(values, tuple) else (values,)

    def fault(self, text: str) -> str:
        """What is wrong with a text that was entered, in a sentence; empty where nothing is."""
        if self.kind == "url" and _holds_login(text):
            return "Leave user and password out of the address: it is shown, and kept readable."
        return self.check(text) if self.check else ""

    def applies(self, entered: Mapping[str, Any]) -> bool:
        """Whether it means anything beside the other settings, given with their defaults."""
        if self.when is None:
            return True
        value = entered.get(self.when[0])
        return value in self.fitting or (GIVEN in self.fitting and value not in (None, ""))

    def is_needed(self, entered: Mapping[str, Any]) -> bool:
        """Whether it may not be left out beside the other settings, given with their defaults."""
        return self.required and self.applies(entered)


def _holds_login(address: str) -> bool:
    """Whether an address says a password, or to a web server a user, who is its key often enough. A
    database's address names its user."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False  # whoever calls it says what is wrong with it
    return parts.password is not None or (
        parts.scheme.lower() in {"http", "https"} and bool(parts.username)
    )


class NoConsentError(NeedsCredentials):
    """Nobody said yes at the system, or not any more. The text says so, and after a full stop what to do."""


class Authorisation(Protocol):
    """What a person's yes on the system's own page left behind, kept outside this process."""

    def token(
        self, renew: Callable[[Secret], Granted], *, meant: str, refused: Secret | None
    ) -> Held:
        """A token that is good by its server's word and is not `refused`. Where there is none, `renew`
        is given the refresh token, by one process at a time, and what it brings is kept first.

        NoConsentError where nobody said yes yet, or for another system than `meant`.
        """
        ...


@dataclass(frozen=True)
class Connection:
    """One endpoint as its connector sees it: settings with defaults filled in, and secrets."""

    endpoint_id: int
    slug: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, Secret]
    concurrency: int = 4
    authorisation: Authorisation | None = None

    def lines(self, name: str) -> list[str]:
        """What stands in a setting of the kind `lines`, without blanks around and between."""
        entered = self.settings[name]
        lines = entered.splitlines() if isinstance(entered, str) else entered
        return [line.strip() for line in lines if line.strip()]


def connection_from(
    declared: Iterable[Setting],
    *,
    endpoint_id: int,
    slug: str,
    settings: Mapping[str, Any],
    secrets: bytes | memoryview | None,
    concurrency: int,
) -> Connection:
    """From an endpoint's stored row: `settings` with the defaults of those `declared`, and `secrets`
    decrypted. Raises the errors of `portal.core.secrets` for a lost key."""
    defaults = {
        s.name: list(s.default) if isinstance(s.default, tuple) else s.default
        for s in declared
        if not s.secret
    }
    return Connection(
        endpoint_id=endpoint_id,
        slug=slug,
        settings={**defaults, **settings},
        secrets=decrypt(bytes(secrets)) if secrets else {},
        concurrency=concurrency,
    )
