"""Who is billed, by which prices and rules."""

from django.urls import URLPattern, path

from billing.views import account, account_prices, account_verbs, accounts, money_settings

urlpatterns: list[URLPattern] = [
    path("", accounts.accounts, name="accounts"),
    path("settings/", money_settings.settings, name="money-settings"),
    path("settings/sources/", money_settings.add_source, name="add-usage-source"),
    path(
        "settings/sources/<int:pk>/revoke/",
        money_settings.revoke_source,
        name="revoke-usage-source",
    ),
    path("settings/<slug:part>/", money_settings.save, name="save-money-settings"),
    path("<slug:slug>/", account.account, name="account"),
    path("<slug:slug>/month/", accounts.month, name="account-month"),
    path("<slug:slug>/preview/<str:key>/", account.preview, name="account-preview"),
    path("<slug:slug>/agree/<slug:action>/", account_verbs.agree, name="account-agree"),
    path("<slug:slug>/keep/<slug:action>/", account_verbs.keep, name="account-keep"),
    path("<slug:slug>/prices/<int:pk>/<str:key>/", account_prices.price, name="account-price"),
    path(
        "<slug:slug>/one-offs/<int:pk>/withdraw/", account_verbs.withdraw, name="withdraw-one-off"
    ),
]
