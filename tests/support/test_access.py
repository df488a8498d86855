"""Asking, allowing, beginning and ending; each with its bounds."""

from datetime import timedelta

import pytest

from portal.core.events import isolated, subscribe
from portal.support.domain import asking, consent, deciding, ledger, states
from portal.support.domain.asking import Asker, NotAskedError
from portal.support.domain.asking import ask as ask_for
from portal.support.domain.consent import ConsentError
from portal.support.domain.deciding import NotTheirsError
from portal.support.domain.states import AccessBegun, AccessEnded, NotNowError
from portal.support.models import Consent, LedgerEntry, Rule, SupportAccess
from tests.accounts.conftest import person
from tests.support.conftest import AT, WHY, allow, ask

pytestmark = pytest.mark.db
State = SupportAccess.State


def kinds(customer_id):
    found = LedgerEntry.objects.filter(customer_id=customer_id).order_by("number")
    return list(found.values_list("kind", flat=True))


def test_who_said_nothing_is_asked_each_time(house):
    access = ask(house)
    assert (access.state, access.person_name, access.staff_name) == ("asked", "Vera", "Ana Ruiz")
    assert kinds(house.site.harbor) == ["asked"]
    with pytest.raises(NotNowError, match="has not answered yet"):
        states.begin(access)


@pytest.mark.parametrize("why", ["", "short", "a b c d e f g h i", "         "])
def test_a_reason_has_ten_letters_at_least(house, why):
    with pytest.raises(NotAskedError, match="at least 10 letters") as refused:
        ask(house, why=why)
    assert refused.value.field == "reason"
    assert not SupportAccess.objects.exists()


def test_only_a_customers_active_people_can_be_acted_as(house):
    with pytest.raises(NotAskedError, match="one of the customer's people"):
        ask(house, whom=house.ana)
    house.vera.is_active = False
    with pytest.raises(NotAskedError, match="who can sign in"):
        ask(house)


def test_asking_and_withdrawing_over_and_over_is_refused_for_an_hour(house):
    for _ in range(asking.MOST_AN_HOUR):
        states.end(ask(house), how="withdrawn")
    with pytest.raises(NotAskedError, match="5 times within the hour"):
        ask(house)
    house.clock.move(3601)
    assert ask(house).state == State.ASKED


def test_never_refuses_at_once(house):
    allow(house, Rule.NEVER)
    with pytest.raises(NotAskedError, match="Harbor Outfitters allows nobody"):
        ask(house)


@pytest.mark.parametrize("minutes", [240, 61, 0, -5, 100000])
def test_nobody_asks_for_more_than_is_allowed(house, minutes):
    allow(house, longest=60)
    with pytest.raises(NotAskedError, match="allows 60 minutes at most"):
        ask(house, minutes=minutes)


def test_a_standing_consent_grants_at_once_until_it_is_over(house):
    allow(house, until=AT + timedelta(days=2))
    assert ask(house).state == State.GRANTED
    house.clock.move(2 * 86400)
    assert consent.of(house.site.harbor).rule == Rule.ASK
    assert ask(house).state == State.ASKED


def test_a_consent_needs_an_end_that_is_to_come_and_a_known_length(house):
    with pytest.raises(ConsentError, match="still to come"):
        allow(house, until=AT)
    with pytest.raises(ConsentError, match="Choose one of the lengths"):
        allow(house, longest=17)
    with pytest.raises(ConsentError, match="Only a customer's own people"):
        consent.change(house.ana, rule=Rule.ALWAYS, longest=60, until=None)
    assert not Consent.objects.exists()


def test_the_time_runs_from_the_beginning(house):
    access = ask(house, minutes=15)
    deciding.grant(house.hanna, access.pk)
    house.clock.move(3600)
    begun = states.begin(access)
    assert begun.ends_at == AT + timedelta(minutes=75)
    house.clock.move(15 * 60 - 1)
    assert begun.is_running(AT + timedelta(minutes=75) - timedelta(seconds=1))
    house.clock.move(1)
    states.settle()
    begun.refresh_from_db()
    assert (begun.state, begun.ended_at) == ("over", begun.ends_at)
    assert kinds(house.site.harbor) == ["asked", "granted", "begun", "ended"]


def test_what_was_granted_has_to_begin_within_a_day(house):
    access = ask(house)
    deciding.grant(house.hanna, access.pk)
    house.clock.move(86400)
    with pytest.raises(NotNowError, match="its time was over"):
        states.begin(access)


def test_a_question_waits_a_week(house):
    access = ask(house)
    house.clock.move(7 * 86400)
    with pytest.raises(NotNowError, match="its time was over"):
        deciding.grant(house.hanna, access.pk)


def test_it_begins_once(house):
    access = ask(house)
    deciding.grant(house.hanna, access.pk)
    states.begin(access)
    with pytest.raises(NotNowError, match="begun already"):
        states.begin(access)


def test_one_question_is_open_at_a_time(house):
    access = ask(house)
    for whom in (house.vera, house.hanna):
        with pytest.raises(NotAskedError, match="You asked already on 1 Dec at 09:00"):
            ask(house, whom=whom)
    deciding.grant(house.hanna, access.pk)
    with pytest.raises(NotAskedError, match="You may act as Vera already"):
        ask(house)
    assert kinds(house.site.harbor) == ["asked", "granted"]
    states.end(access, how="not needed")
    assert ask(house).state == State.ASKED


def test_a_question_that_nobody_answered_stands_in_the_way_of_none(house):
    ask(house)
    house.clock.move(7 * 86400)
    assert ask(house).state == State.ASKED


def test_others_and_at_other_customers_ask_for_themselves(house):
    ask(house)
    mara = person("viewer", name="Mara", customer_id=house.site.maris)
    ask(house, whom=mara)
    for key in ("platform:4", "platform:5"):
        ask_for(Asker("Pat Lee", platform_key=key), house.vera, reason=WHY, minutes=15)
    with pytest.raises(NotAskedError, match="You asked already"):
        ask_for(Asker("Pat Lee", platform_key="platform:5"), house.vera, reason=WHY, minutes=15)
    assert SupportAccess.objects.count() == 4


@pytest.mark.parametrize("who", ["partner", "platform"])
def test_the_database_keeps_one_question_of_two_at_the_same_moment(house, monkeypatch, who):
    by = Asker("A", house.ana) if who == "partner" else Asker("Pat", platform_key="platform:4")
    ask_for(by, house.vera, reason=WHY, minutes=15)
    seen = asking._refuse_twice
    late = iter([lambda *_: None, seen])
    monkeypatch.setattr(asking, "_refuse_twice", lambda *terms: next(late)(*terms))
    with pytest.raises(NotAskedError, match="You asked already"):
        ask_for(by, house.vera, reason=WHY, minutes=15)
    assert SupportAccess.objects.count() == 1
    assert kinds(house.site.harbor) == ["asked"]


def test_what_a_person_asked_who_is_gone_stands_in_nobodys_way(house):
    ask(house)
    lea = person("operator", name="Lea")
    ask_for(Asker("Lea", lea), house.vera, reason=WHY, minutes=15)
    SupportAccess.objects.update(staff=None)
    assert SupportAccess.objects.count() == 2


def test_a_refusal_is_final(house):
    access = ask(house)
    deciding.refuse(house.hanna, access.pk)
    with pytest.raises(NotNowError, match="This access is over: Hanna Berg said no"):
        states.begin(access)
    assert kinds(house.site.harbor) == ["asked", "refused"]


def test_never_ends_what_runs_and_what_waits(house):
    running = ask(house)
    deciding.grant(house.hanna, running.pk)
    states.begin(running)
    waiting = ask(house)
    allow(house, Rule.NEVER)
    assert set(SupportAccess.objects.values_list("state", flat=True)) == {"over"}
    assert waiting.pk and "allows no access" in SupportAccess.objects.first().ended_how


def test_nobody_decides_about_another_customer(house):
    other = person("owner", name="Mara", customer_id=house.site.maris)
    access = ask(house)
    for verb in (deciding.grant, deciding.refuse, deciding.end):
        with pytest.raises(NotTheirsError):
            verb(other, access.pk)
    assert SupportAccess.objects.get().state == State.ASKED


def test_the_platforms_people_are_told_apart(house):
    access = ask_for(
        Asker("Pat Lee", platform_key="platform:4"), house.vera, reason=WHY, minutes=15
    )
    assert (access.house, access.staff, access.staff_key) == ("platform", None, "platform:4")
    assert LedgerEntry.objects.get().said["house"] == "platform"


def test_beginning_and_ending_is_told(house):
    heard = []
    with isolated():
        subscribe(AccessBegun)(heard.append)
        subscribe(AccessEnded)(heard.append)
        never = ask(house)
        states.end(never, how="not needed")
        access = ask(house)
        states.grant(access, by="Hanna")
        states.begin(access)
        states.end(access, how="enough")
        states.end(access, how="enough")
    assert heard == [AccessBegun(access.pk), AccessEnded(access.pk)]


def test_the_ledger_is_whole_and_each_customer_has_its_own(house):
    mara = person("viewer", name="Mara", customer_id=house.site.maris)
    states.end(ask(house), how="not needed")
    ask(house, whom=mara)
    ask(house)
    rows = LedgerEntry.objects.filter(customer_id=house.site.harbor)
    assert [row.number for row in rows] == [1, 2, 3]
    assert ledger.check(house.site.harbor).flaw is None
    assert ledger.check(house.site.maris).length == 1
