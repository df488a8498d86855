"""The least a Django project can do with a webhook: one view, one inserted row, no middleware."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from benchmarks.rig import DATABASE
from portal import env

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            **env.database(owner=True),
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "CONN_HEALTH_CHECKS": False,
        }
    },
)


def store(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO public.bare_view (body) VALUES (%s)", [request.body])
    return HttpResponse("stored", headers={"Content-Length": "6"})


urlpatterns: list[URLPattern] = [path("store", store)]
django.setup()
application = WSGIHandler()
