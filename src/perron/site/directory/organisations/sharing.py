"""Who may read an organisation."""

from __future__ import annotations

from perron.site.accounts.access import Capability
from perron.site.directory.models import Organisation
from perron.site.directory.organisations.services import demand_kept
from perron.site.directory.sharing import Sharing

_sharing = Sharing(Organisation, Capability.DIRECTORY_WRITE, demand_kept)
may_share = _sharing.may_share
change_readers = _sharing.change_readers
name_reader = _sharing.name_reader
take_back = _sharing.take_back
readers_of = _sharing.readers_of
