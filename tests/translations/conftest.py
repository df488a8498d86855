from tests.isolation.conftest import planted

__all__ = ["planted"]
