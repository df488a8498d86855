import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from integrations.models import Endpoint
from portal import embedded
from tests.formats.x12_samples import SET_945, enveloped

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "connectors" / "woocommerce" / "golden"
FILE = """
endpoints:
  - slug: harborsink
    customer: harbor
    label: Harbor sink
    connector: http
    secrets:
      auth_token: ${HARBORSINK_AUTH_TOKEN}
"""
CLEAN = (
    b"ISA*00*          *00*          *ZZ*NWIND3PL       *ZZ*PORTAL         *260302*1405*U*00401"
    b"*000000042*0*P*>~GS*FA*NWIND3PL*PORTAL*20260302*1405*42*X*004010~ST*997*0001~AK1*OW*7~"
    b"AK9*A*1*1*1~SE*4*0001~GE*1*42~IEA*1*000000042~"
)


def run(*arguments: str) -> tuple[str, str]:
    """What a command says, and its complaints."""
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def shell(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`manage.py` as a person calls it on a machine where no database runs, and none is started."""
    environment = {**os.environ, "CROSSDOCK_EMBEDDED": "unwanted"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not embedded.find_place("unwanted").home.exists()
    return done


@pytest.fixture
def shipment(tmp_path: Path) -> Path:
    """A clean 945, test data, from PORTAL for NWIND3PL."""
    file = tmp_path / "945.edi"
    file.write_bytes(enveloped("SW", SET_945))
    return file


def with_problems(*arguments: str) -> dict:
    """What `translate` prints of a document that is not clean; it ends with 1."""
    out = StringIO()
    with pytest.raises(CommandError, match="1 problems, see above") as ended:
        call_command("translate", *arguments, stdout=out)
    assert ended.value.returncode == 1
    return json.loads(out.getvalue())


@pytest.mark.db
def test_apply_prints_its_changes_and_then_nothing_to_change(kestrel, tmp_path, monkeypatch):
    monkeypatch.setenv("HARBORSINK_AUTH_TOKEN", "Bearer 1")
    file = tmp_path / "harbor.yaml"
    file.write_text(FILE)
    assert run("apply", "--partner", "kestrel", str(file)) == ("created endpoint harborsink\n", "")
    assert run("apply", "--partner", "kestrel", str(file)) == ("nothing to change\n", "")


@pytest.mark.db
def test_apply_names_file_line_and_path_of_every_fault(kestrel, tmp_path):
    file = tmp_path / "harbor.yaml"
    file.write_text(FILE.replace("customer: harbor", "customer: harbour"))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="was refused; nothing changed") as refused:
        call_command("apply", "--partner", "kestrel", str(file), stdout=out, stderr=err)
    assert refused.value.returncode == 1
    assert (out.getvalue(), err.getvalue().splitlines()) == (
        "",
        [
            f"{file}:4: endpoints[0].customer: There is no customer harbour.",
            f"{file}:8: endpoints[0].secrets.auth_token:"
            " The environment variable HARBORSINK_AUTH_TOKEN is not set.",
        ],
    )
    assert not Endpoint.objects.exists()


@pytest.mark.db
def test_apply_writes_to_its_partner_only(kestrel, aurora, tmp_path, monkeypatch):
    from django_tenants.utils import schema_context

    monkeypatch.setenv("HARBORSINK_AUTH_TOKEN", "Bearer 1")
    file = tmp_path / "harbor.yaml"
    file.write_text(FILE)
    run("apply", "--partner", "aurora", str(file))
    assert not Endpoint.objects.exists()
    with schema_context("aurora"):
        assert Endpoint.objects.get().slug == "harborsink"


@pytest.mark.db
@pytest.mark.parametrize("command", ["apply", "export", "audit_ledger"])
def test_an_unknown_partner_is_named_with_those_there_are(kestrel, tmp_path, command):
    file = tmp_path / "empty.yaml"
    file.write_text("{}")
    arguments = [str(file)] if command == "apply" else []
    with pytest.raises(
        CommandError, match=r"There is no partner 'public'. There are: aurora, kestrel"
    ):
        run(command, "--partner", "public", *arguments)


@pytest.mark.db
def test_export_prints_what_apply_takes(kestrel, tmp_path, monkeypatch):
    monkeypatch.setenv("HARBORSINK_AUTH_TOKEN", "Bearer 1")
    file = tmp_path / "harbor.yaml"
    file.write_text(FILE)
    run("apply", "--partner", "kestrel", str(file))
    written, _ = run("export", "--partner", "kestrel", "--customer", "harbor")
    assert "auth_token: ${HARBORSINK_AUTH_TOKEN}" in written
    assert "Bearer" not in written
    file.write_text(written)
    assert run("apply", "--partner", "kestrel", str(file)) == ("nothing to change\n", "")


@pytest.mark.db
def test_export_knows_the_customers_there_are(kestrel):
    with pytest.raises(CommandError, match="There is no customer nobody"):
        run("export", "--partner", "kestrel", "--customer", "nobody")


def test_translate_prints_the_canonical_order_without_a_database():
    done = shell("translate", "--connector", "woocommerce", "--type", "order",
                 GOLDEN / "order.native.json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert (printed["object_type"], printed["problems"]) == ("order", [])
    assert [(o["number"], o["currency"]) for o in printed["objects"]] == [("1001", "USD")]


def test_translate_shows_a_bad_order_beside_its_problems(tmp_path):
    native = json.loads((GOLDEN / "order.native.json").read_text())
    native["line_items"][0]["quantity"] = 0
    file = tmp_path / "order.json"
    file.write_text(json.dumps(native))
    printed = with_problems("--connector", "woocommerce", "--type", "order", str(file))
    (problem,) = printed["problems"]
    assert (problem["code"], problem["path"], problem["value"]) == (
        "quantity_not_positive", "lines[0].quantity", "0",
    )  # fmt: skip
    assert printed["objects"][0]["lines"][0]["quantity"] == "0"


def test_translate_takes_a_broken_document_for_what_it_is(tmp_path):
    file = tmp_path / "order.json"
    file.write_bytes(b'{"number": "10')
    printed = with_problems("--connector", "http", "--type", "order", str(file))
    assert (printed["objects"], [p["code"] for p in printed["problems"]]) == (
        [], ["malformed_document"],
    )  # fmt: skip


def test_translate_opens_a_file_of_many_documents(tmp_path):
    file = tmp_path / "answer.edi"
    file.write_bytes(CLEAN)
    printed = with_problems("--connector", "x12", "--type", "shipment", str(file))
    assert printed["objects"] == []
    assert {
        "code": "document_missing", "path": "", "value": "shipment",
        "text": "The file holds no shipment; it holds acknowledgement.",
    } in printed["problems"]  # fmt: skip


def test_translate_reads_a_good_945_of_any_warehouse_without_a_problem(shipment):
    done = shell("translate", "--connector", "x12", "--type", "shipment", shipment)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed["problems"] == []
    assert [body["order_number"] for body in printed["objects"]] == ["SO-10442"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [("own_id: NWIND3PL\npartner_id: PORTAL\nusage: T\n", None),
     ("own_id: NWIND3PL\npartner_id: OTHER\nusage: T\n", "unknown_partner"),
     ("own_id: NWIND3PL\npartner_id: PORTAL\n", "usage_mismatch")],
)  # fmt: skip
def test_translate_takes_an_endpoints_settings_from_a_file(tmp_path, shipment, settings, code):
    file = tmp_path / "reno.yaml"
    file.write_text(settings)
    arguments = (
        "--connector",
        "x12",
        "--type",
        "shipment",
        "--endpoint-settings",
        str(file),
        str(shipment),
    )
    if code is None:
        assert json.loads(run("translate", *arguments)[0])["problems"] == []
    else:
        (problem,) = with_problems(*arguments)["problems"]
        assert problem["code"] == code


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [("own_ids: PORTAL\n", "3PL warehouse (X12) has no setting own_ids. There are: own_id,"),
     ("- PORTAL\n", "Write one line `name: value` for each setting."),
     ("own_id: [\n", ":2: This is not YAML:")],
)  # fmt: skip
def test_translate_refuses_settings_that_are_none(tmp_path, shipment, settings, sentence):
    file = tmp_path / "reno.yaml"
    file.write_text(settings)
    with pytest.raises(CommandError) as refused:
        run("translate", "--connector", "x12", "--type", "shipment", "--endpoint-settings", str(file),
            str(shipment))  # fmt: skip
    assert sentence in str(refused.value)
    assert refused.value.returncode == 2


def test_translate_knows_what_a_connector_gives(tmp_path):
    with pytest.raises(CommandError, match="WooCommerce does not give invoice"):
        run("translate", "--connector", "woocommerce", "--type", "invoice", str(tmp_path / "x"))


def test_edi_read_prints_a_line_for_each_file_without_a_database(tmp_path):
    clean, cut = tmp_path / "clean.edi", tmp_path / "cut.edi"
    clean.write_bytes(CLEAN)
    cut.write_bytes(CLEAN[:-40])
    done = shell("edi", "read", clean, cut)
    assert done.returncode == 0, done.stderr
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["file"], first["verdict"], first["syntax"]) == (str(clean), "accept", "x12")
    assert [s["type"] for s in first["interchanges"][0]["sets"]] == ["997"]
    assert (second["file"], second["verdict"]) == (str(cut), "quarantine")


def test_edi_read_prints_only_the_issues_where_they_are_all_that_is_asked(tmp_path):
    file = tmp_path / "cut.edi"
    file.write_bytes(CLEAN.replace(b"SE*4*", b"SE*5*"))
    printed = json.loads(run("edi", "read", "--issues", str(file))[0])
    assert printed == {
        "file": str(file),
        "verdict": "quarantine",
        "issues": [{
            "code": "segment_count_mismatch", "severity": "quarantine", "segment_no": 4,
            "element": 1, "value": "5",
        }],
    }  # fmt: skip


def test_edi_read_of_a_missing_file_still_reads_the_others(tmp_path):
    file = tmp_path / "clean.edi"
    file.write_bytes(CLEAN)
    done = shell("edi", "read", tmp_path / "missing.edi", file)
    assert done.returncode == 2
    assert f"{tmp_path / 'missing.edi'}: No such file or directory" in done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["verdict"] == "accept"


def test_a_file_that_is_no_interchange_is_rejected_with_status_0(tmp_path):
    file = tmp_path / "noise.edi"
    file.write_bytes(bytes(range(256)))
    done = shell("edi", "read", file)
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "reject")


def test_edi_read_goes_through_folders_in_one_process(tmp_path):
    for number in range(300):
        folder = tmp_path / f"{number % 3}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:03}.edi").write_bytes(CLEAN)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "hidden").write_bytes(CLEAN)
    lines = [json.loads(line) for line in run("edi", "read", str(tmp_path))[0].splitlines()]
    assert len(lines) == 300
    assert {line["verdict"] for line in lines} == {"accept"}
    assert [line["file"] for line in lines] == sorted(line["file"] for line in lines)


def test_edi_read_tells_of_folders_that_cannot_be_looked_into(tmp_path, monkeypatch):
    (tmp_path / "clean.edi").write_bytes(CLEAN)
    shut = tmp_path / "shut"
    shut.mkdir()
    looked = os.scandir

    def scandir(path):
        if Path(path) == shut:
            raise PermissionError(13, "Permission denied", str(shut))
        return looked(path)

    monkeypatch.setattr(os, "scandir", scandir)
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of 2 were not read") as refused:
        call_command("edi", "read", str(tmp_path), stdout=out, stderr=err)
    assert refused.value.returncode == 2
    assert err.getvalue() == f"{shut}: Permission denied\n"
    assert json.loads(out.getvalue())["verdict"] == "accept"


def test_edi_read_says_that_a_folder_is_empty(tmp_path):
    assert run("edi", "read", str(tmp_path)) == ("", f"{tmp_path}: There are no files below it.\n")


def test_edi_read_ends_quietly_where_nobody_reads_on(tmp_path):
    for number in range(200):
        (tmp_path / f"{number}.edi").write_bytes(CLEAN)
    command = [sys.executable, "manage.py", "edi", "read", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout.read(20).startswith(b'{"file"')
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
