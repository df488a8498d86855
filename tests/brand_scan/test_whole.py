"""A partner's whole house shows nothing of the vendor's, and nothing of it goes unlooked at."""

from collections import Counter

import pytest

from portal.pages.brand_scan.routes import every
from portal.pages.brand_scan.scanning import STEPS, Result, look
from portal.pages.brand_scan.surface import CHANNELS
from portal.tenants.models import Partner

pytestmark = [pytest.mark.db, pytest.mark.long]

# What answers nothing of its own, and why. Whatever is new has to be seen, or to stand here.
NEVER_A_PAGE = {
    "/": "leads on to the first page",
    "/login/code/": "after a right password only",
    "/login/with/<slug:ref>/": "leads off to the provider",
    "/login/with/<slug:ref>/back/": "leads on; else it refuses by a page that is read",
    "/you/security/codes/": "shown once, when a second step is set up",
    "/onboarding/<int:pk>/": "leads to the step that is next",
    "/onboarding/<int:pk>/discover/": "leads back to the step that is next",
    "/onboarding/<int:pk>/flows/": "leads back to the step that is next",
    "/onboarding/<int:pk>/map/": "leads back to the step that is next",
    "/onboarding/<int:pk>/match/": "leads back to the step that is next",
    "/onboarding/<int:pk>/conformance/": "leads back to the step that is next",
    "/onboarding/<int:pk>/live/": "leads back to the step that is next",
    "/endpoints/<slug:slug>/authorise/": "leads off to the system's own page",
    "/endpoints/<slug:slug>/authorise/back/": "leads back to the endpoint",
    "/expectations/<int:pk>/change/": "leads back to the expectation",
    "/api/usage/": "asks for the key of a source",
    "/api/v1/usage/": "asks for a period",
    "/changes/<int:pk>/edit/": "only its author writes in a draft",
}
# What the planted house has none of: its page says that there is nothing.
NONE_HERE = {
    "/.well-known/site-check",
    "/api/v1/cases/<int:number>/fixes/<int:pk>/",
    "/api/v1/invitations/<int:pk>/",
    "/desk/bulk/<int:pk>/",
    "/domains/<int:pk>/",
    "/domains/<int:pk>/remove/",
    "/invoices/months/<str:key>/journal.csv",
    "/mail/forget/",
    "/margin/<slug:slug>/",
    "/messages/<uuid:pk>/raw/<sha256:sha256>",
    "/onboarding/<int:pk>/certificate/",
    "/onboarding/templates/<int:pk>/",
    "/plans/<slug:slug>/publish/",
    "/plans/<slug:slug>/simulations/<int:pk>/",
    "/plans/<slug:slug>/simulations/<int:pk>/months.csv",
    "/you/security/passkeys/<int:pk>/",
    "/you/security/passkeys/<int:pk>/remove/",
}
FLOOR = {
    "staff": 400, "customer": 120, "open": 30, "headers": 600, "files": 100, "downloads": 15, "papers": 8,
    "mails": 22, "api": 50, "api_errors": 20, "webhooks": 45, "door": 8, "outgoing": 4,
}  # fmt: skip


def is_seen(status: int | None) -> bool:
    """A page, or one that is only posted to and says so."""
    return status is not None and (status < 300 or status == 405)


def test_the_whole_house_shows_nothing_of_the_vendors_and_every_route_was_looked_at(
    house: Partner,
) -> None:
    result, seen = Result(), Counter[str]()
    for step in STEPS:
        result.merge(look(step, each=lambda surface: seen.update([surface.channel])))

    assert result.leaks == []
    assert result.failed == []
    assert FLOOR.keys() == CHANNELS.keys()
    assert {one: result.rendered[one] for one in FLOOR if result.rendered[one] < FLOOR[one]} == {}
    assert seen["staff"] == result.rendered["staff"]

    unseen = {route.pattern for route in every() if not is_seen(result.routes.get(route.pattern))}
    assert unseen - NEVER_A_PAGE.keys() - NONE_HERE == set()
    assert (NEVER_A_PAGE.keys() | NONE_HERE) - unseen == set(), "is seen, and need not stand here"
