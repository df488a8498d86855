"""Sums made anew while others write: whatever is written meanwhile is in them once."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
