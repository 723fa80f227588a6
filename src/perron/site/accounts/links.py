"""The links that open something: an invitation, a new password. Shown once, sent where mail leaves."""

from __future__ import annotations

import logging
import smtplib

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from perron.config import config
from perron.site.accounts.models import Invitation, User
from perron.site.mail import sends
from perron.territory import territory

_log = logging.getLogger("perron.accounts")


def whole(path: str, request: HttpRequest | None = None) -> str:
    """A path with the address that people use: the configured one, else that of the request."""
    if base := config().public_url:
        return base.rstrip("/") + path
    return request.build_absolute_uri(path) if request else f"http://127.0.0.1:8000{path}"


def of_invitation(token: str, request: HttpRequest | None = None) -> str:
    return whole(reverse("invitation", args=[token]), request)


def of_new_password(user: User, request: HttpRequest | None = None) -> str:
    """A link with which a person chooses a new password, once, within three days."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return whole(path, request)


def sent(invitation: Invitation, link: str) -> bool:
    """Send an invitation; False where no mail leaves or the server did not take it."""
    agency = territory(config().territory).agency
    subject = _("{agency} vous invite sur Perron").format(agency=agency)
    body = _(
        "{agency} vous ouvre un compte sur Perron, au rôle « {role} ».\n\nChoisissez votre mot de passe ici, avant le {day} :\n\n{link}\n\nLe lien sert une fois. Si vous n’attendiez rien, ne faites rien.\n"
    ).format(agency=agency, role=invitation.role, day=f"{invitation.expires:%d/%m/%Y}", link=link)
    if not sends():
        return False
    try:
        return bool(send_mail(subject, body, None, [invitation.email]))
    except (OSError, smtplib.SMTPException) as error:
        _log.error("mail", extra={"fields": {"error": type(error).__name__}})
        return False
