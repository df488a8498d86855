"""People and roles, on both sides of the house."""

from django.urls import path

from portal.pages.views import inviting, join, people, person, role, roles

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("people/", people.people, name="people"),
    path("people/invite/", inviting.invite, name="invite"),
    path("people/invitations/<int:pk>/resend/", inviting.resend, name="resend-invitation"),
    path("people/invitations/<int:pk>/withdraw/", inviting.withdraw, name="withdraw-invitation"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/end/", person.end, name="end-access"),
    path("people/<int:pk>/let-in/", person.let_in, name="let-in"),
    path("roles/", roles.roles, name="roles"),
    path("roles/review/", roles.review, name="review-roles"),
    path("roles/apply/", roles.apply, name="apply-roles"),
    path("roles/new/", role.new, name="new-role"),
    path("roles/<int:pk>/", role.role, name="role"),
    path("roles/<int:pk>/delete/", role.delete, name="delete-role"),
]
