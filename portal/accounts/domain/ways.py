"""Which ways in are open to whom."""

from django.utils.translation import gettext as _

from portal.accounts.domain import factors, reach
from portal.accounts.models import Person, Provider


class OtherWayError(Exception):
    """They sign in by a provider and by nothing else; the text names it."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(
            _("People of this house log in with %(provider)s. Use its button.")
            % {"provider": provider.name}
        )


def providers() -> list[Provider]:
    """Those with a button on the login page."""
    return list(Provider.objects.filter(is_on=True))


def only_way() -> Provider | None:
    """The provider that is the only way in for staff, if there is one."""
    return Provider.objects.filter(is_on=True, is_only_way=True).first()


def is_break_glass(person: Person) -> bool:
    """Whether their own password and second step let them in, whatever becomes of a provider: somebody has
    to be able to switch it off."""
    return reach.manages(person.role) and factors.has_one(person)


def must_be_open(person: Person) -> None:
    """OtherWayError for staff who sign in by a provider only."""
    if person.is_customer:
        return
    provider = only_way()
    if provider and not is_break_glass(person):
        raise OtherWayError(provider)
