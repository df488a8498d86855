"""Pages of the third floor: how well it goes."""

from django.urls import path

from monitoring.views import case, case_verbs, desk, fix, fix_verbs, holding, questions, remedy

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("cases/<int:number>/", case.case, name="case"),
    path("cases/<int:number>/take/", holding.take, name="case-take"),
    path("cases/<int:number>/release/", holding.release, name="case-release"),
    path("cases/<int:number>/beat/", holding.beat, name="case-beat"),
    path("cases/<int:number>/comment/", case_verbs.comment, name="comment"),
    path("cases/<int:number>/tags/", case_verbs.tags, name="case-tags"),
    path("cases/<int:number>/assign/", case_verbs.assign, name="case-assign"),
    path("cases/<int:number>/merge/", case_verbs.merge, name="case-merge"),
    path("cases/<int:number>/split-off/", case_verbs.split_off, name="case-split"),
    path("cases/<int:number>/like/<int:pk>/", fix_verbs.like, name="fix-like"),
    path("cases/<int:number>/fixes/<int:pk>/", fix.fix, name="fix"),
    path("cases/<int:number>/fixes/<int:pk>/watch/", fix.watch, name="fix-watch"),
    path("cases/<int:number>/fixes/<int:pk>/go/", fix_verbs.go, name="fix-go"),
    path("cases/<int:number>/fixes/<int:pk>/cancel/", fix_verbs.cancel, name="fix-cancel"),
    path("cases/<int:number>/fixes/<int:pk>/undo/", fix_verbs.undo, name="fix-undo"),
    path("cases/<int:number>/fixes/<int:pk>/again/", fix_verbs.again, name="fix-again"),
    path("cases/<int:number>/<slug:slug>/", remedy.remedy, name="remedy"),
    path("questions/", questions.questions, name="questions"),
]
