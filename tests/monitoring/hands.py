"""A person's hands on the pages of a case: fill a remedy in, send it, let its fix go."""

from bs4 import BeautifulSoup

from monitoring.models import Fix
from tests.monitoring.lanes import settle
from tests.pages.scenery import page


def shown_form(client, case, remedy, **address):
    """The hidden and visible values of a remedy's form, as a browser would send them."""
    query = "&".join(f"{name}={value}" for name, value in {"remedy": remedy, **address}.items())
    form = page(client.get(f"/cases/{case.pk}/?{query}")).select_one("form#remedy")
    values = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    values |= {area["name"]: area.text.removeprefix("\n") for area in form.select("textarea")}
    values |= {
        select["name"]: select.select_one("option")["value"]
        for select in form.select("select")
        if select.select_one("option")
    }
    return form["action"], values


def use(client, case, remedy, *, address=None, **given):
    """Send a remedy's form."""
    action, values = shown_form(client, case, remedy, **(address or {}))
    return client.post(action, {**values, **given})


def follow(client, response):
    assert response.status_code == 302, response.content[:3000]
    return page(client.get(response["Location"]))


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


def tried(client, case, remedy, *, address=None, **given):
    """The fix that a remedy began, with its dry run done."""
    response = use(client, case, remedy, address=address, **given)
    assert response.status_code == 302, response.content[:3000]
    fix = Fix.objects.order_by("pk").last()
    assert response["Location"] == f"/cases/{case.pk}/fixes/{fix.pk}/"
    return settle(fix)


def url(fix):
    return f"/cases/{fix.case_id}/fixes/{fix.pk}/"


def press(client, fix, button):
    """Press a button of the page of a fix by the beginning of its words; its answer, followed."""
    shown = page(client.get(url(fix)))
    found = [b for b in shown.select("main form button") if b.text.strip().startswith(button)]
    assert found, [b.text.strip() for b in shown.select("main form button")]
    form = found[0].find_parent("form")
    values = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return follow(client, client.post(form["action"], values))


def mend(client, case, remedy, *, address=None, button="Replay", **given):
    """Use a remedy, look at its dry run, let all of it go."""
    fix = tried(client, case, remedy, address=address, **given)
    press(client, fix, button)
    return settle(fix)
