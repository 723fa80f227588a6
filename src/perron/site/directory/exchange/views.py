"""Files of the directory: bring one in with a preview, take one out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from perron.errors import InputError
from perron.site.accounts.access import Capability, Reader, reader_of, refused, requires
from perron.site.components import downloads
from perron.site.directory.contacts import selectors as contacts
from perron.site.directory.contacts.views import filters_of as contacts_asked
from perron.site.directory.exchange import outgoing, reading, selectors, services, words
from perron.site.directory.exchange.sheets import ID, REVISION
from perron.site.directory.exchange.sorts import Sort, sort_of
from perron.site.directory.memory import selectors as memories
from perron.site.directory.memory.views import asked as memories_asked
from perron.site.directory.needs import selectors as needs
from perron.site.directory.needs.views import asked as needs_asked
from perron.site.directory.organisations import selectors as organisations
from perron.site.directory.organisations.reference import reference
from perron.site.directory.organisations.views import filters_of


def _sort(kind: str) -> Sort:
    try:
        return sort_of(kind)
    except KeyError:
        raise Http404(kind) from None


@requires(Capability.EXCHANGE)
@never_cache
def importing(request: HttpRequest) -> HttpResponse:
    """Choose a kind and a file; with a file, its preview."""
    reader = reader_of(request)
    sorts = selectors.importable(reader)
    kind = request.POST.get("kind") or request.GET.get("sorte", "")
    chosen = next((sort for sort in sorts if sort.name == kind), sorts[0] if sorts else None)
    problem = ""
    if request.method == "POST":
        if chosen is None or chosen.name != kind:
            return refused(request, _sort(kind).write if kind else Capability.DIRECTORY_WRITE)
        try:
            found = services.preview(reader, kind, *_given(request))
            return redirect("import-preview", found.pk)
        except InputError as error:
            problem = str(error)
    return render(
        request,
        "directory/exchange/import.html",
        {
            "sorts": sorts,
            "chosen": chosen,
            "columns": _columns(chosen) if chosen else (),
            "problem": problem,
            "latest": [(one, words.status(one)) for one in selectors.latest(reader)],
            "exports": selectors.exportable(reader),
            "most": reading.LARGEST // 1_000_000,
        },
        status=422 if problem else 200,
    )


def _given(request: HttpRequest) -> tuple[bytes, str]:
    file = request.FILES.get("file")
    if file is None:
        raise InputError(_("Aucun fichier n’a été choisi. Attendu : un fichier XLSX ou CSV."))
    name = (file.name or _("fichier"))[:200]
    if (file.size or 0) > reading.LARGEST:
        raise InputError(
            _("{file} dépasse {most} Mo. Coupez-le en plusieurs fichiers.").format(
                file=name, most=reading.LARGEST // 1_000_000
            )
        )
    return file.read(), name


def _columns(sort: Sort) -> list[tuple[str, bool, str, str]]:
    """Heading, whether it is needed, other names, example: what the page explains."""
    return [
        (column.heading, column.needed, ", ".join(column.names[:3]), column.example)
        for column in sort.columns
        if column.field not in (ID, REVISION)
    ]


@requires(Capability.EXCHANGE)
@require_safe
@never_cache
def preview(request: HttpRequest, key: int) -> HttpResponse:
    """The fate of each row, fifty at a time; or what an import became."""
    reader = reader_of(request)
    found = selectors.one(reader, key)
    if found is None:
        raise Http404(str(key))
    if found.written or found.dropped:
        return render(
            request,
            "directory/exchange/done.html",
            {"found": found, "title": words.done(found), "sort": _sort(found.kind)},
        )
    return _preview(request, reader, key)


def _preview(
    request: HttpRequest, reader: Reader, key: int, problem: str = "", status: int = 200
) -> HttpResponse:
    fate, number = request.GET.get("sort", "")[:20], request.GET.get("page", "")
    page = _reached(
        reader,
        key,
        fate,
        int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
    )
    query = {"sort": page.fate} if page.fate else {}
    rows = [(row, words.WORDS[row.fate], _answers(page, row)) for row in page.rows]
    return render(
        request,
        "directory/exchange/preview.html",
        {
            "page": page,
            "found": page.found,
            "title": words.title(page),
            "lead": words.lead(page),
            "problem": problem,
            "filters": words.filters(page),
            "rows": rows,
            "asks": any(answers for _row, _word, answers in rows),
            "writes": page.count("added") + page.count("changed"),
            "refused": page.count("refused"),
            "earlier": urlencode({**query, "page": page.page - 1}) if page.page > 1 else "",
            "later": urlencode({**query, "page": page.page + 1}) if page.page < page.pages else "",
            "query": urlencode({**query, "page": page.page}),
        },
        status=status,
    )


def _answers(page: selectors.Previewed, row: Any) -> list[tuple[str, str, bool]]:
    """The answers to a row that waits, or waited: an answer can be taken back."""
    chosen = page.choices.get(row.line, "")
    if row.fate in ("decide", "conflict"):
        return [(value, said, value == chosen) for value, said in words.answers(row)]
    if chosen:
        return [(chosen, _("votre choix est fait"), True), ("", _("le reprendre"), False)]
    return []


def _reached(reader: Reader, key: int, fate: str, page: int) -> selectors.Previewed:
    try:
        return selectors.previewed(reader, key, fate, page)
    except InputError as error:
        raise Http404(str(error)) from error


@requires(Capability.EXCHANGE)
@require_POST
def choose(request: HttpRequest, key: int) -> HttpResponse:
    """Answer to the rows of a page that wait."""
    choices = {
        int(name[4:]): value[:40]
        for name, value in request.POST.items()
        if name.startswith("row-") and name[4:].isascii() and name[4:].isdigit() and len(name) < 14
    }
    try:
        services.choose(reader_of(request), key, {n: str(v) for n, v in choices.items()})
    except InputError as error:
        raise Http404(str(error)) from error
    answer = redirect("import-preview", key)
    if query := request.GET.urlencode():
        answer["Location"] += f"?{query}"
    return answer


@requires(Capability.EXCHANGE)
@require_POST
def write(request: HttpRequest, key: int) -> HttpResponse:
    """Write what was shown; where the directory changed meanwhile, show what differs."""
    reader = reader_of(request)
    try:
        found = services.write(reader, key)
    except InputError as error:
        if selectors.one(reader, key) is None:
            raise Http404(str(error)) from error
        return redirect("import-preview", key)
    if found.written:
        return redirect("import-preview", key)
    said = _(
        "Rien n’est écrit : le répertoire a changé depuis l’aperçu, et des lignes ont un autre sort. Relisez-les, puis confirmez à nouveau."
    )
    return _preview(request, reader, key, said, status=409)


@requires(Capability.EXCHANGE)
@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Give an import up."""
    try:
        services.drop(reader_of(request), key)
    except InputError as error:
        raise Http404(str(error)) from error
    return redirect("directory-import")


@requires(Capability.EXCHANGE)
@require_safe
@never_cache
def faults(request: HttpRequest, key: int, suffix: str) -> HttpResponse:
    """The refused rows with their reason, as a file to mend."""
    try:
        found, held = services.opened(reader_of(request), key)
    except InputError as error:
        raise Http404(str(error)) from error
    export = outgoing.faults(sort_of(found.kind), held)
    return downloads.answer(export, suffix, f"refus-{found.kind}-{key}")


@requires(Capability.EXCHANGE)
@require_safe
def template(request: HttpRequest, kind: str, suffix: str) -> HttpResponse:
    """The file to fill, with a row of example."""
    return downloads.answer(outgoing.template(_sort(kind)), suffix, f"modele-{kind}")


@requires(Capability.EXCHANGE)
@require_safe
@never_cache
def export(request: HttpRequest, suffix: str, kind: str = "organisation") -> HttpResponse:
    """The records of a kind that the reader may see, with the filters of their list."""
    sort, reader = _sort(kind), reader_of(request)
    if suffix not in downloads.SUFFIXES:
        raise Http404(suffix)
    if not reader.can(sort.read):
        return refused(request, sort.read)
    outgoing.told(sort, reader, suffix)
    made = outgoing.export(sort, reader, _asked(sort, request, reader))
    return downloads.answer(made, suffix, f"repertoire-{kind}")


def _asked(sort: Sort, request: HttpRequest, reader: Reader) -> QuerySet[Any]:
    """The records that the filters of the address ask for."""
    if sort.name == "organisation":
        return organisations.listed(filters_of(request), reader)
    if not request.GET:
        # Without a question, everything: the list of needs alone would leave out those answered.
        return sort.seen(reader)
    if sort.name == "contact":
        return contacts.listed(contacts_asked(request), reader)
    if sort.name == "memory":
        return memories.listed(memories_asked(request), reader)
    if sort.name == "need":
        filters = needs_asked(request)
        found = needs.listed(filters, reader, reference(), timezone.localdate())
        return found if filters.status == "all" else found.filter(status=filters.status)
    return sort.seen(reader)
