"""allauth's forms with our labels, hints and marks; what they check stays theirs."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _

from perron.site.accounts.forms import PASSWORD_RULES

_EMAIL = (_("Adresse e-mail"), "")
_CURRENT = (_("Mot de passe"), "")
_CODE = (
    _("Code"),
    _("Les six chiffres de votre application, ou un de vos codes de secours."),
)


_NEW = (_("Nouveau mot de passe"), PASSWORD_RULES)
_AGAIN = (_("Le même, une seconde fois"), "")


class Words:
    """Give the fields of a form our words; an example inside a field would vanish when one types."""

    WORDS: dict[str, tuple[Any, Any]] = {}  # noqa: RUF012 # read only, replaced by each form

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name, (label, hint) in self.WORDS.items():
            field = self.fields[name]  # type: ignore[attr-defined] # of the form beside it
            field.label, field.help_text = label, hint
            field.widget.attrs.pop("placeholder", None)
            # Said beside the field after it is sent, and not by the browser in its own language.
            field.widget.is_required = False


class SignInForm(Words, account.LoginForm):  # type: ignore[misc]
    WORDS = {"login": _EMAIL, "password": _CURRENT}  # noqa: RUF012


class AgainForm(Words, account.ReauthenticateForm):  # type: ignore[misc]
    WORDS = {"password": _CURRENT}  # noqa: RUF012


class ChangeForm(Words, account.ChangePasswordForm):  # type: ignore[misc]
    WORDS = {  # noqa: RUF012
        "oldpassword": (_("Mot de passe actuel"), ""),
        "password1": _NEW,
        "password2": _AGAIN,
    }


class SetForm(Words, account.SetPasswordForm):  # type: ignore[misc]
    WORDS = {"password1": _NEW, "password2": _AGAIN}  # noqa: RUF012


class ResetForm(Words, account.ResetPasswordForm):  # type: ignore[misc]
    WORDS = {"email": _EMAIL}  # noqa: RUF012


class ResetKeyForm(Words, account.ResetPasswordKeyForm):  # type: ignore[misc]
    WORDS = {"password1": _NEW, "password2": _AGAIN}  # noqa: RUF012


class CodeForm(Words, second.AuthenticateForm):  # type: ignore[misc]
    WORDS = {"code": _CODE}  # noqa: RUF012


class CodeAgainForm(Words, second.ReauthenticateForm):  # type: ignore[misc]
    WORDS = {"code": _CODE}  # noqa: RUF012


class ActivateForm(Words, ActivateTOTPForm):  # type: ignore[misc]
    WORDS = {"code": (_("Code affiché par l’application"), _("Six chiffres."))}  # noqa: RUF012


class AddKeyForm(Words, AddWebAuthnForm):  # type: ignore[misc]
    WORDS = {  # noqa: RUF012
        "name": (_("Nom de la clé"), _("Pour la reconnaître : « téléphone », « clé bleue ».")),
        "passwordless": (
            _("Se connecter avec cette clé seule"),
            _("Sans mot de passe ; la clé demande alors un code ou une empreinte."),
        ),
    }
