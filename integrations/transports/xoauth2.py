"""A login that carries an access token (SASL XOAUTH2), as the large mail providers take it."""

import json

from portal.core.redact import HIDDEN
from portal.core.secrets import Secret


class Talk:
    """What is said to each of the server's challenges: the token first, then nothing, which a server that
    refused waits for before it says so."""

    def __init__(self, user: str, token: Secret) -> None:
        self._first: bytes | None = f"user={user}\x01auth=Bearer {token.reveal()}\x01\x01".encode()
        self._token = token
        self._refusal = b""

    def __call__(self, challenge: bytes) -> bytes:
        if self._first is not None:
            said, self._first = self._first, None
            return said
        self._refusal = challenge
        return b""

    @property
    def reason(self) -> str:
        """What the server said in its refusal, in brackets; "" where it said nothing that can be read."""
        try:
            said = json.loads(self._refusal)
        except (ValueError, RecursionError):
            return ""
        found = said if isinstance(said, dict) else {}
        told = [f"{name} {found[name]}" for name in ("status", "scope") if found.get(name)]
        text = " ".join("".join(c if c.isprintable() else " " for c in ", ".join(told)).split())
        return f" ({self.hushed(text)[:120]})" if text else ""

    def hushed(self, words: str) -> str:
        """The server's words without the token, which some repeat."""
        return words.replace(self._token.reveal(), HIDDEN)
