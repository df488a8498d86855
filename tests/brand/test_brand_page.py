import pytest

pytestmark = pytest.mark.db


def test_page(admin):
    assert admin.get("/brand/").status_code == 200
    for s in ("desk", "portal", "login", "mail", "pdf"):
        assert admin.get(f"/brand/preview/{s}/").status_code == 200, s
    assert admin.get("/brand/preview/paper.png").status_code == 200, s
