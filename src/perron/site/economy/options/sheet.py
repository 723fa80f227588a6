"""The page Options as a document: what stands in each quadrant, with what is for and against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from perron.methods.economy import Position
from perron.site.accounts import access
from perron.site.components.figures import interval_text, language, value_text
from perron.site.components.sheets import Block, Fact, Facts, Heading, Note, Sheet, Text
from perron.site.directory.activities import Activities, activities
from perron.site.directory.selectors import catalogue
from perron.site.economy.options import cases, charts, words
from perron.site.economy.options.basis import DEPTHS
from perron.site.economy.options.selectors import QUADRANTS, OptionsPage, options_page


def options(key: str, query: Mapping[str, str], person: access.Reader) -> Sheet:
    """The page of a place by its code, on the basis and grain that the query asks."""
    held = catalogue()
    page = options_page(
        held, language(), key, query.get("base", ""), DEPTHS.get(query.get("niveau", ""), 0)
    )
    return Sheet(
        title=words.title(page),
        subject=_("Options, {name}").format(name=page.place.name(language())),
        lead=words.lead(page),
        where=words.where_said(page),
        blocks=tuple(_blocks(page, activities(held))),
        reserves=[f"{r['title']} {r['text']}".strip() for r in words.reserves(page)],
        silent=words.silent(),
        address=words.address(page),
    )


def _blocks(page: OptionsPage, tree: Activities) -> Iterator[Block]:
    if page.why:
        return
    context = words.context(page)
    yield Facts(
        [Fact(page.counts[p], label=str(words.NAMES[p]), text=context[p.value]) for p in QUADRANTS]
    )
    if told := words.foretold(page):
        yield Note(
            _(
                "Mis à l’épreuve sur {n} branches larges, de {first} à {last} : les entrées de secteurs entourés, {entry} ({entry_auc}, {entry_bounds}) ; les départs de spécialités isolées, {exit} ({exit_auc}, {exit_bounds}). 0,5 est le hasard."
            ).format(
                n=told["branches"],
                first=told["first"],
                last=told["last"],
                entry=told["entry_text"],
                entry_auc=value_text(told["entry"]),
                entry_bounds=interval_text(told["entry"]),
                exit=told["exit_text"],
                exit_auc=value_text(told["exit"]),
                exit_bounds=interval_text(told["exit"]),
            ),
            _("Cela annonce-t-il quelque chose ?"),
        )
    for position in QUADRANTS:
        yield from _quadrant(page, position, tree)
    yield Heading(_("Et si l’on coupait ailleurs ?"))
    yield charts.sweep(page)
    placed = {o.activity.code for p in QUADRANTS for o in page.at(p)}
    table = charts.sectors(page)
    rows = [row for row in table.rows if row.code in placed]
    if rows:
        yield Heading(_("Les secteurs rangés, en table"))
        yield replace(table, rows=rows)


def _quadrant(page: OptionsPage, position: Position, tree: Activities) -> Iterator[Block]:
    inside = page.at(position)
    yield Heading(f"{words.NAMES[position]} ({len(inside)})")
    yield Text(words.meaning(page, position))
    if not inside:
        yield Text(str(words.NONE[position]))
    # What is neither there nor near stands in the table alone.
    if position is Position.WEAKNESS:
        return
    for option in inside:
        case = cases.case(page, option, tree)
        said = [f"{case.name} : {case.measures}."]
        if case.supporting:
            said.append(_("Pour : {reasons}").format(reasons=" ".join(case.supporting)))
        if case.against:
            said.append(_("Contre : {reasons}").format(reasons=" ".join(case.against)))
        yield Text(" ".join(said))
