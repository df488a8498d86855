"""Pages of the third floor: how well it goes."""

from django.urls import path

from monitoring.views import bulk, case, desk, questions, remedy

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/bulk/", bulk.choose, name="bulk-choose"),
    path("desk/bulk/<int:pk>/", bulk.bulk_list, name="bulk"),
    path("desk/bulk/<int:pk>/go/", bulk.let_go, name="bulk-go"),
    path("desk/bulk/<int:pk>/undo/", bulk.undo, name="bulk-undo"),
    path("cases/<int:number>/", case.case, name="case"),
    path("cases/<int:number>/comment/", remedy.comment, name="comment"),
    path("cases/<int:number>/<slug:slug>/", remedy.remedy, name="remedy"),
    path("questions/", questions.questions, name="questions"),
]
