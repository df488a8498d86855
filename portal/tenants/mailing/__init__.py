"""A partner's mails: whose server they go out through, and what became of them."""

from portal.tenants.mailing.sending import MailServerTurned, goes_out, send, unsent

__all__ = ["MailServerTurned", "goes_out", "send", "unsent"]
