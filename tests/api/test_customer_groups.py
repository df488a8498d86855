"""Groups of customers over the API, as their pages make, change and delete them."""

import pytest
from django_tenants.utils import schema_context

from portal.accounts.domain import limits
from portal.accounts.models import ApiToken, Person
from portal.customers.models import CustomerGroup
from tests.api.asking import Program, maker, program, token
from tests.api.test_problems import problem
from tests.people import sign_in

pytestmark = pytest.mark.db

WEST = {"label": "West coast", "kind": "region", "members": ["harbor"]}


def done(answer, status: int = 200) -> dict:
    assert answer.status_code == status, answer.content
    return answer.json()


def changed(app: Program, slug: str, **fields):
    etag = app.get(f"customer-groups/{slug}/")["ETag"]
    return app.send("PATCH", f"customer-groups/{slug}/", fields, **{"If-Match": etag})


def test_a_group_is_made_listed_changed_and_deleted(app):
    made = done(app.post("customer-groups/", WEST), 201)
    assert (made["slug"], made["members"], made["uses"]) == ("west-coast", ["harbor"], 0)
    assert done(app.get("customer-groups/"))["items"] == [made]
    said = done(changed(app, "west-coast", members=["maris", "harbor"]))
    assert (said["label"], said["members"]) == ("West coast", ["harbor", "maris"])
    said = done(changed(app, "west-coast", label="Pacific", kind="erp"))
    assert (said["slug"], said["kind"], said["members"]) == (
        "west-coast",
        "erp",
        ["harbor", "maris"],
    )
    assert said["changed_by"] == "Ana Ruiz"
    assert app.send("DELETE", "customer-groups/west-coast/").status_code == 204
    problem(app.get("customer-groups/west-coast/"), 404, "not-found")


def test_a_change_says_which_version_it_is_about(app):
    done(app.post("customer-groups/", WEST), 201)
    path = "customer-groups/west-coast/"
    problem(app.send("PATCH", path, {"label": "A"}), 428, "precondition-required")
    problem(app.send("PATCH", path, {"label": "A"}, **{"If-Match": '"x"'}), 412, "changed")


def test_what_cannot_be_a_group_is_said_where_it_stands(app):
    done(app.post("customer-groups/", WEST), 201)
    for body, at in (
        ({**WEST, "label": "west COAST"}, "/label"),
        ({**WEST, "label": "x" * 61}, "/label"),
        ({**WEST, "label": "East", "kind": "taste"}, "/kind"),
        ({**WEST, "label": "East", "members": ["harbor", "nobody"]}, "/members/1"),
        ({**WEST, "label": "East", "slug": "east"}, "/slug"),
    ):
        said = problem(app.post("customer-groups/", body), 422, "invalid")
        assert [one["pointer"] for one in said["errors"]] == [at]
    assert CustomerGroup.objects.count() == 1


def test_one_that_something_goes_by_is_not_deleted(app, kestrel):
    done(app.post("customer-groups/", WEST), 201)
    sign_in(kestrel, "operator")
    limits.limit(
        Person.objects.get(email="operator@kestrel.test"), customers=[],
        groups=[CustomerGroup.objects.get().pk], by=maker(kestrel),
    )  # fmt: skip
    assert done(app.get("customer-groups/west-coast/"))["uses"] == 1
    said = problem(app.send("DELETE", "customer-groups/west-coast/"), 409, "conflict")
    assert "Operator works for it" in said["detail"]


def test_whoever_sees_customers_reads_them_and_changes_nothing(app, kestrel, own):
    done(app.post("customer-groups/", WEST), 201)
    finance = program(kestrel, role="finance")
    assert done(finance.get("customer-groups/west-coast/"))["members"] == ["harbor"]
    problem(finance.post("customer-groups/", {**WEST, "label": "East"}), 403, "not-allowed")
    problem(changed(finance, "west-coast", label="East"), 403, "not-allowed")
    problem(finance.send("DELETE", "customer-groups/west-coast/"), 403, "not-allowed")
    problem(own.get("customer-groups/"), 403, "not-allowed")


def test_whoever_works_for_some_customers_sees_those_in_a_group_and_changes_none(app, kestrel):
    done(app.post("customer-groups/", {**WEST, "members": ["harbor", "maris"]}), 201)
    sign_in(kestrel, "engineer")
    found, text = token(kestrel, role="engineer")
    with schema_context("kestrel"):
        person = ApiToken.objects.get(pk=found.pk).maker
        limits.limit(person, customers=[kestrel.harbor], groups=[], by=maker(kestrel))
    limited = Program(kestrel, text)
    assert done(limited.get("customer-groups/west-coast/"))["members"] == ["harbor"]
    assert limited.post("customer-groups/", {**WEST, "label": "Mine"}).status_code == 403
    assert CustomerGroup.objects.get().members.count() == 2
