"""The checklist that the connectors for flat files share: they are one room."""

from collections.abc import Mapping
from typing import Final

QUALITY: Final[Mapping[str, str]] = {
    "SFTP with a pinned host key, FTPS with a checked certificate": "done",
    "folders of this machine: only below those the installation allows": "done",
    "S3-compatible buckets": "done",
    "mails with attachments over IMAP": "done: allowed senders only, TLS only",
    "OAuth 2.0 for mailboxes": "done: XOAUTH2, for the portal or for a person; not tried against"
    " a large provider",
    "claim by rename, dead workers' claims taken again": "done",
    "half-written files are left alone": "done",
    "temporary name, then rename": "done",
    "the same name and content again": "done: news when another file of the name came between",
    "hostile names, zip bombs and XML entities refused and named": "done",
    "a bad row holds its document, another set of columns the file": "done",
    "acknowledgements": "exempt: flat files have none",
    "workbooks written": "todo: they are read only",
    "tried against a system of others": "todo: the places, with pyftpdlib, moto and Dovecot; no partner",
}
