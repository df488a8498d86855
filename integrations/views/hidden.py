"""Why somebody does not see documents, and who can let them."""

from portal.accounts.models import Person


def reason(person: Person, customer: str) -> str:
    """Empty for those who may see documents."""
    if person.may("payloads.view"):
        return ""
    granting = [
        p.name
        for p in Person.objects.filter(is_active=True).select_related("role").order_by("name")
        if p.may("people.manage")
    ]
    who = f" {granting[0]} can grant it." if granting else ""
    return f"Documents of {customer} are not for {person.role.label}.{who}"
