"""The chain: canonical words, their digest, and one link after another.

An entry's hash is the SHA-256 of its number, time, kind, commitment, actor, facts, the digest of its
texts, the entry it is about and the hash before it, one a line. Facts are numbers, codes and dates.
Texts lie beside (`Frozen`) under their own digest, so that they can be erased without breaking
anything.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from perron.site.accounts.access import Reader
from perron.site.ledger.models import Entry, EntryKind, Frozen, Head

#: The hash before the first entry.
GENESIS = hashlib.sha256(b"perron ledger 1").hexdigest()


def canonical(words: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same words always give the same text.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(
        words, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest(body: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def link(
    seq: int,
    at: datetime,
    kind: str,
    commitment: UUID,
    actor: UUID | None,
    facts: str,
    content: str,
    about: int | None,
    previous: str,
) -> str:
    """The hash of an entry."""
    parts = (
        str(seq),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(kind),
        commitment.hex,
        actor.hex if actor else "",
        facts,
        content,
        str(about or ""),
        previous,
    )
    return digest("\n".join(parts))


@transaction.atomic
def append(
    reader: Reader,
    kind: EntryKind,
    commitment: UUID,
    facts: Mapping[str, Any],
    texts: Mapping[str, Any],
    *,
    about: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """Add one entry at the end. The head is locked, so two writers follow one another."""
    head = Head.objects.select_for_update().get(pk=1)
    body = canonical({**texts, "salt": secrets.token_hex(16)})
    frozen = Frozen.objects.create(digest=digest(body), body=body)
    said, moment, seq = canonical(facts), at or timezone.now(), head.seq + 1
    entry = Entry.objects.create(
        seq=seq,
        at=moment,
        kind=kind,
        facts=said,
        commitment=commitment,
        actor=reader.person,
        content=frozen,
        about_id=about,
        previous=head.hash,
        hash=link(
            seq, moment, kind, commitment, reader.person, said, frozen.digest, about, head.hash
        ),
    )
    head.seq, head.hash = seq, entry.hash
    head.save()
    return entry


def facts_of(entry: Entry) -> dict[str, Any]:
    """The numbers, codes and dates of an entry."""
    found: dict[str, Any] = json.loads(entry.facts)
    return found


def texts_of(entry: Entry) -> dict[str, Any] | None:
    """The free texts of an entry, without the salt; None where they were erased."""
    if not entry.content.body:
        return None
    found: dict[str, Any] = json.loads(entry.content.body)
    found.pop("salt", None)
    return found
