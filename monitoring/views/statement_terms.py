"""How a customer's statements are made and sent: who gets them, the fee, the most that is given back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from monitoring.models import StatementTerms
from monitoring.statements.credit import USUAL, USUAL_CAP
from portal.accounts.rules import requires
from portal.customers.models import Customer

MOST_RECIPIENTS = 20
HIGHEST_CAP = 100


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Recipients one a line; an empty fee means that credits are told in percent."""

    recipients = forms.CharField(
        label="Mail to",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One address a line. Nobody: the statement waits on the page.",
    )
    sends_itself = forms.BooleanField(
        label="Send once it is sealed",
        required=False,
        help_text="Otherwise it goes when somebody has approved it.",
    )
    monthly_fee = forms.DecimalField(
        label="Monthly fee", required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text="Credits are a part of it. Empty: they are told in percent.",
    )  # fmt: skip
    cap = forms.DecimalField(
        label="Most credit", min_value=0, max_value=HIGHEST_CAP, max_digits=5, decimal_places=2,
        help_text="Percent of the fee in one month.",
    )  # fmt: skip

    class Meta:
        model = StatementTerms
        fields = ("recipients", "sends_itself", "monthly_fee", "cap")

    def clean_recipients(self) -> list[str]:
        given = self.cleaned_data["recipients"].replace(",", "\n").split()
        if len(given) > MOST_RECIPIENTS:
            raise forms.ValidationError(f"At most {MOST_RECIPIENTS} addresses.")
        check = forms.EmailField()
        for address in given:
            try:
                check.clean(address)
            except forms.ValidationError:
                raise forms.ValidationError(f"{address} is no mail address.") from None
        return list(dict.fromkeys(given))


@requires("statements.approve")
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, slug: str) -> HttpResponse:
    customer = Customer.objects.filter(slug=slug).first()
    if customer is None:
        raise Http404
    row = StatementTerms.objects.filter(customer=customer).first()
    row = row or StatementTerms(customer=customer, cap=USUAL_CAP)
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        instance=row,
        initial={"recipients": "\n".join(row.recipients)},
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Statements of {customer.name} are made by these terms")
        return redirect(f"/statements/?customer={customer.slug}")
    context: dict[str, Any] = {"customer": customer, "form": form, "steps": USUAL}
    return render(
        request, "monitoring/statement_terms.html", context, status=422 if form.errors else 200
    )
