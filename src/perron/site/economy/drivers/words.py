"""What the page Moteurs says in words: title, conclusions, reserves. All of it follows from figures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron import formats
from perron.methods.economy.shift_share import Method
from perron.site.components.figures import language
from perron.site.directory.jobs import ACCOUNTS, SURVEY
from perron.site.directory.levels import beside
from perron.site.economy.drivers import conclusions, ruptures
from perron.site.economy.drivers.conclusions import hundreds, percent
from perron.site.economy.drivers.growth import METHODS, PARTS, Growth
from perron.site.economy.drivers.selectors import DriversPage

#: Under this part of the jobs at the start, two paces are called the same: less than the source rounds.
_SAME = 0.0025


def _pace(found: Growth) -> int:
    """Whether the territory grew more (1), as much (0) or less (-1) than its base."""
    gap = (found.total.rate.value or 0.0) - (found.total.base_rate.value or 0.0)
    if abs(gap) < 100 * _SAME:
        return 0
    return 1 if gap > 0 else -1


def title(page: DriversPage) -> str:
    """Did jobs grow, and more than elsewhere? Without jobs: do enterprises come or go?"""
    found = page.growth
    if found is None:
        return _demography(page)
    up = (found.total.change.value or 0.0) > 0
    sentences = {
        (True, 1): _("{place} : l’emploi croît, plus vite que la base ({base})."),
        (True, 0): _("{place} : l’emploi croît, comme la base ({base})."),
        (True, -1): _("{place} : l’emploi croît, moins vite que la base ({base})."),
        (False, 1): _("{place} : l’emploi recule, moins que la base ({base})."),
        (False, 0): _("{place} : l’emploi recule, comme la base ({base})."),
        (False, -1): _("{place} : l’emploi recule, plus que la base ({base})."),
    }
    base = found.comparison.base.name
    if len(found.comparison.base.regions) > 1:
        base = ngettext("{n} région", "{n} régions", len(found.comparison.base.regions)).format(
            n=len(found.comparison.base.regions)
        )
    return sentences[up, _pace(found)].format(place=found.comparison.here.name, base=base)


def _demography(page: DriversPage) -> str:
    net, name = page.churn.total.net, page.place.name(language())
    if net.low is not None and net.low > 0:
        return _("{place} : il naît plus d’entreprises qu’il n’en cesse.").format(place=name)
    if net.high is not None and net.high < 0:
        return _("{place} : il cesse plus d’entreprises qu’il n’en naît.").format(place=name)
    if net.value is None:
        return _("{place} : ce que l’on peut en dire.").format(place=name)
    return _("{place} : autant d’entreprises naissent qu’il n’en cesse.").format(place=name)


def lead(page: DriversPage) -> str:
    """How much, compared with what, and which part explains the gap."""
    found = page.growth
    if found is None:
        return ""
    total, made = found.total, found.comparison
    said = _(
        "De {start} à {end}, {change} emplois : {rate}, contre {base_rate} pour la base ({base})."
    ).format(
        start=made.start,
        end=made.end,
        change=hundreds(total.change.value),
        rate=percent(total.rate),
        base_rate=percent(total.base_rate),
        base=made.base.name,
    )
    if found.method in (Method.DUNN, Method.DYNAMIC):
        said += " " + _(
            "L’écart de {gap} emplois se partage entre la structure ({mix}) et ce que le territoire a de propre ({own})."
        ).format(
            gap=hundreds(total.difference.value),
            mix=hundreds(total.parts["industrial_mix"].value),
            own=hundreds(total.parts["regional_share"].value),
        )
    return said


def missing(page: DriversPage) -> list[dict[str, str]]:
    """Which tables the lake lacks, and the command that fills each."""
    known = {
        "regional_jobs": (
            _("Les emplois par région ne sont pas dans le lac : non mesurés."),
            "perron data load eurostat FICHIER",
        ),
        "refnis_nuts": (
            _(
                "Le lac ne sait pas quels codes NUTS forment ce territoire : aucun emploi ne s’y lit. La table se livre dans le fichier du territoire."
            ),
            'table = "refnis_nuts"',
        ),
        "establishments": (
            _("Les établissements ne sont pas dans le lac : non mesurés."),
            "perron data load statbel-establishments FICHIER",
        ),
    }
    return [
        {"table": table, "text": text, "command": command}
        for table, (text, command) in known.items()
        if table in page.missing
    ]


def reserves(page: DriversPage) -> list[dict[str, Any]]:
    """What a hostile reader would object, said first."""
    found: list[dict[str, Any]] = []
    growth = page.growth
    periods = [page.churn.total.net.period] if page.churn.total.net.value is not None else []
    if growth:
        periods.append(growth.comparison.end)
    if periods:
        found.append(
            {
                "title": _("Données anciennes."),
                "text": _("{periods}. À actualiser avant tout usage public.").format(
                    periods=formats.listed(sorted(dict.fromkeys(periods)), language())
                ),
            }
        )
    found.append(
        _plain(
            _(
                "L’analyse structurelle-résiduelle dit où est l’écart, pas ce qui l’a causé : l’effet propre est un reste."
            )
        )
    )
    if growth:
        found += _of_comparison(growth)
    if page.churn.hidden:
        found.append(
            _plain(
                ngettext(
                    "{n} section est supprimée : un de ses nombres ne peut pas être montré.",
                    "{n} sections sont supprimées : un de leurs nombres ne peut pas être montré.",
                    page.churn.hidden,
                ).format(n=page.churn.hidden)
            )
        )
    found.append(
        _plain(
            _(
                "Une entreprise compte à son siège. Une reprise, une fusion ou un changement de forme y passent pour une cessation et une création."
            )
        )
    )
    return found


def silent() -> str:
    """What the figures of the page do not say."""
    return _(
        "Pourquoi : une date de rupture n’est pas une cause. La qualité des emplois, leur salaire, et ce qui s’est passé depuis."
    )


def _plain(text: str) -> dict[str, Any]:
    return {"title": "", "text": text}


def _of_comparison(growth: Growth) -> list[dict[str, Any]]:
    made = growth.comparison
    found = []
    if made.dataset == SURVEY:
        found.append(
            _plain(
                _(
                    "L’enquête compte les personnes occupées là où elles habitent, par sondage : ses chiffres ne sont pas ceux des comptes régionaux."
                )
            )
        )
    if made.inside:
        found.append(
            _plain(
                _("{here} fait partie de sa base ({base}) : l’écart en est un peu réduit.").format(
                    here=made.here.name, base=made.base.name
                )
            )
        )
    if growth.broken:
        found.append(
            _plain(
                _(
                    "Eurostat signale une rupture de série en {years} : une part de l’évolution peut venir de l’enquête."
                ).format(years=formats.listed(growth.broken, language()))
            )
        )
    if growth.left_out:
        names = [f"{name} ({reason})" for name, reason in growth.left_out]
        found.append(
            _plain(_("Branches écartées des deux côtés : {names}.").format(names=" ; ".join(names)))
        )
    return found


def dataset(page: DriversPage) -> str:
    """Which dataset, grain and years the comparison stands in, and why."""
    if page.growth is None:
        return ""
    made = page.growth.comparison
    span = _("{first} à {last}").format(first=made.years[0], last=made.years[-1])
    if made.dataset == ACCOUNTS:
        said = _(
            "Comptes régionaux (Eurostat {code}) : emplois là où le travail se fait, dix branches, {span}, les années que les deux côtés ont."
        )
    else:
        said = _(
            "Enquête sur les forces de travail (Eurostat {code}) : personnes occupées là où elles habitent, dix branches, régions NUTS 2, {span}. Les comptes régionaux de ce lac ne couvrent pas cette base."
        )
    return said.format(code=made.dataset, span=span)


def facts(page: DriversPage) -> list[dict[str, Any]]:
    """The change and the parts it is made of, those that a form of few parts gives."""
    found = page.growth
    if found is None or not found.adds_up:
        return []
    total, base = found.total, found.comparison.base.name
    kept = [
        (total.change, _("Évolution de l’emploi"), percent(total.rate)),
        (
            total.parts.get("national_share") or total.parts["national_growth_expected"],
            _("Au rythme de la base"),
            f"{base} : {percent(total.base_rate)}",
        ),
    ]
    if found.method in (Method.DUNN, Method.DYNAMIC):
        kept += [
            (
                total.parts["industrial_mix"],
                _("Effet de structure"),
                _("des branches qui croissent partout"),
            ),
            (
                total.parts["regional_share"],
                _("Effet propre"),
                _("branche par branche, face à la base"),
            ),
        ]
    else:
        kept.append((total.difference, _("Écart à la base"), _("toutes parts ensemble")))
    period = formats.period(total.change.period, language())
    return [
        {"figure": figure, "label": label, "text": f"{text} · {period}"}
        for figure, label, text in kept
    ]


def meanings(page: DriversPage) -> list[tuple[str, str]]:
    """Each part of the decomposition in a plain sentence."""
    if page.growth is None:
        return []
    sentences = {
        "national_share": _(
            "ce que le territoire aurait gagné au rythme de la base, toutes branches."
        ),
        "industrial_mix": _(
            "en plus ou en moins parce que ses branches sont de celles qui croissent ou reculent partout."
        ),
        "regional_share": _(
            "en plus ou en moins parce que chaque branche y va plus ou moins vite que la même branche de la base."
        )
        if page.growth.method is not Method.ESTEBAN
        else _("le même, s’il avait la structure de la base."),
        "allocation_effect": _("est-il spécialisé dans les branches où il fait mieux ?"),
        "national_growth_expected": _(
            "« attendu » suppose la structure de la base, « différentiel » est ce que la sienne y change."
        ),
        "regional_growth_expected": _(
            "le rythme du territoire, toutes branches, face à celui de la base."
        ),
        "regional_industrial_mix_expected": _(
            "ce que chaque branche a de propre, une fois ce rythme ôté."
        ),
    }
    found = [
        (str(PARTS[name]), sentences[name]) for name in page.growth.components if name in sentences
    ]
    return [
        *found,
        (str(PARTS["net_total_shift"]), _("tout ce qui n’est pas le rythme de la base.")),
    ]


def said(page: DriversPage) -> dict[str, Any]:
    """Every sentence of the page."""
    broken = page.ruptures
    around = page.carrier
    return {
        "title": title(page),
        "lead": lead(page),
        "facts": facts(page),
        "meanings": meanings(page),
        "reserves": reserves(page),
        "dataset": dataset(page),
        "silent": silent(),
        "missing": missing(page),
        "methods": [(method.value, label) for method, label in METHODS.items()],
        "place_name": page.place.name(language()),
        "level": beside(page.place, page.place.name(language())),
        "carried": around.name(language()) if around and around.code != page.place.code else "",
        "rupture_place": broken.place.name(language())
        if broken and (around is None or broken.place.code != around.code)
        else "",
        "any_break": bool(broken and broken.of(ruptures.BREAK)),
        "why_none": conclusions.why_none(broken) if broken else "",
    }
