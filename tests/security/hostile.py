"""Every text in the database made hostile: wherever a mark was planted, it ends in markup."""

import json
from collections.abc import Iterator

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django_tenants.utils import schema_context

from tests.isolation.marks import CUSTOMERS, house, mark

# Out of an attribute in either kind of quotes, then an element that would run.
MARKUP = "\"'><img src=xq onerror=xq>"
# Addresses and links are found by these: they stay what they are, or nothing is reached.
_ADDRESSES = (models.SlugField, models.UUIDField)
_SHORTEST = 40  # characters: a shorter column holds a mark and no markup


def make_hostile(partner: str) -> tuple[int, list[str]]:
    """How many columns were made hostile, and which the database does not let anybody change."""
    done, kept = 0, []
    with schema_context(partner):
        for model, field in _texts():
            marks = [mark(partner, customer) for customer in CUSTOMERS]
            for one in [*marks, *(house(text) for text in marks)]:
                try:
                    with transaction.atomic():
                        done += _replace(model, field, one)
                except DatabaseError:
                    kept.append(f"{model._meta.label}.{field.name}")
    return done, sorted(set(kept))


def _texts() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models():
        if not model._meta.managed or model._meta.app_label in ("tenants", "jobs", "django_q"):
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.JSONField) or _is_open(field):
                yield model, field


def _is_open(field: models.Field) -> bool:
    if not isinstance(field, models.CharField | models.TextField) or isinstance(field, _ADDRESSES):
        return False
    if field.name in ("slug", "key"):
        return False
    return (field.max_length or _SHORTEST) >= _SHORTEST and not field.choices


def _replace(model: type[models.Model], field: models.Field, one: str) -> int:
    table, column = model._meta.db_table, field.column
    is_json = isinstance(field, models.JSONField)
    put = one + (json.dumps(MARKUP)[1:-1] if is_json else MARKUP)
    if is_json:
        made = f"replace({column}::text, %s, %s)::jsonb"
    else:
        longest = field.max_length or 1_000_000
        made = f"left(replace({column}, %s, %s), {longest})"
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET "{column}" = {made} WHERE "{column}"::text LIKE %s',
            [one, put, f"%{one}%"],
        )
        return int(cursor.rowcount > 0)
