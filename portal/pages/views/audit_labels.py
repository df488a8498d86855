"""What the fields of rows in the audit trail are called, where their columns' names are no words. Data."""

from typing import Any, Final

_EVERYWHERE: Final = {
    "at_time": "At",
    "base": "Based on version",
    "concurrency": "Calls at once",
    "every_minutes": "Every, minutes",
    "for_customers": "For customers' people",
    "id": "Number",
    "is_active": "May sign in",
    "is_limited": "Sees some customers only",
    "is_on": "On",
    "is_primary": "Main address",
    "is_only_way": "Only way to sign in",
    "object_type": "Documents",
    "rate_per_second": "Calls a second",
    "requires_mfa": "Second step needed",
    "single_keys": "Single-letter keys",
    "slug": "Short name",
    "tls": "TLS",
    "url": "Address",
    "value_over": "Value above",
}
_OF: Final = {
    "tenants.partner": {
        "schema_name": "Short name",
        "state_since": "In this state since",
        "schema_fingerprint": "Tables as of",
        "accent": "Brand colour",
        "accent_light": "Accent, light",
        "accent_ink_light": "Text on the accent, light",
        "accent_dark": "Accent, dark",
        "accent_ink_dark": "Text on the accent, dark",
        "accent_quiet": "Accent is quiet",
        "flags_off": "Switched off",
    },
    "tenants.domain": {"domain": "Host name"},
    "tenants.domainclaim": {"domain": "Host name"},
    "tenants.mailserver": {"from_address": "Sender's address", "from_name": "Sender's name",
                           "reply_to": "Answers go to", "dkim_selector": "DKIM selector"},
    "accounts.provider": {"ref": "Short name", "button": "Words on the button", "issuer": "Issuer's address",
                          "client_id": "Client ID", "email_domains": "Domains of mail addresses",
                          "makes_people": "Adds people at their first sign-in",
                          "decides_roles": "Its claims decide roles",
                          "trusts_second_step": "Its second step is trusted"},
    "accounts.apitoken": {"prefix": "Begins with"},
    "accounts.factorreset": {"actor": "Done by"},
    "support.consent": {"longest": "At most, minutes", "until": "Asked again at", "rule": "Who may look"},
    "support.supportaccess": {"house": "Whose staff", "staff_key": "Number of the member of staff",
                              "staff": "Member of staff", "staff_name": "Name of the member of staff",
                              "person_name": "Name of the person"},
    "customers.customergroup": {"label": "Name"},
    "integrations.authorisation": {"made_by": "Authorised by", "made_at": "Authorised at"},
    "integrations.endpoint": {"label": "Name", "channel": "Stock to be sold"},
    "integrations.flow": {"source": "From", "target": "To", "latency": "Goes",
                          "drift": "When documents change shape", "enabled": "On"},
    "integrations.resource": {"label": "Name", "with_offset": "Times with an offset"},
    "integrations.resourcerow": {"actor": "Written by"},
    "integrations.changerequest": {"key": "What it changes", "evidence_of": "What the evidence is about",
                                   "publish_at": "To be published at", "testing": "Evidence so far"},
    "integrations.lookuptable": {"default": "A code that is not in it",
                                 "default_value": "Value of other codes"},
    "monitoring.alertchannel": {"failures": "Failures in a row"},
    "monitoring.notificationchoice": {"how": "Mails", "hour": "Hour of the mail of the day",
                                      "actor": "Chosen by"},
    "monitoring.alertrule": {"subject": "About", "origin": "Cases of", "timing": "When it is told",
                             "digest_minute": "Collected at, minutes after midnight",
                             "quiet_from": "Quiet from, minutes after midnight",
                             "quiet_until": "Quiet until, minutes after midnight",
                             "urgent_passes": "Urgent ones pass in quiet hours",
                             "repeat_minutes": "Told again after, minutes"},
    "monitoring.alertstep": {"wait_minutes": "After, minutes"},
    "monitoring.rota": {"every": "Changes", "first_on": "First day",
                        "minute": "Changes at, minutes after midnight"},
    "monitoring.statementterms": {"sends_itself": "Sent once it is sealed",
                                  "cap": "Credit at most, % of the fee"},
    "webhooks.webhook": {"types": "Events", "previous_until": "Old secret counts until"},
}  # fmt: skip


def label_of(field: Any, name: str) -> str:
    """A field's name as people say it: “Customer”, and not “customer id”. `field` may be None."""
    model = getattr(getattr(field, "model", None), "_meta", None)
    own = _OF.get(model.label_lower, {}) if model else {}
    if known := own.get(name) or (_EVERYWHERE.get(name) if field is not None else None):
        return known
    return spoken(str(getattr(field, "verbose_name", "") or name))


def spoken(name: str) -> str:
    """A column's name with blanks and a capital."""
    words = name.replace("_", " ")
    words = words.removesuffix(" id") or words
    return words[:1].upper() + words[1:]
