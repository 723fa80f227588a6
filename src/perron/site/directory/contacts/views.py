"""The pages of contacts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from perron.site.accounts.access import reader_of, signed_in, visible
from perron.site.directory.models import Contact


@signed_in
def contact(request: HttpRequest, contact: int) -> HttpResponse:
    """The page of one person."""
    get_object_or_404(visible(Contact.objects.all(), reader_of(request)), pk=contact)
    return HttpResponse()
