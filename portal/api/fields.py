"""The kinds of values the API speaks: instants in UTC, amounts as decimal text."""

from datetime import UTC
from typing import Any

from rest_framework import serializers


class Instant(serializers.DateTimeField):
    """ISO 8601 in UTC; without a zone it is taken for UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Amount(serializers.DecimalField):
    """Decimal text, up to four places."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=22, decimal_places=4, **options)


class Quantity(serializers.DecimalField):
    """Decimal text, up to eight places."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=30, decimal_places=8, **options)


class Month(serializers.RegexField):
    """YYYY-MM."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            regex=r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$",
            error_messages={"invalid": "Write a month like 2026-04."},
            **options,
        )
