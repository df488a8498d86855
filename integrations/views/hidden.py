"""Why somebody does not see documents, and who can let them."""

from portal.accounts.models import Person


def reason(person: Person, customer: str) -> str:
    """Empty for those who may see documents."""
    if person.may("payloads.view"):
        return ""
    granting = who_grants()
    who = f" {granting} can grant it." if granting else ""
    return f"Documents of {customer} are not for {person.role.label}.{who}"


def who_grants() -> str:
    """The first of those who may give people other roles; blank when nobody may."""
    people = Person.objects.filter(is_active=True).select_related("role").order_by("name")
    return next((one.name for one in people if one.may("people.manage")), "")
