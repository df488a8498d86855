"""What an erasure never changes: how the house is set up, and codes by which programs find each other.

Where a person is named there all the same, the preview and the certificate say so, and people change it
where it is set.
"""

from collections.abc import Mapping
from typing import Final

# Whole tables, but for the columns that say who did something.
TABLES: Final[Mapping[str, str]] = {
    "accounts_provider": "providers of sign-ins",
    "accounts_providerrule": "providers of sign-ins",
    "accounts_role": "roles",
    "auth_group": "permissions",
    "auth_permission": "permissions",
    "billing_exchangerate": "exchange rates",
    "billing_legalentity": "who bills",
    "billing_metric": "metrics",
    "billing_plan": "plans",
    "billing_taxrate": "tax rates",
    "integrations_contract": "schemas of documents",
    "integrations_controlnumber": "control numbers",
    "integrations_endpointtemplate": "templates of endpoints",
    "integrations_flow": "flows",
    "integrations_lookuprow": "lookup tables",
    "integrations_lookuptable": "lookup tables",
    "integrations_mappingversion": "mappings",
    "integrations_pollcursor": "where a system is read from",
    "integrations_routingrules": "rules of routing",
    "integrations_version": "mappings, lookup tables and settings",
    "monitoring_alertrule": "rules of alerts",
    "monitoring_reconciliation": "reconciliations",
    "monitoring_reconversion": "reconciliations",
    "privacy_retentionchoice": "terms of retention",
    "privacy_retentionday": "terms of retention",
    "privacy_retentionmark": "terms of retention",
    "tenants_mailserver": "the mail server",
}
# Columns of tables that hold words of people otherwise.
COLUMNS: Final[Mapping[tuple[str, str], str]] = {
    ("accounts_apitoken", "permissions"): "permissions",
    ("accounts_session", "session_data"): "sessions",
    ("billing_override", "terms"): "prices",
    ("billing_usagefact", "source"): "where usage comes from",
    ("integrations_changerequest", "content"): "mappings, lookup tables and settings",
    ("integrations_endpoint", "breaker"): "what the running connection does",
    ("integrations_endpoint", "channel"): "settings of endpoints",
    ("integrations_endpoint", "pickup"): "settings of endpoints",
    ("integrations_endpoint", "settings"): "settings of endpoints",
    ("integrations_message", "mapping"): "mappings",
    ("integrations_removedpayload", "why"): "codes",
    ("monitoring_alertchannel", "settings"): "settings of channels",
    ("monitoring_expectation", "schedule"): "expectations",
    ("monitoring_objective", "content"): "objectives",
    ("monitoring_objective", "hours"): "objectives",
    ("monitoring_casespan", "party"): "codes",
    ("monitoring_remedyrule", "path"): "rules of remedies",
    ("monitoring_remedyrule", "terms"): "rules of remedies",
    ("monitoring_remedyrule", "value"): "rules of remedies",
    ("monitoring_savedview", "query"): "filters of saved views",
    ("monitoring_bulkaction", "terms"): "filters of what was done to many",
    ("monitoring_bulkaction", "query"): "filters of what was done to many",
    ("tenants_domainclaim", "certificate"): "domains",
    ("tenants_domainclaim", "domain"): "domains",
    ("tenants_domainclaim", "records"): "domains",
    ("webhooks_webhook", "types"): "webhooks",
    ("webhooks_webhook", "url"): "webhooks",
}
# Columns of any table by name: kinds, states, codes, settings of how something is shown, hashes.
CODES: Final = frozenset({
    "action", "aggregation", "category", "clock", "code", "codename",
    "connector", "content_hash", "content_type", "currency", "cutoff_kind", "cutoff_site", "days",
    "digest", "direction", "drift", "ending", "every", "form", "from_state", "hash", "house", 
    "kind", "kinds", "language", "latency", "level", "link_hash", "mac", "manifest_sha256", "metric",
    "mode", "model", "month", "object_type", "origin", "outcome", "over_cause",
    "password", "period", "prefix", "previous", "pseudonym", "purpose", "request_digest",
    "remedy", "rule", "schema", "session_key", "signature", "sli", "slug", "state", "status",
    "step", "tax_code", "tier", "time_zone", "timing", "tls", "to_state", "token", "treatment", "trigger",
    "type", "unit", "verb", "verdict", "via", "waiting_on", "what", 
})  # fmt: skip
# Columns of any table that say who did something: words of people, also where the rest is fixed.
WHO: Final = frozenset({
    "actor", "added_by", "approver", "approver_name", "asked_by", "author", "author_name", "changed_by",
    "created_by", "made_by", "sealed_by", "tested_by",
})  # fmt: skip


def fixed(table: str, column: str) -> str:
    """What a column is that is never changed; blank for one that is."""
    if column in WHO:
        return ""
    if what := TABLES.get(table) or COLUMNS.get((table, column)):
        return what
    return "codes" if column in CODES else ""
