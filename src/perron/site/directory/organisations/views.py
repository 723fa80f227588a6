"""The directory and the page of an organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from perron.site.accounts.access import public, reader_of, visible
from perron.site.directory.models import Organisation


@public
def organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    """The page of one organisation."""
    get_object_or_404(visible(Organisation.objects.all(), reader_of(request)), pk=organisation)
    return HttpResponse()
