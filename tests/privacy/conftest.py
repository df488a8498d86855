"""A person whose traces are everywhere: in documents, records, cases, mails and the audit log."""

from types import SimpleNamespace

import pytest
from django.db import connection

from integrations.domain import receive
from integrations.models import Message
from monitoring.domain import states
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants.models import Partner, SentMail
from tests import pipeline
from tests.pages import scenery

NAME, MAIL, PHONE = "Mïa O'Lind", "mia.olind@example.test", "+49 151 2345678"


@pytest.fixture
def traces(kestrel, admin):
    place = scenery.business(kestrel.harbor)
    ship_to = {
        "name": NAME, "lines": ["400 Quay Street"], "city": "Reno", "region": "NV",
        "postal_code": "89502", "country": "US", "email": MAIL, "phone": PHONE,
    }  # fmt: skip
    pipeline.store(
        place.shop,
        pipeline.order("1001", ship_to=ship_to),
        pipeline.order("1002", ship_to={**ship_to, "name": NAME.upper()}),
        pipeline.order("1003"),
    )
    receive.receive(kestrel.harbor)
    Message.objects.filter(state="waiting").update(state="skipped")
    case = _case(kestrel, place)
    Customer.objects.filter(pk=kestrel.harbor).update(policies={"note": f"ask {MAIL.upper()}"})
    SentMail.objects.create(
        partner=Partner.objects.get(schema_name="kestrel"), kind="bill", to=f"{MAIL}, a@b.test",
        at=clock.now(), via="shared", was_taken=True,
    )  # fmt: skip
    return SimpleNamespace(site=kestrel, place=place, case=case)


def _case(kestrel, place):
    message = scenery.hold_order(place, "1009")
    case = ExceptionCase.objects.latest("pk")
    states.comment(case, text=f"{NAME} called from {PHONE}", actor="Ana")
    ExceptionCase.objects.filter(pk=case.pk).update(tags=[MAIL, "vip"])
    Message.objects.filter(pk=message.pk).update(state="skipped")
    return case


def scan(*terms: str, schemas=("kestrel",)) -> dict[str, int]:
    """Every column of every table, also bytes, by a search of its own: {schema.table.column: rows}."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE'",
            [list(schemas)],
        )
        columns = cursor.fetchall()
        for schema, table, column, kind in columns:
            text = (
                f"convert_from(\"{column}\", 'LATIN1')" if kind == "bytea" else f'"{column}"::text'
            )
            for term in terms:
                wanted = term.encode().decode("latin-1") if kind == "bytea" else term
                guard = (
                    f"position('\\x00'::bytea in \"{column}\") = 0 AND" if kind == "bytea" else ""
                )
                cursor.execute(
                    f'SELECT count(*) FROM "{schema}"."{table}" WHERE {guard} {text} ILIKE %s',
                    [f"%{wanted}%"],
                )
                if number := cursor.fetchone()[0]:
                    key = f"{schema}.{table}.{column}"
                    found[key] = found.get(key, 0) + number
    return found
