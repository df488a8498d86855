"""A description where people enter it: a page that keeps it as it was typed, a file that says what is wrong."""

import re

import pytest
import yaml

from integrations import configfile
from integrations.connectors import registry
from integrations.domain import poll
from integrations.models import Endpoint, PollCursor
from integrations.views.settings_form import SettingsForm
from monitoring.models import ExceptionCase
from tests.connectors.conformance import connection
from tests.connectors.rest.harness import DESCRIPTION, HERE

REST = registry.get("rest")
FILE = (HERE / "orderdesk.yaml").read_text()
DESCRIPTION_OF_THE_FILE = yaml.safe_load(FILE)["endpoints"][0]["settings"]["description"]
ENVIRONMENT = {"DESK_TOKEN": "t-1"}


def form(**entered: str) -> SettingsForm:
    data = {"url": "https://api.example.com", "description": DESCRIPTION, "token": "t-1", **entered}
    return SettingsForm(data, connector=REST, settings={})


@pytest.mark.pure
def test_a_page_keeps_every_blank_of_a_description() -> None:
    filled = form(description=DESCRIPTION.replace("\n", "\r\n"))
    assert filled.is_valid()
    assert filled.settings == {"url": "https://api.example.com", "description": DESCRIPTION}
    shown = SettingsForm(None, connector=REST, settings=filled.settings)
    assert shown["description"].value() == DESCRIPTION


@pytest.mark.pure
def test_a_page_says_which_line_is_wrong_and_asks_for_a_description() -> None:
    broken = form(description=DESCRIPTION.replace("kind: bearer", "kind: bear"))
    assert not broken.is_valid()
    [said] = broken.errors["description"]
    assert said.startswith("Line 1, auth.kind: “bear” is not one of")
    assert not form(description="").is_valid()


@pytest.mark.pure
def test_the_queries_of_a_database_are_kept_as_they_were_typed() -> None:
    queries = "items:\n  from: item\n  key: item_no\n  changed_at: at\n"
    entered = {"url": "postgresql://erp@db.example.com/erp", "queries": queries, "time_zone": "UTC",
               "overlap_seconds": "120", "page_size": "500", "house_account": "WEB"}  # fmt: skip
    filled = SettingsForm(entered, connector=registry.get("sql"), settings={})
    assert filled.is_valid(), filled.errors
    assert filled.settings["queries"] == queries


@pytest.mark.pure
def test_one_key_is_one_account_of_one_service() -> None:
    def account(url: str, **secrets: str) -> str:
        return REST.account(connection(REST, settings={"url": url}, secrets=secrets))

    api = "https://api.example.com/v1"
    assert account(api) == "api.example.com/v1"
    assert account(api, token="a") == account(f"{api}/", token=" a ")
    ways = [{"token": "a"}, {"token": "b"}, {"user": "a", "password": "b"}, {"user": "b"}]
    assert len({account(api, **way) for way in ways}) == 4
    assert account("") == ""


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(configfile.RefusedError) as refused:
        configfile.apply(text.encode(), environment=ENVIRONMENT)
    return [(fault.path, fault.text) for fault in refused.value.faults]


@pytest.mark.db
def test_a_file_with_a_wrong_description_is_refused_whole(kestrel) -> None:
    found = faults(FILE.replace("rows: data.orders", "row: data.orders"))
    assert (
        "endpoints[0].settings.description",
        "Line 7, streams.orders.row: There is no such key. There are: object, path, params, rows, id,"
        " updated, paging, incremental, details.",
    ) in found
    assert not Endpoint.objects.filter(slug="desk").exists()
    assert (
        "endpoints[0].settings.description",
        "REST, described in YAML needs description.",
    ) in faults(FILE[: FILE.index("      description")] + FILE[FILE.index("    secrets") :])


@pytest.mark.db
def test_only_streams_that_are_described_are_polled(kestrel) -> None:
    found = faults(FILE.replace("poll: {orders: 60}", "poll: {orders: 60, items: 60}"))
    text = "REST, described in YAML has no stream items. There are: orders."
    assert found == [("endpoints[0].poll.items", text)]
    configfile.apply(FILE.encode(), environment=ENVIRONMENT)
    without = FILE.replace("          orders:", "          later:", 1)
    assert faults(without) == [
        (
            "endpoints[0].poll.orders",
            "REST, described in YAML has no stream orders. There are: later.",
        )
    ]


@pytest.mark.db
def test_a_stream_that_was_taken_out_says_so_until_it_is_back(kestrel) -> None:
    configfile.apply(FILE.encode(), environment=ENVIRONMENT)
    desk = Endpoint.objects.get(slug="desk")
    described = desk.settings["description"].replace("  orders:", "  later:", 1)
    Endpoint.objects.filter(pk=desk.pk).update(settings={**desk.settings, "description": described})
    assert poll.poll(desk.pk).done == 0
    assert PollCursor.objects.get().attempts == 1
    assert not ExceptionCase.objects.exists()  # once may be a slip; several in a row are a case


@pytest.mark.db
def test_what_is_exported_changes_nothing_when_it_is_applied_again(kestrel) -> None:
    configfile.apply(FILE.encode(), environment=ENVIRONMENT)
    text = configfile.export()
    environment = {**ENVIRONMENT, **dict.fromkeys(re.findall(r"\$\{(\w+)\}", text), "t-1")}
    assert configfile.apply(text.encode(), environment=environment) == []
    assert Endpoint.objects.get(slug="desk").settings["description"] == DESCRIPTION_OF_THE_FILE
