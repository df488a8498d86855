"""What connectors ask for: what most leave as it is can be left, and stands behind what it hangs on."""

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Setting
from integrations.connectors.connector import Connector
from integrations.views.settings_form import SettingsForm

pytestmark = pytest.mark.pure

EVERYONE = registry.everyone()
EDI, HTTP = registry.get("edi"), registry.get("http")
NEEDED = {"own_id": "US", "partner_id": "THEM", "host": "sftp.example.com", "user": "u",
          "drop_folder": "in", "pick_up_folder": "out"}  # fmt: skip


def entered(connector: Connector, **other: str) -> dict[str, str]:
    """What a browser sends of a form nobody changed, besides `other`."""
    return {
        **{s.name: str(s.default) for s in connector.settings if s.default not in (None, (), "")},
        **other,
    }


def names(form: SettingsForm) -> list[str]:
    """In the order in which the page has them."""
    return [f.name for part in form.parts for f in part.fields] + [f.name for f in form.seldom]


@pytest.mark.parametrize("connector", EVERYONE, ids=lambda c: c.manifest.slug)
def test_what_is_folded_away_is_no_must_and_stands_behind_what_it_hangs_on(
    connector: Connector,
) -> None:
    by_name = {s.name: s for s in connector.settings}
    assert [s.name for s in connector.settings if s.seldom and s.required] == []
    order = names(SettingsForm(connector=connector, settings={}))
    assert sorted(order) == sorted(by_name)
    for name in order:
        on = by_name[name].when and by_name[by_name[name].when[0]]
        if on:
            assert order.index(on.name) < order.index(name), name
            assert by_name[name].seldom or not on.seldom, name


@pytest.mark.parametrize("connector", EVERYONE, ids=lambda c: c.manifest.slug)
def test_a_heading_stands_over_what_always_applies(connector: Connector) -> None:
    begins = [s for s in connector.settings if s.part]
    assert [s.name for s in begins if s.when or s.seldom] == []


def test_who_a_partner_is_comes_before_how_files_go() -> None:
    form = SettingsForm(connector=EDI, settings={})
    headings = [part.heading for part in form.parts]
    assert headings == ["Who both are", "How files go", "What documents say"]
    assert form.parts[0].fields[0].name == "partner_is"
    assert {"delimiters", "lenient"} <= {field.name for field in form.seldom}


def test_an_error_in_the_fold_opens_it() -> None:
    assert not SettingsForm(entered(EDI, **NEEDED), connector=EDI, settings={}).refuses_seldom
    form = SettingsForm(entered(EDI, **NEEDED, delimiters="abc"), connector=EDI, settings={})
    assert not form.is_valid()
    assert form.refuses_seldom


def test_what_differs_in_the_fold_is_counted() -> None:
    def changed(connector: Connector, *stored: str, **settings: object) -> int:
        form = SettingsForm(connector=connector, settings=settings, stored=frozenset(stored))
        return form.changed

    assert changed(EDI) == changed(EDI, sets_per_file=200, host="sftp.example.com") == 0
    assert changed(EDI, delimiters="*>~", sets_per_file=1) == 2
    assert changed(HTTP, look_ups=[]) == 0
    assert changed(HTTP, "webhook_secret", "webhook_secret_old") == 1


def test_a_box_that_is_on_by_default_counts_when_it_is_off() -> None:
    """Of AS2: receipts have to be signed unless somebody says otherwise."""
    assert SettingsForm(connector=EDI, settings={"as2_receipt_signed": False}).changed == 1


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("https://user:s3@api.example.com/v1", True),
        ("https://key@api.example.com/v1", True),
        ("HTTPS://:s3@api.example.com", True),
        ("https://api.example.com/v1?at=a@b:c", False),
        ("https://api.example.com/@me", False),
        ("postgresql://reader@db.example.com/erp", False),
        ("postgresql://reader:s3@db.example.com/erp", True),
        ("https://[broken", False),
    ],
)
def test_an_address_holds_no_login_since_it_is_shown(address: str, refused: bool) -> None:
    said = Setting("url", "Address", "Where it is.", kind="url").fault(address)
    assert bool(said) is refused
    assert "s3" not in said


def test_the_form_says_so() -> None:
    rest = registry.get("rest")
    form = SettingsForm(
        entered(rest, url="https://me:s3@api.example.com"), connector=rest, settings={}
    )
    assert "Leave user and password out" in str(form.errors["url"])
