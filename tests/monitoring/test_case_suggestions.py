"""What the case page says of rules: what one suggests, and what is worth one."""

import pytest

from integrations.models import LookupRow, LookupTable
from monitoring.models import Fix, RemedyRule
from portal.core import clock
from tests.monitoring.conftest import hold
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
TERMS = {"table": "sku", "code": "TENT-OLD", "value": "TENT-2P", "insist": False}
WORDS = "TENT-OLD → TENT-2P added to lookup sku"


def shown(client, case):
    return page(client.get(f"/cases/{case.pk}/"))


def done_before(case, times):
    now = clock.now()
    for n in range(times):
        Fix.objects.create(
            case=case, remedy="lookup", terms=TERMS, words=WORDS, state="done", person_name="Ana",
            documents=1, digest=str(n) * 64, applied_at=now, finished_at=now,
        )  # fmt: skip


def test_what_a_rule_suggests_is_filled_in(operator, harbor):
    case = hold(harbor, "1001")
    rule = RemedyRule.objects.create(
        code="unknown_sku", value="tent-old", remedy="lookup", terms=TERMS, words=WORDS,
        state="suggesting", proposed_by="Ana",
    )  # fmt: skip
    link = shown(operator, case).find("h3", string="Suggested by rule").find_next("a")
    assert link.text == WORDS
    filled = page(operator.get(link["href"].split("#")[0]))
    assert filled.select_one("form#remedy input[name=value]")["value"] == "TENT-2P"
    rule.delete()
    assert shown(operator, case).find("h3", string="Suggested by rule") is None


def test_three_times_is_worth_a_rule_until_there_is_one(operator, harbor):
    case = hold(harbor, "1001")
    done_before(case, 2)
    assert "Propose a rule" not in texts(shown(operator, case), "aside button")
    done_before(case, 1)
    found = shown(operator, case)
    form = next(f for f in found.select("aside form") if "Propose a rule" in f.text)
    fields = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    answer = operator.post(form["action"], fields)
    rule = RemedyRule.objects.get()
    assert answer["Location"] == f"/rules/{rule.pk}/"
    assert (rule.remedy, rule.customer_id) == ("lookup", harbor.customer_id)
    assert "Propose a rule" not in texts(shown(operator, case), "aside button")


def test_once_the_code_has_a_row_replaying_as_it_is_comes_first(operator, harbor):
    case = hold(harbor, "1001", "1002")
    assert texts(shown(operator, case), "#remedies a")[0].startswith("Add a lookup")
    row = LookupRow.objects.create(table=harbor.table, code="TENT-OLD", value="TENT-2P")
    soup = shown(operator, case)
    chosen = soup.select_one("#remedies [aria-current]")
    assert chosen == soup.select("#remedies a")[0]
    assert chosen.text.startswith("Retry")
    assert "TENT-OLD means TENT-2P by now. Shows what" in soup.select_one("#flow-end").text
    primary = page(operator.get("/desk/")).select_one("#preview .primary")
    assert primary["href"] == f"/cases/{case.pk}/?remedy=retry"
    row.delete()
    assert texts(shown(operator, case), "#remedies a")[0].startswith("Add a lookup")


def test_the_customers_own_row_says_more_than_the_one_for_all(operator, harbor):
    case = hold(harbor, "1001")
    everyones = LookupTable.objects.create(customer=None, name="sku")
    LookupRow.objects.create(table=everyones, code="TENT-OLD", value="TENT-9P")
    assert "TENT-OLD means TENT-9P by now" in shown(operator, case).select_one("#flow-end").text
    LookupRow.objects.create(table=harbor.table, code="TENT-OLD", value="TENT-2P")
    assert "TENT-OLD means TENT-2P by now" in shown(operator, case).select_one("#flow-end").text
