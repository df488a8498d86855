"""What the audit log says of a change: what differs, names for numbers, moments to the second."""

import re
from types import SimpleNamespace

import pytest
from auditlog.models import LogEntry
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import RoutingRules
from portal.accounts.domain import limits
from portal.accounts.models import Person, Role
from portal.accounts.roles import PERMISSIONS
from portal.customers import groups
from portal.customers.models import Customer
from portal.pages.views import audit_changes
from portal.pages.views.audit_names import Names
from tests import pipeline
from tests.accounts.conftest import person
from tests.audit.test_page import shown
from tests.pages.scenery import page

UPDATE, CREATE = LogEntry.Action.UPDATE, LogEntry.Action.CREATE


def told(*said, action=UPDATE, field="note"):
    entry = SimpleNamespace(content_type=None, action=action, changes={field: list(said)})
    return audit_changes.told(entry, Names({}))[0]


class TestLists:
    def test_only_what_differs_is_said_with_rights_by_their_words(self):
        held = [right for right in PERMISSIONS if right != "desk.view"][:20]
        found = told(str(held), str([*held[1:], "desk.view"]).replace("'", '"'))
        assert found.said == f"gains {PERMISSIONS['desk.view']}; loses {PERMISSIONS[held[0]]}"
        assert PERMISSIONS[held[5]] not in found.said
        assert PERMISSIONS[held[5]] in found.whole.before
        assert PERMISSIONS[held[5]] in found.whole.after

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            ('["a", "b"]', '["b", "c"]', "gains c; loses a"),
            ("['a']", "['a', 'b']", "gains b"),
            ("None", "['a']", "gains a"),
            ("[1, 2]", "[]", "loses 1, 2"),
            ('["a", "b"]', '["b", "a"]', "the same in another order"),
            ("[]", str([str(n) for n in range(9)]), "gains 0, 1, 2, 3, 4 and 4 more"),
            ("[broken", "[broken too", "[broken → [broken too"),
            ('[{"a": 1}]', '[{"a": 2}]', '[{"a": 1}] → [{"a": 2}]'),
        ],
    )
    def test_each_kind_of_list(self, before, after, said):
        assert told(before, after).said == said

    def test_what_only_begins_like_a_list_is_a_text_however_deep_it_goes(self):
        assert told("[" * 100_000, "[1]").whole is not None


class TestTexts:
    def test_what_is_long_shows_the_first_difference_and_unfolds_whole(self):
        same = "x" * 300
        found = told(f"{same}OLD{same}", f"{same}NEW{same}")
        before, after = found.said.split(" → ")
        assert "OLD" in before
        assert "NEW" in after
        assert len(before) <= 80
        assert (found.whole.before, found.whole.after) == (f"{same}OLD{same}", f"{same}NEW{same}")

    def test_what_is_short_stands_there_whole(self):
        assert told("a", "b") == ("Note", "a → b", None)
        assert told("a", "None").said == "a → nothing"

    def test_moments_have_no_microseconds(self):
        found = told("2026-03-03 09:00:01.123456", "2026-03-04T10:00:02.5+00:00")
        assert found.said == "3 Mar 2026 09:00:01 → 4 Mar 2026 10:00:02"
        assert told("2026-99-03 09:00:01", "x").said == "2026-99-03 09:00:01 → x"

    def test_a_field_is_called_by_its_words(self):
        assert told("1", "2", field="customer_id").field == "Customer"
        assert told("1", "2", field="made_at").field == "Made at"


@pytest.mark.db
class TestPage:
    @pytest.fixture
    def rob(self, admin) -> Person:
        return person("operator", name="Rob")

    @pytest.fixture
    def by(self, admin) -> Person:
        return Person.objects.get(email="admin@kestrel.test")

    def test_a_changed_role_says_what_it_gains_and_loses_and_unfolds_all(self, admin):
        role = Role.objects.get(slug="admin")
        kept = role.permissions
        role.permissions = [one for one in kept if one != "desk.work"]
        role.save()
        row = shown(admin, "?kind=role")[0]
        assert f"Permissions loses {PERMISSIONS['desk.work']}" in row.replace("\n", " ")
        details = page(admin.get("/audit/?kind=role")).select_one("tbody tr details")
        assert PERMISSIONS["orders.view"] in details.text
        assert PERMISSIONS["orders.view"] not in details.select_one("summary").text

    def test_numbers_are_said_by_name(self, admin, by, rob, kestrel):
        west = groups.make("West coast", kind="region", by="Ana",
                           members=Customer.objects.filter(pk=kestrel.harbor))  # fmt: skip
        limits.limit(rob, customers=[kestrel.harbor], groups=[west.pk], by=by)
        rows = shown(admin, "?kind=limit")
        group, customer = rows[:2]
        assert "Customer Harbor Outfitters" in customer
        assert "customer Harbor Outfitters" in customer
        assert "Group West coast" in group
        assert "Person Rob" in customer
        assert "id" not in customer.split()
        rob.role = Role.objects.get(slug="finance")
        rob.save()
        assert "Role Operator → Finance" in shown(admin, "?kind=person")[0]

    def test_a_moment_is_told_to_the_second(self, admin, by, kestrel):
        from portal.accounts.domain import inviting

        inviting.invite(by, email="o@x.test", name="Olu", role=Role.objects.get(slug="operator"))
        row = shown(admin, "?kind=invitation")[0]
        assert "Expires at" in row
        assert not re.search(r":\d\d\.\d", row)

    def test_more_rows_ask_no_more_questions(self, admin, by, kestrel):
        def one(name):
            limits.limit(
                person("operator", name=name), customers=[kestrel.harbor], groups=[], by=by
            )

        one("Rob")
        admin.get("/audit/")
        with CaptureQueriesContext(connection) as few:
            admin.get("/audit/")
        for name in ("Lea", "Mo", "Pia"):
            one(name)
        with CaptureQueriesContext(connection) as many:
            admin.get("/audit/")
        assert len(many) == len(few)

    def test_hostile_words_are_text(self, admin, rob):
        rob.name = "<img src=x>" * 7
        rob.save()
        assert not BeautifulSoup(admin.get("/audit/").content, "html.parser").select("td img")

    def test_a_setting_is_called_as_its_form_calls_it(self, admin, kestrel):
        found = pipeline.endpoint(kestrel.harbor, "shop", settings={"url": "http://old.example"})
        found.settings = {"url": "http://new.example", "conflict_confirms": True, "gone": ["a"]}
        found.save()
        row = shown(admin, "?kind=endpoint")[0].replace("\n", " ")
        assert "Base address http://old.example → http://new.example" in row
        assert "409 means it is there already yes" in row
        assert "Settings, gone a" in row
        assert "{" not in row

    def test_a_deleted_endpoint_still_has_words_for_its_settings(self, admin, kestrel):
        pipeline.endpoint(kestrel.harbor, "shop", settings={"url": "http://old.example"}).delete()
        assert "Base address" in shown(admin, "?kind=endpoint")[0]

    def test_columns_and_classes_are_said_in_words(self, admin, kestrel):
        shop = pipeline.endpoint(kestrel.harbor, "shop", label="Web store", settings={})
        shop.mappings.create(object_type="order", direction="in", version=2, rows=[["a", "b"]])
        RoutingRules.objects.create(customer_id=kestrel.harbor, version=1, rules=[])
        text = " ".join(shown(admin)).replace("\n", " ")
        assert "order in, version 2, of endpoint Web store" in text
        assert "Calls at once" in text
        assert "Channel null" not in text
        assert not re.search(r"object \(\d+\)|\b[a-z]+_[a-z]+ ", text)

    def test_a_file_has_the_same_words(self, admin, kestrel):
        pipeline.endpoint(kestrel.harbor, "shop", settings={})
        text = admin.get("/audit/audit.csv?kind=endpoint").getvalue().decode()
        assert "Calls at once:" in text
        assert "concurrency:" not in text
