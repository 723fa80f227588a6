"""What a territory's jobs can be compared with: which regions, in which dataset, over which years.

Regional accounts count jobs where the work is done, yearly, down to NUTS 3; the labour force survey
counts employed people where they live, in NUTS 2 regions of all Europe. The two are never mixed: a
comparison stands in one of them, and says why not in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from perron import formats
from perron.errors import InputError
from perron.lake.snapshots import Catalogue
from perron.site.directory.jobs import ACCOUNTS, EVERYTHING, SURVEY, regional_jobs
from perron.site.directory.nuts import nuts_of
from perron.site.directory.places import Place
from perron.site.economy.reader import Reader

#: The datasets in the order in which one is chosen, each by its name in the address.
DATASETS = {"comptes": ACCOUNTS, "enquete": SURVEY}
#: How a sentence calls each.
NAMES: dict[str, Promise] = {
    ACCOUNTS: _lazy("comptes régionaux"),
    SURVEY: _lazy("enquête sur les forces de travail"),
}
#: The longest code of a region that the survey publishes: NUTS 2.
_SURVEY_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a place of ours, or European regions added up."""

    name: str
    regions: tuple[str, ...]
    place: Place | None = None
    #: The codes that asked for it: of places where there is one, else of NUTS.
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides in one dataset, and the years that both have."""

    dataset: str
    here: Side
    base: Side
    years: tuple[str, ...]
    start: str
    end: str

    @property
    def inside(self) -> bool:
        """Whether the territory is part of what it is compared with."""
        return any(
            mine.startswith(base) for mine in self.here.regions for base in self.base.regions
        )

    def between(self) -> tuple[str, ...]:
        """The years from the first to the last compared, both included."""
        return tuple(year for year in self.years if self.start <= year <= self.end)


@dataclass(frozen=True, slots=True)
class Option:
    """A region that may be chosen as base: its dataset and years, or why it cannot be."""

    code: str
    name: str
    why: str
    dataset: str = ""
    first: str = ""
    last: str = ""
    reason: str = ""

    @property
    def said(self) -> str:
        """What a reader needs to choose it."""
        return _("{dataset}, {first} à {last}").format(
            dataset=NAMES.get(self.dataset, ""), first=self.first, last=self.last
        )


def carrier(reader: Reader, place: Place) -> Place | None:
    """The place itself or the smallest one around it whose jobs are published in two years or more."""
    for around in reader.known.lineage(place.code):
        regions = nuts_of(reader.held, around.code)
        if any(len(years_of(reader.held, name, regions)) > 1 for name in DATASETS.values()):
            return around
    return None


@lru_cache(maxsize=512)
def years_of(held: Catalogue, dataset: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """The years in which a dataset counts the jobs of all these regions."""
    jobs = regional_jobs(held)
    if not regions:
        return ()
    return tuple(
        year
        for year in jobs.periods.get(dataset, ())
        if jobs.at(dataset, regions, EVERYTHING, year).value
    )


def side_of(reader: Reader, codes: Sequence[str]) -> Side:
    """The regions behind codes of places or of NUTS, each named. InputError for one that is unknown."""
    jobs = regional_jobs(reader.held)
    published = {r for name in DATASETS.values() for r in jobs.regions(name)}
    regions: list[str] = []
    names: list[str] = []
    read: list[str] = []
    place: Place | None = None
    for code in dict.fromkeys(codes):
        found, name, place = _read(reader, code)
        if not found or not set(found) <= published:
            raise InputError(
                _(
                    "Aucun emploi n’est publié pour {name} : ni par les comptes régionaux, ni par l’enquête. Choisissez une région de la liste, ou un code NUTS de 2 à 4 signes."
                ).format(name=name)
            )
        for region in found:
            if twice := [r for r in regions if r.startswith(region) or region.startswith(r)]:
                raise InputError(
                    _(
                        "{name} ({region}) et {twice} se recouvrent : des emplois seraient comptés deux fois. Gardez l’un des deux."
                    ).format(name=name, region=region, twice=twice[0])
                )
        regions += found
        names.append(name)
        read.append(place.code if place else found[0])
    return Side(
        formats.listed(names, reader.language),
        tuple(sorted(regions)),
        place if len(names) == 1 else None,
        tuple(read),
    )


def _read(reader: Reader, code: str) -> tuple[tuple[str, ...], str, Place | None]:
    """The NUTS regions of a code, its name, and the place of ours that it is."""
    if code in reader.known:
        place = reader.known[code]
        return nuts_of(reader.held, code), place.short(reader.language), place
    code = code.upper()
    for place in reader.known:
        if nuts_of(reader.held, place.code) == (code,):
            return (code,), place.short(reader.language), place
    for peer in reader.ours.peers:
        if peer.code == code:
            return (code,), reader.ours.said(peer.name, reader.language), None
    return (code,), code, None


def compared(
    reader: Reader, here: Side, base: Side, dataset: str = "", since: str = "", until: str = ""
) -> Comparison:
    """The comparison of two sides, in the dataset asked for where it can stand, else in another.

    Years that are not common to both are brought back to the nearest ones inside. InputError where no
    dataset holds both sides in two years.
    """
    if here.regions == base.regions:
        raise InputError(
            _("{name} ne se compare pas à lui-même : choisissez une autre base.").format(
                name=here.name
            )
        )
    order = (
        [dataset, *(d for d in DATASETS.values() if d != dataset)] if dataset else DATASETS.values()
    )
    for name in order:
        years = common_years(reader.held, name, here, base)
        if len(years) > 1:
            start = next((y for y in years if since and y >= since), years[0])
            end = next((y for y in reversed(years) if until and y <= until), years[-1])
            if start >= end:
                start, end = years[0], years[-1]
            return Comparison(name, here, base, years, start, end)
    raise InputError(
        _("{here} et {base} ne se comparent pas : {why}").format(
            here=here.name, base=base.name, why=why_not(reader, here, base)
        )
    )


def common_years(held: Catalogue, dataset: str, here: Side, base: Side) -> tuple[str, ...]:
    ours = years_of(held, dataset, here.regions)
    theirs = set(years_of(held, dataset, base.regions))
    return tuple(year for year in ours if year in theirs)


def why_not(reader: Reader, here: Side, base: Side) -> str:
    """Why no dataset holds both sides, in a sentence."""
    held = reader.held
    if not years_of(held, ACCOUNTS, base.regions) and any(
        len(region) > _SURVEY_LENGTH for region in here.regions
    ):
        return _(
            "les comptes régionaux de ce lac ne couvrent pas {base}, et l’enquête ne descend pas sous les régions NUTS 2."
        ).format(base=base.name)
    return _("aucun jeu de données ne les couvre tous deux sur deux années communes.")


def options(reader: Reader, here: Side) -> list[Option]:
    """The regions offered as base: what the territory is compared with, then its peers."""
    wider = [*reader.ours.place.comparators[::-1], reader.home.code]
    codes = [(code, "") for code in wider if code in reader.known]
    codes += [(p.code, reader.ours.said(p.why, reader.language)) for p in reader.ours.peers]
    found = []
    for code, why in codes:
        try:
            base = side_of(reader, [code])
        except InputError:
            continue
        if base.regions == here.regions:
            continue
        try:
            made = compared(reader, here, base)
        except InputError:
            reason = why_not(reader, here, base)
            found.append(Option(base.codes[0], base.name, why, reason=reason))
            continue
        years = made.years
        found.append(Option(base.codes[0], base.name, why, made.dataset, years[0], years[-1]))
    return found
