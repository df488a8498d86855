"""What a person enters for a mail server of the partner's own."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from portal.core.errors import CrossdockError
from portal.core.guard import permitted_addresses
from portal.tenants.hosts import names
from portal.tenants.models import MailServer, Partner

_FIELDS: Final = (
    "host", "port", "tls", "user", "from_address", "from_name", "reply_to", "dkim_selector",
)  # fmt: skip


class MailServerForm(forms.ModelForm):  # type: ignore[type-arg]
    """The server, who it knows us as, and in whose name mails leave. The password is written and never
    read."""

    password = forms.CharField(
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "spellcheck": "false"}, render_value=False
        ),
    )

    class Meta:
        model = MailServer
        fields = _FIELDS
        labels = {
            "host": "Server",
            "tls": "TLS",
            "from_address": "Sender’s address",
            "from_name": "Sender’s name",
            "reply_to": "Answers go to",
            "dkim_selector": "DKIM selector",
        }
        help_texts = {
            "host": "Such as smtp.your-provider.com.",
            "user": "Blank where the server wants none.",
            "reply_to": "Blank: to the sender’s address.",
            "dkim_selector": "What your mail provider calls the key, such as s1. Blank: not looked at.",
        }

    def __init__(self, data: Any, *, partner: Partner, kept: MailServer | None) -> None:
        own = kept or MailServer(from_name=partner.name)
        super().__init__(data, instance=own)
        self.kept = kept
        self.order_fields([*_FIELDS[:4], "password", *_FIELDS[4:]])
        if kept and kept.sealed:
            self.fields[
                "password"
            ].help_text = "It is set and not shown. Leave it blank to keep it."

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip().lower()
        try:
            host = names.punycode(host)
            permitted_addresses(host)
        except (names.NotAHostNameError, CrossdockError) as error:
            raise ValidationError(f"{str(error).rstrip('.')}.") from error
        return host

    def clean_port(self) -> int:
        port = int(self.cleaned_data["port"])
        if not 1 <= port <= 65_535:
            raise ValidationError("A port is from 1 to 65535: mostly 587, or 465 with TLS at once.")
        return port

    def clean_dkim_selector(self) -> str:
        selector = str(self.cleaned_data["dkim_selector"]).strip().lower()
        if selector and not all(part.isascii() and part.replace("-", "").replace("_", "").isalnum()
                                for part in selector.split(".")):  # fmt: skip
            raise ValidationError("Enter the selector alone, such as s1.")
        return selector

    def clean_from_name(self) -> str:
        return " ".join(str(self.cleaned_data["from_name"]).split())

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        user, password = given.get("user"), given.get("password")
        if user and given.get("tls") == MailServer.Tls.NONE:
            self.add_error(
                "tls", "A password is not sent without TLS. Choose how the server speaks it."
            )
        if password and not user:
            self.add_error("user", "Enter the user this password is of.")
        elif user and not password and not self._keeps_password(given):
            self.add_error("password", "Enter the password of this user at this server.")
        return given

    def _keeps_password(self, given: dict[str, Any]) -> bool:
        """The one there is goes to nobody else than whom it was entered for. (`initial` is what is stored:
        the instance has what was entered by now.)"""
        same = all(given.get(name) == self.initial.get(name) for name in ("host", "user"))
        return same and self.kept is not None and self.kept.sealed is not None

    def given(self) -> dict[str, Any]:
        """What is kept as it is."""
        return {name: self.cleaned_data[name] for name in _FIELDS}

    def password_given(self) -> str | None:
        """None: the one there is stays. Blank: there is none without a user."""
        if not self.cleaned_data["user"]:
            return "" if self.kept and self.kept.sealed else None
        return self.cleaned_data["password"] or None
