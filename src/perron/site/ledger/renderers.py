"""The documents of the ledger: the page of a decision, and the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from perron import formats
from perron.errors import InputError
from perron.site.accounts.access import Reader
from perron.site.components.figures import grade_word, language
from perron.site.components.sheets import Block, Fact, Facts, Heading, Note, Sheet, Text
from perron.site.components.tables import Column, Table, TableRow
from perron.site.directory import typed
from perron.site.ledger import charts, dossiers, selectors, territories, timeline, words
from perron.site.ledger.dossiers import Resting
from perron.site.ledger.models import Commitment
from perron.site.ledger.selectors import Dossier, Filters
from perron.site.ledger.timeline import Line
from perron.site.ledger.views import filters_asked, saw, saw_several

#: The most decisions that the document of the register lists; a file gives the others.
MOST = 300


def decision(key: str, given: Mapping[str, str], reader: Reader) -> Sheet:
    """One decision: what was expected, on which evidence, its timeline and its seal."""
    found = selectors.dossier(typed.line(key)[:12], reader)
    saw(reader, found.commitment)
    decided, today = found.commitment, timezone.localdate()
    live = [one for one in found.expectations if not one.withdrawn_id]
    return Sheet(
        title=words.marked(decided),
        subject=f"{decided.reference} {decided.title}",
        lead=decided.decision,
        where=" · ".join(
            part
            for part in (
                decided.decided_by,
                formats.date(decided.decided_on, language()),
                str(decided.kind),
                territories.name_of(decided.territory),
            )
            if part
        ),
        blocks=tuple(_blocks(found, reader, today)),
        reserves=(
            words.summary(live, today),
            _(
                "Une attente tenue n’est pas une preuve d’effet : le territoire aurait peut-être changé sans la décision."
            ),
        ),
        address=reverse("commitment", args=[decided.reference]),
    )


def _blocks(found: Dossier, reader: Reader, today: date) -> Iterator[Block]:
    decided = found.commitment
    if decided.closed_on:
        when = formats.date(decided.closed_on, language())
        yield Note(decided.closed_because, title=_("Close le {when}.").format(when=when))
    yield Heading(_("Qu’en attendait-on, et qu’est-il arrivé ?"))
    live = [one for one in found.expectations if not one.withdrawn_id]
    if live:
        yield charts.expectations_drawn(live, today)
        for one in dossiers.expectations(found, today):
            if one.review and one.review.words and not one.withdrawn_because:
                source = f" ({one.review.source})" if one.review.source else ""
                yield Note(f"{one.review.words}{source}", title=one.row.sentence)
    else:
        yield Note(_("Rien n’est encore attendu de cette décision."))
    yield Heading(_("À quels critères répond-elle ?"))
    yield _criteria(decided)
    yield Heading(_("Sur quelles preuves ?"))
    yield from _evidences([one for one in dossiers.evidences(found) if not one.withdrawn_because])
    yield Heading(_("Que s’est-il passé, du premier signal au résultat ?"))
    yield _timeline(timeline.lines(found, reader))
    if seal := dossiers.seal(found):
        yield Heading(_("Le sceau"))
        yield Text(
            _("Dernière entrée : n° {n}. Empreinte SHA-256 : {hash}").format(
                n=seal.seq, hash=seal.whole
            )
        )
        yield Text(
            _(
                "Chaque entrée porte l’empreinte de celle d’avant ; la commande « perron check » les recalcule toutes et dit la première qui ne concorde pas."
            )
        )


def _criteria(decided: Commitment) -> Text:
    found = dossiers.criteria(decided)
    sides = (
        (_("Économie"), found.economic, _("aucun critère nommé")),
        (_("Société"), found.social, _("aucun critère nommé")),
    )
    return Text(
        " ".join(
            f"{label} : {formats.listed([str(t) for t in named], language()) if named else none}."
            for label, named, none in sides
        )
    )


def _evidences(found: list[Resting]) -> Iterator[Block]:
    if not found:
        yield Note(_("Aucune preuve n’est inscrite."))
        return
    figures = [since for one in found for since in one.figures]
    if figures:
        yield Facts(
            tuple(
                Fact(since.then, label=f"{since.then.name}, {since.then.territory}")
                for since in figures
            )
        )
        for since in figures:
            if since.said:
                yield Note(since.said, title=since.then.name)
    yield Table(
        title=_("Ce que disent les preuves, et ce qu’elles valent."),
        says=_("Un chiffre du lac est gelé le jour où il est inscrit."),
        first=_("Preuve"),
        columns=(
            Column(_("Ce qu’elle dit"), numeric=False),
            Column(_("Degré de preuve"), numeric=False),
            Column(_("Éditeur"), numeric=False),
        ),
        rows=[
            TableRow(
                one.row.title,
                (
                    str(one.fields.get("words", "")),
                    grade_word(str(one.fields["grade"])),
                    ", ".join(
                        part
                        for part in (
                            str(one.fields.get("publisher", "")) or _publishers(one),
                            formats.period(str(one.fields.get("date", "")), language()),
                        )
                        if part
                    ),
                ),
                sub=str(one.fields.get("url", "")),
            )
            for one in found
        ],
        id="preuves",
        sortable=False,
        about=_("preuves"),
    )


def _publishers(one: Resting) -> str:
    """Who publishes the figures of an evidence that names nobody itself."""
    found = dict.fromkeys(since.then.origin.publisher for since in one.figures)
    return formats.listed(list(found), language()) if found else ""


def _timeline(lines: tuple[Line, ...]) -> Table:
    return Table(
        title=_("Du premier signal au résultat, dans l’ordre des jours."),
        says=_("Une correction ou un retrait suit l’entrée dont il parle ; rien ne s’efface."),
        first=_("Quand"),
        columns=(
            Column(_("Ce qui s’est passé"), numeric=False),
            Column(_("Entrée"), numeric=False),
        ),
        rows=list(_line_rows(lines)),
        id="fil",
        sortable=False,
        about=_("fil de la décision"),
    )


def _line_rows(lines: tuple[Line, ...]) -> Iterator[TableRow]:
    for line in lines:
        told = [line.said, *line.more]
        if line.erased:
            told.append(_("Mots effacés : {why}").format(why=line.erased))
        if line.url:
            told.append(line.url)
        yield TableRow(
            formats.date(line.day, language()),
            (
                " ".join(_ended(part) for part in told),
                _("n° {n}, {who}").format(n=line.seq, who=line.who),
            ),
            sub=line.label,
        )
        yield from _line_rows(line.beside)


def _ended(text: str) -> str:
    """A text that the next one may follow on the same line; an address keeps its end."""
    return text if text.endswith((".", "!", "?", "…")) or "://" in text else f"{text}."


def register(key: str, given: Mapping[str, str], reader: Reader) -> Sheet:
    """The register: what became of what was expected, and the decisions that the query asks."""
    if key != "decisions":
        raise InputError(_("Ce document n’existe pas."))
    query = QueryDict(mutable=True)
    query.update(dict(given))
    wanted = filters_asked(query)
    outcomes = selectors.outcomes(reader)
    found = list(selectors.commitments(reader, wanted)[: MOST + 1])
    saw_several(reader, found[:MOST])
    today = timezone.localdate()
    blocks: list[Block] = []
    if outcomes.due:
        blocks.append(
            Text(
                _("De {n} attentes échues : {parts}.").format(
                    n=outcomes.due, parts=words.counted(outcomes)
                )
            )
        )
    if found:
        blocks += [Heading(_("Les décisions")), _decisions(found[:MOST], today)]
    else:
        blocks.append(Note(_("Aucune décision ne répond à ce choix.")))
    return Sheet(
        title=words.register_title(outcomes, bool(found) or wanted != Filters()),
        subject=_("Registre des décisions"),
        lead=words.counted_decisions(min(len(found), MOST)).capitalize() + ".",
        blocks=tuple(blocks),
        reserves=(
            _("Un résultat absent reste écrit : il ne devient ni zéro, ni « en cours »."),
            *(
                (
                    _(
                        "Les {n} premières décisions sont ici ; le fichier XLSX les a toutes."
                    ).format(n=MOST),
                )
                if len(found) > MOST
                else ()
            ),
        ),
        address=reverse("ledger"),
    )


def _decisions(found: list[Commitment], today: date) -> Table:
    rows = []
    for one in found:
        results = [
            f"{e.sentence.rstrip('.')} : {words.arrived(e, e.reviewed, today)}"
            + (f", {grade_word(e.reviewed.grade)}" if e.reviewed else "")
            for e in one.expectations.all()
        ]
        rows.append(
            TableRow(
                words.marked(one),
                (
                    one.decision,
                    formats.date(one.decided_on, language()),
                    " ; ".join(results) or _("rien n’en est attendu"),
                ),
                sub=str(one.kind),
            )
        )
    return Table(
        title=_("Ce qui est décidé, ce qu’on en attend et ce qui est arrivé."),
        says=_("De la plus récente à la plus ancienne."),
        first=_("Décision"),
        columns=(
            Column(_("En une phrase"), numeric=False),
            Column(_("Date"), numeric=False),
            Column(_("Attentes"), numeric=False),
        ),
        rows=rows,
        id="decisions",
        sortable=False,
        about=_("décisions"),
    )


RENDERERS = {"decision": decision, "registre": register}
