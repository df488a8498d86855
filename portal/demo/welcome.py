"""What the demo prints when everything runs: addresses and logins."""

from portal.demo.folder import Folder
from portal.demo.memory import Memory
from portal.demo.people import PARTNER, PARTNER_NAME, PEOPLE

TITLES = {
    "platform-admin": "platform admin",
    "admin": "partner admin",
    "engineer": "integration engineer",
    "operator": "operator",
    "viewer": "Harbor's viewer",
}


def welcome(memory: Memory, folder: Folder, *, web_port: int, erp_url: str) -> str:
    """The addresses, who may sign in where, and the systems behind them."""
    people = [f"  {TITLES[p.role]:<21} {p.email:<31} {p.site}.localhost" for p in PEOPLE]
    local = {name: f"127.0.0.1:{port}" for name, port in memory.ports.items()}
    return "\n".join(
        [
            "",
            f"{PARTNER_NAME:<23} http://{PARTNER}.localhost:{web_port}/",
            f"{'Platform console':<23} http://platform.localhost:{web_port}/",
            "",
            f"Everybody's password is {memory.password}",
            *people,
            "",
            f"  store {'http://' + local['store']:<27} control http://{local['store_control']}",
            f"  warehouse {'sftp://' + local['sftp']:<23} control http://{local['warehouse']}",
            f"  sink {'http://' + local['sink']:<28} control http://{local['sink_control']}",
            f"  ERP {erp_url}",
            f"  logs {folder.logs}",
            "",
            "Ctrl-C stops everything.",
        ]
    )
