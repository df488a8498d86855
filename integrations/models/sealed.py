"""A column of encrypted bytes."""

from typing import Any

from django.db import models


class SealedField(models.BinaryField):
    """Bytes that read back as bytes, so that an unchanged secret compares equal to itself."""

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else bytes(value)
