"""What the tests of the ledger share: a decision with an expectation, and a lake of a few tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from perron.site.accounts.access import MACHINE
from perron.site.ledger import services
from perron.site.ledger.models import Commitment, Expectation


@pytest.fixture
def decided(db: None) -> Callable[..., Commitment]:
    """Inscribe a decision: `decided(title="…")`."""

    def make(**given: Any) -> Commitment:
        fields = {
            "title": "Ouvrir la halle de Bressoux aux entreprises de la mécanique",
            "decision": "La halle est ouverte aux entreprises de la mécanique dès 2011.",
            "decided_by": "Conseil d’administration",
            "kind": "project",
            "stage": "decided",
            "territory": "60000",
            "decided_on": date(2010, 6, 1),
            "criteria": ("jobs", "gender"),
            **given,
        }
        return services.decide(MACHINE, **fields)

    return make


@pytest.fixture
def expected(decided: Callable[..., Commitment]) -> Callable[..., Expectation]:
    """Say what is expected of a decision: `expected(commitment, low=…)`; of a new one where none is given."""

    def make(commitment: Commitment | None = None, **given: Any) -> Expectation:
        fields = {
            "sentence": "L’industrie garde ses emplois dans la province.",
            "indicator": "jobs-industry",
            "territory": "60000",
            "baseline": 44_500.0,
            "baseline_state": "observed",
            "baseline_period": "2010",
            "low": 40_000.0,
            "high": 44_000.0,
            "period": "2018",
            "due": date(2019, 12, 31),
            "comparator": "01000",
            "comparator_baseline": 544_800.0,
            "comparator_state": "observed",
            **given,
        }
        return services.expect(MACHINE, commitment=(commitment or decided()).pk, **fields)

    return make
