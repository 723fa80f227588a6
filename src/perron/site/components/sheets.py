"""What a document says, in the pieces of a page and without a word about paper.

An app describes its documents in a module `renderers.py`: a table `RENDERERS` from the name in the
address to a function that takes the key of the thing (a place, a sector), the page's query and the
person who asks, and returns a Sheet in the language in force: it shows only what that person may see.
The app `documents` finds these modules and sets the sheets; the page links to its document by URL:

    {% url 'document' 'territoire' page.place.code 'pdf' %}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from perron.lake.provenance import Figure
from perron.site.accounts.access import Reader
from perron.site.components.charts import LineChart, RowChart
from perron.site.components.maps import Choropleth
from perron.site.components.networks import NetworkChart
from perron.site.components.tables import Table


@dataclass(frozen=True, slots=True)
class Heading:
    """The question that the pieces after it answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A reserve that belongs beside the piece before it."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure as `{% fact %}` draws it; `text` replaces the interval and period under it."""

    figure: Figure
    label: str = ""
    text: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures beside one another. Each gets a number, and its whole answer to "d'où ?"."""

    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Dots:
    """A row chart drawn as dots with intervals, as by `{% dotplot %}`."""

    chart: RowChart


@dataclass(frozen=True, slots=True)
class Bars:
    """A row chart drawn as bars from zero, as by `{% bars %}`."""

    chart: RowChart


Block = Heading | Text | Note | Facts | Dots | Bars | LineChart | Choropleth | NetworkChart | Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document. `title` is the answer in a sentence, `lead` what the page says under it.

    `subject` names the thing in few words, for the head of each page and the file's name. `where`
    says how it lies in what is wider. `reserves` are read with caution, `silent` is what the
    figures don't say. `address` is the path of the page that says the same.
    """

    title: str
    subject: str
    lead: str = ""
    where: str = ""
    blocks: Sequence[Block] = ()
    reserves: Sequence[str] = ()
    silent: str = ""
    address: str = ""


#: What `renderers.py` gives: key, query and reader to Sheet. A key that is unknown, or not open to the
#: reader, is an InputError. One that is confidential is noted by the function itself (`log.saw`).
Renderer = Callable[[str, Mapping[str, str], Reader], Sheet]
