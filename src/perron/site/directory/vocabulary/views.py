"""The page Réglages and what it leads to: the agency's own words, by family."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from perron.errors import ChangedMeanwhileError, InputError, RefusedError
from perron.site.accounts.access import Capability, reader_of, requires
from perron.site.components.forms import form_page
from perron.site.directory.form_requests import as_typed, now_written, writes
from perron.site.directory.models import Family, Term
from perron.site.directory.vocabulary import selectors, services
from perron.site.directory.vocabulary.forms import TermForm


def _family(code: str) -> Family:
    if code not in Family.values:
        raise Http404(code)
    return Family(code)


def _elsewhere(request: HttpRequest) -> list[tuple[str, str, str]]:
    """What is set on pages of other parts, for who may: (address, name, sentence)."""
    pages = [
        ("roles", Capability.PEOPLE, _("Rôles"), _("Ce que chaque rôle peut lire et écrire.")),
        ("indicators", Capability.SETTINGS, _("Indicateurs"), _("Ce que les décisions promettent, et d’où la mesure vient.")),
        ("people", Capability.PEOPLE, _("Personnes"), _("Les comptes et les invitations.")),
        ("operations", Capability.SETTINGS, _("Exploitation"), _("Le disque, l’âge des tables et les travaux de fond.")),
    ]  # fmt: skip
    found = []
    for name, capability, label, said in pages:
        if reader_of(request).can(capability):
            try:
                found.append((reverse(name), label, said))
            except NoReverseMatch:
                continue
    return found


@requires(Capability.SETTINGS)
@never_cache
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """What the agency can change of its own way of working, without code."""
    families = selectors.families()
    return render(
        request,
        "directory/vocabulary/settings.html",
        {
            "families": families,
            "in_use": sum(active for _family, active, _out in families),
            "elsewhere": _elsewhere(request),
        },
    )


@requires(Capability.SETTINGS)
@never_cache
@require_safe
def family(request: HttpRequest, family: str) -> HttpResponse:
    """The words of a family, and how many records use each."""
    return _list(request, _family(family))


def _list(request: HttpRequest, family: Family, problem: str = "") -> HttpResponse:
    used = selectors.used(family.value)
    return render(
        request,
        "directory/vocabulary/family.html",
        {
            "family": family,
            "words": [one for one in used if one.term.active],
            "out": [one for one in used if not one.term.active],
            "problem": problem,
        },
        status=422 if problem else 200,
    )


@requires(Capability.SETTINGS)
@writes
def new_term(request: HttpRequest, family: str) -> HttpResponse:
    """Add a word to a family."""
    of = _family(family)
    form = TermForm(request.POST or None, family=of.value)
    if request.method == "POST":
        try:
            services.add_term(reader_of(request), of.value, **form.given())
            return redirect("settings-family", of.value)
        except RefusedError as error:
            form.refuse(error)
    return form_page(
        request,
        form,
        _("Ajouter un mot aux {family}").format(family=of.label),
        _("Ajouter"),
        (reverse("settings-family", args=[of.value]), str(of.label).capitalize()),
        notes=(
            _("Il est proposé aussitôt dans tous les formulaires, listes, imports et exports."),
        ),
    )


@requires(Capability.SETTINGS)
@writes
def change_term(request: HttpRequest, family: str, term: int) -> HttpResponse:
    """Correct a word; the second of two persons sees what the first wrote."""
    of = _family(family)
    found = Term.objects.filter(family=of.value, pk=term).first()
    if found is None:
        raise Http404(str(term))
    form = TermForm.of(found)
    if request.method == "POST":
        form = TermForm(request.POST, family=of.value)
        try:
            services.change_term(
                reader_of(request), term, request.POST.get("seen", ""), **form.given()
            )
            return redirect("settings-family", of.value)
        except RefusedError as error:
            form.refuse(error)
        except ChangedMeanwhileError as error:
            current = TermForm.of(found)
            del current.fields["seen"]
            differs = now_written(current, form)
            form = TermForm(as_typed(request, seen=services.state(found)), family=of.value)
            form.add_error(None, " ".join(filter(None, [str(error), differs])))
    return form_page(
        request,
        form,
        _("Corriger « {name} »").format(name=found.name),
        _("Enregistrer"),
        (reverse("settings-family", args=[of.value]), str(of.label).capitalize()),
        notes=(
            _("Ce qui emploie ce mot le montre sous son nouveau nom."),
            _("Un mot qui a servi ne s’efface pas : mettez-le hors d’usage."),
        ),
    )


@requires(Capability.SETTINGS)
@never_cache
@require_POST
def use_term(request: HttpRequest, family: str, term: int) -> HttpResponse:
    """Put a word out of use, or back in use."""
    of = _family(family)
    if not Term.objects.filter(family=of.value, pk=term).exists():
        raise Http404(str(term))
    verb = services.put_back if request.POST.get("use") == "yes" else services.put_out_of_use
    try:
        verb(reader_of(request), term)
    except RefusedError as error:
        return _list(request, of, str(error))
    except InputError as error:
        raise Http404(str(error)) from error
    return redirect("settings-family", of.value)
