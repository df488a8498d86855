"""Plans and their prices."""

from django.urls import path

from billing.views import (
    plan,
    plan_edit,
    plan_metrics,
    plan_new,
    plan_publish,
    plan_simulated,
    plans,
)

urlpatterns = [
    path("", plans.plans, name="plans"),
    path("new/", plan_new.new, name="plan-new"),
    path("examples/", plan_new.examples, name="plan-examples"),
    path("examples/<slug:slug>/use/", plan_new.use, name="plan-example-use"),
    path("metrics/", plan_metrics.metrics, name="plan-metrics"),
    path("metrics/<slug:slug>/archive/", plan_metrics.archive, name="plan-metric-archive"),
    path("<slug:slug>/", plan.plan, name="plan"),
    path("<slug:slug>/edit/", plan_edit.edit, name="plan-edit"),
    path("<slug:slug>/live/", plan_edit.live, name="plan-live"),
    path("<slug:slug>/publish/", plan_publish.publish, name="plan-publish"),
    path("<slug:slug>/archive/", plan.archive, name="plan-archive"),
    path("<slug:slug>/bring-back/", plan.bring_back, name="plan-bring-back"),
    path("<slug:slug>/delete/", plan.delete, name="plan-delete"),
    path("<slug:slug>/discard/", plan.discard, name="plan-discard"),
    path("<slug:slug>/rename/", plan.rename, name="plan-rename"),
    path("<slug:slug>/simulations/<int:pk>/", plan_simulated.simulation, name="plan-simulation"),
    path(
        "<slug:slug>/simulations/<int:pk>/months.csv", plan_simulated.months_csv,
        name="plan-simulation-csv",
    ),
]  # fmt: skip
