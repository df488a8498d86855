"""Which account of which system a connection means, however it was typed. Pure."""

import hashlib
from urllib.parse import urlsplit

_DIGITS = 16


def site(address: str) -> str:
    """Host, port and path of an http or https address: `shop.example.com:8443/store`.

    Without scheme, user, query, the scheme's own port and closing slashes; the host in small letters.
    What is no address is given back in small letters.
    """
    text = address.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        return text.lower()
    usual = port is None or (parts.scheme.lower(), port) in {("http", 80), ("https", 443)}
    return f"{host(parts.hostname or '')}{'' if usual else f':{port}'}{parts.path.rstrip('/')}"


def host(name: str) -> str:
    """A host name in small letters, without the dot that may close it."""
    return name.strip().rstrip(".").lower()


def mark(*parts: str) -> str:
    """Parts that must not be shown, as the first 16 hex digits of their SHA-256."""
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:_DIGITS]
