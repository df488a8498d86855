"""Who works with money."""

import pytest
from django.test import Client

from tests.people import Site, sign_in


@pytest.fixture
def finance(kestrel: Site) -> Client:
    return sign_in(kestrel, "finance")
