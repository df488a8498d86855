"""Who the connector is and what it can do."""

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="rest",
    label="REST, described in YAML",
    category="generic",
    summary="Any JSON API, polled and written to as a short description says: paths, paging, errors.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="A header, a bearer token, Basic authentication, a parameter or OAuth 2.0, over TLS.",
    reads=frozenset(OBJECT_TYPES),
    writes=frozenset(OBJECT_TYPES),
    quality={
        "pages, offsets, cursors and links": "done",
        "polling that resumes and cannot skip a changed row": "done, where the list tells changes",
        "look before a repeated delivery": "done, where a look-up is described",
        "idempotency key": "done, where the system has a header for it",
        "rate limits": "done: Retry-After always, the system's own headers, calls a second for each process",
        "errors in good answers": "done",
        "webhooks": "exempt: JSON over HTTP takes them",
        "rows that want a call of their own for their details": "done",
        "documents in batches": "done, where the system takes lists",
        "OAuth 2.0": "done: client credentials, and authorisation code",
        "tried against a system of others": "todo: a sandbox of our own, a process by itself",
    },
)
