"""Asking for a partner's pages as somebody would, within one transaction that is taken back."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.contrib import auth
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django_tenants.utils import schema_context

from portal.accounts.domain import sessions
from portal.accounts.domain.signing_in import BACKEND
from portal.accounts.models import Person, Role
from portal.accounts.roles import RoleSeed
from portal.accounts.session_store import SessionStore
from portal.support.domain.acting import ACTING
from portal.support.models import SupportAccess
from portal.tenants.site import Site

_AGENT: Final = "Mozilla/5.0 (brand check)"
_MARK: Final = "is_brand_check"


class _RefusalsExpected(logging.Filter):
    """Here pages are asked for that refuse: nobody has to look at that. A page that fails is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_ours = getattr(getattr(record, "request", None), _MARK, False)
        return not is_ours or getattr(record, "status_code", 0) == 500


logging.getLogger("django.request").addFilter(_RefusalsExpected())


@contextmanager
def taken_back() -> Iterator[None]:
    """Nothing that happens inside has happened: no row stays, nothing that waits for the commit begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the search path is set before, so that it outlives the block
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


class Visitor:
    """A browser at a partner's site: of nobody, or of somebody who is there as long as the transaction is."""

    def __init__(self, site: Site, *, session_key: str = "", language: str = "") -> None:
        self.site = site
        self._session_key = session_key
        self._language = language

    def get(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        scope: Mapping[str, int] | None = None,
        host: str = "",
    ) -> HttpResponse:
        """The answer, with its whole body in `content`. What the page changed on its way is taken back."""
        request = self.request(address, headers=headers, host=host)
        if scope:
            request.META["asgi.scope"] = dict(scope)
        with schema_context(self.site.slug), taken_back_alone():
            response: Any = _handler().get_response(request)
            body = b"".join(response) if response.streaming else response.content
            # Not the response itself: whoever hears that a request has ended closes the connection.
            if file := getattr(response, "file_to_stream", None):
                file.close()
        made = HttpResponse(body, status=response.status_code)
        made.headers, made.cookies = response.headers, response.cookies
        return made

    def request(
        self, address: str, *, headers: Mapping[str, str] | None = None, host: str = ""
    ) -> WSGIRequest:
        """A request as the web server makes it."""
        parts, ours = urlsplit(address), urlsplit(self.site.url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": ours.hostname,
            "SERVER_PORT": str(ours.port or 80),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": host or ours.netloc,
            "HTTP_X_FORWARDED_PROTO": ours.scheme,
            "HTTP_USER_AGENT": _AGENT,
            "wsgi.url_scheme": ours.scheme,
            "wsgi.input": BytesIO(),
        }
        if self._session_key:
            environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={self._session_key}"
        if self._language:
            environ["HTTP_ACCEPT_LANGUAGE"] = self._language
        for name, value in (headers or {}).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        request = WSGIRequest(environ)
        setattr(request, _MARK, True)
        return request


def signed_in(
    site: Site, seed: RoleSeed, *, customer_id: int | None = None, language: str = ""
) -> Visitor:
    """Somebody with the permissions of `seed`. Only within `taken_back`."""
    person = somebody(seed, customer_id=customer_id, language=language)
    return Visitor(site, session_key=_session_of(person), language=language)


def acting(site: Site, access: SupportAccess) -> Visitor:
    """Whoever looks at a customer's pages by a support access that runs: one of the partner's people, or a
    guest of the platform's. Only within `taken_back`."""
    session = SessionStore(_session_of(access.staff) if access.staff else None)
    session[ACTING] = access.pk
    session.save()
    return Visitor(site, session_key=str(session.session_key))


def somebody(seed: RoleSeed, *, customer_id: int | None = None, language: str = "") -> Person:
    """A person made for the visit, with what the software knows their role may do: whatever the partner made
    of its roles. Only within `taken_back`."""
    role = Role.objects.create(
        slug=f"check-{seed.slug}"[:40], label=seed.label, permissions=list(seed.permissions),
        for_customers=seed.for_customers,
    )  # fmt: skip
    person = Person.objects.create_person(
        email=f"{role.slug}@check.example", name=seed.label, role=role, password=None,
        customer_id=customer_id,
    )  # fmt: skip
    person.language = language
    person.save(update_fields=["language"])
    return person


def _session_of(person: Person) -> str:
    request: Any = HttpRequest()
    request.session = SessionStore()
    auth.login(request, person, backend=BACKEND)
    sessions.begin(request, person, how="password")
    request.session.save()
    return str(request.session.session_key)


@contextmanager
def taken_back_alone() -> Iterator[None]:
    """Of one visit: the next one finds the house as this one did, also after an error of the database."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(point)


@cache
def _handler() -> BaseHandler:
    """What the web server asks, too: all middleware, and the pages behind it."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler
