"""Theme and language of a reader: two cookies, no account, nothing stored on the server."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from perron.site.accounts.access import public
from perron.site.frame import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep `theme` or `language` and go back to `next`, which may only be a page of this site."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    theme, language = request.POST.get("theme"), request.POST.get("language")
    kept: dict[str, str] = {}
    if theme in THEMES:
        kept[THEME_COOKIE] = theme
    if language in dict(settings.LANGUAGES):
        kept[settings.LANGUAGE_COOKIE_NAME] = language
    for name, value in kept.items():
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
