"""What pages of accounts ask for: `{% load perron_accounts %}`."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from perron.config import config
from perron.site.accounts import demonstration
from perron.site.mail import sends

register = template.Library()

#: What was just done, by the word that the address carries.
DONE = {
    "mot-de-passe": _("Votre mot de passe est changé."),
    "nom": _("Votre nom est changé."),
    "droits": _("Ses droits sont changés. Ses sessions ouvertes sont terminées."),
    "inchange": _("Rien n’a changé."),
    "ferme": _("Le compte est fermé. Ses sessions sont terminées."),
    "ouvert": _("Le compte est rouvert."),
    "efface": _("La personne est effacée."),
    "retiree": _("L’invitation est retirée."),
    "protection": _("La double protection est retirée : le mot de passe suffit de nouveau."),
    "role": _("Le rôle est enregistré."),
}


@register.inclusion_tag("accounts/done.html", takes_context=True)
def done(context: dict[str, Any]) -> dict[str, Any]:
    """The message of an action that led back to this page; nothing where there was none."""
    request = context.get("request")
    word = request.GET.get("fait", "") if request else ""
    return {"text": DONE.get(word, "")}


@register.simple_tag
def providers() -> list[dict[str, str]]:
    """The outside identity provider of the settings, with the address that starts with it."""
    settings = config()
    if not settings.oidc_issuer:
        return []
    return [
        {
            "name": settings.oidc_name,
            "url": reverse("openid_connect_login", args=["agence"]),
        }
    ]


@register.simple_tag
def demonstration_accounts() -> dict[str, Any] | None:
    """The public accounts of a demonstration; None on any real installation."""
    found = demonstration.accounts()
    return {"accounts": found, "password": demonstration.PASSWORD} if found else None


@register.simple_tag(takes_context=True)
def address_with_a_name(context: dict[str, Any]) -> str:
    """Where this very page is reached by a name, if it is asked by number: keys need one."""
    request = context["request"]
    host, _colon, port = request.get_host().rpartition(":")
    try:
        ipaddress.ip_address((host or port).strip("[]"))
    except ValueError:
        return ""
    return f"http://localhost:{port}{request.path}" if host else f"http://localhost{request.path}"


@register.simple_tag
def mail_leaves() -> bool:
    return sends()
