"""A register written in the codes of a later year leaves communes unknown, never empty."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from perron.config import config
from perron.lake.manifest import Provenance
from perron.lake.provenance import State
from perron.lake.snapshots import Draft, Lake
from perron.site.directory import business
from perron.sources.statbel_vat import STATBEL_VAT


@pytest.mark.slow
def test_a_commune_that_merged_since_is_unknown_and_so_is_what_it_lies_in(
    shipped_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Lake(config().lake).current()
    lake = Lake(tmp_path / "lake")
    drafts = []
    for name in ("nace", "refnis", "statbel_vat"):
        snapshot = source.snapshot(name)
        data = pq.read_table(snapshot.path)
        if name == "statbel_vat":
            # Bastogne and Bertogne as the register of 2025 writes them: one commune of a new code.
            kept = data.filter(pc.invert(pc.is_in(data["territory"], pa.array(["82003", "82005"]))))
            row = data.slice(0, 1).to_pylist()[0] | {"territory": "82039"}
            data = pa.concat_tables([kept, pa.Table.from_pylist([row], data.schema)])
        given = snapshot.manifest.provenance
        said = Provenance(**{k: getattr(given, k) for k in Provenance.model_fields})
        drafts.append((snapshot, data, said))
    from perron.sources.nace import NACE
    from perron.sources.refnis import REFNIS

    tables = {"nace": NACE, "refnis": REFNIS, "statbel_vat": STATBEL_VAT}
    lake.publish(
        [Draft(tables[s.manifest.table], d, p, {}) for s, d, p in drafts], day=date(2026, 11, 24)
    )
    counts = business.counts(lake.current())
    for place in ("82003", "82005", "82000", "80000", "03000", "01000"):
        assert counts(place, "enterprises").state is State.UNKNOWN, place
    assert counts("60000", "enterprises").value == 77_555
