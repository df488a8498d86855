"""Who of the platform's people acts on a partner's site. No row leads there to them: a key names them."""

from typing import Final

from django_tenants.utils import get_public_schema_name, schema_context

from portal.accounts.models import Person

PERMISSION: Final = "platform.support"
_PREFIX: Final = "platform:"


def key(person: Person) -> str:
    """What an access keeps of somebody of the platform's."""
    return f"{_PREFIX}{person.pk}"


def may_still(key: str) -> bool:
    """Whether they still work for the platform and may do this, as the platform's own schema says now."""
    number = key.removeprefix(_PREFIX)
    if not (key.startswith(_PREFIX) and number.isdecimal()):
        return False
    with schema_context(get_public_schema_name()):
        found = Person.objects.select_related("role").filter(pk=int(number)).first()
        return found is not None and found.may(PERMISSION)
