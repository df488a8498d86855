"""A column of bytes."""

from django.db import models


class Bytes(models.BinaryField):
    """Bytes that read back as bytes."""

    def from_db_value(self, value: memoryview | bytes | None, *_: object) -> bytes | None:
        return None if value is None else bytes(value)
