"""What the public pages ask: the answers of the home page, the tables in service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from perron import formats
from perron.lake.snapshots import Snapshot
from perron.site.components.figures import language, value_text
from perron.site.components.scales import round_scale
from perron.site.directory import selectors as directory
from perron.site.directory.selectors import Profile, TerritoryPage
from perron.site.economy.sectors import words as sectors
from perron.site.economy.sectors.selectors import sector_rows
from perron.sources.registry import sources as registered
from perron.sources.source import Source


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that Perron answers today, its answer in a sentence, and the page that shows it."""

    question: str
    text: str
    url: str
    action: str


def answers(page: TerritoryPage) -> list[Answer]:
    """The questions of the home page, each with its answer as the figures give it."""
    here = reverse("territory")
    profile, reference = page.profile, page.reference
    found = [
        Answer(
            _("Dans quels secteurs le territoire est-il fort ?"),
            sectors.index_title(sector_rows(directory.catalogue(), language()), page.name),
            reverse("sectors"),
            _("Ouvrir les secteurs"),
        )
    ]
    if profile.start_rate.value is not None and reference.start_rate.value is not None:
        found.append(
            Answer(
                _("Naît-il ici assez d’entreprises ?"),
                _("{rate} créations pour 100 entreprises, contre {other} ({reference}).").format(
                    rate=formats.number(profile.start_rate.value, 1, language()),
                    other=formats.number(reference.start_rate.value, 1, language()),
                    reference=reference.name,
                ),
                here + "#comparaison",
                _("Comparer"),
            )
        )
    if page.units:
        found.append(
            Answer(
                _("Où naissent-elles ?"),
                _("{above} communes sur {all} dépassent la moyenne de référence.").format(
                    above=page.above_reference, all=len(page.units)
                ),
                here + "#carte",
                _("Ouvrir la carte"),
            )
        )
    if typical := page.most_typical:
        found.append(
            Answer(
                _("De quoi le territoire est-il fait ?"),
                _("« {section} » : {share} des entreprises d’ici, {other} en référence.").format(
                    section=typical.label,
                    share=value_text(typical.share),
                    other=value_text(typical.reference_share),
                ),
                here + "#par-section",
                _("Voir les sections"),
            )
        )
    found.append(
        Answer(
            _("D’où viennent ces chiffres, et de quand ?"),
            _(
                "Chaque chiffre le dit : territoire, période, source, licence, méthode, intervalle, âge."
            ),
            reverse("sources"),
            _("Voir les sources"),
        )
    )
    return found


@dataclass(frozen=True, slots=True)
class Births:
    """Starts and stops as two bars from zero; widths are lengths of SVG."""

    starts: str
    stops: str
    balance: str


def births(profile: Profile) -> Births | None:
    """The picture of field 1 on the home page, or None where a number may not be shown."""
    starts, stops = profile.starts, profile.stops
    if starts.value is None or stops.value is None:
        return None
    scale = round_scale([starts.value, stops.value])
    return Births(
        scale.at(starts.value), scale.at(stops.value), value_text(profile.balance, signed=True)
    )


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table of the lake in service, as the page of sources shows it."""

    name: str
    title: str
    licence: str
    snapshot: Snapshot
    age: int
    limit: int | None

    @property
    def stale(self) -> bool:
        return self.limit is not None and self.age > self.limit


def tables(today: date | None = None) -> list[TableLine]:
    """Every table in service, by name, with the age of its last period."""
    day = today or timezone.localdate()
    limits = directory.steered().limits
    lines = []
    for name, snapshot in sorted(directory.catalogue().tables.items()):
        manifest = snapshot.manifest
        last = max(manifest.provenance.periods, default="")
        age = max(0, day.year - int(last[:4])) if last[:4].isdigit() else 0
        lines.append(
            TableLine(
                name,
                _(manifest.provenance.title),
                _(manifest.provenance.licence),
                snapshot,
                age,
                limits.get(name),
            )
        )
    return lines


def known_sources() -> list[Source]:
    """The public sources that this installation can read."""
    return sorted(registered(), key=lambda source: source.name)
