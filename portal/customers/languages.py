"""The language a customer's people are spoken to in as long as they choose no other themselves."""

from django.conf import settings

from portal.customers.models import Customer
from portal.tenants.models import Partner

CHOICES = dict(settings.LANGUAGES)


class UnknownLanguageError(ValueError):
    """We do not speak it; the text says what we do."""


def own(customer_id: int) -> str:
    """What a customer chose; blank for nothing, and for nobody."""
    found = Customer.objects.filter(pk=customer_id).values_list("language", flat=True)
    return found.first() or ""


def choose(customer: Customer, language: str) -> None:
    """From now on this customer's people read `language`, blank: the partner's. UnknownLanguageError."""
    customer.language = _known(language)
    customer.save(update_fields=["language"])


def choose_for_all(partner: Partner, language: str) -> None:
    """From now on everybody of a customer that chose nothing reads `language`; blank: what their browser
    asks for. UnknownLanguageError."""
    Partner.objects.filter(pk=partner.pk).update(language=_known(language))


def _known(language: str) -> str:
    if language and language not in CHOICES:
        known = " and ".join(CHOICES.values())
        raise UnknownLanguageError(f"{language} is no language of these pages. There is {known}.")
    return language
