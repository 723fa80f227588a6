"""Pages are asked in process, on the shipped lake."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client


@pytest.fixture
def reader(shipped_home: Path, db: None) -> Client:
    """A person who reads French and has no account."""
    return Client(headers={"accept-language": "fr-BE,fr;q=0.9"})
