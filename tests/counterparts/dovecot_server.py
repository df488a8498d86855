"""A running Dovecot with one mailbox, over TLS on a loopback port."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.certificate_maker import Authority
from tests.counterparts.dovecot_install import command

USER, PASSWORD = "orders", "mäil-s3cr3t"
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
instance_name = crossdock-{port}
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = yes
auth_mechanisms = plain
first_valid_uid = 1
first_valid_gid = 1
default_login_user = nobody
default_internal_user = daemon
default_internal_group = daemon
mail_location = {layout}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


class Dovecot:
    """`separator` `.` is the Maildir of old; `/` what most set nowadays."""

    def __init__(self, authority: Authority, *, separator: str = ".") -> None:
        self.home = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.home.chmod(0o755)
        mail = self.home / "mail"
        mail.mkdir()
        shutil.chown(mail, "nobody", "nogroup")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        layout = "maildir:~/Maildir" + ("" if separator == "." else ":LAYOUT=fs")
        (self.home / "dovecot.conf").write_text(
            CONFIGURATION.format(
                home=self.home, port=self.port, certificate=authority.certificate("localhost"),
                password=PASSWORD, separator=separator, layout=layout,
            )
        )  # fmt: skip
        errors = (self.home / "errors").open("wb")
        self.process = subprocess.Popen(
            command("-F", "-c", str(self.home / "dovecot.conf")),
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        errors.close()
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise AssertionError((self.home / "errors").read_text())

    def words(self) -> str:
        """What it wrote about its troubles."""
        log = self.home / "log"
        return log.read_text() if log.exists() else ""

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.home, ignore_errors=True)
