"""The territory is configuration: which place, which agency, what it is compared with, which files.

One TOML file says it all (`demo/liege.toml` is the shipped one); nothing else in Perron names a
commune, an agency or a country.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from perron.errors import InputError
from perron.translation import SOURCE_LANGUAGE
from perron.translation import gettext as _

SHIPPED = Path(__file__).parent / "demo"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Part):
    """The places a page shows, as codes of the reference of territories in the lake."""

    #: The territory that the agency steers.
    code: str
    #: The level of the small units drawn on the map, and the level compared beside one another.
    unit_level: str = "municipality"
    peer_level: str = "district"
    #: Wider territories shown beside ours, the last one being the reference of quotients.
    comparators: tuple[str, ...] = ()
    #: Names written on the map; the other units answer to the pointer and in the table.
    labels: tuple[str, ...] = ()


class Basin(_Part):
    """A place that the agency works with and the reference of territories lacks: some of its places.

    A basin of education and employment, say. It has no figures of its own: those of its parts add up.
    """

    code: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    name: dict[str, str] = Field(min_length=1)
    #: Codes of the reference, districts or municipalities, none inside another.
    parts: tuple[str, ...] = Field(min_length=1)
    #: Where its make-up is read, for whoever doubts it.
    source: str


class Peer(_Part):
    """A European region that the territory likes to be compared with, and why."""

    #: Its NUTS code, as European statistics write it.
    code: str = Field(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$")
    name: dict[str, str] = Field(min_length=1)
    why: dict[str, str] = Field(min_length=1)


class Shipped(_Part):
    """A table to publish at first start: a packaged file, or a file that a source can read."""

    table: str
    file: str = ""
    source: str = ""


class Territory(_Part):
    id: str
    agency: str
    name: dict[str, str]
    #: The name after a preposition ("la province de Liège"), for sentences.
    article: dict[str, str]
    timezone: str = "Europe/Brussels"
    language: str = SOURCE_LANGUAGE
    place: Place
    basins: tuple[Basin, ...] = ()
    peers: tuple[Peer, ...] = ()
    tables: tuple[Shipped, ...] = ()
    #: A file of drivers of change to inscribe in an empty register at first start.
    drivers: str = ""
    #: A folder of organisations, links, needs, memories and decisions for an empty directory and ledger.
    directory: str = ""
    #: Age in years from which a figure of a table is shown as stale.
    limits: dict[str, int] = Field(default_factory=dict)
    #: Whether the content is invented: then every page says "exemple fictif".
    fictional: bool = False
    #: The folder of the file, against which its paths are read.
    folder: Path = Path()

    def said(self, names: dict[str, str], language: str) -> str:
        """A name in a language, else in the territory's own."""
        return names.get(language) or names.get(self.language) or next(iter(names.values()))


def load(path: Path) -> Territory:
    """Read a territory file; an error names the file, the field, what was found and expected."""
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        return Territory(**fields, folder=path.parent)
    except FileNotFoundError as error:
        raise InputError(
            _(
                "Territoire : le fichier {path} n'existe pas. Attendu : un fichier TOML de territoire, ou « liege »."
            ).format(path=path)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            _("Territoire, {path} : ce n'est pas du TOML lisible ({problem}).").format(
                path=path, problem=error
            )
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            _("Territoire, {path}, champ {field} : {problem} (lu {found!r}).").format(
                path=path,
                field=".".join(map(str, first["loc"])),
                problem=first["msg"],
                found=first.get("input"),
            )
        ) from error


@lru_cache(maxsize=8)
def territory(name: str) -> Territory:
    """The territory of a setting: a shipped name such as "liege", or a path."""
    shipped = SHIPPED / f"{name}.toml"
    return load(shipped if shipped.is_file() else Path(name).expanduser())
