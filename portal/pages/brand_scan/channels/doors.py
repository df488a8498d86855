"""Links that work without a login, each opened by a fresh token on something that is there."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from integrations.domain import secret_links
from integrations.models import Endpoint
from monitoring.domain import questions
from monitoring.domain.alerts import outbox
from monitoring.domain.notices import sending
from monitoring.models import AlertMessage, CaseQuestion, NoticeMail
from portal.accounts.domain import inviting, passwords
from portal.accounts.models import Person, Role
from portal.accounts.roles import PARTNER_ROLES
from portal.core import links, tongue
from portal.pages.brand_scan import accesses
from portal.pages.brand_scan.answers import Seen, seen
from portal.pages.brand_scan.visiting import Visitor, signed_in
from portal.pages.brand_scan.walking import Visit
from portal.support.domain import handing
from portal.tenants.site import Site

_HOUR: Final = timedelta(hours=1)


def doors(site: Site) -> Iterator[Seen]:
    """The pages behind the links of mails. Where nothing of a kind is there, its link leads nowhere."""
    visitors = [Visitor(site, language=language) for language in tongue.LANGUAGES]
    for pattern, token in _tokens(site):
        for visitor in visitors:
            answer = visitor.get(pattern.replace("<str:token>", token))
            yield seen(Visit(pattern, pattern, answer), channel="open")


def _tokens(site: Site) -> Iterator[tuple[str, str]]:
    admin = next(role for role in PARTNER_ROLES if role.slug == "admin")
    signed_in(site, admin._replace(slug="host"))
    by = Person.objects.select_related("role").latest("pk")
    role: Any = Role.objects.get(pk=by.role_id)
    _, token = inviting.invite(by, email="guest@check.example", name="A guest", role=role)
    yield "/join/<str:token>/", token
    yield "/reset/<str:token>/", passwords.new_token(by)
    if access := accesses.granted():
        yield "/support/enter/<str:token>/", handing.hand_over(access)
    if endpoint := Endpoint.objects.first():
        yield "/keys/<str:token>/", secret_links.issue(endpoint, by=by.name, lasts=_HOUR)
    asked = CaseQuestion.objects.filter(questions.OPEN)
    yield from _anew("/ask/<str:token>/", asked, "digest", questions.SALT)
    told = AlertMessage.objects.exclude(alert=None)
    yield from _anew("/ack/<str:token>/", told, "link_hash", outbox.SALT)
    yield from _anew("/unsubscribe/<str:token>/", NoticeMail.objects, "digest", sending.SALT)


def _anew(pattern: str, rows: Any, field: str, salt: str) -> Iterator[tuple[str, str]]:
    """A new token for the newest of `rows`: nobody knows the one that was sent."""
    newest = rows.order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None:
        token = links.new_token(salt)
        rows.filter(pk=newest).update(**{field: links.digest(token, salt=salt)})
        yield pattern, token
