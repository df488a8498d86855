"""What became of a message, in the words a receipt carries (RFC 4130 §7.4.3, RFC 3798 §3.2.6)."""

import re
from typing import Final, NamedTuple

DECRYPTION_FAILED: Final = "decryption-failed"
AUTHENTICATION_FAILED: Final = "authentication-failed"
INTEGRITY_FAILED: Final = "integrity-check-failed"
INSUFFICIENT_SECURITY: Final = "insufficient-message-security"
DECOMPRESSION_FAILED: Final = "decompression-failed"
UNKNOWN_PARTNER: Final = "unknown-trading-partner"
PROCESSING_ERROR: Final = "unexpected-processing-error"
UNSUPPORTED_FORMAT: Final = "unsupported format"
UNSUPPORTED_MIC: Final = "unsupported MIC-algorithms"

# These two say that the request for a receipt cannot be met, and stand under `failed`.
_FAILURES: Final = frozenset({UNSUPPORTED_FORMAT, UNSUPPORTED_MIC})
_MODE: Final = "automatic-action/MDN-sent-automatically"
_FIELD: Final = re.compile(
    r"\s*[^;]*;\s*(?P<type>[A-Za-z-]+)\s*(?:/\s*(?P<modifier>[A-Za-z-]+)\s*(?::\s*(?P<reason>.*))?)?",
    re.DOTALL,
)


class Disposition(NamedTuple):
    """`type` is processed or failed; `modifier` is empty, warning, error or failure; `reason` says why.

    All but `reason` are in lower case, however they were written.
    """

    type: str = "processed"
    modifier: str = ""
    reason: str = ""

    @property
    def is_success(self) -> bool:
        """Processed, with a warning at most."""
        return self.type == "processed" and self.modifier in {"", "warning"}

    def __str__(self) -> str:
        if not self.modifier:
            return f"{_MODE}; {self.type}"
        return f"{_MODE}; {self.type}/{self.modifier}: {self.reason}"


PROCESSED: Final = Disposition()


def refusal(reason: str) -> Disposition:
    """The disposition of a message that was not taken for this reason."""
    if reason in _FAILURES:
        return Disposition("failed", "failure", reason)
    return Disposition("processed", "error", reason)


def parse(field: str) -> Disposition | None:
    """What a receipt's Disposition field says; None where it cannot be read."""
    found = _FIELD.fullmatch(field.strip())
    if not found:
        return None
    reason = " ".join((found["reason"] or "").split())
    return Disposition(found["type"].lower(), (found["modifier"] or "").lower(), reason)


class NotTaken(Exception):
    """A message cannot be taken. `reason` is one of the words above; `text` tells a person why.

    `inside`: it failed by what is encrypted, before anybody had vouched for it: all such failures have
    to look alike from outside.
    """

    def __init__(self, reason: str, text: str, *, inside: bool = False) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.inside = inside


class NotSendable(ValueError):
    """A message cannot be made. `code` is bad_name, certificate, certificate_expired or no_key."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
