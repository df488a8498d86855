"""Pages of the third floor: how well it goes."""

from django.urls import path

from monitoring.views import case, desk, live, questions, remedy, saved, taking

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/take/", taking.take, name="take"),
    path("desk/pulse/", live.beat, name="pulse"),
    path("desk/views/", saved.save, name="save-view"),
    path("desk/views/<int:pk>/delete/", saved.delete, name="delete-view"),
    path("cases/<int:number>/", case.case, name="case"),
    path("cases/<int:number>/comment/", remedy.comment, name="comment"),
    path("cases/<int:number>/<slug:slug>/", remedy.remedy, name="remedy"),
    path("questions/", questions.questions, name="questions"),
]
