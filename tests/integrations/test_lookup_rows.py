"""Putting a row of a lookup back to what it was before a remedy wrote it."""

import pytest

from integrations.domain import configuration, lookups
from integrations.domain.lookups import ChangedSinceError
from integrations.models import LookupRow, LookupTable

pytestmark = pytest.mark.db


@pytest.fixture
def table(kestrel):
    return LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")


def rows():
    return list(LookupRow.objects.order_by("code").values_list("code", "value", "added_by"))


def test_a_row_that_was_added_is_gone_again(kestrel, table):
    lookups.put(table, "TENT-OLD", "TENT-2P", by="Ana Ruiz")
    lookups.take_back_row(table, "TENT-OLD", wrote="TENT-2P", was=None, by="Ben Ode")
    assert rows() == []
    assert configuration.of(kestrel.harbor).lookups["sku"].rows == {}


def test_a_row_that_was_changed_says_again_what_it_said(kestrel, table):
    lookups.put(table, "TENT-OLD", "MUG-12", by="Cleo")
    lookups.put(table, "TENT-OLD", "TENT-2P", by="Ana Ruiz")
    lookups.take_back_row(table, "TENT-OLD", wrote="TENT-2P", was="MUG-12", by="Ben Ode")
    assert rows() == [("TENT-OLD", "MUG-12", "Ben Ode")]


def test_a_row_somebody_changed_since_stays_and_says_who(table):
    lookups.put(table, "TENT-OLD", "TENT-2P", by="Ana Ruiz")
    lookups.put(table, "TENT-OLD", "TENT-3P", by="Cleo")
    with pytest.raises(ChangedSinceError) as refused:
        lookups.take_back_row(table, "TENT-OLD", wrote="TENT-2P", was=None, by="Ben Ode")
    assert str(refused.value) == "Cleo changed TENT-OLD of sku since: it means TENT-3P now."
    assert rows() == [("TENT-OLD", "TENT-3P", "Cleo")]


def test_a_row_that_is_gone_is_not_written_again(table):
    with pytest.raises(ChangedSinceError) as refused:
        lookups.take_back_row(table, "TENT-OLD", wrote="TENT-2P", was="MUG-12", by="Ben Ode")
    assert str(refused.value) == "The row TENT-OLD of sku was removed since."
    assert rows() == []


def test_taking_a_row_back_twice_changes_nothing_more(table):
    lookups.put(table, "TENT-OLD", "MUG-12", by="Cleo")
    lookups.put(table, "TENT-OLD", "TENT-2P", by="Ana Ruiz")
    for actor in ("Ben Ode", "Dora"):
        lookups.take_back_row(table, "TENT-OLD", wrote="TENT-2P", was="MUG-12", by=actor)
    assert rows() == [("TENT-OLD", "MUG-12", "Ben Ode")]
