"""Plans: drafts that are changed, and versions that never change once they are published."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from billing.domain import accounts, subscriptions
from billing.models import Account, Metric, Override, Plan, PlanVersion, Subscription
from billing.plans import reading, writing
from billing.plans.content import PlanContent
from billing.plans.month import month, month_of
from billing.rating import TermsError
from billing.rating import read as read_terms
from portal.core import clock

State = PlanVersion.State


class NotPublishedError(ValueError):
    """The prices cannot be published or changed; the text says why."""


def begin(
    name: str, slug: str, content: Mapping[str, Any], *, author: Any, **about: Any
) -> PlanVersion:
    """A new plan with its first draft. TermsError for prices that are none."""
    plan = Plan(name=name, slug=slug, **about)
    plan.full_clean(exclude={"archived_at"})
    checked = check(content)
    with transaction.atomic():
        plan.save()
        return _draft(plan, checked, author)


def check(content: Mapping[str, Any]) -> PlanContent:
    """The content, or TermsError with everything that is wrong with it. A metric has to be there."""
    read = reading.read(content)
    known = set(Metric.objects.filter(archived_at=None).values_list("code", flat=True))
    wrong = [
        (f"charges[{at}].metric", f"There is no metric {one.metric}.")
        for at, one in enumerate(read.charges)
        if one.metric and one.metric not in known
    ]
    if wrong:
        raise TermsError(*wrong)
    return read


@transaction.atomic
def draft(plan: Plan, *, author: Any) -> PlanVersion:
    """The plan's draft: the one there is, or a new one that says what the newest version says."""
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.archived_at:
        raise NotPublishedError(f"{held.name} is archived. Bring it back before you change it.")
    found = held.versions.exclude(state=State.PUBLISHED).first()
    return found or _draft(held, reading.read(newest(held).content), author)


def newest(plan: Plan) -> PlanVersion:
    """The version that is sold now. PlanVersion.DoesNotExist before the first is published."""
    return plan.versions.filter(state=State.PUBLISHED).latest("number")


def _draft(plan: Plan, content: PlanContent, author: Any) -> PlanVersion:
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    return PlanVersion.objects.create(
        plan=plan, number=last + 1, content=writing.write(content), author=author.name[:80],
        author_id=author.pk,
    )  # fmt: skip


@transaction.atomic
def save(
    version: PlanVersion, content: Mapping[str, Any], *, edition: int, author: Any
) -> PlanVersion:
    """Change a draft. NotPublishedError where somebody changed it since `edition`, or it is published."""
    held = PlanVersion.objects.select_for_update().select_related("plan").get(pk=version.pk)
    if held.state == State.PUBLISHED:
        raise NotPublishedError(f"{held} is published. Change it in a draft of its own.")
    if held.edition != edition:
        raise NotPublishedError(f"{held.author} changed it meanwhile. Load it again and compare.")
    held.content = writing.write(check(content))
    held.edition += 1
    held.state, held.author, held.author_id = State.DRAFT, author.name[:80], author.pk
    held.save()
    return held


@transaction.atomic
def discard(version: PlanVersion) -> None:
    """Throw a draft away; with the first one goes its plan. NotPublishedError for a published version."""
    held = PlanVersion.objects.select_for_update().select_related("plan").get(pk=version.pk)
    if held.state == State.PUBLISHED:
        raise NotPublishedError(f"{held} is published: archive the plan instead.")
    held.delete()
    if not held.plan.versions.exists():
        held.plan.delete()


def archive(plan: Plan) -> None:
    """Nobody new gets it; whoever has it keeps it."""
    plan.archived_at = clock.now()
    plan.save(update_fields=["archived_at"])


def bring_back(plan: Plan) -> None:
    plan.archived_at = None
    plan.save(update_fields=["archived_at"])


@transaction.atomic
def ask(
    version: PlanVersion, *, edition: int, note: str, moves: bool, from_month: str
) -> PlanVersion:
    """Let another person look at it and publish it, with what its author means to happen. NotPublishedError
    where it was changed since `edition`."""
    held = PlanVersion.objects.select_for_update().select_related("plan").get(pk=version.pk)
    _refuse_changed(held, edition)
    check(held.content)
    if moves:
        _refuse_unfit(held)
    held.state, held.note = State.ASKED, note.strip()
    held.moves, held.from_month = moves, from_month if moves else ""
    held.save()
    return held


def delete(plan: Plan) -> None:
    """Throw a plan away that nobody ever had. NotPublishedError for any other: bills were made by it."""
    customers = list(
        Account.objects.filter(subscriptions__version__plan=plan).distinct().order_by("name")
    )
    if customers:
        more = f" and {len(customers) - 1} more" if len(customers) > 1 else ""
        raise NotPublishedError(
            f"{plan.name} cannot be deleted: {customers[0].name}{more} had or have it, and their bills are"
            " explained by it. Archive it: nobody new gets it then."
        )
    if plan.versions.filter(state=State.PUBLISHED).exists():
        raise NotPublishedError(
            f"{plan.name} cannot be deleted: it was published, and that stays on record. Archive it instead."
        )
    for version in plan.versions.all():
        discard(version)


def unfit(version: PlanVersion) -> list[str]:
    """The prices of single customers that could not come along to this version, a sentence each."""
    charges = {one.key: one for one in reading.read(version.content).charges}
    held = Override.objects.filter(
        subscription__version__plan=version.plan_id, subscription__followed_by=None,
        charge__in=charges, until__gte=accounts.month_now(),
    ).select_related("subscription__account").order_by("pk")  # fmt: skip
    return [
        f"{one.subscription.account.name} has a price of their own for {charge.name}, which a"
        f" {charge.model.replace('_', ' ')} charge cannot take. End it first, or keep the model."
        for one in held
        for charge in [charges[one.charge]]
        if not _fits(one, charge.model)
    ]


def _fits(one: Override, model: str) -> bool:
    try:
        read_terms(model, one.terms)
    except TermsError:
        return False
    return True


def _refuse_unfit(version: PlanVersion) -> None:
    if found := unfit(version):
        raise NotPublishedError(found[0])


def _refuse_changed(version: PlanVersion, edition: int) -> None:
    if version.state == State.PUBLISHED:
        raise NotPublishedError(f"{version} is published already.")
    if version.edition != edition:
        raise NotPublishedError(f"{version.author} changed it meanwhile. Look at it again.")


@transaction.atomic
def publish(
    version: PlanVersion,
    *,
    edition: int,
    by: Any,
    note: str,
    moves: bool,
    from_month: str,
    second_person: bool,
) -> PlanVersion:
    """Fix these prices for good. Whoever has an earlier version keeps it, or moves here from a month on.

    `edition` is the one that the person saw. NotPublishedError where it was changed since, and where
    another person than the author has to publish.
    """
    held = PlanVersion.objects.select_for_update().select_related("plan").get(pk=version.pk)
    _refuse_changed(held, edition)
    if second_person and held.author_id == by.pk:
        raise NotPublishedError("Somebody else has to publish what you wrote.")
    check(held.content)
    if moves:
        _refuse_unfit(held)
    simulation = held.plan.simulations.filter(edition=held.edition, state="done").first()
    held.state, held.published_at, held.published_by = State.PUBLISHED, clock.now(), by.name[:80]
    held.note, held.moves, held.from_month = note.strip(), moves, from_month if moves else ""
    held.simulation = simulation
    held.save()
    if moves:
        _move_everyone(held, by=by.name)
    return held


def _move_everyone(version: PlanVersion, *, by: str) -> None:
    begins = month(version.from_month).begins
    held = Subscription.objects.filter(version__plan=version.plan).exclude(version=version)
    for one in held.filter(followed_by=None).select_related("account", "version").order_by("pk"):
        if one.ends is not None and one.ends <= begins:
            continue
        if begins <= one.begins:
            _replace(one, version)
        else:
            subscriptions.move(one, version, on=begins, by=by)


def _replace(one: Subscription, version: PlanVersion) -> None:
    """It has not begun yet when the new prices hold: it begins with them."""
    one.version = version
    one.save(update_fields=["version"])
    accounts.look_back(one.account, month_of(one.begins).key)
