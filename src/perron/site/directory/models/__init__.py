"""The records of the directory: what the agency itself knows, as opposed to the open data of the lake."""

from perron.site.directory.models.exchange import Confirmation, Distinct, Import, Merge
from perron.site.directory.models.links import Link
from perron.site.directory.models.memory import Memory
from perron.site.directory.models.needs import Need, NeedStatus
from perron.site.directory.models.organisations import (
    Contact,
    LegalBasis,
    Organisation,
    OrganisationSector,
)
from perron.site.directory.models.search import SearchEntry, SearchPosting, SearchWord
from perron.site.directory.models.vocabulary import Family, Term

__all__ = [
    "Confirmation",
    "Contact",
    "Distinct",
    "Family",
    "Import",
    "LegalBasis",
    "Link",
    "Memory",
    "Merge",
    "Need",
    "NeedStatus",
    "Organisation",
    "OrganisationSector",
    "SearchEntry",
    "SearchPosting",
    "SearchWord",
    "Term",
]
