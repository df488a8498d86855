"""plotly's script comes out of its package: whole, compressed, under a name that says which one it is."""

import gzip
import hashlib
import io
import subprocess
import sys

import pytest

from portal.core import plotly_script
from tests.charts import site

pytestmark = pytest.mark.pure


def ask(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
    answer: list[tuple[str, list[tuple[str, str]]]] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", **headers,
    }  # fmt: skip
    parts = site.application()(environ, lambda status, head: answer.append((status, head)))
    return answer[0][0], dict(answer[0][1]), b"".join(parts)


def test_it_is_the_package_s_own_script_kept_for_good() -> None:
    status, head, body = ask(f"/static/{plotly_script.name()}")
    assert status == "200 OK"
    assert hashlib.sha256(body).hexdigest()[:16] in plotly_script.name()
    assert body.startswith(b"/**\n* plotly.js")
    assert head["Cache-Control"] == "max-age=315360000, public, immutable"
    assert head["Content-Type"].startswith("text/javascript")


def test_who_takes_it_compressed_gets_a_third() -> None:
    _, head, small = ask(f"/static/{plotly_script.name()}", HTTP_ACCEPT_ENCODING="gzip")
    _, _, whole = ask(f"/static/{plotly_script.name()}")
    assert head["Content-Encoding"] == "gzip"
    assert gzip.decompress(small) == whole
    assert len(small) < len(whole) / 3


def test_our_own_files_are_looked_at_again() -> None:
    _, head, _ = ask("/static/js/charts.js")
    assert "immutable" not in head["Cache-Control"]


def test_the_style_that_it_would_put_into_the_page_has_a_place_already() -> None:
    assert len(plotly_script.style_ids()) == 1
    assert 'id="plotly.js-style-global"' in (site_page := ask("/")[2].decode())
    assert f'<meta id="{plotly_script.style_ids()[0]}">' in site_page


def test_a_file_of_another_name_is_not_found_in_the_package() -> None:
    assert plotly_script.PackagedScript().find("plotly-0000000000000000.min.js") is None


def test_making_charts_and_serving_the_script_imports_no_plotly() -> None:
    code = (
        "import sys; from portal.core.charts import shown; from portal.core import plotly_script;"
        "plotly_script.name(); assert 'plotly' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
