"""Pages of the third floor: how well it goes."""

from django.urls import path

from monitoring.views import answering, asking, case, desk, questions, remedy

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("cases/<int:number>/", case.case, name="case"),
    path("cases/<int:number>/comment/", remedy.comment, name="comment"),
    path("cases/<int:number>/ask/", asking.ask, name="ask"),
    path("cases/<int:number>/ask/<int:pk>/revoke/", asking.revoke, name="revoke-question"),
    path("cases/<int:number>/<slug:slug>/", remedy.remedy, name="remedy"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:pk>/answer/", questions.answer, name="answer-question"),
    path("ask/<str:token>/", answering.asked, name="asked"),
]
