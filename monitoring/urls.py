"""Pages of the third floor: how well it goes."""

from django.urls import path

from monitoring.views import (
    answering,
    asking,
    bulk,
    case,
    case_verbs,
    desk,
    desk_settings,
    fix,
    fix_verbs,
    holding,
    questions,
    remedy,
)

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/bulk/", bulk.choose, name="bulk-choose"),
    path("desk/bulk/<int:pk>/", bulk.bulk_list, name="bulk"),
    path("desk/bulk/<int:pk>/go/", bulk.let_go, name="bulk-go"),
    path("desk/bulk/<int:pk>/undo/", bulk.undo, name="bulk-undo"),
    path("desk/settings/", desk_settings.settings, name="desk-settings"),
    path("desk/settings/teams/new/", desk_settings.team, name="team-new"),
    path("desk/settings/teams/<int:pk>/", desk_settings.team, name="team"),
    path("desk/settings/teams/<int:pk>/delete/", desk_settings.delete_team, name="team-delete"),
    path("desk/settings/rules/new/", desk_settings.rule, name="assignment-rule-new"),
    path("desk/settings/rules/<int:pk>/", desk_settings.rule, name="assignment-rule"),
    path(
        "desk/settings/rules/<int:pk>/move/", desk_settings.move_rule, name="assignment-rule-move"
    ),
    path(
        "desk/settings/rules/<int:pk>/delete/",
        desk_settings.delete_rule,
        name="assignment-rule-delete",
    ),
    path("cases/<int:number>/", case.case, name="case"),
    path("cases/<int:number>/ask/", asking.ask, name="ask"),
    path("cases/<int:number>/ask/<int:pk>/revoke/", asking.revoke, name="revoke-question"),
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
    path("questions/<int:pk>/answer/", questions.answer, name="answer-question"),
    path("ask/<str:token>/", answering.asked, name="asked"),
]
