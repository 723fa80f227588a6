"""Who may read a decision: no part of the chain. Rights change, what was decided does not."""

from __future__ import annotations

from perron.site.accounts.access import Capability
from perron.site.directory.sharing import Sharing
from perron.site.ledger.models import Commitment

_sharing = Sharing(Commitment, Capability.LEDGER_WRITE)
may_share = _sharing.may_share
change_readers = _sharing.change_readers
name_reader = _sharing.name_reader
take_back = _sharing.take_back
readers_of = _sharing.readers_of
