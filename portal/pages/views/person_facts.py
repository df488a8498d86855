"""What stands over somebody's page: for whom they work, and how they sign in."""

from integrations.views import spoken
from portal.accounts.domain import factors, limits, sessions
from portal.accounts.models import Invitation, Person
from portal.pages import works_for_words
from portal.pages.views import people_words
from portal.tenants.current import is_platform
from portal.tenants.rows import beyond_limit


def facts(found: Person, *, by: Person) -> list[dict[str, str]]:
    """[{label, value, url, link}], without those that say nothing."""
    told = [*_whom(found, by=by), _fact("Email", found.email), *_signing_in(found, by=by)]
    invited = Invitation.objects.filter(person=found).first()
    if invited:
        told.append(
            _fact("Invited", f"{spoken.moment(invited.invited_at)} by {invited.invited_by}")
        )
    return [fact for fact in told if fact["value"]]


def _fact(label: str, value: str, url: str = "", link: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "url": url, "link": link}


def _whom(found: Person, *, by: Person) -> list[dict[str, str]]:
    """The platform's people work for no customer."""
    if found.customer_id is not None:
        return [_fact("Signs in for", dict(people_words.customers()).get(found.customer_id, ""))]
    if is_platform():
        return []
    value = works_for_words.said([found])[found.pk]
    link = "" if limits.why_not(found, by=by) else "change"
    return [_fact("Works for", value, f"/people/{found.pk}/customers/" if link else "", link)]


def _signing_in(found: Person, *, by: Person) -> list[dict[str, str]]:
    """Whoever works for fewer customers than somebody is not told how they sign in."""
    last = _fact("Last signed in", people_words.last_seen(found))
    if not limits.works_within(found, by=by):
        return [last]
    with beyond_limit():
        second, live = factors.has_one(found), sessions.of(found)
    seen = spoken.moment(live[0].seen_at) if live else ""
    return [
        _fact("Second step", "yes" if second else "no"),
        last,
        _fact("Last seen", seen),
        _fact("Sessions", spoken.counted(len(live), "session") if live else "none"),
    ]
