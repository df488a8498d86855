"""Zones people choose from."""

from portal.core import zones


def test_people_choose_from_places_and_utc() -> None:
    names = [name for name, _ in zones.choices()]
    assert {"Europe/Berlin", "America/Los_Angeles", "UTC"} <= set(names)
    assert not {"Factory", "localtime", "Etc/GMT+5", "EST", "US/Pacific"} & set(names)
    assert all("/" in name for name in names if name != "UTC")


def test_what_is_chosen_already_stays_a_choice() -> None:
    assert zones.choices("US/Pacific", "Europe/Berlin")[0] == ("US/Pacific", "US/Pacific")
    assert zones.choices("Europe/Berlin") == zones.choices()
