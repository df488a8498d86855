"""Take secrets out of whatever is about to be shown, logged or raised.

Every function errs on the hiding side, and running one on its own result changes nothing.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from portal.core import links

HIDDEN = "not shown"
_HIDDEN_IN_URL = "not-shown"

_SECRET_PART = re.compile(
    r"secret|token|passw|pwd|passphrase|auth(?!or|enticat|_?kind|_?type)|authorization|cookie"
    r"|signature|credential|hmac|\bsig\b|jwt|nonce|session_?id",
    re.IGNORECASE,
)
_ENDS_IN_KEY = re.compile(
    r"(?:(?:^|[^A-Za-z])[Kk]eys?|Keys?|KEYS?|(?i:api|access|consumer|license|private|shared)keys?)$"
)
# Keys that identify a thing and open nothing: logs are useless without them.
_PLAIN_KEYS = re.compile(
    r"(?:^|[^a-z])(?:idempotency|dedup|business|record|object|order|sort|primary|foreign|group|cache"
    r"|match|natural|fingerprint|public|partition|schema|job|lock|event|message)[_-]?keys?$",
    re.IGNORECASE,
)

# One cheap look decides whether a text can hold a secret at all: most log lines stop here.
# Every pattern here takes time in proportion to the text, whatever the text: anybody may write into
# a log line. Possessive repeats (`*+`) and runs that a pattern swallows whole keep it so.
_WORTH_A_LOOK = re.compile(
    r"secret|token|passw|pwd|passphrase|auth|cookie|signature|credential|hmac|sig=|jwt|nonce"
    rf"|session|key|{'|'.join(links.DOORS)}|/services/|/incomingwebhook/|bearer|basic|://[^/\s]*@"
    r"|\b(?:ck|cs|sk|rk|whsec|shp[a-z]{2}|gh[a-z]|pat)_|xox|eyj",
    re.IGNORECASE,
)
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL)
_HEADER_LINE = re.compile(
    r"""(?P<name>\b(?:proxy-)?authorization|\b(?:set-)?cookie)(?P<gap>\\?["']?\s*[:=]\s*)"""
    r"""(?P<quote>\\?["'])?(?(quote)(?:\\.|[^"'\\\r\n])*|[^\r\n]*)""",
    re.IGNORECASE,
)
_SCHEME = re.compile(
    r"\b(?P<scheme>(?i:bearer)(?=\s+(?!auth|realm|token|error|not shown))"
    r"|(?i:basic)(?=\s+[a-z]*[A-Z0-9+/=]))\s+[A-Za-z0-9+/=._~-]{6,}"
)
_USER_INFO = re.compile(r"://[^/\s@?#]*(?:@[^/\s@?#]*)*@")
_NAME = re.compile(r"""(?<![\w.\[\]-])(?P<name>[\w.\[\]-]{1,200})(?P<gap>\\?["']?\s*[:=]\s*)""")
_VALUE = re.compile(
    r"""b?(?P<quote>")(?:[^"\\]|\\.)*+(?:"|\\?\Z)|b?(?P<single>')(?:[^'\\]|\\.)*+(?:'|\\?\Z)"""
    r"""|(?P<escaped>\\")(?:[^\\]|\\[^"])*+(?:\\"|\\?\Z)|[^\s&,;"'<>{}\[\])]+""",
    re.DOTALL,  # a text that was cut off ends inside its quotes
)
_ELEMENT = re.compile(r"<(?P<name>[\w:.-]++)(?P<attributes>[^<>]*+)>[^<]++(?:</|\Z)")
_KNOWN_SHAPE = re.compile(
    r"\b(?:ck|cs)_[0-9a-f]{16,}|\b(?:sk|rk)_(?:live|test)_\w{8,}|\bwhsec_[\w+/=]{8,}"
    r"|\bshp[a-z]{2}_\w{8,}|\bgh[a-z]_\w{16,}|\bxox[abeprs]-[\w-]{8,}|\bpat_[a-z2-9]{8}_[\w-]{16,}+"
    r"|\beyJ[\w-]{8,}+(?P<signed>\.[\w-]{8,}+\.[\w-]*+)?"
    r"|(?<![\w-])[\w-]{32,}+(?::|%3A)[\w-]{43,}+"  # the token of a link of ours
    r"|(?<=/services/)T\w{1,40}+/B\w{1,40}+/\w{8,}+"  # Slack's incoming webhooks: the path is the key
    r"|(?<=/reset/)[\w-]{16,}+"  # the link to a new password
    r"|(?<=/IncomingWebhook/)\w{8,}+/[\w-]{8,}+"  # and those of Teams
)
_MARGIN = 4096  # no secret is longer


def is_secret_name(name: str) -> bool:
    """Whether a header, query parameter, field or XML element of this name holds a secret."""
    if _SECRET_PART.search(name):
        return True
    return bool(_ENDS_IN_KEY.search(name)) and not _PLAIN_KEYS.search(name)


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with the value of every secret one replaced."""
    return {
        name: HIDDEN if is_secret_name(name) else redact_text(str(value))
        for name, value in headers.items()
    }


def redact_url(url: str) -> str:
    """The address without user info and without the values of secret query parameters."""
    address, mark, fragment = _USER_INFO.sub(f"://{_HIDDEN_IN_URL}@", url).partition("#")
    path, question, query = address.partition("?")
    shown = _hide_known_shapes(path, _HIDDEN_IN_URL)
    return shown + question + _redact_query(query) + mark + _redact_query(fragment)


def _redact_query(query: str) -> str:
    return "&".join(map(_redact_parameter, query.split("&")))


def _redact_parameter(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    if equals and value and is_secret_name(unquote(name)):
        return f"{name}={_HIDDEN_IN_URL}"
    return _hide_known_shapes(parameter, _HIDDEN_IN_URL)


def redact_text(text: str, *, most: int | None = None) -> str:
    """Free text (a log line, an answer's body, a traceback) without the secrets it names.

    With `most`, no more than its first `most` characters; the rest is not even looked at.
    """
    if most is not None and len(text) > most:
        return _beginning(text, most)
    if not _WORTH_A_LOOK.search(text):
        return text
    text = _PEM.sub(HIDDEN, text)
    text = _HEADER_LINE.sub(_hide_header, text)
    text = _SCHEME.sub(rf"\g<scheme> {HIDDEN}", text)
    text = _USER_INFO.sub(f"://{_HIDDEN_IN_URL}@", text)
    text = _hide_pairs(text)
    text = _ELEMENT.sub(_hide_element, text)
    return _hide_known_shapes(text, HIDDEN)


def _beginning(text: str, most: int) -> str:
    seen = text[: most + _MARGIN]
    hidden = redact_text(seen)
    # A secret that the cut went through is not known for one: it lies in the last characters.
    whole = len(hidden) if len(seen) == len(text) else max(len(hidden) - _MARGIN, 0)
    return hidden[: min(most, whole)]


def _hide_known_shapes(text: str, instead: str) -> str:
    def replace(match: re.Match[str]) -> str:
        half_a_token = match[0].startswith("eyJ") and not match["signed"]
        return match[0] if half_a_token else instead

    return _KNOWN_SHAPE.sub(replace, text)


def _hide_header(match: re.Match[str]) -> str:
    return match["name"] + match["gap"] + (match["quote"] or "") + HIDDEN


def _hide_pairs(text: str) -> str:
    parts, done = [], 0
    for match in _NAME.finditer(text):
        if match.start() < done or not _names_secret(match):
            continue
        value = _VALUE.match(text, match.end())
        # Unquoted, "not shown" is matched up to its blank: it is our own work and stays.
        if value and value[0] not in {"not", _HIDDEN_IN_URL}:
            quote = value["quote"] or value["single"] or value["escaped"] or ""
            parts += [text[done : match.end()], quote, HIDDEN, quote]
            done = value.end()
    return "".join(parts) + text[done:]


def _names_secret(match: re.Match[str]) -> bool:
    name, before = match["name"], match.string[match.start() - 1 : match.start()]
    return is_secret_name(name) and (not _is_bare_key(name) or before in {"?", "&"})


def _is_bare_key(name: str) -> bool:
    # {"key": "_tracking", "value": …} names a field; only ?key=… is a credential.
    return name.lower() in {"key", "keys"}


def _hide_element(match: re.Match[str]) -> str:
    if not is_secret_name(match["name"].rpartition(":")[2]):
        return match[0]
    end = "</" if match[0].endswith("</") else ""
    return f"<{match['name']}{match['attributes']}>{HIDDEN}{end}"


def redact(value: Any, *, most: int | None = None) -> Any:
    """Any nesting of mappings and sequences, ready to be printed, with its secrets replaced.

    Numbers, True, False and None stay; every other object becomes its redacted text, because
    whoever renders it later would do the same without redaction. `most` as in `redact_text`.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: _redact_named(key, item, most) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, most=most) for item in value]
    if isinstance(value, bytes | bytearray):
        return redact_text(bytes(value).decode("utf-8", "replace"), most=most)
    return redact_text(str(value), most=most)


def _redact_named(name: Any, value: Any, most: int | None) -> Any:
    secret = is_secret_name(str(name)) and not _is_bare_key(str(name))
    return HIDDEN if secret and value is not None else redact(value, most=most)
