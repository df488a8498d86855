"""A document as it was received or sent, to be saved and never to be run."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from integrations.queries import documents
from portal.accounts.rules import requires


@requires("payloads.view")
def raw(request: HttpRequest, pk: UUID, sha256: str = "") -> HttpResponse:
    """The bytes of a message; with a digest, earlier bytes of its history."""
    message = documents.message(pk)
    document = documents.payload_of(message, sha256=sha256) if message else None
    if document is None:
        raise Http404
    response = HttpResponse(document.body, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{pk}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
