"""The platform's staff at their console."""

import pytest

from portal import env
from portal.tenants import flags


@pytest.fixture(autouse=True)
def _no_memory_of_features():
    yield
    flags.forget()


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Where exports are written."""
    monkeypatch.setattr(env, "data_folder", lambda: tmp_path)
    return tmp_path / "exports"
