"""Nouns of the fourth floor: who pays whom, for what, by which prices."""

from billing.models.account import Account, SpendAlert, SpendCap
from billing.models.figure import MonthFigure
from billing.models.invoice import CreditUse, Invoice, InvoiceEvent, InvoiceLine, InvoiceRun
from billing.models.plan import Plan, PlanVersion, Simulation
from billing.models.seller import ExchangeRate, LegalEntity, TaxRate
from billing.models.subscription import Credit, Discount, OneOff, Override, Subscription
from billing.models.usage import Metric, ToMeter, UsageFact, UsageSource

__all__ = [
    "Account", "Credit", "CreditUse", "Discount", "ExchangeRate", "Invoice", "InvoiceEvent", "InvoiceLine",
    "InvoiceRun", "LegalEntity", "Metric", "MonthFigure", "OneOff", "Override", "Plan", "PlanVersion",
    "Simulation", "SpendAlert", "SpendCap", "Subscription", "TaxRate", "ToMeter", "UsageFact", "UsageSource",
]  # fmt: skip
