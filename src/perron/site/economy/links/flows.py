"""What branches sell to one another: the domestic input-output table, as links and as amounts.

A national table says who buys from whom in the country, never in a territory.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from perron.lake.engines import connect
from perron.lake.provenance import Figure, state_of
from perron.lake.snapshots import Catalogue
from perron.methods.economy import input_output_links, strongest_flows
from perron.site.directory.activities import DIVISION, activities
from perron.site.directory.places import places
from perron.site.directory.selectors import steered
from perron.translation import gettext_noop

#: The tables of sales and of accounts.
FLOWS = ("io_flows", "io_accounts")
#: A link: this share at least of all that one of the two buys (imports included) or sells (to
#: households, the state and abroad included).
THRESHOLD = 0.05
#: The share above which a flow is kept for the reader who asks for the rest.
LEAST_SHARE = 0.02
#: Rents that owners would pay to themselves: a convention of the accounts, no activity of anyone.
IMPUTED = "68a"

#: Branches that join several divisions, or cut one; the others have the name of their division.
NAMES = {
    "05-09": gettext_noop("Industries extractives"),
    "10-12": gettext_noop("Industries alimentaires, boissons et tabac"),
    "13-15": gettext_noop("Textile, habillement et cuir"),
    "31-32": gettext_noop("Meubles et autres industries manufacturières"),
    "37-39": gettext_noop("Assainissement, déchets et dépollution"),
    "41-43": gettext_noop("Construction"),
    "55-56": gettext_noop("Hébergement et restauration"),
    "59-60": gettext_noop("Audiovisuel et diffusion"),
    "62-63": gettext_noop("Informatique et services d’information"),
    "68_": gettext_noop("Immobilier, sans les loyers imputés"),
    "68a": gettext_noop("Loyers imputés des propriétaires occupants"),
    "69-70": gettext_noop("Droit, comptabilité, conseil et sièges sociaux"),
    "74-75": gettext_noop("Autres activités spécialisées et vétérinaires"),
    "80-82": gettext_noop("Sécurité, bâtiments et soutien aux entreprises"),
    "87-88": gettext_noop("Action sociale, avec et sans hébergement"),
    "90-92": gettext_noop("Arts, patrimoine et jeux de hasard"),
}


@dataclass(frozen=True, slots=True)
class Books:
    """The table of one year: `flows` from row to column, and all that each branch sells and buys."""

    period: str
    flows: pd.DataFrame
    outputs: pd.Series
    inputs: pd.Series


@lru_cache(maxsize=2)
def books(held: Catalogue) -> Books | None:
    """The last year of the input-output table, million euros; None where the lake lacks it."""
    if any(table not in held.tables for table in FLOWS):
        return None
    sales = connect(held).table("io_flows")
    period = str(sales.period.max().to_pyarrow().as_py())
    frame = sales.filter(sales.period == period).to_pyarrow().to_pandas()
    wide = frame.pivot(index="branch", columns="use", values="amount").astype(float).sort_index()
    accounts = connect(held).table("io_accounts")
    made = accounts.filter(accounts.period == period).to_pyarrow().to_pandas().set_index("branch")
    between = wide[wide.index]
    imports = made["imports"].astype(float).reindex(wide.index)
    return Books(period, between, wide.sum(axis=1), between.sum() + imports)


@lru_cache(maxsize=2)
def branches(held: Catalogue) -> dict[str, tuple[str, ...]]:
    """The divisions of each branch of the table, by its code: "10-12" is 10, 11 and 12.

    Imputed rents have none.
    """
    found = books(held)
    known = {a.code for a in activities(held).of_level(DIVISION)}
    answer: dict[str, tuple[str, ...]] = {}
    for code in found.flows.index if found else ():
        first, _dash, last = code.strip("_").partition("-")
        if code == IMPUTED or not first.isdigit():
            answer[code] = ()
            continue
        span = range(int(first), int(last or first) + 1)
        answer[code] = tuple(d for n in span if (d := f"{n:02d}") in known)
    return answer


def branch_links(held: Catalogue) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """The year, the links as rows with their strongest flow, and the weights above the threshold."""
    found = books(held)
    assert found is not None
    flows = found.flows.drop(index=IMPUTED, columns=IMPUTED, errors="ignore")
    totals = {
        "inputs": found.inputs.reindex(flows.index),
        "outputs": found.outputs.reindex(flows.index),
    }
    strength = input_output_links(flows, **totals)
    assert isinstance(strength, pd.DataFrame)
    values = np.nan_to_num(strength.to_numpy())
    first, second = np.nonzero(np.triu(values >= LEAST_SHARE, 1))
    codes = list(flows.index)
    reasons = strongest_flows(
        flows, [(codes[i], codes[j]) for i, j in zip(first, second, strict=True)], **totals
    )
    nothing = np.full(len(reasons), np.nan)
    frame = pd.DataFrame(
        {
            "a": reasons["sector_a"].astype(str),
            "b": reasons["sector_b"].astype(str),
            "kept": reasons["share"] >= THRESHOLD,
            "strength": reasons["share"],
            **dict.fromkeys(("z", "q", "proximity", "cooccurrence", "expected", "regions_a", "regions_b"), nothing),
            "seller": reasons["seller"].astype(str),
            "buyer": reasons["buyer"].astype(str),
            "share_of": reasons["share_of"].astype(str),
            "share": reasons["share"],
            "flow": reasons["flow"],
        }
    )  # fmt: skip
    weights = np.where(values >= THRESHOLD, values, 0.0)
    np.fill_diagonal(weights, 0.0)
    return found.period, frame, pd.DataFrame(weights, strength.index, strength.columns)


def branch_name(held: Catalogue, branch: str, language: str) -> str:
    """The name of a branch in the reader's language."""
    if branch in NAMES:
        return _(NAMES[branch])
    tree = activities(held)
    return tree[branch].label(language) if branch in tree else branch


# --- what a page shows of one activity --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flow:
    """What one branch sells to another, or buys from it, and its share of all sales or purchases."""

    branch: str
    name: str
    amount: Figure
    share: Figure


@dataclass(frozen=True, slots=True)
class Flows:
    """The largest flows of the branch that an activity belongs to; `branch` is that branch."""

    branch: str
    name: str
    period: str
    sells_to: tuple[Flow, ...]
    buys_from: tuple[Flow, ...]


def branch_of(held: Catalogue, code: str) -> str:
    """The branch that an activity counts in, empty where there is no table or none: a section, say."""
    tree = activities(held)
    asked = tree[code]
    if asked.level < DIVISION:
        return ""
    division = tree.above(code, DIVISION).code
    return next((b for b, inside in branches(held).items() if division in inside), "")


def flows(held: Catalogue, code: str, language: str, top: int = 3) -> Flows | None:
    """To whom the branch of an activity sells most and from whom it buys most, itself left out.

    None where the lake has no input-output table or the activity is wider than a branch. The table is
    national: the figures name the widest place.
    """
    found = books(held)
    branch = branch_of(held, code) if found else ""
    if found is None or not branch:
        return None
    others = [b for b in found.flows.index if b not in (branch, IMPUTED)]
    sold = found.flows.loc[branch, others]
    bought = found.flows.loc[others, branch]
    ours = steered().place
    country = places(held)[[ours.code, *ours.comparators][-1]].name(language)
    origin = held.snapshot(FLOWS[0]).origin()
    accounts = held.snapshot(FLOWS[1]).origin()
    limit = steered().limits.get(FLOWS[0])

    def largest(amounts: pd.Series, whole: float, sale: bool) -> tuple[Flow, ...]:
        kept = amounts[amounts > 0].sort_values(ascending=False, kind="stable").head(top)
        said = (
            _("Production intérieure vendue, prix de base, rapportée à toutes les ventes de la branche, exportations et ménages compris.")
            if sale
            else _("Production intérieure achetée, prix de base, rapportée à tous les achats de la branche, importations comprises.")
        )  # fmt: skip
        rows = []
        for other, amount in kept.items():
            amount = float(amount)
            share = 100 * amount / whole if whole else 0.0
            fields: dict[str, Any] = {
                "period": found.period,
                "origin": origin,
                "method": said,
                "limit_years": limit,
            }
            rows.append(
                Flow(
                    str(other),
                    branch_name(held, str(other), language),
                    Figure(_("Flux"), amount, state_of(amount), country, unit="M€", **fields),
                    Figure(
                        _("Part"), share, state_of(share), country, unit="%", decimals=1,
                        others=(accounts,), **fields,
                    ),
                )
            )  # fmt: skip
        return tuple(rows)

    return Flows(
        branch,
        branch_name(held, branch, language),
        found.period,
        largest(sold, float(found.outputs[branch]), sale=True),
        largest(bought, float(found.inputs[branch]), sale=False),
    )
