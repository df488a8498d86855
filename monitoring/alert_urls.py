"""Pages of alerts: what fires, what was sent, rules, channels, who is on call."""

from django.urls import path

from monitoring.views import alert_channels, alert_log, alert_rules, alerts, rotas

urlpatterns = [
    path("", alerts.alerts, name="alerts"),
    path("<int:pk>/acknowledge/", alerts.acknowledge, name="alert-acknowledge"),
    path("sent/", alert_log.log, name="alert-log"),
    path("sent/<int:pk>/", alert_log.message, name="alert-message"),
    path("rules/", alert_rules.rules, name="alert-rules"),
    path("rules/new/<slug:subject>/", alert_rules.new, name="alert-rule-new"),
    path("rules/<int:pk>/", alert_rules.rule, name="alert-rule"),
    path("rules/<int:pk>/delete/", alert_rules.delete),
    path("channels/", alert_channels.channels, name="alert-channels"),
    path("channels/new/<slug:kind>/", alert_channels.new, name="alert-channel-new"),
    path("channels/<int:pk>/", alert_channels.channel, name="alert-channel"),
    path("channels/<int:pk>/edit/", alert_channels.edit),
    path("channels/<int:pk>/test/", alert_channels.test),
    path("channels/<int:pk>/delete/", alert_channels.delete),
    path("on-call/", rotas.on_call, name="rotas"),
    path("on-call/new/", rotas.new, name="rota-new"),
    path("on-call/<int:pk>/", rotas.rota, name="rota"),
    path("on-call/<int:pk>/edit/", rotas.edit),
    path("on-call/<int:pk>/take-over/", rotas.take_over, name="rota-take-over"),
    path("on-call/<int:pk>/swap/", rotas.swap, name="rota-swap"),
    path("on-call/<int:pk>/swaps/<int:swap_pk>/undo/", rotas.undo_swap, name="rota-undo-swap"),
    path("on-call/<int:pk>/delete/", rotas.delete),
    path("<slug:slug>/", alerts.panel, name="alerts-panel"),
]
