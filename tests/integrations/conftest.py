"""The businesses of tests/monitoring, for what is done to their documents."""

from tests.monitoring.conftest import harbor, maris, sink
from tests.monitoring.test_reroute import houses

__all__ = ["harbor", "houses", "maris", "sink"]
