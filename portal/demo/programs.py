"""The processes of the demo: the product's own, and the systems of its customers."""

import http.client
import os
import sys

from portal.demo.child import Program
from portal.demo.folder import Folder
from portal.demo.memory import Memory, write_privately
from portal.demo.people import PARTNER

LOGIN, SITE = "portal", "RNO1"


def product(web_port: int) -> tuple[Program, ...]:
    """Web, workers and the beat. They need a migrated database."""
    manage = (sys.executable, "manage.py")
    return (
        Program(
            "web",
            (
                *(
                    sys.executable,
                    "-m",
                    "granian",
                    "portal.asgi:application",
                    "--interface",
                    "asgi",
                ),
                *("--host", "127.0.0.1", "--port", str(web_port), "--workers", "1", "--no-ws"),
                *("--log-level", "warning"),
            ),
            is_ready=lambda: _answers(web_port),
        ),
        Program("worker", (*manage, "qcluster"), ready_words=" running."),
        Program("beat", (*manage, "beat")),
    )


def systems(folder: Folder, memory: Memory, *, web_port: int) -> tuple[Program, ...]:
    """Harbor's store and warehouse, and the HTTP target of both customers."""
    ports = {name: str(port) for name, port in memory.ports.items()}
    return (
        Program(
            "store",
            (
                *_sandbox(
                    "store", "--port", ports["store"], "--control-port", ports["store_control"]
                ),
                *("--state", str(folder.path / "store.sqlite")),
                *("--key", memory.consumer_key, "--secret", memory.consumer_secret),
                *("--webhook-url", f"http://127.0.0.1:{web_port}/in/{PARTNER}/harborweb"),
                # In one word: a secret may begin with a dash.
                f"--webhook-secret={memory.webhook_secret}",
            ),
            ready_words="ready store",
        ),
        _warehouse(folder, memory, ports),
        Program(
            "sink",
            _sandbox("sink", "--port", ports["sink"], "--control-port", ports["sink_control"]),
            ready_words="ready sink",
        ),
    )


def erp(url: str) -> Program:
    """Harbor's ERP: a database whose evening job runs all the time."""
    return Program("erp", _sandbox("erp", "--url", url, "--invoice-loop"), ready_words="ready erp")


def _warehouse(folder: Folder, memory: Memory, ports: dict[str, str]) -> Program:
    host_key, logins = folder.path / "warehouse.key", folder.path / "warehouse.logins"
    write_privately(host_key, memory.host_key.private)
    write_privately(logins, f"{memory.login_key.public}\n")
    return Program(
        "warehouse",
        (
            *_sandbox(
                "warehouse", "--sftp-port", ports["sftp"], "--control-port", ports["warehouse"]
            ),
            *("--root", str(folder.path / "warehouse"), "--site", SITE, "--user", LOGIN),
            *("--authorized-key", str(logins), "--host-key", str(host_key)),
            *("--ship-after", os.environ.get("DEMO_SHIP_AFTER", "10"), "--inventory-every", "60"),
        ),
        ready_words="ready warehouse",
    )


def _sandbox(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"sandbox.{name}", *arguments)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
