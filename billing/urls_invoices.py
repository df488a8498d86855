"""Invoices and the runs that make them."""

from django.urls import URLPattern, path

from billing.views import (
    invoice,
    invoice_bulk,
    invoice_files,
    invoice_line,
    invoice_verbs,
    invoices,
    run,
    run_verbs,
)

urlpatterns: list[URLPattern] = [
    path("", invoices.invoices, name="invoices"),
    path("picked/", invoice_bulk.picked, name="invoices-picked"),
    path("run/", run_verbs.start, name="run-month"),
    path("run/<slug:slug>/", run.panel, name="run-panel"),
    path("months/<str:key>/journal.csv", invoice_files.month_journal, name="month-journal"),
    path("months/<str:key>/<slug:do>/", invoice_bulk.whole_month, name="whole-month"),
    path("<int:pk>/", invoice.invoice, name="invoice"),
    path("<int:pk>/invoice.<slug:ending>", invoice_files.download, name="invoice-file"),
    path("<int:pk>/lines/<int:at>/", invoice_line.line, name="invoice-line"),
    path("<int:pk>/discard/", invoice_verbs.discard, name="invoice-discard"),
    path("<int:pk>/renew/", invoice_verbs.renew, name="invoice-renew"),
    path("<int:pk>/review/", invoice_verbs.review, name="invoice-review"),
    path("<int:pk>/final/", invoice_verbs.finalise, name="invoice-final"),
    path("<int:pk>/send/", invoice_verbs.send, name="invoice-send"),
    path("<int:pk>/hand-over/", invoice_verbs.hand_over, name="invoice-hand-over"),
    path("<int:pk>/paid/", invoice_verbs.paid, name="invoice-paid"),
    path("<int:pk>/disputed/", invoice_verbs.disputed, name="invoice-disputed"),
    path("<int:pk>/settled/", invoice_verbs.settled, name="invoice-settled"),
    path("<int:pk>/void/", invoice_verbs.void, name="invoice-void"),
    path("<int:pk>/credit/", invoice_verbs.credit, name="invoice-credit"),
]
