"""Setting up who else says who somebody is.

A provider can let anybody in as anybody of the staff. So whoever sets one up may do all that anybody of
the staff may: else they would get more than they have by a provider of their own.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify

from portal.accounts.domain import openid_calls, reach, sessions, ways
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Identity, Person, Provider, Role
from portal.core import clock, secrets
from portal.core.secrets import Secret

_LONGEST_REF: Final = 40
_WHO_IT_IS: Final = ("issuer", "client_id")  # subjects mean somebody only together with these


def must_be_allowed(by: Person) -> None:
    """RefusedError for somebody who could get more than they have."""
    if not by.may("signin.edit"):
        raise RefusedError("You cannot say how people sign in here. Ask whoever set up the house.")
    beyond = [one for one in Role.objects.filter(for_customers=False) if not reach.covers(by, one)]
    if beyond:
        raise RefusedError(
            f"{beyond[0].label} may do more than you, and a provider can let anybody in. Ask somebody"
            " who may do all of it."
        )


@transaction.atomic
def make(by: Person, given: Mapping[str, Any], *, secret: str) -> Provider:
    """A new one, switched off. `given`: fields of `Provider`. RefusedError as above, or for a name taken."""
    must_be_allowed(by)
    _must_be_free(given["name"], but=0)
    taken = set(Provider.objects.values_list("ref", flat=True))
    provider = Provider(ref=_ref(given["name"], taken=taken), **given)
    return _saved(by, provider, secret=secret)


@transaction.atomic
def change(by: Person, pk: int, given: Mapping[str, Any], *, secret: str) -> Provider:
    """A blank `secret` keeps the one there is. Another issuer or client ID forgets whom the provider knows:
    there its subjects are other people. Provider.DoesNotExist, or RefusedError as above."""
    must_be_allowed(by)
    provider = Provider.objects.select_for_update().get(pk=pk)
    _must_be_free(given["name"], but=pk)
    is_another = any(getattr(provider, name) != given[name] for name in _WHO_IT_IS)
    for name, value in given.items():
        setattr(provider, name, value)
    if is_another:
        provider.is_on = provider.is_only_way = False
        provider.sealed = None
        for identity in provider.identities.all():
            identity.delete()
    return _saved(by, provider, secret=secret)


def switch(by: Person, pk: int, *, on: bool) -> Provider:
    """Show its button, or no more. It is asked for its description first.

    Provider.DoesNotExist; OpenIdError when what it says of itself is not usable; RefusedError as above.
    """
    must_be_allowed(by)
    if on:
        issuer = Provider.objects.get(pk=pk).issuer
        openid_calls.keys(openid_calls.endpoints(issuer, fresh=True), fresh=True)
    with transaction.atomic():
        provider = Provider.objects.select_for_update().get(pk=pk)
        provider.is_on = on
        provider.is_only_way = provider.is_only_way and on
        return _saved(by, provider)


@transaction.atomic
def make_only_way(by: Person, pk: int, *, only: bool) -> Provider:
    """From now on staff come in by it alone, or by passwords and passkeys again. Whoever says so keeps a way
    in of their own, by a second step. Provider.DoesNotExist, or RefusedError."""
    must_be_allowed(by)
    provider = Provider.objects.select_for_update().get(pk=pk)
    if only and not provider.is_on:
        raise RefusedError("Switch it on first, and log in by it once.")
    if only and not ways.is_break_glass(by):
        raise RefusedError(
            "Add a second step under your own Security first. With it your password goes on working,"
            " for the day on which the provider does not."
        )
    if only and Provider.objects.filter(is_only_way=True).exclude(pk=pk).exists():
        raise RefusedError("Another provider is the only way in. Open the other ways again first.")
    provider.is_only_way = only
    return _saved(by, provider)


@transaction.atomic
def remove(by: Person, pk: int) -> Provider:
    """Forget it, its rules and whom it knows. The people stay. Errors as above."""
    must_be_allowed(by)
    provider = Provider.objects.select_for_update().get(pk=pk)
    provider.delete()
    return provider


@transaction.atomic
def forget(by: Person, pk: int, identity: int) -> Identity:
    """The provider knows this person no more; their sessions end. Identity.DoesNotExist, or RefusedError."""
    must_be_allowed(by)
    found = Identity.objects.select_related("person").get(pk=identity, provider_id=pk)
    found.delete()
    sessions.end_all(found.person)
    return found


def _saved(by: Person, provider: Provider, *, secret: str = "") -> Provider:
    if secret:
        provider.sealed = secrets.encrypt({"secret": Secret(secret)})
    provider.changed_at, provider.changed_by = clock.now(), by.name
    provider.save()
    return provider


def _must_be_free(name: str, *, but: int) -> None:
    if Provider.objects.filter(name__iexact=name).exclude(pk=but).exists():
        raise RefusedError(f"There is a provider named {name}. Choose another name.")


def _ref(name: str, *, taken: set[str]) -> str:
    stem = slugify(name)[: _LONGEST_REF - 4] or "provider"
    names = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))]
    return next(one for one in names if one not in taken)
