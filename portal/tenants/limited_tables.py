"""What staff who work for some customers only may do with each table that names no customer itself.

A table with a customer's column is limited by it, see `portal.tenants.limited`. For every other one
somebody decided, here; a table that nobody decided about is closed to them, and a test names it.
"""

from collections.abc import Mapping
from typing import Final

# A row is seen and changed with the row it belongs to: table → the column that names that one.
THROUGH: Final[Mapping[str, str]] = {
    "billing_credit": "account_id",
    "billing_credituse": "credit_id",
    "billing_discount": "subscription_id",
    "billing_invoice": "account_id",
    "billing_invoiceevent": "invoice_id",
    "billing_invoiceline": "account_id",
    "billing_monthfigure": "account_id",
    "billing_oneoff": "account_id",
    "billing_override": "subscription_id",
    "billing_spendalert": "account_id",
    "billing_spendcap": "account_id",
    "billing_subscription": "account_id",
    "integrations_as2came": "endpoint_id",
    "integrations_as2went": "endpoint_id",
    "integrations_authorisation": "endpoint_id",
    "integrations_binding": "endpoint_id",
    "integrations_changeevent": "change_id",
    "integrations_conformancerun": "run_id",
    "integrations_contract": "endpoint_id",
    "integrations_controlnumber": "endpoint_id",
    "integrations_doorrefusal": "endpoint_id",
    "integrations_interchange": "endpoint_id",
    "integrations_lookuprow": "table_id",
    "integrations_mappingversion": "endpoint_id",
    "integrations_messageevent": "message_id",
    "integrations_onboardingbeat": "run_id",
    "integrations_pollcursor": "endpoint_id",
    "integrations_recordversion": "record_id",
    "integrations_resourcehour": "resource_id",
    "integrations_resourcerow": "resource_id",
    "integrations_resourcestep": "resource_id",
    "integrations_routedecision": "record_id",
    "integrations_secretlink": "endpoint_id",
    "monitoring_alertcourse": "alert_id",
    "monitoring_alertmessage": "alert_id",  # what tells of many customers at once has none
    "monitoring_alertstep": "rule_id",
    "monitoring_bulkitem": "case_id",
    "monitoring_casecause": "case_id",
    "monitoring_caseevent": "case_id",
    "monitoring_casespan": "case_id",
    "monitoring_correction": "difference_id",
    "monitoring_fix": "case_id",
    "monitoring_fixitem": "fix_id",
    "monitoring_lease": "case_id",
    "monitoring_notice": "person_id",
    "monitoring_noticemail": "person_id",
    "monitoring_reconpart": "snapshot_id",
    "monitoring_reconrow": "run_id",
    "monitoring_reconrun": "reconciliation_id",
    "monitoring_reconsnapshot": "run_id",
    "monitoring_reconversion": "reconciliation_id",
    "monitoring_rulestep": "rule_id",
    "monitoring_silence": "expectation_id",
    "support_handover": "access_id",
    "webhooks_webhookattempt": "delivery_id",
    "webhooks_webhookdelivery": "event_id",
    "webhooks_webhookhour": "webhook_id",
    "webhooks_webhookreplay": "webhook_id",
}

# A row is its person's: table → the column that names them. Nobody else who is limited sees it.
OWN: Final[Mapping[str, str]] = {
    "accounts_authenticator": "person_id",
    "accounts_factorreset": "person_id",
    "accounts_identity": "person_id",
    "accounts_passkey": "person_id",
    "accounts_recoverycode": "person_id",
    "accounts_session": "person_id",
    "audit_mark": "actor_id",  # it stands beside an entry of theirs
    "auditlog_logentry": "actor_id",  # a change is told in words that may name any customer
    "monitoring_bulkaction": "person_id",  # as many cases as somebody chose
    "monitoring_savedview": "person_id",  # filters, which may name any customer
}

# A row is seen with one of another table that names it, and changed by whoever is not limited.
HOLDING: Final[Mapping[str, tuple[str, str]]] = {
    "customers_customergroup": ("customers_customergroup_members", "customergroup_id"),
}

# Everybody sees it; it decides over all customers, so only whoever works for all of them changes it.
FOR_ALL: Final[Mapping[str, str]] = {
    "accounts_role": "what people may do, whoever they work for",
    "auth_group": "Django's own, not used",
    "auth_group_permissions": "Django's own, not used",
    "auth_permission": "Django's own, not used",
    "billing_exchangerate": "rates of the market",
    "billing_legalentity": "who the partner is on invoices",
    "billing_metric": "what is counted, for every plan",
    "billing_plan": "the price list",
    "billing_planversion": "the price list",
    "billing_taxrate": "the law",
    "billing_usagesource": "which systems may send usage of anybody",
    "django_content_type": "names of models",
    "integrations_endpointtemplate": "a way to onboard, for whoever comes next",
    "monitoring_alertchannel": "rooms of the partner",
    "monitoring_legmark": "how far the counting has come",
    "monitoring_noticemark": "how far the telling has come",
    "monitoring_rota": "who is on call for the partner",
    "monitoring_rotamember": "who is on call for the partner",
    "monitoring_rotaswap": "who is on call for the partner",
    "monitoring_team": "the partner's teams",
    "monitoring_team_members": "the partner's teams",
    "monitoring_uptime": "when the house was at work",
    "privacy_retentionchoice": "how long the partner keeps things",
}

# It names a customer and everybody may read of theirs, but it is set for the whole house.
READ_ONLY: Final[Mapping[str, str]] = {
    "accounts_limit": "nobody lifts a limit from below it; `accounts.domain.limits` looks first",
    "customers_customergroup_members": "being in a group gives its people the customer",
}

# It tells of all customers at once: for whoever is limited it is empty.
HIDDEN: Final[Mapping[str, str]] = {
    "accounts_keptanswer": "answers to programs of anybody, kept and found beyond the limit",
    "accounts_provider": "who else says who anybody is",
    "accounts_providerrule": "which roles providers give, for which customers",
    "accounts_tries": "who tried to sign in, and from where",
    "billing_invoicerun": "a month of all customers, with those that failed by name",
    "billing_simulation": "what prices would mean for all customers",
    "privacy_erasure": "a person's data wherever it was",
    "privacy_retentionday": "how much of all customers was removed",
    "privacy_retentionmark": "how far the removing has come, of all customers",
    "monitoring_overlap": "what stands in several cases, summed over all customers",
}

# It says nothing of anybody and is written beside what does.
OPEN: Final[Mapping[str, str]] = {
    "billing_tometer": "which documents are still to be metered, noted by a trigger",
}

# There is no way to it but a verb that has looked under the limit first.
CLOSED: Final[Mapping[str, str]] = {
    "integrations_removedpayload": "hashes of bytes that are gone, read as those are",
    "integrations_payload": "bytes are stored once per content, whoever sent them, and name nobody:"
    " the limited row that names their hash is looked for, then they are read beyond the limit",
}

# Of the platform's schema, which every partner's connection can reach. All else there is closed.
PUBLIC_READ: Final = (
    "tenants_partner", "tenants_domain", "tenants_allowednetwork", "tenants_brandversion",
    "tenants_brandimage",
)  # fmt: skip
PUBLIC_WRITE: Final = (
    "jobs_wake", "jobs_run", "django_q_ormq", "django_q_task", "django_q_schedule",
)  # fmt: skip
