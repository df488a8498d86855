"""Pages of the third floor: how well it goes."""

from datetime import date

from django.urls import include, path, register_converter

from monitoring.views import (
    agreed_time,
    alert_link,
    answering,
    asking,
    bulk,
    case,
    case_verbs,
    desk,
    desk_settings,
    expectation,
    expectations,
    fix,
    fix_verbs,
    holding,
    home,
    live,
    marked_days,
    now,
    own_statements,
    questions,
    remedy,
    rule,
    rule_verbs,
    rules,
    saved,
    service,
    service_level,
    service_level_terms,
    service_levels,
    silence,
    statement,
    statement_download,
    statement_terms,
    statement_verbs,
    statements,
    taking,
)


class DayConverter:
    """A day such as 2026-03-01."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # what is no day is a ValueError: another address

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("home/", home.home, name="own-home"),
    path("home/<slug:slug>/", home.panel, name="own-home-panel"),
    path("now/", now.now, name="now"),
    path("now/<slug:slug>/", now.panel, name="now-panel"),
    path("alerts/", include("monitoring.alert_urls")),
    path("ack/<str:token>/", alert_link.take, name="alert-link"),
    path("desk/", desk.desk, name="desk"),
    path("desk/take/", taking.take, name="take"),
    path("desk/pulse/", live.beat, name="pulse"),
    path("desk/views/", saved.save, name="save-view"),
    path("desk/views/<int:pk>/delete/", saved.delete, name="delete-view"),
    path("desk/bulk/", bulk.choose, name="bulk-choose"),
    path("desk/bulk/<int:pk>/", bulk.bulk_list, name="bulk"),
    path("desk/bulk/<int:pk>/go/", bulk.let_go, name="bulk-go"),
    path("desk/bulk/<int:pk>/keep/", bulk.keep, name="bulk-keep"),
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
    path("expectations/", expectations.expectations, name="expectations"),
    path("expectations/days/", marked_days.marked_days, name="marked-days"),
    path("expectations/days/mark/", marked_days.mark),
    path("expectations/days/<int:pk>/remove/", marked_days.unmark),
    path("expectations/silences/<int:pk>/", silence.silence, name="silence"),
    path("expectations/<int:pk>/", expectation.expectation, name="expectation"),
    path("expectations/<int:pk>/change/", expectation.change),
    path("rules/", rules.rules, name="rules"),
    path("rules/propose/", rule_verbs.propose, name="propose-rule"),
    path("rules/<int:pk>/", rule.rule, name="rule"),
    path("rules/<int:pk>/try/", rule_verbs.try_again),
    path("rules/<int:pk>/limits/", rule_verbs.limits),
    path("rules/<int:pk>/approve/", rule_verbs.approve),
    path("rules/<int:pk>/act/", rule_verbs.act),
    path("rules/<int:pk>/suggest/", rule_verbs.suggest),
    path("rules/<int:pk>/off/", rule_verbs.off),
    path("rules/<int:pk>/on/", rule_verbs.on),
    path("service-levels/", service_levels.service_levels, name="service-levels"),
    path("service-levels/agreed/", agreed_time.agreed, name="agreed-time"),
    path("service-levels/agreed/ask/", agreed_time.ask, name="ask-agreed-time"),
    path("service-levels/agreed/<int:pk>/approve/", agreed_time.approve),
    path("service-levels/agreed/<int:pk>/decline/", agreed_time.decline),
    path("service-levels/agreed/<int:pk>/end/", agreed_time.end),
    path(
        "service-levels/<slug:slug>/<slug:sli>/", service_level.service_level, name="service-level"
    ),
    path(
        "service-levels/<slug:slug>/<slug:sli>/days/<day:day>/remark/",
        service_level.remark,
        name="service-level-remark",
    ),
    path(
        "service-levels/<slug:slug>/<slug:sli>/what-if/",
        service_level_terms.what_if,
        name="service-level-what-if",
    ),
    path(
        "service-levels/<slug:slug>/<slug:sli>/change/",
        service_level_terms.change,
        name="service-level-change",
    ),
    path("service/", service.service, name="service"),
    path("statements/", statements.statements, name="statements"),
    path("statements/terms/<slug:slug>/", statement_terms.terms, name="statement-terms"),
    path("statements/<int:pk>/", statement.statement, name="statement"),
    path("statements/<int:pk>/check/", statement.check, name="statement-check"),
    path("statements/<int:pk>/statement.<slug:ending>", statement_download.download),
    path("statements/<int:pk>/evidence.csv", statement_download.evidence),
    path("statements/<int:pk>/renew/", statement_verbs.renew),
    path("statements/<int:pk>/seal/", statement_verbs.seal),
    path("statements/<int:pk>/approve/", statement_verbs.approve),
    path("statements/<int:pk>/correct/", statement_verbs.correct),
    path("statements/<int:pk>/sign/<int:adjustment>/", statement_verbs.sign),
    path("statements/<int:pk>/refuse/<int:adjustment>/", statement_verbs.refuse),
    path("service/statements/", own_statements.own_statements, name="own-statements"),
    path("service/statements/<str:period>/", own_statements.own_statement, name="own-statement"),
    path("service/statements/<str:period>/check/", own_statements.own_check),
    path(
        "service/statements/<str:period>/statement.<slug:ending>", statement_download.own_download
    ),
    path("service/statements/<str:period>/evidence.csv", statement_download.own_evidence),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:pk>/answer/", questions.answer, name="answer-question"),
    path("ask/<str:token>/", answering.asked, name="asked"),
]
