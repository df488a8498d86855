"""The businesses of tests/monitoring, for what is done to their documents."""

from tests.monitoring.conftest import harbor, houses, maris, sink

__all__ = ["harbor", "houses", "maris", "sink"]
