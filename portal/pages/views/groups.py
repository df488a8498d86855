"""Groups of customers: which there are, who is in them, and what goes by them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from integrations.views.spoken import counted
from monitoring.queries import group_uses
from portal.accounts.rules import requires
from portal.customers import groups
from portal.customers.group_form import GroupForm
from portal.customers.models import CustomerGroup

_SHOWN = 6


@requires("customers.view")
def listing(request: HttpRequest) -> HttpResponse:
    """All of them: there are as many as a person knows by name."""
    found = list(CustomerGroup.objects.prefetch_related("members"))
    used = group_uses.uses([group.pk for group in found])
    context = {
        "groups": [_row(group, len(used.get(group.pk, ()))) for group in found],
        "may_edit": request.user.may("customers.edit"),  # type: ignore[union-attr]
    }
    return render(request, "customers/groups.html", context)


def _row(group: CustomerGroup, uses: int) -> dict[str, Any]:
    names = [customer.name for customer in group.members.all()]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return {
        "label": group.label,
        "slug": group.slug,
        "kind": group.get_kind_display(),
        "members": len(names),
        "names": (", ".join(names[:_SHOWN]) + more) or "nobody yet",
        "uses": counted(uses, "use") if uses else "not used",
    }


@requires("customers.edit")
def new(request: HttpRequest) -> HttpResponse:
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        group = groups.make(**form.cleaned_data, by=request.user.name)  # type: ignore[union-attr]
        messages.success(request, f"{group.label} has {counted(group.members.count(), 'customer')}")
        return redirect("customer-groups")
    status = 422 if form.errors else 200
    return render(request, "customers/group.html", {"form": form, "group": None}, status=status)


@requires("customers.edit")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    group = get_object_or_404(CustomerGroup, slug=slug)
    form = GroupForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        groups.change(group, **form.cleaned_data, by=request.user.name)  # type: ignore[union-attr]
        messages.success(request, f"{group.label} has {counted(group.members.count(), 'customer')}")
        return redirect("customer-groups")
    used = group_uses.uses([group.pk]).get(group.pk, [])
    context = {"form": form, "group": group, "uses": used}
    return render(request, "customers/group.html", context, status=422 if form.errors else 200)


@requires("customers.edit")
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first. While something goes by the group, it says what."""
    group = get_object_or_404(CustomerGroup, slug=slug)
    used = group_uses.uses([group.pk]).get(group.pk, [])
    refused = ""
    if request.method == "POST":
        try:
            groups.delete(group, used=[use.words for use in used])
        except groups.GroupUsedError as error:
            refused = str(error)
        else:
            messages.success(request, f"The group {group.label} is gone. Its customers stay")
            return redirect("customer-groups")
    context = {"group": group, "uses": used, "refused": refused}
    return render(request, "customers/group_delete.html", context, status=422 if refused else 200)
