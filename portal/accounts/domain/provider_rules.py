"""Rules of a provider: which of its claims give which role here."""

from django.db import IntegrityError, transaction

from portal.accounts.domain import providers, reach
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person, Provider, ProviderRule, Role


def add(
    by: Person,
    pk: int,
    *,
    claim: str,
    value: str,
    role: Role,
    customer_id: int | None = None,
    group_id: int | None = None,
) -> ProviderRule:
    """A rule after those there are. Provider.DoesNotExist, or RefusedError: a role that may do more than
    `by`, or one that does not go with a customer or group."""
    providers.must_be_allowed(by)
    reach.must_cover(by, role)
    _must_go_together(role, customer_id, group_id)
    try:
        with transaction.atomic():
            provider = Provider.objects.select_for_update().get(pk=pk)
            last = provider.rules.order_by("-position").first()
            return ProviderRule.objects.create(
                provider=provider, position=last.position + 1 if last else 1, claim=claim,
                value=value, role=role, customer_id=customer_id, group_id=group_id,
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(
            f"There is a rule for {claim} “{value}”. Remove that one first."
        ) from None


def _must_go_together(role: Role, customer_id: int | None, group_id: int | None) -> None:
    if role.for_customers and (customer_id is None or group_id is not None):
        raise RefusedError(f"{role.label} is for one customer’s people. Say which customer’s.")
    if customer_id is not None and group_id is not None:
        raise RefusedError("Choose a customer or a group, and not both.")


@transaction.atomic
def remove(by: Person, pk: int, rule: int) -> ProviderRule:
    """Whoever came in by it stays as they are until they sign in again. ProviderRule.DoesNotExist."""
    found = _locked(by, pk, rule)
    found.delete()
    return found


@transaction.atomic
def raise_up(by: Person, pk: int, rule: int) -> ProviderRule:
    """The rule counts before the one that stood above it. ProviderRule.DoesNotExist."""
    found = _locked(by, pk, rule)
    above = found.provider.rules.filter(position__lt=found.position).order_by("-position").first()
    if above:
        above.position, found.position = found.position, above.position
        above.save(update_fields=["position"])
        found.save(update_fields=["position"])
    return found


def _locked(by: Person, pk: int, rule: int) -> ProviderRule:
    providers.must_be_allowed(by)
    Provider.objects.select_for_update().filter(pk=pk).first()
    return ProviderRule.objects.select_related("provider").get(pk=rule, provider_id=pk)
