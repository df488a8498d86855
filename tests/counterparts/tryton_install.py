"""Tryton, with a company in a database that each run copies: SQLite, where Tryton itself takes a minute less."""

from pathlib import Path

from tests.counterparts.installing import PythonPackages, run

MODULES = ("sale", "stock_supply", "stock_package", "account_invoice_stock")
KEY = "key-of-the-integration"
_SEED = Path(__file__).with_name("tryton_seed.py")


def template() -> Path:
    """The database that is copied for a run."""
    return COUNTERPART.folder / "databases" / "template.sqlite"


def configuration(folder: Path, *, port: int = 0, worker: bool = False) -> Path:
    """A configuration of its own for the databases in `folder`. `worker`: what Tryton queues waits for one."""
    written = folder / "trytond.conf"
    written.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n[web]\nlisten = 127.0.0.1:{port}\n"
        f"[queue]\nworker = {worker}\n"
    )
    return written


def build() -> None:
    """Make the template: the modules, then a company. It gets its name when it is whole."""
    folder = template().parent
    folder.mkdir(exist_ok=True)
    making = folder / "making.sqlite"
    making.unlink(missing_ok=True)
    making.touch()
    secret = folder / "password"
    secret.write_text("an administrator's password")
    conf = configuration(folder)
    run(
        COUNTERPART.program("trytond-admin"), "-c", str(conf), "-d", "making",
        "--email", "admin@erp.example", "-u", *MODULES, "--activate-dependencies",
        env={"TRYTONPASSFILE": str(secret)},
    )  # fmt: skip
    run(
        str(COUNTERPART.python), str(_SEED), "making", str(conf), KEY,
        env={"TRYTOND_CONFIG": str(conf)},
    )  # fmt: skip
    making.rename(template())


COUNTERPART = PythonPackages(
    name="tryton",
    version="8.2.1",
    packages=(
        "trytond==8.2.1",
        "proteus==8.2.0",
        "trytond-sale==8.2.0",
        "trytond-stock==8.2.1",
        "trytond-stock-supply==8.2.0",
        "trytond-stock-package==8.2.0",
        "trytond-account==8.2.1",
        "trytond-account-invoice-stock==8.2.0",
    ),
    imports=("proteus", "trytond.modules.sale"),
    prepare=build,
    is_prepared=lambda: template().exists(),
)
