import pytest

from tests.pages import scenery


@pytest.fixture
def harbor(kestrel):
    return scenery.with_warehouse(scenery.business(kestrel.harbor))
