import pytest

from integrations.domain import configuration, lookup_files, lookups, subjects, writing
from integrations.domain.lookup_files import Refusal
from integrations.domain.subjects import Subject
from integrations.formats.table import Table, read_table, write_csv, write_xlsx
from integrations.models import LookupRow, LookupTable, Record
from portal.customers.models import Customer

pytestmark = pytest.mark.db


@pytest.fixture
def table(kestrel):
    made = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku", default="hold")
    for code, value in (("A", "1"), ("B", "2"), ("C", "3")):
        LookupRow.objects.create(table=made, code=code, value=value, added_by="Ana")
    return made


def given(*rows, columns=("code", "means")):
    return Table(list(columns), [list(row) for row in rows], [])


def plan_of(table, read, *, mode):
    return lookup_files.plan(table, subjects.lookup_content(table), read, mode=mode)


def refused(table, text):
    return plan_of(table, read_table(text.encode(), "x.csv"), mode="add").refused


def rows(table):
    return dict(table.rows.values_list("code", "value"))


def test_adding_keeps_what_the_file_does_not_name(table):
    plan = plan_of(table, given(("A", "1"), ("B", "9"), ("D", "4")), mode="add")
    assert plan.added == {"D": "4"}
    assert plan.changed == {"B": ("2", "9")}
    assert (plan.removed, plan.unchanged, plan.refused) == ({}, 1, [])
    assert plan.content == {
        "default": "hold", "default_value": "", "rows": {"A": "1", "B": "9", "C": "3", "D": "4"},
    }  # fmt: skip


def test_replacing_removes_what_the_file_does_not_name(table):
    plan = plan_of(table, given(("A", "1"), ("D", "4")), mode="replace")
    assert plan.removed == {"B": "2", "C": "3"}
    assert plan.content["rows"] == {"A": "1", "D": "4"}


def test_each_bad_row_is_refused_with_its_number_and_reason(table):
    text = "code,means\nX,1\n=1+1,2\nX,3\n,4\nY,\n\nZ,+cmd|calc\n" + "L" * 201 + ",5\n"
    assert refused(table, text) == [
        Refusal(3, "=1+1 is a formula. Where it is meant as text, put ' before it."),
        Refusal(4, "X stands in row 2 already."),
        Refusal(5, "The cell under code is empty."),
        Refusal(6, "The cell under means is empty."),
        Refusal(8, "+cmd|calc is a formula. Where it is meant as text, put ' before it."),
        Refusal(9, "LLLLLLLLLLLLLLLLLLLL… has 201 characters; 200 fit."),
    ]


def test_a_plan_with_a_refused_row_does_not_fit(table):
    plan = plan_of(table, given(("D", "4"), ("D", "5")), mode="add")
    assert plan.added == {"D": "4"}
    assert not plan.fits


def test_a_file_without_the_columns_or_rows_is_refused(table):
    assert refused(table, "sku,name\nA,B\n") == [
        Refusal(1, "The first row has to name the columns: code, means.")
    ]
    assert refused(table, "code,means\n") == [Refusal(1, "The file has no row under its head.")]


def test_columns_may_stand_anywhere_and_others_are_named(table):
    wide = given(("x", "5", "A"), columns=("set by", "Value", "Code"))
    plan = plan_of(table, wide, mode="add")
    assert plan.changed == {"A": ("1", "5")}
    assert plan.notes == ["Not used: set by."]


def test_blanks_around_a_cell_do_not_make_another_code(table):
    plan = plan_of(table, given((" A ", "1\u00a0")), mode="add")
    assert (plan.unchanged, plan.added) == (1, {})


def test_a_new_value_that_is_no_product_is_refused_where_the_table_asks(table, kestrel):
    LookupTable.objects.update(default="master")
    table.refresh_from_db()
    product(kestrel.harbor, "TENT-2P")
    product(kestrel.maris, "MUG-12")
    plan = plan_of(table, given(("A", "1"), ("D", "TENT-2P"), ("E", "MUG-12")), mode="add")
    assert plan.refused == [Refusal(4, "MUG-12 is no product of Harbor Outfitters.")]


def product(customer_id, sku):
    from integrations.domain import receive
    from tests import pipeline

    source = pipeline.endpoint(customer_id, f"items-{customer_id}", settings={})
    body = {"sku": sku, "title": "x", "status": "active", "base_uom": "EA", "units": []}
    pipeline.store(source, body, object_type="product")
    receive.receive(customer_id)
    assert Record.objects.filter(customer_id=customer_id, business_key=sku).exists()


def test_what_a_file_says_is_written_as_a_whole_and_told_to_the_pipeline(table, kestrel):
    before = Customer.objects.get(pk=kestrel.harbor).config_version
    plan = plan_of(table, given(("A", "1"), ("B", "9"), ("D", "4")), mode="replace")
    writing.write(Subject(kestrel.harbor, "lookup", "sku"), plan.content, by="Bo")
    assert rows(table) == {"A": "1", "B": "9", "D": "4"}
    assert dict(table.rows.values_list("code", "added_by")) == {"A": "Ana", "B": "Bo", "D": "Bo"}
    assert Customer.objects.get(pk=kestrel.harbor).config_version > before
    assert configuration.of(kestrel.harbor).lookups["sku"].rows["B"] == "9"


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_an_export_is_imported_again_as_no_change(table, write):
    for code in ("=1+1", "-x", "\tx", "00123", "'=y"):
        LookupRow.objects.create(table=table, code=code, value=f"@{code}")
    read = read_table(write(lookup_files.table_of(table)), "x")
    plan = plan_of(table, read, mode="replace")
    assert (plan.added, plan.changed, plan.removed, plan.refused) == ({}, {}, {}, [])
    assert plan.unchanged == 8


def test_a_second_table_of_a_name_is_refused(table, kestrel):
    customer = Customer.objects.get(pk=kestrel.harbor)
    with pytest.raises(
        lookups.NameTakenError, match="There is a table sku of Harbor Outfitters already"
    ):
        lookups.make("sku", customer=customer, default="hold")
    assert lookups.make("sku", customer=None, default="hold").customer_id is None
