"""Signing in with the agency's OpenID Connect provider, whose word is always verified."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from perron.config import config
from perron.site.accounts.access import public


class VerifyingAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth ships no types
    """Check the signature of the identity even where it came straight from the provider.

    allauth leaves that out, as the standard allows under TLS; an issuer reached inside an agency's
    network is often plain http.
    """

    @property
    def did_fetch_access_token(self) -> bool:
        return False

    @did_fetch_access_token.setter
    def did_fetch_access_token(self, value: bool) -> None:
        """Nothing: what was fetched is verified all the same."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **more: Any) -> Any:
        if not more["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        login = super().complete_login(request, app, token, **more)
        said = login.account.extra_data
        if said.get("userinfo", {}).get("sub", said["id_token"]["sub"]) != said["id_token"]["sub"]:
            raise OAuth2Error("userinfo is about somebody else")
        return login


@public
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider, by a page: the policy of content lets no form lead to another host."""
    answer = _asked(OAuth2LoginView, request, provider_id)
    if answer.status_code != 302:
        return answer
    shown = {"address": answer["Location"], "name": config().oidc_name}
    return render(request, "accounts/to_provider.html", shown)


@public
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it."""
    return _asked(OAuth2CallbackView, request, provider_id)


def _asked(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(VerifyingAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer
