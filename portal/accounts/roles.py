"""The roles every new partner starts with, and every permission there is, as data.

The permission matrix in docs/permissions.md is made from this table.
"""

from typing import NamedTuple

PERMISSIONS: dict[str, str] = {
    "overview.view": "See the overview",
    "desk.view": "See exception cases",
    "desk.work": "Resolve, replay and skip",
    "rules.approve": "Approve rules and switch them on and off",
    "orders.view": "See orders and their journeys",
    "payloads.view": "See documents as received and sent",
    "endpoints.view": "See endpoints and flows",
    "endpoints.manage": "Pause, resume and test endpoints",
    "endpoints.onboard": "Onboard endpoints",
    "lookups.edit": "Edit lookup tables",
    "mappings.edit": "Edit mappings, routes, contracts and extensions",
    "changes.view": "See change requests",
    "changes.approve": "Approve change requests",
    "changes.publish": "Publish and roll back changes",
    "customers.view": "See customers",
    "customers.edit": "Edit customers' hours and promises",
    "expectations.view": "See what is expected, and what is late",
    "expectations.mark": "Mark promotions and quiet days",
    "expectations.edit": "Change what is expected",
    "people.manage": "Manage people and roles",
    "brand.edit": "Edit the brand",
    "money.view": "See plans, invoices and margin",
    "audit.view": "Read the audit log",
    "own.orders": "See one's own orders",
    "own.questions": "See one's own questions",
    "platform.partners": "Open and watch partners",
    "platform.networks": "Set the networks connections may reach",
}


class RoleSeed(NamedTuple):
    slug: str
    label: str
    permissions: tuple[str, ...]
    for_customers: bool = False


_OPERATOR = (
    "desk.view", "desk.work", "orders.view", "payloads.view", "endpoints.view", "lookups.edit",
    "customers.view", "changes.view", "expectations.view", "expectations.mark",
)  # fmt: skip
_ENGINEER = (
    *_OPERATOR, "overview.view", "endpoints.manage", "endpoints.onboard", "mappings.edit",
    "changes.approve", "changes.publish", "customers.edit", "rules.approve", "expectations.edit",
)  # fmt: skip

PARTNER_ROLES = (
    RoleSeed(
        "admin",
        "Partner admin",
        (*_ENGINEER, "people.manage", "brand.edit", "money.view", "audit.view"),
    ),
    RoleSeed("engineer", "Integration engineer", _ENGINEER),
    RoleSeed("operator", "Operator", _OPERATOR),
    RoleSeed(
        "finance", "Finance", ("overview.view", "customers.view", "orders.view", "money.view")
    ),
    RoleSeed("viewer", "Customer viewer", ("own.orders", "own.questions"), for_customers=True),
)
PLATFORM_ROLES = (
    RoleSeed("platform-admin", "Platform admin", ("platform.partners", "platform.networks")),
)
