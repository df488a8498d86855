"""Pages of webhooks: who hears of what, what was sent, and which events there are."""

from django.urls import path

from portal.webhooks.views import again, events, log, setup, webhooks

urlpatterns = [
    path("", webhooks.webhooks, name="webhooks"),
    path("new/", setup.new, name="webhook-new"),
    path("events/", events.events, name="webhook-events"),
    path("events/<str:name>/", events.event, name="webhook-event"),
    path("<int:pk>/", log.webhook, name="webhook"),
    path("<int:pk>/edit/", setup.edit, name="webhook-edit"),
    path("<int:pk>/secret/", setup.secret, name="webhook-secret"),
    path("<int:pk>/delete/", setup.delete, name="webhook-delete"),
    path("<int:pk>/pause/", setup.pause, name="webhook-pause"),
    path("<int:pk>/resume/", setup.resume, name="webhook-resume"),
    path("<int:pk>/test/", again.test, name="webhook-test"),
    path("<int:pk>/replay/", again.replay, name="webhook-replay"),
    path("<int:pk>/progress/", again.progress, name="webhook-progress"),
    path("<int:pk>/sent/<int:number>/", log.delivery, name="webhook-delivery"),
    path("<int:pk>/sent/<int:number>/again/", again.resend, name="webhook-resend"),
]
