"""Into whose hands a case goes, what it is called, and where its documents belong: the forms for that."""

from typing import Any

from monitoring.models import ExceptionCase, Team
from monitoring.remedies import Situation
from portal.accounts.models import Person


def hands(situation: Situation, *, blocked: str) -> dict[str, Any]:
    """The context of assigning, tagging, merging and splitting; None for who may not."""
    case = situation.case
    if not (situation.person.may("desk.work") and case.is_open):
        return {"hands": None, "split_url": ""}
    url = f"/cases/{case.pk}"
    documents = case.is_of_documents
    return {
        "hands": {
            "assign_url": f"{url}/assign/",
            "owners": _owners(case, situation.person),
            "tags_url": f"{url}/tags/",
            "tags": ", ".join(case.tags),
            "merge_url": f"{url}/merge/" if documents else "",
            "blocked": blocked,
        },
        "split_url": f"{url}/split-off/"
        if documents and situation.summary.documents > 1 and not blocked
        else "",
    }


def _owners(case: ExceptionCase, me: Person) -> list[dict[str, Any]]:
    now = f"person:{case.assignee_id}" if case.assignee_id else ""
    now = now or (f"team:{case.team_id}" if case.team_id else "")
    found = [("", "nobody"), (f"person:{me.pk}", f"{me.name} (me)")]
    found += [(f"team:{team.pk}", f"team {team.name}") for team in Team.objects.all()]
    found += [(f"person:{one.pk}", one.name) for one in workers() if one.pk != me.pk]
    return [{"value": value, "label": label, "chosen": value == now} for value, label in found]


def workers() -> list[Person]:
    """The partner's people who may work on cases, by name."""
    people = Person.objects.filter(is_active=True, customer_id=None).select_related("role")
    return [person for person in people.order_by("name") if person.may("desk.work")]
