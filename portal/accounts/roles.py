"""The roles every new partner starts with, and every permission there is, as data.

The permission matrix in docs/permissions.md is made from this table.
"""

from typing import NamedTuple

PERMISSIONS: dict[str, str] = {
    "overview.view": "See the overview",
    "desk.view": "See exception cases",
    "desk.work": "Resolve, replay and skip",
    "rules.approve": "Approve rules and switch them on and off",
    "alerts.view": "See alerts, what was sent to whom, and who is on call",
    "alerts.work": "Acknowledge alerts and take over on call",
    "alerts.edit": "Edit rules of alerts, channels and rotas",
    "recon.view": "See reconciliations",
    "recon.work": "Run comparisons and correct differences",
    "recon.approve": "Let corrections above the limit through",
    "recon.edit": "Define reconciliations",
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
    "customers.edit": "Add customers, edit their hours and promises",
    "promises.view": "See service levels",
    "promises.ask": "Ask that a time does not count",
    "promises.edit": "Change what is promised, and agree what does not count",
    "statements.view": "See monthly statements and check their seals",
    "statements.approve": "Seal, correct, approve and send monthly statements",
    "expectations.view": "See what is expected, and what is late",
    "expectations.mark": "Mark promotions and quiet days",
    "expectations.edit": "Change what is expected",
    "people.manage": "Manage people and roles",
    "tokens.manage": "Make and revoke API tokens",
    "brand.edit": "Edit the brand",
    "webhooks.manage": "Manage webhooks and read what was sent to them",
    "domains.edit": "Add, prove and remove domains, and say which one is primary",
    "mail.edit": "Set up the mail sender and see what was sent",
    "signin.edit": "Say which providers people sign in by, and what these decide",
    "money.view": "See plans, invoices and margin",
    "money.prices": "Change prices and agree them with customers",
    "money.publish": "Publish prices",
    "money.bill": "Make, send and correct invoices, and say who is billed how",
    "audit.view": "Read the audit log",
    "support.access": "Look at what a customer's person sees, with a reason and their consent",
    "privacy.keep": "Say how long things are kept, and place and lift legal holds",
    "privacy.erase": "Find and erase a person’s data",
    "own.orders": "See one's own orders",
    "own.stock": "See one's own stock",
    "own.invoices": "See the invoices to one's own customers",
    "own.questions": "See one's own questions",
    "own.service": "See what one was promised and what came of it",
    "own.statements": "See one's own monthly statements",
    "own.bills": "See one's own bills, and what they are made of",
    "own.people": "Invite colleagues and end their access",
    "own.privacy": "See who looked at one's data",
    "own.consent": "Decide who may look at one's data",
    "hub.send": "Put and cancel orders as an application",
    "hub.orders": "Read an application's orders and their shipments",
    "hub.stock": "Read stock as an application",
    "hub.events": "Read events as an application",
    "resources.read": "Read published resources of systems",
    "resources.create": "Create rows in published resources of systems",
    "platform.people": "Manage platform staff and their roles",
    "platform.partners": "Open and watch partners",
    "platform.support": "Look at what a customer of a partner sees, with a reason and their consent",
    "platform.life": "Suspend, archive, export and delete partners",
    "platform.tiers": "Say which features come with which tier, and for whom it is otherwise",
    "platform.retention": "Say how long things are kept unless a partner chooses otherwise",
    "platform.networks": "Set the networks connections may reach",
}
# What no partner takes from its customers: to see who looked at their data, and to decide about it.
ALWAYS_THEIRS = frozenset({"own.privacy", "own.consent"})
MANAGE_PEOPLE = frozenset({"people.manage", "platform.people"})  # each on its side of the house
# The word over a group of permissions, by what stands before their dot.
AREAS: dict[str, str] = {
    "overview": "Work", "desk": "Work", "rules": "Work", "alerts": "Work", "orders": "Work",
    "payloads": "Work", "customers": "Customers", "endpoints": "Customers", "promises": "Promise",
    "recon": "Promise", "statements": "Promise", "expectations": "Promise", "lookups": "Logic",
    "mappings": "Logic", "changes": "Logic", "money": "Money", "people": "House", "brand": "House",
    "audit": "House", "webhooks": "House", "tokens": "House", "domains": "House", "mail": "House",
    "signin": "House", "privacy": "House", "support": "Customers", "own": "What is theirs",
    "hub": "Applications", "resources": "Applications", "platform": "Platform",
}  # fmt: skip


def area_of(permission: str) -> str:
    """The word of the group a permission belongs to."""
    prefix = permission.partition(".")[0]
    return AREAS.get(prefix, prefix.capitalize())


# About the house as a whole: nobody does it who works for some customers only, whatever their role.
WHOLE_HOUSE = frozenset(
    {"brand.edit", "domains.edit", "mail.edit", "signin.edit", "privacy.keep", "privacy.erase"}
)


class RoleSeed(NamedTuple):
    slug: str
    label: str
    permissions: tuple[str, ...]
    for_customers: bool = False


_OPERATOR = (
    "desk.view", "desk.work", "alerts.view", "alerts.work", "orders.view", "payloads.view",
    "endpoints.view", "lookups.edit", "customers.view", "changes.view", "promises.view",
    "promises.ask", "statements.view", "expectations.view", "expectations.mark",
    "recon.view", "recon.work", "support.access",
)  # fmt: skip
_ENGINEER = (
    *_OPERATOR, "overview.view", "endpoints.manage", "endpoints.onboard", "mappings.edit",
    "changes.approve", "changes.publish", "customers.edit", "rules.approve", "alerts.edit",
    "statements.approve", "expectations.edit", "recon.approve", "recon.edit", "webhooks.manage",
    "resources.read", "resources.create",
)  # fmt: skip
_HOUSE = (
    "people.manage", "tokens.manage", "brand.edit", "domains.edit", "mail.edit", "signin.edit",
    "audit.view", "privacy.keep", "privacy.erase",
)  # fmt: skip
_MONEY = ("money.view", "money.prices", "money.publish", "money.bill")
_OWN = (
    "own.orders", "own.stock", "own.invoices", "own.questions", "own.service", "own.statements",
    "own.bills", "own.privacy",
)  # fmt: skip

PARTNER_ROLES = (
    RoleSeed(
        "admin",
        "Partner admin",
        (*_ENGINEER, "promises.edit", *_HOUSE, *_MONEY),
    ),
    RoleSeed("engineer", "Integration engineer", _ENGINEER),
    RoleSeed("operator", "Operator", _OPERATOR),
    RoleSeed(
        "finance",
        "Finance",
        (
            "overview.view",
            "customers.view",
            "orders.view",
            "money.view",
            "money.prices",
            "money.bill",
            "statements.view",
            "recon.view",
        ),
    ),
    RoleSeed("owner", "Customer owner", (*_OWN, "own.people", "own.consent"), for_customers=True),
    RoleSeed("viewer", "Customer viewer", _OWN, for_customers=True),
)
PLATFORM_ROLES = (
    RoleSeed(
        "platform-admin",
        "Platform admin",
        (
            "platform.people",
            "platform.partners",
            "platform.support",
            "platform.life",
            "platform.tiers",
            "platform.retention",
            "platform.networks",
            "audit.view",
            *_MONEY,
        ),
    ),
)
