"""What allauth asks of us: nobody signs up by themselves, and an outside identity opens an account that is known.

allauth ships no types, hence the ignored bases.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from perron.config import config
from perron.errors import RefusedError
from perron.site.accounts import services, throttle
from perron.site.accounts.models import User
from perron.territory import territory


class AccountAdapter(DefaultAccountAdapter):
    """Signing in, with our words."""

    error_messages = {  # noqa: RUF012 # as allauth declares it
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux : ce formulaire ne dit pas lequel."
        ),
        "incorrect_password": gettext_lazy("Ce mot de passe n’est pas le vôtre."),
        "enter_current_password": gettext_lazy("Ce mot de passe n’est pas le vôtre."),
        "incorrect_code": gettext_lazy(
            "Ce code n’est pas le bon. Un code d’application change toutes les trente secondes : prenez le suivant."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Trop d’essais manqués. Réessayez dans cinq minutes."
        ),
        "rate_limited": gettext_lazy("Trop de demandes. Réessayez dans une minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return throttle.where_from(request) or ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts failures, in the database, and says when to come back."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account") + "?fait=mot-de-passe"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes and keys, with our words."""

    error_messages = {  # noqa: RUF012 # as allauth declares it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return f"Perron {territory(config().territory).agency}"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        from allauth.mfa.models import Authenticator

        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Clé {number}").format(number=count + 1)


class OutsideAdapter(DefaultSocialAccountAdapter):
    """Signing in with the agency's own OpenID Connect provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """The provider of the settings alone: none is kept in the database."""
        from allauth.socialaccount.models import SocialApp

        return [
            SocialApp(provider=kind, **one)
            for kind, said in settings.SOCIALACCOUNT_PROVIDERS.items()
            for one in said["APPS"]
            if provider in (None, kind, one["provider_id"])
            and client_id in (None, one["client_id"])
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join an identity to the account, or the invitation, of its verified address."""
        if sociallogin.is_existing:
            return
        if request.user.is_authenticated:
            raise ImmediateHttpResponse(_stopped(request, "signed_in"))
        address = next((a for a in sociallogin.email_addresses if a.email), None)
        if address is None or address.verified is not True:
            raise ImmediateHttpResponse(_stopped(request, "unverified"))
        email = address.email.strip().lower()
        user = User.objects.filter(username=email).first()
        if user is None:
            given = sociallogin.user
            try:
                user = services.accept_by_address(
                    email, given.first_name or "", given.last_name or ""
                )
            except RefusedError as error:
                raise ImmediateHttpResponse(_stopped(request, "uninvited", email)) from error
        sociallogin.connect(request, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        reason = "cancelled" if str(error) == "cancelled" else "failed"
        raise ImmediateHttpResponse(_stopped(request, reason))


def _stopped(request: HttpRequest, reason: str, email: str = "") -> Any:
    """The page that says why an outside sign-in opens nothing here."""
    return render(request, "accounts/outside.html", {"reason": reason, "email": email}, status=403)
