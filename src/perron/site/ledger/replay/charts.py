"""What the page of the replay draws and says: ranges with what came, and the same as a table."""

from __future__ import annotations

import math

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.lake.provenance import Figure
from perron.methods.statistics.drift import FEWEST
from perron.site.components.charts import Row, RowChart
from perron.site.components.figures import grade_word, language
from perron.site.components.tables import Column, Table, TableRow
from perron.site.ledger.models import Verdict
from perron.site.ledger.replay.selectors import CONFIDENCE, END, START, Line, Replay

CHART, TABLE = "attentes", "emplois"


def _verdict(line: Line) -> str:
    return {
        Verdict.HELD: _("tenue"),
        Verdict.ABOVE: _("dépassée"),
        Verdict.BELOW: _("non atteinte"),
        Verdict.UNKNOWN: _("pas de réponse"),
    }[Verdict(line.draft.verdict)]


def title(found: Replay) -> str:
    """How many held, as a sentence; the question where the lake can't say."""
    judged = len(found.judged)
    if not judged:
        return _("Des attentes posées en {start} auraient-elles tenu en {end} ?").format(
            start=START, end=END
        )
    held = found.ended(Verdict.HELD)
    return ngettext(
        "Sur {all} attentes posées en {start}, {n} a tenu en {end}.",
        "Sur {all} attentes posées en {start}, {n} ont tenu en {end}.",
        held,
    ).format(all=judged, start=START, end=END, n=held)


def lead(found: Replay) -> str:
    """Where the others ended, and how many the rule itself would have let fail."""
    judged = len(found.judged)
    if not judged or found.place is None:
        return ""
    return _(
        "{place}, emplois par secteur : {above} au-dessus de ce qui était attendu, {below} en dessous. À {chance} chances sur 100 chacune, la règle elle-même n’en attendait que {hoped}."
    ).format(
        place=found.place.name(language()),
        above=found.ended(Verdict.ABOVE),
        below=found.ended(Verdict.BELOW),
        chance=round(100 * CONFIDENCE),
        hoped=round(CONFIDENCE * judged),
    )


def reserves(found: Replay) -> list[tuple[str, str]]:
    """What the page is not, each with a heading."""
    said = [
        (
            _("Les attentes d’une règle"),
            _(
                "Personne à l’agence ne les a posées. La règle prolonge l’évolution moyenne des années connues et dit de combien elle peut se tromper ; elle ne sait rien des décisions, des fermetures ni des crises."
            ),
        ),
        (
            _("Les chiffres d’aujourd’hui"),
            _(
                "La règle ne reçoit aucune année après {start}. Mais les années d’avant sont lues dans l’édition d’aujourd’hui, révisée depuis : en {start}, on en aurait connu une autre."
            ).format(start=START),
        ),
        (
            _("La crise est dedans"),
            _(
                "Une année hors de l’ordinaire, comme 2009, élargit les bandes : plus une bande est large, moins il est méritoire de tenir."
            ),
        ),
        (
            _("Ce qui est compté"),
            _(
                "Les groupes de branches qui ne se recouvrent pas. L’industrie manufacturière et l’ensemble des branches sont montrés à côté."
            ),
        ),
    ]
    if found.left_out:
        said.append(
            (
                _("Sans attente"),
                _("{names} : moins de {n} années de suite jusqu’en {start}.").format(
                    names=formats.listed(found.left_out, language()), n=FEWEST, start=START
                ),
            )
        )
    return said


def file_url(table: str, suffix: str = "csv") -> str:
    return reverse("ledger-replay-download", args=[table, suffix])


def chart(found: Replay) -> RowChart:
    """The range expected of each sector and what came, in percent of the start."""
    name = found.comparator.name(language()) if found.comparator else _("Comparateur")
    return RowChart(
        title=_conclusion(found),
        says=_(
            "Évolution de l’emploi de {start} à {end}, en %. Bande et intervalle : ce que la règle attendait, à {chance} chances sur 100. Point : ce qui est venu."
        ).format(start=START, end=END, chance=round(100 * CONFIDENCE)),
        rows=[
            Row(
                _capital(line.name),
                line.change,
                sub="" if line.counted else _("non compté : recouvre d’autres lignes"),
                kind=1 if line.counted else 2,
                cells=(
                    line.comparator_change if line.comparator_change is not None else "",
                    _verdict(line),
                ),
            )
            for line in found.lines
        ],
        label=_("Secteur"),
        value=_("Évolution"),
        columns=(Column(name, signed=True, decimals=1), Column(_("Attente"), numeric=False)),
        low=_lowest(found),
        reference=0.0,
        signed=True,
        source=found.lines[0].change,
        csv_url=file_url(CHART),
        table_url="#emplois",
        about=_("attentes rejouées"),
    )


def _lowest(found: Replay) -> float:
    """The low end of the axis: a round number under everything that is drawn."""
    drawn = [v for line in found.lines for v in (line.change.low, line.change.value)]
    return 10.0 * math.floor(min((v for v in drawn if v is not None), default=0.0) / 10)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _conclusion(found: Replay) -> str:
    surprises = [line.name for line in found.judged if line.draft.verdict != Verdict.HELD]
    if not surprises:
        return _("Chaque secteur a fini dans la bande attendue.")
    return ngettext(
        "Un secteur est sorti de la bande attendue : {names}.",
        "{n} secteurs sont sortis de la bande attendue : {names}.",
        len(surprises),
    ).format(n=len(surprises), names=formats.listed(surprises, language()))


def table(found: Replay) -> Table:
    """The same in jobs, as the reviews read it."""
    return Table(
        title=_("Chaque attente, telle qu’elle aurait été inscrite et relue"),
        says=_("Emplois au lieu de travail. La relecture est celle de toute attente du registre."),
        first=_("Secteur"),
        columns=(
            Column(_("Années connues"), numeric=False),
            Column(_("En {year}").format(year=START)),
            Column(_("Attendu, au moins")),
            Column(_("Attendu, au plus")),
            Column(_("En {year}").format(year=END)),
            Column(_("Attente"), numeric=False),
            Column(_("Preuve"), numeric=False),
        ),
        rows=[
            TableRow(
                _capital(line.name),
                (
                    f"{line.known[0]}–{line.known[1]}",
                    line.expected.baseline,
                    line.expected.low,
                    line.expected.high,
                    _jobs(line),
                    _verdict(line),
                    grade_word(line.draft.grade),
                ),
                strong=not line.counted,
            )
            for line in found.lines
        ],
        id="emplois",
        source=found.lines[0].draft.figure,
        csv_url=file_url(TABLE),
        about=_("emplois attendus et relus"),
    )


def _jobs(line: Line) -> Figure:
    return line.draft.figure


def sentences(found: Replay) -> list[tuple[str, str]]:
    """What each review says, by sector."""
    return [(_capital(line.name), line.draft.said) for line in found.lines]
