"""What another system answered: read whole, bounded in size, and silent about its content."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core.errors import Retryable
from portal.core.redact import redact_url


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """`headers` ignore case; `seconds` is from sending to the last byte of the body."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def __repr__(self) -> str:
        return f"Response({self.method} {redact_url(self.url)} {self.status})"

    def header(self, name: str) -> str | None:
        """The value of one header, or None."""
        return self.headers.get(name)

    def text(self) -> str:
        """The body in the charset of its content type, else UTF-8; what does not fit becomes �."""
        _, _, rest = self.headers.get("Content-Type", "").lower().partition("charset=")
        charset = rest.partition(";")[0].strip(" \"'")
        try:
            return self.body.decode(charset or "utf-8", "replace")
        except (LookupError, UnicodeError):  # some names are no charset that replaces anything
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, fractions as Decimal.

        Raises an `uncertain` Retryable for anything else: mostly a proxy's or a maintenance page.
        """
        try:
            return json.loads(self.body, parse_float=Decimal)
        except (ValueError, RecursionError):
            pass
        raise Retryable(f"{self!r} is not JSON", code="unavailable", uncertain=True)
