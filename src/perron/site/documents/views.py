"""A document by its address: the sheet that an app describes, set and sent as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from perron.config import config
from perron.errors import InputError
from perron.site.accounts.access import public, reader_of
from perron.site.documents import typesetting
from perron.site.documents.content import Imprint
from perron.site.documents.registry import renderers
from perron.territory import territory


@public
@require_safe
def document(request: HttpRequest, name: str, key: str, suffix: str) -> HttpResponse:
    """The document `name` of the thing `key`, as the page with the same query shows it to this reader."""
    renderer = renderers().get(name)
    if renderer is None or suffix != "pdf":
        raise Http404(name)
    try:
        sheet = renderer(key, request.GET.dict(), reader_of(request))
    except InputError as error:
        raise Http404(str(error)) from error
    steered = territory(config().territory)
    language = (get_language() or "fr")[:2]
    imprint = Imprint(
        agency=steered.agency,
        territory=steered.said(steered.name, language),
        made=timezone.localtime(),
        address=request.build_absolute_uri(sheet.address) if sheet.address else "",
        fictional=steered.fictional,
    )
    made = typesetting.pdf(sheet, imprint)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="perron-{slugify(f"{name} {sheet.subject}")}.pdf"'
    )
    return response
