"""What the views of forms share: how they are guarded, what was sent, and what others wrote meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from perron.errors import InputError
from perron.site.components.forms import Form

_View = Callable[..., HttpResponse]


def writes(view: _View) -> _View:
    """A form that no browser keeps; what cannot be reached does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *given, **more)
        except InputError as error:
            raise Http404(str(error)) from error

    decorated: _View = never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))
    return decorated


def as_typed(request: HttpRequest, **more: Any) -> QueryDict:
    """What was sent, with what the page adds before it shows the form again."""
    typed = request.POST.copy()
    for name, value in more.items():
        typed[name] = str(value)
    return typed


def now_written(current: Form, sent: Form) -> str:
    """Where what is now written differs from what was sent, field by field, for who saves second."""
    sent.is_valid()
    said = []
    for name, field in current.fields.items():
        now = "" if (held := current.initial.get(name)) is None else str(held)
        if name in ("revision", "fictional") or now == str(sent.cleaned_data.get(name) or ""):
            continue
        words = dict(getattr(field.widget, "choices", ()) or ()).get(now, now)
        said.append(f"{field.label} : « {words or '—'} »")
    if not said:
        return ""
    return _("À présent inscrit : {said}.").format(said=" ; ".join(said))
