"""Pages of the third floor: how well it goes."""

from django.urls import path

from monitoring.views import case, desk, questions, remedy, rule, rule_verbs, rules

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("cases/<int:number>/", case.case, name="case"),
    path("cases/<int:number>/comment/", remedy.comment, name="comment"),
    path("cases/<int:number>/<slug:slug>/", remedy.remedy, name="remedy"),
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
    path("questions/", questions.questions, name="questions"),
]
