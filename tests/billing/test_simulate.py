"""What a draft would have brought is what it then brings."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django_tenants.utils import schema_context

from billing.domain import accounts, intake, plans, simulate, subscriptions
from billing.models import Account, Invoice, MonthFigure, PlanVersion, Simulation
from billing.plans import effect
from portal.core import clock
from portal.tenants.models import Partner
from tests.billing import selling
from tests.billing.selling import ANA, final_of, said
from tests.billing.usage import event
from tests.people import Site

pytestmark = pytest.mark.db

GRADUATED = {
    **selling.DOCUMENTS, "model": "graduated",
    "terms": {"tiers": [{"up_to": "10", "unit_amount": "0"}, {"up_to": "50", "unit_amount": "1.115"},
                        {"up_to": None, "unit_amount": "0.333"}]},
}  # fmt: skip


def use(of: Account, month: str, quantity: str, *, key: str = "") -> None:
    made = event(of, f"{of.pk}/{month}/{key}", f"{month}-03 10:00", quantity=quantity)
    assert intake.note([made]).added == 1


def drafted(version: PlanVersion, *charges: dict[str, Any], **content: Any) -> PlanVersion:
    """A draft of the plan with other charges."""
    draft = plans.draft(version.plan, author=ANA)
    said = {"currency": "USD", "charges": list(charges), **content}
    return plans.save(draft, said, edition=draft.edition, author=ANA)


def simulated(draft: PlanVersion, *, months: int = 3, everyone: bool = False) -> Simulation:
    made = simulate.ask(draft, months=months, everyone=everyone, by="Ana Ruiz")
    simulate.finish()
    made.refresh_from_db()
    assert made.state == Simulation.State.DONE, made.trouble
    return made


def amounts(made: Simulation, month: str = "2026-04") -> dict[int, dict[str, str]]:
    return {row["account"]: row["fees"] for row in made.result if row["month"] == month}


def billed(of: Account, month: str) -> dict[str, Decimal]:
    """What all standing invoices bill for a month of service, fee by fee, without zeros."""
    found: dict[str, Decimal] = {}
    for invoice in Invoice.objects.filter(account=of, state__in=Invoice.STANDING):
        for line in said(invoice).lines:
            if line.service == month:
                fee = line.key.split("/", 2)[2]
                found[fee] = found.get(fee, Decimal(0)) + line.amount
    return {fee: amount for fee, amount in found.items() if amount}


def test_the_amounts_are_those_of_before_and_after(harbor: Account) -> None:
    version = selling.published()
    selling.sell(harbor, version)
    use(harbor, "2026-04", "60")
    made = simulated(drafted(version, selling.BASE, GRADUATED))
    row = next(row for row in made.result if row["month"] == "2026-04")
    assert row["before"] == "220.00"  # 100 + 60 × 2
    # 10 free, 40 × 1.115 = 44.60, 10 × 0.333 = 3.33
    assert row["fees"] == {"base": "100.00", "documents": "47.93"}
    assert (row["after"], row["units"]) == ("147.93", "60.00000000")


@pytest.mark.parametrize("due", ["arrears", "advance"])
def test_a_published_change_bills_in_the_next_month_what_was_simulated(
    harbor: Account, maris: Account, now: Any, due: str
) -> None:
    """Harbor has its own price and a discount, Maris a ramp that it is in the middle of: April's usage is
    simulated, everybody moves from May on, May gets the same usage, and bills the same to the cent."""
    base = {**selling.BASE, "due": due}
    version = selling.published(base, {**selling.DOCUMENTS, "key": "extra"}, selling.DOCUMENTS)
    held = selling.sell(harbor, version)
    selling.sell(maris, version, begins="2026-03-01")
    subscriptions.override(
        held,
        "extra",
        {"unit_amount": "0.777"},
        begins="2026-04",
        until="2026-12",
        reason="Agreed",
        author="Ana",
    )
    subscriptions.discount(
        held, "Loyal", begins="2026-04", percent=Decimal("7.5"), reason="Agreed", author="Ana"
    )
    use(harbor, "2026-04", "61.5")
    use(maris, "2026-04", "7")
    ramp = [{"months": 6, "terms": {"amount": "33.333"}}]
    draft = drafted(
        version, {**base, "terms": {"amount": "150"}, "ramp": ramp}, {**selling.DOCUMENTS, "key": "extra"},
        GRADUATED, commitment="90",
    )  # fmt: skip
    made = simulated(draft)
    for one in (harbor, maris):
        final_of(one)
    selling.publish(draft, moves=True, from_month="2026-05")
    use(harbor, "2026-05", "61.5")
    use(maris, "2026-05", "7")
    now.move(40 * 86_400)
    for one in (harbor, maris):
        final_of(one, "2026-05")
    for one in (harbor, maris):
        expected = {fee: Decimal(amount) for fee, amount in amounts(made)[one.pk].items()}
        assert billed(one, "2026-05") == {fee: amount for fee, amount in expected.items() if amount}
    # Harbor by hand: 33.33 + 61.5 × 0.777 = 47.79 + (44.60 + 11.5 × 0.333 = 48.43), each less 7.5 %
    assert amounts(made)[harbor.pk] == {"base": "30.83", "extra": "44.21", "documents": "44.80"}
    # Maris: 33.33 + 14.00, up to the commitment of 90
    assert amounts(made)[maris.pk]["#commitment"] == "42.67"


def test_what_was_seen_is_kept_with_the_version(harbor: Account) -> None:
    version = selling.published()
    selling.sell(harbor, version)
    draft = drafted(version, GRADUATED)
    made = simulated(draft)
    assert selling.publish(draft).simulation_id == made.pk


def test_only_whoever_has_the_plan_is_asked_about_or_everyone_as_if(
    harbor: Account, maris: Account
) -> None:
    version = selling.published()
    selling.sell(harbor, version)
    for one in (harbor, maris):
        use(one, "2026-04", "20")
    draft = drafted(version, selling.BASE, {**selling.DOCUMENTS, "terms": {"unit_amount": "1"}})
    assert set(amounts(simulated(draft))) == {harbor.pk}
    everyone = simulated(draft, everyone=True)
    rows = {row["account"]: (row["before"], row["after"]) for row in everyone.result if row["month"] == "2026-04"}  # fmt: skip
    assert rows == {harbor.pk: ("140.00", "120.00"), maris.pk: ("0", "120.00")}


def test_another_currency_is_said_and_not_added_up(harbor: Account) -> None:
    version = selling.published()
    selling.sell(harbor, version)
    draft = plans.draft(version.plan, author=ANA)
    content = {**draft.content, "currency": "EUR"}
    draft = plans.save(draft, content, edition=draft.edition, author=ANA)
    row = simulated(draft).result[-1]
    assert (row["trouble"], row["after"]) == ("Harbor Outfitters pays in USD.", "0")


def test_it_goes_on_where_it_was_stopped(
    harbor: Account, maris: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = selling.published()
    for one in (harbor, maris):
        selling.sell(one, version)
    monkeypatch.setattr(simulate, "_BITE", 1)
    made = simulate.ask(drafted(version, selling.BASE), months=3, everyone=False, by="Ana")
    assert simulate.work() == 1
    made.refresh_from_db()
    assert (made.done, made.of, made.state) == (1, 2, "waiting")
    simulate.finish()
    made.refresh_from_db()
    assert [row["account"] for row in made.result] == [harbor.pk, maris.pk]


def test_winners_and_losers_add_up(harbor: Account, maris: Account) -> None:
    version = selling.published()
    for one, quantity in ((harbor, "60"), (maris, "5")):
        selling.sell(one, version)
        use(one, "2026-04", quantity)
    draft = drafted(version, {**selling.BASE, "terms": {"amount": "110"}}, GRADUATED)
    found = effect.effects(effect.read(simulated(draft).result))
    # Harbor: 157.93 − 220.00; Maris: 110.00 − 110.00
    assert [(one.name, one.change) for one in found.accounts] == [
        ("Harbor Outfitters", Decimal("-62.07")), ("Maris Foods", Decimal("0.00")),
    ]  # fmt: skip
    assert (found.winners, found.losers, found.total.change) == (1, 0, Decimal("-62.07"))
    assert found.total.margin is None


def test_margins_are_told_where_the_platform_charges_anything(harbor: Account) -> None:
    version = selling.published()
    selling.sell(harbor, version)
    use(harbor, "2026-04", "60")
    # 220 of this plan and 30 of another; 15 of people and 5 of machines.
    for key, paid, cost in (("2026-02", 0, 0), ("2026-03", 0, 0), ("2026-04", 250, 33)):
        MonthFigure.objects.create(
            account=harbor, month=key, currency="USD", retail=paid, wholesale=cost, minutes=0,
            work=15 if paid else 0, infrastructure=5 if paid else 0, documents=60,
            made_at=clock.now(),
        )  # fmt: skip
    draft = drafted(version, selling.BASE, GRADUATED)
    total = effect.effects(effect.read(simulated(draft).result)).total
    # 147.93 by the draft where 220.00 were, and 30: 177.93
    assert (total.before, total.after) == (220, Decimal("147.93"))
    assert (total.margin, total.percent) == (Decimal("144.93"), Decimal("81.45"))  # − 33
    assert (total.left, total.left_percent) == (Decimal("124.93"), Decimal("70.21"))  # − 20


def test_the_platform_simulates_at_once(kestrel: Site, now: Any) -> None:
    with schema_context("public"):
        partner = accounts.of_partner(Partner.objects.get(schema_name="kestrel"))
        partner.open_from = "2026-04"
        partner.save()
        version = selling.published(slug="wholesale")
        selling.sell(partner, version)
        use(partner, "2026-04", "10")
        draft = drafted(version, selling.BASE)
        made = simulate.ask(draft, months=3, everyone=False, by="Ana")
        made.refresh_from_db()
        assert made.state == "done"
        assert amounts(made) == {partner.pk: {"base": "100.00"}}


def test_other_months_are_refused(harbor: Account) -> None:
    with pytest.raises(simulate.NotSimulatedError, match="3, 6 or 12"):
        simulate.ask(selling.published(), months=5, everyone=False, by="Ana")


def test_a_price_of_ones_own_that_could_not_come_along_stops_a_move(harbor: Account) -> None:
    version = selling.published()
    held = selling.sell(harbor, version)
    subscriptions.override(
        held,
        "documents",
        {"unit_amount": "1"},
        begins="2026-04",
        until="2026-12",
        reason="Agreed",
        author="Ana",
    )
    draft = drafted(version, GRADUATED)
    assert simulated(draft).result[-1]["trouble"] != ""
    with pytest.raises(plans.NotPublishedError, match="Harbor Outfitters has a price of their own"):
        selling.publish(draft, moves=True, from_month="2026-05")
    assert selling.publish(draft).state == "published"


def test_a_plan_that_somebody_had_is_not_deleted(harbor: Account) -> None:
    version = selling.published()
    held = selling.sell(harbor, version)
    subscriptions.end(held, on=date(2026, 4, 2))
    with pytest.raises(plans.NotPublishedError, match="Harbor Outfitters had or have it"):
        plans.delete(version.plan)
    with pytest.raises(plans.NotPublishedError, match="it was published"):
        plans.delete(selling.published(slug="other").plan)


def test_what_was_never_published_is_deleted(now: Any) -> None:
    selling.metric()
    draft = plans.begin("Try", "try", {"currency": "USD", "charges": [selling.BASE]}, author=ANA)
    plans.delete(draft.plan)
    assert not PlanVersion.objects.exists()
