"""Extensions of the canonical model: which there are, and a new one."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.contracts.lines import KINDS, lines_of
from integrations.domain import configuration, drafts
from integrations.domain.subjects import Subject
from integrations.models import Kind
from integrations.views import change
from integrations.views.endpoint_words import object_words
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.customers.models import Customer

_LINED = [name for name in OBJECT_TYPES if "lines" in schema_of(name)["properties"]]
ENTITIES = sorted([*OBJECT_TYPES, *(f"{name}.line" for name in _LINED)])


def entity_words(entity: str) -> str:
    """`order.line` as “Order lines”."""
    noun, _, line = entity.partition(".")
    return f"{noun.replace('_', ' ').capitalize()} lines" if line else object_words(noun)


class ExtensionForm(forms.Form):
    """Whose, of what, and under which name."""

    customer = forms.ModelChoiceField(Customer.objects.all(), empty_label="Choose")
    entity = forms.ChoiceField(
        label="Extends", choices=[(name, entity_words(name)) for name in ENTITIES]
    )
    namespace = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        max_length=40,
        help_text="Whose fields they are, such as acme: small letters, digits and _.",
        error_messages={
            "invalid": "A namespace begins with a letter and has small letters, digits and _."
        },
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        customer = data.get("customer")
        there = customer and customer.extensions.get(data.get("entity"), {})
        if there and data.get("namespace") in there:
            self.add_error("namespace", "There is one of this name already. Change that one.")
        return data


@requires("endpoints.view")
def extensions(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    customers = [customer] if customer else list(Customer.objects.exclude(extensions={})[:200])
    context = {
        "filters": [select],
        "clear_url": request.path if customer else "",
        "extensions": [row for one in customers for row in _rows(one)],
        "may_edit": request.user.may("mappings.edit"),  # type: ignore[union-attr]
    }
    return render(request, "integrations/extensions.html", context)


def _rows(customer: Customer) -> list[dict[str, Any]]:
    if not customer.extensions:
        return []
    writers = _writers(customer)
    return [
        {
            "customer": customer,
            "key": f"{entity} {namespace}",
            "entity": entity_words(entity),
            "namespace": namespace,
            "fields": [
                {"path": line.path, "kind": KINDS[line.kind], "required": line.required}
                for line in lines_of(schema)
            ],
            "written_by": [
                where for where, targets in writers.items()
                if any(f"extensions.{namespace}." in target for target in targets)
            ],
        }
        for entity, namespaces in sorted(customer.extensions.items())
        for namespace, schema in sorted(namespaces.items())
    ]  # fmt: skip


def _writers(customer: Customer) -> dict[str, list[str]]:
    """The targets of each mapping into the hub, by its name."""
    config = configuration.of(customer.pk)
    return {
        f"{object_words(object_type)} from {endpoint.label}": [
            row.target for row in config.rows(endpoint.id, object_type, "in")
        ]
        for endpoint in config.endpoints.values()
        for object_type, direction in endpoint.connector.mapper.MAPPINGS
        if direction == "in"
    }


@requires("mappings.edit")
def new_extension(request: HttpRequest) -> HttpResponse:
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        key = f"{given['entity']} {given['namespace']}"
        schema = {"type": "object", "properties": {}, "additionalProperties": False}
        subject = Subject(given["customer"].pk, Kind.EXTENSION, key)
        draft = drafts.begin(subject, author=request.user, content={"schema": schema})
        return redirect(change.edit_url(draft))
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "title": "New extension",
        "back": {"url": "/extensions/", "label": "Extensions"},
        "submit": "Name its fields",
    }
    return render(request, "integrations/begin.html", context, status=status)
