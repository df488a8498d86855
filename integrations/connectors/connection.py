"""What a person enters for an endpoint, and what its connector is given of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from portal.core.secrets import Secret, decrypt


@dataclass(frozen=True)
class Setting:
    """One thing a person enters for an endpoint. A secret is stored encrypted and never shown.

    `check` says in a sentence what is wrong with a text; the sentence never repeats a secret. `place`: where
    secrets are sent depends on it, so whoever changes it enters them anew. `stays`: a secret that is only
    compared with what comes in, and sent nowhere. A `document` is a long text kept as it was entered,
    blanks at the beginning of its lines included.
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


@dataclass(frozen=True)
class Connection:
    """One endpoint as its connector sees it: settings with defaults filled in, and secrets."""

    endpoint_id: int
    slug: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, Secret]
    concurrency: int = 4

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
