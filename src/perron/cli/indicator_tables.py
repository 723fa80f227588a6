"""The tables of `perron economy indicators`, with the columns of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perron.cli import output
from perron.formats import number
from perron.translation import gettext as _
from perron.translation import language, ngettext

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from perron.methods.economy.indicators import Indicators
    from perron.methods.economy.panels import Panel, Sheet

CELLS = (
    *("region", "sector", "year", "value", "status"),
    *("lq", "lq_low", "lq_high", "lq_min", "lq_max", "specialised", "density", "distance"),
    "opportunity_gain",
)


def cells_of(panel: Panel, year: int | None, sheet: Sheet, found: Indicators) -> pa.Table:
    """One row a region and sector, columns as the contract has them."""
    import numpy as np
    import pyarrow as pa

    from perron.methods.economy.panels import Status

    rows, columns = sheet.status.shape

    def coded(names: pd.Index, places: Any) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(
            pa.array(places.astype(np.int32)), pa.array(list(names), pa.string())
        )

    made = {
        "region": coded(panel.regions, np.repeat(np.arange(rows), columns)),
        "sector": coded(panel.sectors, np.tile(np.arange(columns), rows)),
        "year": pa.array([year], pa.int64()).take(pa.array(np.zeros(rows * columns, np.int8))),
        "value": column(sheet.values.to_numpy()),
        "status": pa.DictionaryArray.from_arrays(
            pa.array(sheet.status.ravel()), pa.array([state.word for state in Status])
        ),
    }
    for name, values in found.cells().items():
        made[name] = column(values.to_numpy())
    return pa.table(made)


def column(values: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array(values.ravel(), pa.float64(), from_pandas=True)


def named(frame: pd.DataFrame, what: str, year: int | None) -> pa.Table:
    """A table of regions or sectors, with their name and the year first."""
    import pyarrow as pa

    first = {
        what: pa.array(list(frame.index), pa.string()),
        "year": pa.array([year] * len(frame), pa.int64()),
    }
    return pa.table(first | {name: column(frame[name].to_numpy()) for name in frame})


def pairs_of(found: Indicators, year: int | None) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    frame = found.relatedness()
    before = "" if year is None else f"{year} : "
    tested = int(frame["q_value"].notna().sum())
    if tested:
        linked = int((frame["q_value"] <= 0.05).sum())
        output.note(
            before
            + ngettext(
                "{count} paire de secteurs sur {tested} est présente ensemble plus que le hasard ne le donne (modèle nul BiCM, q ≤ 0,05).",
                "{count} paires de secteurs sur {tested} sont présentes ensemble plus que le hasard ne le donne (modèle nul BiCM, q ≤ 0,05).",
                linked,
            ).format(count=number(linked, 0, language()), tested=number(tested, 0, language()))
        )
    index = found.complexity
    if not index.refused and not np.isnan(index.eigenvalue):
        output.note(
            before
            + _(
                "ECI : deuxième valeur propre {value}, écart à la suivante {gap}, corrélation avec la taille {size}. Indication secondaire sous l'échelle nationale."
            ).format(
                value=number(index.eigenvalue, 3, language()),
                gap=number(index.gap, 3, language()),
                size=number(index.size_correlation, 2, language()),
            )
        )
    # The codes of a pair in their own order, so that a reader finds it whatever that of the file.
    a, b = (frame[name].to_numpy(dtype=object) for name in ("sector_a", "sector_b"))
    turned = a > b
    first = {
        "sector_a": pa.array(np.where(turned, b, a), pa.string()),
        "sector_b": pa.array(np.where(turned, a, b), pa.string()),
    }
    first["year"] = pa.array([year] * len(frame), pa.int64())
    return pa.table(first | {name: column(frame[name].to_numpy()) for name in frame.columns[2:]})
