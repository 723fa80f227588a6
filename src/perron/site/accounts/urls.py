"""Addresses of accounts: signing in, people, roles, the log.

allauth's pages are named one by one with their access, so that none is open by accident: what makes
no sense here (signing up, several addresses, codes by e-mail) has no address or answers 404.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from perron.site.accounts import journal_pages, oidc, people, role_pages, views
from perron.site.accounts.access import public, signed_in


@public
def nowhere(request: HttpRequest, **more: Any) -> HttpResponse:
    """A page that allauth names and that does not exist here."""
    raise Http404


signing: list[URLPattern] = [
    path("connexion/", public(account.login), name="account_login"),
    path("deconnexion/", public(account.logout), name="account_logout"),
    path("inactif/", public(account.account_inactive), name="account_inactive"),
    path("inscription/", nowhere, name="account_signup"),
    path("confirmer/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("mot-de-passe/", signed_in(account.password_change), name="account_change_password"),
    path("mot-de-passe/choisir/", signed_in(account.password_set), name="account_set_password"),
    path("mot-de-passe/oublie/", public(account.password_reset), name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye/",
        public(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("adresse/", nowhere, name="account_email"),
    path("adresse/confirmer/", nowhere, name="account_email_verification_sent"),
]

second_factor: list[URLPattern] = [
    path("protection/", signed_in(second.index), name="mfa_index"),
    path("protection/code/", public(second.authenticate), name="mfa_authenticate"),
    path("protection/confirmer/", signed_in(second.reauthenticate), name="mfa_reauthenticate"),
    path("protection/application/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "protection/application/retirer/",
        signed_in(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "protection/secours/",
        signed_in(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "protection/secours/nouveaux/",
        signed_in(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "protection/secours/fichier/",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("protection/cles/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("protection/cles/ajouter/", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("protection/cles/connexion/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path(
        "protection/cles/confirmer/",
        signed_in(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "protection/cles/<int:pk>/retirer/",
        signed_in(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "protection/cles/<int:pk>/nom/",
        signed_in(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
]

outside: list[URLPattern] = [
    path("externe/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("externe/<slug:provider_id>/retour/", oidc.callback, name="openid_connect_callback"),
    path("externe/inscription", nowhere, name="socialaccount_signup"),
    path("externe/comptes", nowhere, name="socialaccount_connections"),
    path("externe/annulee", nowhere, name="socialaccount_login_cancelled"),
    path("externe/erreur", nowhere, name="socialaccount_login_error"),
]

ours: list[URLPattern] = [
    path("", views.account, name="account"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("personnes/", people.people, name="people"),
    path("personnes/inviter/", people.invite, name="invite"),
    path("personnes/invitations/<int:key>/retirer/", people.revoke, name="invitation-revoke"),
    path("personnes/<int:key>/", people.person, name="person"),
    path("personnes/<int:key>/compte/", people.set_active, name="person-active"),
    path("personnes/<int:key>/mot-de-passe/", people.new_password, name="person-password"),
    path("personnes/<int:key>/protection/", people.unprotect, name="person-unprotect"),
    path("personnes/<int:key>/effacer/", people.erase, name="person-erase"),
    path("roles/", role_pages.roles, name="roles"),
    path("roles/ajouter/", role_pages.role, name="role-add"),
    path("roles/<int:key>/", role_pages.role, name="role"),
    path("journal/", journal_pages.entries, name="journal"),
    path("journal/journal.<slug:suffix>", journal_pages.export, name="journal-export"),
]

urlpatterns = [*ours, *signing, *second_factor, *outside]
