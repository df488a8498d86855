"""New credentials of an endpoint: tried line by line, kept if they work, then what waits goes out."""

from collections.abc import Iterator

import pytest

from integrations.models import MessageEvent
from monitoring.models import CaseEvent, ExceptionCase, Fix
from portal.core.secrets import decrypt
from tests import pipeline
from tests.monitoring.hands import follow, page_of, shown_form
from tests.pages.scenery import page, texts
from tests.scenarios import target
from tests.scenarios.target import Target

pytestmark = pytest.mark.db
NEW = "the-new-bearer-7f3a"


@pytest.fixture
def system() -> Iterator[Target]:
    with target.running() as server:
        yield server


@pytest.fixture
def erp(kestrel, system):
    """An ERP that refuses our credentials, and three orders that wait for it."""
    shop = pipeline.endpoint(kestrel.harbor, "shop")
    made = pipeline.endpoint(kestrel.harbor, "erp", settings={"url": system.url})
    pipeline.flow(shop, made)
    system.status = 401
    pipeline.store(shop, *[pipeline.order(n) for n in ("1001", "1002", "1003")])
    pipeline.run(kestrel.harbor)
    return made


@pytest.fixture
def case(erp):
    return ExceptionCase.objects.get(code="auth_expired")


def secret_field(client, case):
    action, values = shown_form(client, case, "credentials")
    return action, {**values, "auth_token": NEW}


def stored(erp):
    erp.refresh_from_db()
    return {name: secret.reveal() for name, secret in decrypt(bytes(erp.secrets)).items()}


def test_credentials_that_work_are_kept_and_what_waits_goes_out(engineer, erp, case, system):
    shown = page(engineer.get(f"/cases/{case.pk}/"))
    assert texts(shown, ".figures > div") == ["3 waiting for it", "$384.00 in orders waiting"]
    assert texts(shown, ".bar .tabs a[aria-current]") == ["Enter new credentials"]
    system.status = 200
    action, values = secret_field(engineer, case)
    done = follow(engineer, engineer.post(action, values))
    assert texts(done, "#result h2") == ["Tried Erp again, 3 waiting"]
    assert NEW in stored(erp).values()
    pipeline.run(erp.customer_id)
    assert pipeline.states(direction="out") == ["confirmed"] * 3
    case.refresh_from_db()
    assert case.state == "resolved"
    entered = CaseEvent.objects.get(action="credentials")
    assert entered.text.startswith("Entered for Erp: ")
    assert entered.actor == "Engineer"


def test_credentials_that_do_not_work_are_not_kept_and_each_line_says_why(
    engineer, erp, case, system
):
    before = stored(erp)
    action, values = secret_field(engineer, case)
    refused = engineer.post(action, values)
    assert refused.status_code == 422
    shown = page_of(refused)
    assert texts(shown, ".checks .status") == ["host", "tls", "key", "scope", "clock"]
    assert [s["class"][1] for s in shown.select(".checks .shape")].count("shape-bad") == 1
    assert texts(shown, ".error-summary p")[0].startswith("Nothing was kept. ")
    assert NEW.encode() not in refused.content
    assert stored(erp) == before
    case.refresh_from_db()
    assert case.is_open
    assert not CaseEvent.objects.filter(action="credentials").exists()


def test_no_secret_stands_in_events_terms_or_logs(engineer, erp, case, system, caplog, capsys):
    for status in (401, 200):
        system.status = status
        action, values = secret_field(engineer, case)
        engineer.post(action, values)
    pipeline.run(erp.customer_id)
    told = [*CaseEvent.objects.values_list("text", flat=True)]
    told += [
        *MessageEvent.objects.values_list("cause", flat=True),
        caplog.text,
        *capsys.readouterr(),
    ]
    assert NEW not in "".join(told)
    assert not Fix.objects.exists()


def test_nothing_entered_is_refused(engineer, case):
    action, values = secret_field(engineer, case)
    refused = engineer.post(action, {**values, "auth_token": ""})
    assert texts(page_of(refused), ".error-summary p") == ["Enter at least one of them."]


def test_credentials_are_for_those_who_manage_endpoints(operator, viewer, erp, case):
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(shown, ".bar .tabs a") == ["Try again", "Wait", "Ask the customer", "Snooze"]
    before = stored(erp)
    operator.post(f"/cases/{case.pk}/credentials/", {"auth_token": NEW})
    assert viewer.post(f"/cases/{case.pk}/credentials/").status_code == 403
    assert stored(erp) == before
