from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import evidence
from integrations.domain import lookups as verbs
from integrations.formats.table import Table, read_table, write_csv, write_xlsx
from integrations.models import ChangeRequest, LookupRow, LookupTable
from portal.core import clock
from tests.pages import scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def table(kestrel):
    made = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    for code, value in (("A-1", "TENT-2P"), ("B-1", "MUG-12")):
        LookupRow.objects.create(table=made, code=code, value=value, added_by="Ana")
    return made


def address(table, rest=""):
    return f"/lookups/{table.pk}/{rest}"


def compare(client, table, content, *, name="rows.csv", mode="add"):
    data = content if isinstance(content, bytes) else content.encode()
    sent = {"file": SimpleUploadedFile(name, data), "mode": mode}
    return client.post(address(table, "import/"), sent)


def soup_of(response):
    from bs4 import BeautifulSoup

    return BeautifulSoup(response.content, "html.parser")


def token(response):
    return soup_of(response).select_one("input[name=plan]")["value"]


def live(table):
    return dict(table.rows.values_list("code", "value"))


def rows(table):
    """What the one draft of the table says; nothing of it is live."""
    assert live(table) == {"A-1": "TENT-2P", "B-1": "MUG-12"}
    return ChangeRequest.objects.get(kind="lookup", state="draft").content["rows"]


def test_a_row_is_edited_in_its_place_and_the_page_of_rows_is_kept(table, operator):
    row = LookupRow.objects.get(code="B-1")
    where = f"{address(table)}?q=MUG&edit={row.pk}"
    soup = page(operator.get(where))
    field = soup.select_one("form#edit input[name=value]")
    assert (field["value"], field.has_attr("autofocus")) == ("MUG-12", True)
    escape = [one["href"] for one in soup.select(".work [data-escape], .page-head [data-escape]")]
    assert escape == [f"{address(table)}?q=MUG"]
    answer = operator.post(where, {"row": row.pk, "code": "A-1", "value": "MUG-20"})
    assert answer.url == f"{address(table)}?q=MUG"
    assert rows(table) == {"A-1": "TENT-2P", "B-1": "MUG-20"}


def test_an_edit_without_a_value_is_refused_in_the_row(table, operator):
    row = LookupRow.objects.get(code="B-1")
    answer = operator.post(f"{address(table)}?edit={row.pk}", {"row": row.pk, "value": " "})
    assert answer.status_code == 422
    assert texts(soup_of(answer), "form#edit .field-error") == ["This field is required."]
    assert not ChangeRequest.objects.exists()


def test_an_edit_to_what_is_no_product_is_taken_from_who_insists(table, operator):
    LookupTable.objects.update(default="master")
    row = LookupRow.objects.get(code="B-1")
    sent = {"row": row.pk, "value": "NOPE"}
    answer = operator.post(address(table), sent)
    assert texts(soup_of(answer), "form#edit .field-error") == ["NOPE is no product of Harbor Outfitters."]  # fmt: skip
    assert operator.post(address(table), {**sent, "insist": "on"}).status_code == 302
    assert rows(table)["B-1"] == "NOPE"


def test_a_file_is_compared_and_nothing_is_written_before_it_is_applied(table, operator):
    answer = compare(operator, table, "code,means\nA-1,TENT-4P\nC-1,=1\n", mode="replace")
    assert answer.status_code == 422
    answer = compare(operator, table, "code,means\nA-1,TENT-4P\nC-1,CUP\n", mode="replace")
    soup = page(answer)
    assert texts(soup, ".fact-line dd b") == ["0", "1", "1", "1", "0"]
    assert texts(soup, "#changes tbody tr") == [
        "B-1 MUG-12 removed", "A-1 TENT-2P TENT-4P changed", "C-1 CUP added",
    ]  # fmt: skip
    assert texts(soup, "button.primary") == ["Take 3 changes into a draft"]
    assert not ChangeRequest.objects.exists()
    answer = operator.post(address(table, "import/apply/"), {"plan": token(answer)})
    draft = ChangeRequest.objects.get()
    assert answer.url == f"/changes/{draft.pk}/"
    assert rows(table) == {"A-1": "TENT-4P", "C-1": "CUP"}
    assert draft.testing == {"done": 0, "of": 0, "failed": "", "most": 200}


def test_refused_rows_stand_in_red_with_their_numbers_and_cannot_be_applied(table, operator):
    answer = compare(operator, table, "code,means\nA-1,x\nA-1,y\nD,=HYPERLINK(1)\n")
    assert answer.status_code == 422
    soup = soup_of(answer)
    assert texts(soup, "#refused tbody tr") == [
        "3 A-1 stands in row 2 already.",
        "4 =HYPERLINK(1) is a formula. Where it is meant as text, put ' before it.",
    ]
    assert len(soup.select("#refused td.bad")) == 2
    assert not soup.select("input[name=plan]")


def test_a_file_that_is_no_table_is_refused_under_its_field(table, operator):
    answer = compare(operator, table, b"PK\x03\x04 no archive", name="x.xlsx")
    assert answer.status_code == 422
    told = "The file is no Excel workbook, or it is damaged."
    assert texts(soup_of(answer), ".field-error p") == [told]


def test_applying_to_a_table_that_changed_meanwhile_is_refused(table, operator):
    plan = token(compare(operator, table, "code,means\nA-1,TENT-4P\n"))
    verbs.put(table, "B-1", "MUG-20", by="Ana")
    answer = operator.post(address(table, "import/apply/"), {"plan": plan})
    assert answer.status_code == 409
    assert texts(soup_of(answer), ".notice") == [
        "Not taken: sku was changed after the file was compared with it. Compare it again."
    ]
    assert live(table) == {"A-1": "TENT-2P", "B-1": "MUG-20"}
    assert not ChangeRequest.objects.exists()


def test_a_forged_plan_and_one_of_another_table_are_refused(table, operator):
    plan = token(compare(operator, table, "code,means\nA-1,TENT-4P\n"))
    other = LookupTable.objects.create(customer=None, name="sku")
    for place, sent in ((other, plan), (table, plan + "x"), (table, "")):
        assert operator.post(address(place, "import/apply/"), {"plan": sent}).status_code == 409
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(("name", "write"), [("rows.csv", write_csv), ("rows.xlsx", write_xlsx)])
def test_an_export_holds_every_row_and_is_imported_as_no_change(table, operator, name, write):
    LookupRow.objects.create(table=table, code="=cmd|'/c calc'!A0", value="00123")
    answer = operator.get(address(table, name))
    ending = name.rpartition(".")[2]
    assert answer["Content-Disposition"] == f'attachment; filename="sku-harbor.{ending}"'
    assert read_table(answer.content, name).rows == [
        ["=cmd|'/c calc'!A0", "00123"], ["A-1", "TENT-2P"], ["B-1", "MUG-12"],
    ]  # fmt: skip
    soup = page(compare(operator, table, answer.content, name=name, mode="replace"))
    assert texts(soup, ".notice") == ["The table already says what the file says."]
    assert not soup.select("input[name=plan]")


def test_what_a_code_without_a_row_does_is_changed_on_the_page(table, operator):
    answer = operator.post(address(table, "default/"), {"default": "value", "default_value": ""})
    assert answer.status_code == 422
    assert texts(soup_of(answer), ".side .field-error") == ["Say which value is used."]
    for sent, kept in (("value", "EA"), ("pass", "")):
        operator.post(address(table, "default/"), {"default": sent, "default_value": "EA"})
        content = ChangeRequest.objects.get().content
        assert (content["default"], content["default_value"]) == (sent, kept)
    assert LookupTable.objects.get().default == "hold"


def test_a_draft_is_shown_undone_code_by_code_and_gone_when_it_changes_nothing(table, operator):
    operator.post(address(table), {"code": "C-1", "value": "CUP"})
    operator.post(address(table, f"rows/{table.rows.get(code='A-1').pk}/remove/"))
    operator.post(address(table, "default/"), {"default": "pass"})
    soup = page(operator.get(address(table)))
    assert texts(soup, "#draft tbody th") == ["a code without a row", "A-1", "C-1"]
    for place in texts(soup, "#draft tbody th"):
        operator.post(address(table, "undo/"), {"code": place})
    assert not page(operator.get(address(table))).select("#draft")
    assert ChangeRequest.objects.get().state == "withdrawn"


def test_an_operator_sees_the_effect_and_makes_it_live_alone(table, operator):
    operator.post(address(table), {"code": "C-1", "value": "CUP"})
    draft = ChangeRequest.objects.get()
    where = f"/changes/{draft.pk}/"
    assert not page(operator.get(where)).select("form[action$='/make-live/']")
    refused = operator.post(f"{where}make-live/", {"reason": "New cup"})
    assert refused.status_code == 409
    evidence.gather(draft)
    assert page(operator.get(where)).select("form[action$='/make-live/']")
    operator.post(f"{where}make-live/", {"reason": "New cup"})
    assert live(table)["C-1"] == "CUP"
    operator.post(f"{where}roll-back/", {"reason": "no"})
    assert "C-1" not in live(table)


def test_rows_that_went_live_meanwhile_stay_in_a_draft(table, operator):
    operator.post(address(table), {"code": "C-1", "value": "CUP"})
    verbs.put(table, "B-1", "MUG-20", by="Ana")
    operator.post(address(table), {"code": "D-1", "value": "DISH"})
    content = ChangeRequest.objects.get().content
    assert content["rows"] == {"A-1": "TENT-2P", "B-1": "MUG-20", "C-1": "CUP", "D-1": "DISH"}


def test_codes_seen_and_not_here_are_added_with_one_field(kestrel, operator):
    place = scenery.with_warehouse(scenery.business(kestrel.harbor))
    scenery.hold_order(place)
    table = LookupTable.objects.get()
    soup = page(operator.get(address(table)))
    (told,) = texts(soup, "#seen form p")
    assert told.startswith("TENT-OLD 1 document, 1 held, last ")
    assert told.endswith("128.00 USD") or "128.00" in told
    operator.post(address(table), {"code": "TENT-OLD", "value": "TENT-2P"})
    assert texts(page(operator.get(address(table))), "#seen p") == ["Every code that held a document has a row."]  # fmt: skip


def test_coverage_is_measured_when_asked_with_and_without_script(kestrel, operator):
    place = scenery.with_warehouse(scenery.business(kestrel.harbor))
    scenery.hold_order(place)
    table = LookupTable.objects.get()
    plain = operator.get(address(table, "coverage/"))
    assert plain.url == f"{address(table)}?measure=1"
    told = "0.0 % 0 of 1 document that asked it found every code. Read again: the newest 1 document of 7 days."  # fmt: skip
    assert texts(page(operator.get(plain.url)), "#coverage p") == [told]
    part = operator.get(address(table, "coverage/"), headers={"HX-Request": "true"})
    assert texts(page(part), "p") == [told]
    short = operator.get(address(table, "coverage/?short=1"), headers={"HX-Request": "true"})
    assert texts(page(short), "span") == ["0.0 %"]


def test_a_new_table_is_made_once(kestrel, operator):
    sent = {"name": "carrier", "customer": kestrel.harbor, "default": "hold"}
    answer = operator.post("/lookups/new/", sent)
    made = LookupTable.objects.get()
    assert (made.name, made.customer_id, answer.url) == ("carrier", kestrel.harbor, address(made))
    again = operator.post("/lookups/new/", sent)
    assert again.status_code == 422
    told = "There is a table carrier of Harbor Outfitters already."
    assert texts(soup_of(again), ".field-error p") == [told]
    assert operator.post("/lookups/new/", {**sent, "name": "Ship To"}).status_code == 422


def test_the_list_says_how_many_codes_have_no_row_with_equal_effort(kestrel, operator):
    place = scenery.with_warehouse(scenery.business(kestrel.harbor))
    scenery.hold_order(place)
    operator.get("/lookups/")
    with CaptureQueriesContext(connection) as one:
        soup = page(operator.get("/lookups/"))
    assert texts(soup, "td[data-label='Without a row']") == ["1"]
    for customer_id, name in ((None, "sku"), (kestrel.maris, "sku"), (kestrel.maris, "uom")):
        LookupTable.objects.create(customer_id=customer_id, name=name)
    with CaptureQueriesContext(connection) as four:
        soup = page(operator.get("/lookups/"))
    assert len(four) == len(one) <= 14
    assert texts(soup, "td[data-label='Without a row']") == [
        "1",
        "none",
        "1",
        "none",
    ]  # the customers before the partner


def test_the_page_of_a_table_asks_as_often_for_more_rows(table, operator):
    operator.get(address(table))
    with CaptureQueriesContext(connection) as few:
        operator.get(address(table))
    more_rows = [LookupRow(table=table, code=f"C-{n:03}", value="x") for n in range(250)]
    LookupRow.objects.bulk_create(more_rows)
    with CaptureQueriesContext(connection) as more:
        soup = page(operator.get(address(table)))
    assert len(more) == len(few) <= 15
    assert len(soup.select("#lookup-rows tbody tr")) == 100
    second = page(operator.get(address(table) + soup.select_one("a[rel=next]")["href"].removeprefix(address(table))))  # fmt: skip
    assert texts(second, "#lookup-rows tbody th")[0] == "C-098"  # after A-1, B-1, C-000 to C-097


def test_strangers_and_those_who_may_not_edit_lookups_get_nothing(table, stranger, viewer):
    table.rows.update(added_at=clock.now() - timedelta(days=400))
    for rest in ("", "import/", "rows.csv", "rows.xlsx", "coverage/"):
        assert stranger.get(address(table, rest)).status_code == 404
        assert viewer.get(address(table, rest)).status_code == 403
    assert viewer.get("/lookups/new/").status_code == 403
    for rest in ("default/", "import/apply/"):
        assert stranger.post(address(table, rest), {"default": "pass"}).status_code == 404
        assert viewer.post(address(table, rest), {"default": "pass"}).status_code == 403
    table.refresh_from_db()
    assert table.default == "hold"


def test_a_workbook_is_compared_as_a_text_is(table, operator):
    data = write_xlsx(Table(["Code", "Value"], [["A-1", "TENT-4P"]], []))
    soup = page(compare(operator, table, data, name="rows.xlsx"))
    assert texts(soup, "#changes tbody tr") == ["A-1 TENT-2P TENT-4P changed"]
