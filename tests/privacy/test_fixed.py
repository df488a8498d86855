"""Every column with words is searched; how the house is set up, and codes, are never changed."""

import re

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import SlugField

from portal.privacy import fixed
from portal.privacy.queries import places

pytestmark = pytest.mark.db

CODE_LIKE = re.compile(
    r"(^|_)(slug|code|codename|kind|kinds|state|status|type|types|hash|digest|token|permissions?|currency"
    r"|zone|password|mac|signature|direction|metric|unit|outcome|category|verdict|trigger|schema|settings"
    r"|rules|mode|tls|via|connector)$"
)
# They look like codes and may name a person all the same.
WORDS = {
    "console_export.of_state",
}  # fmt: skip
_TEXTS = (models.CharField, models.TextField, models.JSONField)


def changed() -> set[str]:
    return {f"{p.table}.{c.name}" for p in places.places() if not p.fixed for c in p.columns}


def never() -> set[str]:
    return {f"{p.table}.{c.name}" for p in places.places() if p.fixed for c in p.columns}


def test_every_text_of_the_schema_is_searched(kestrel):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN"
            " information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'kestrel' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'"
            " AND (data_type IN ('text', 'character varying', 'jsonb') OR udt_name IN"
            " ('_text', '_varchar', 'citext'))"
        )
        known = {f"{t}.{c}" for t, c in cursor.fetchall() if t not in places.NOT_LOOKED_AT}
    assert known <= changed() | never()
    assert changed() & never() == set()


def test_nothing_that_is_a_code_is_ever_changed(kestrel):
    tables = {one.partition(".")[0] for one in changed()}
    chosen = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if model._meta.db_table in tables
        and isinstance(field, _TEXTS)
        and (field.choices or isinstance(field, SlugField))
    }
    named = {one for one in changed() if CODE_LIKE.search(one.partition(".")[2])}
    assert (named | chosen) & changed() - WORDS == set()


@pytest.mark.parametrize("column", [
    "accounts_role.label", "accounts_role.permissions", "integrations_mappingversion.rows",
    "integrations_lookuprow.code", "integrations_lookuprow.value", "integrations_flow.slug",
    "integrations_endpoint.settings", "integrations_version.content", "accounts_provider.issuer",
    "integrations_routingrules.rules", "tenants_mailserver.from_address", "accounts_person.password",
])  # fmt: skip
def test_how_the_house_is_set_up_is_never_changed(kestrel, column):
    assert column in never()


@pytest.mark.parametrize("column", [
    "accounts_person.email", "integrations_record.body", "integrations_record.business_key",
    "monitoring_caseevent.text", "billing_account.address", "integrations_lookuprow.added_by",
    "integrations_message.dedup_key", "webhooks_webhookevent.body", "customers_customer.policies",
    "tenants_sentmail.to", "tenants_mailserver.changed_by",
])  # fmt: skip
def test_words_of_people_are(kestrel, column):
    assert column in changed()


def test_what_is_decided_about_is_there(kestrel):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema IN ('kestrel', 'public')"
        )
        known = set(cursor.fetchall())
    assert set(fixed.COLUMNS) <= known
    assert set(fixed.TABLES) <= {table for table, _ in known}
    assert {column for _, column in known} >= fixed.CODES | fixed.WHO


def test_a_fixed_place_refuses(kestrel):
    place = next(p for p in places.places() if p.table == "accounts_role")
    with pytest.raises(ValueError, match="never changed"):
        places.replace(place, ["Ann Ex"], {"Ann Ex": "x"}, partner_id=0)
