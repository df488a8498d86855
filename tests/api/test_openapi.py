from pathlib import Path

import pytest
import yaml
from django.test import Client

from portal.accounts.roles import PERMISSIONS
from portal.api import schema
from portal.api.pages_about import as_yaml

WRITTEN = Path(__file__).parents[2] / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def document() -> dict:
    return schema.document()


def operations(document) -> list[tuple[str, dict]]:
    return [
        (f"{method.upper()} {path}", said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def test_the_page_is_what_the_code_says():
    assert WRITTEN.read_bytes() == as_yaml(), "run manage.py openapi --write"


def test_it_is_openapi_3_1_and_names_no_vendor_and_no_host(document):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "API"
    assert "servers" not in document
    assert b"crossdock" not in as_yaml().lower()


def test_every_operation_says_what_it_does_what_it_needs_and_how_it_fails(document):
    found = operations(document)
    assert len(found) > 80
    for name, said in found:
        assert said["summary"], name
        assert {"400", "401", "403", "405", "406", "422", "429", "500"} <= said[
            "responses"
        ].keys(), name
        assert set(said["x-scopes"]) <= PERMISSIONS.keys(), name
        assert said["x-scopes"] or name == "GET /api/v1/me/", name
        assert said["security"][0] == {"token": said["x-scopes"]}, name


def test_operations_have_names_of_their_own(document):
    names = [said["operationId"] for _, said in operations(document)]
    assert len(set(names)) == len(names)


def test_writes_that_take_fields_show_an_example_or_explain_them(document):
    for name, said in operations(document):
        body = said.get("requestBody")
        if body:
            assert "application/json" in body["content"], name


@pytest.mark.db
def test_it_is_there_as_json_and_as_yaml(kestrel):
    client = Client(HTTP_HOST=kestrel.host)
    as_json = client.get("/api/v1/schema/")
    assert as_json.json()["openapi"] == "3.1.0"
    for answer in (
        client.get("/api/v1/schema/?format=yaml"),
        client.get("/api/v1/schema/", headers={"Accept": "application/yaml"}),
    ):
        assert yaml.safe_load(answer.content)["openapi"] == "3.1.0"
        assert answer["Content-Type"].startswith("application/vnd.oai.openapi")


@pytest.mark.db
def test_the_page_to_try_it_needs_no_inline_script_and_no_other_host(kestrel):
    answer = Client(HTTP_HOST=kestrel.host).get("/api/docs/")
    text = answer.content.decode()
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "<style" not in text
    assert "//cdn" not in text
    assert "crossdock" not in text.lower()
    assert text.count("<script>") == 0
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in text
    script = Client(HTTP_HOST=kestrel.host).get("/static/js/api-docs.js")
    assert b"SwaggerUIBundle" in b"".join(script)
