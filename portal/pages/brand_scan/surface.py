"""What is read: one thing as it leaves the house. Pure."""

from typing import Final, NamedTuple

CHANNELS: Final = {
    "staff": "Pages of your people",
    "customer": "Pages of customers",
    "open": "Pages before signing in, and errors",
    "headers": "Headers and cookies",
    "files": "Styles, scripts and icons",
    "downloads": "Files to download",
    "papers": "PDF documents",
    "mails": "Mails",
    "api": "API and its documentation",
    "api_errors": "Errors of the API",
    "webhooks": "Webhooks",
    "door": "The door for documents",
    "outgoing": "What is sent to other systems",
}


class Surface(NamedTuple):
    """One thing as it leaves. `where` says which, to people; `name` is its file's.

    `is_data`: it carries customers' own data, in which addresses are theirs. `is_packaged`: a script or style
    of somebody else's that comes with the software as it is.
    """

    channel: str
    where: str
    body: bytes = b""
    media_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    name: str = ""
    is_data: bool = False
    is_packaged: bool = False


class Leak(NamedTuple):
    """Something of the vendor's that is seen there. `part` of the thing; `kind` is word, host or picture."""

    channel: str
    where: str
    part: str
    kind: str
    found: str
    excerpt: str
