from django.urls import path

from portal.accounts.views import (
    authenticator,
    confirmed,
    forgot,
    login,
    login_with,
    passkeys,
    second_step,
    security,
    sessions,
)

urlpatterns = [
    path("login/", login.login, name="login"),
    path("login/code/", second_step.code, name="login-code"),
    path("login/passkey/", second_step.passkey, name="login-passkey"),
    path("login/passkey/options/", second_step.passkey_options, name="login-passkey-options"),
    path("login/with/<slug:ref>/", login_with.begin, name="login-with"),
    path("login/with/<slug:ref>/back/", login_with.back, name="login-with-back"),
    path("logout/", login.logout, name="logout"),
    path("forgot/", forgot.forgot, name="forgot"),
    path("reset/<str:token>/", forgot.reset, name="reset"),
    path("you/security/", security.security, name="security"),
    path("you/security/confirm/", confirmed.confirm, name="confirm"),
    path("you/security/password/", security.password, name="password"),
    path("you/security/app/", authenticator.add, name="authenticator"),
    path("you/security/app/remove/", authenticator.remove, name="authenticator-remove"),
    path("you/security/codes/", security.codes, name="recovery-codes"),
    path("you/security/codes/renew/", security.renew_codes, name="recovery-codes-renew"),
    path("you/security/passkeys/add/", passkeys.add, name="passkey-add"),
    path("you/security/passkeys/options/", passkeys.options, name="passkey-options"),
    path("you/security/passkeys/<int:pk>/", passkeys.rename, name="passkey"),
    path("you/security/passkeys/<int:pk>/remove/", passkeys.remove, name="passkey-remove"),
    path("you/sessions/", sessions.sessions, name="sessions"),
    path("you/sessions/end-others/", sessions.end_others, name="sessions-end-others"),
    path("you/sessions/<str:reference>/end/", sessions.end, name="session-end"),
]
