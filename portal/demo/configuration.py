"""The demo's configuration file, with this installation's addresses filled in."""

from pathlib import Path
from string import Template

from portal.demo.memory import Memory

TEMPLATE = Path(__file__).with_name("demo.yaml")


class _Template(Template):
    delimiter = "@"  # ${…} is left for `manage.py apply`: it names a secret


def configuration(memory: Memory, *, erp_url: str) -> str:
    """The YAML that `manage.py apply` takes. The secrets are not in it, see `secrets_of`."""
    return _Template(TEMPLATE.read_text()).substitute(
        store_url=f"http://127.0.0.1:{memory.ports['store']}",
        sftp_port=memory.ports["sftp"],
        host_key=memory.host_key.public,
        sink_url=f"http://127.0.0.1:{memory.ports['sink']}",
        erp_url=erp_url,
    )


def secrets_of(memory: Memory) -> dict[str, str]:
    """The environment variables that the file names."""
    return {
        "HARBORWEB_CONSUMER_KEY": memory.consumer_key,
        "HARBORWEB_CONSUMER_SECRET": memory.consumer_secret,
        "HARBORWEB_WEBHOOK_SECRET": memory.webhook_secret,
        "HARBORWMS_PRIVATE_KEY": memory.login_key.private,
        "MARISSHOP_WEBHOOK_SECRET": memory.maris_secret,
    }
