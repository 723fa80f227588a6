"""REFNIS: Belgian territories, their hierarchy and names, outlines, changes of codes and NUTS codes."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.sources import sqlite
from perron.sources.archives import parts
from perron.sources.checks import ABROAD, NOWHERE, period, place_code, reject, typed, unique
from perron.sources.outlines import REFNIS_GEOMETRY, is_geographic, read_outlines
from perron.sources.refnis_changes import OLD, REFNIS_CHANGES, read_changes
from perron.sources.refnis_nuts import NUTS, REFNIS_NUTS, read_nuts
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.text import LINE, Column, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

LANGUAGES = ("fr", "nl", "de", "en")

REFNIS = schema.Table(
    name="refnis",
    version=1,
    doc="Belgian territories: each one's level, what it lies in, and its official names.",
    columns=(
        schema.Column("code", pa.string(), "REFNIS code, 5 positions."),
        schema.Column(
            "level", pa.string(), "country, region, province, district, municipality or outside."
        ),
        schema.Column(
            "parent",
            pa.string(),
            "Code of what it lies in; none for the country and outside.",
            nullable=True,
        ),
        schema.Column("name_fr", pa.string(), "Name (fr)."),
        schema.Column("name_nl", pa.string(), "Name (nl)."),
        schema.Column("name_de", pa.string(), "Name (de), where the file gives it.", nullable=True),
        schema.Column("name_en", pa.string(), "Name (en), where the file gives it.", nullable=True),
        schema.Column("vintage", pa.int16(), "Year of the division into municipalities."),
    ),
    key=("code",),
)

COUNTRY = "01000"
#: What no file of municipalities holds: the country, and Statbel's two places outside.
_ADDED = (
    (COUNTRY, "country", "Belgique", "België", "Belgien", "Belgium"),
    (ABROAD, "outside", "Étranger", "Buitenland", "Ausland", "Abroad"),
    (NOWHERE, "outside", "Lieu inconnu", "Onbekende plaats", "Unbekannter Ort", "Unknown place"),
)
#: Levels from the finest, and how Statbel's columns of each begin.
_LEVELS = (
    ("municipality", "MUNTY"),
    ("district", "ADM_DSTR"),
    ("province", "PROV"),
    ("region", "RGN"),
)


def _columns() -> tuple[Column, ...]:
    found = []
    for level, stem in _LEVELS:
        codes = (
            ("CD_REFNIS", "CD_MUNTY_REFNIS") if level == "municipality" else (f"CD_{stem}_REFNIS",)
        )
        found.append(Column(level, codes))
        found += [
            Column(f"{level}_{lang}", (f"TX_{stem}_DESCR_{lang.upper()}",), lang in {"fr", "nl"})
            for lang in LANGUAGES
        ]
    return tuple(found)


_COLUMNS = _columns()


class Refnis(Source):
    """Four kinds of files: the hierarchy (Statbel's columns, as text or in the VAT database) gives
    `refnis`; outlines (a zipped shapefile or GeoJSON) give `refnis_geometry`; a table of old and new
    codes gives `refnis_changes`; one of NUTS codes gives `refnis_nuts`."""

    name = "refnis"
    publisher = "Statbel"
    licence = gettext_noop("Données ouvertes de Statbel (CC BY 4.0)")
    url = "https://statbel.fgov.be/fr/propos-de-statbel/methodologie/classifications/geographie"
    years = "2019-"
    tables = (REFNIS, REFNIS_GEOMETRY, REFNIS_CHANGES, REFNIS_NUTS)

    @property
    def title(self) -> str:
        return _("REFNIS : communes, arrondissements, provinces et régions, avec leurs contours")

    @property
    def where(self) -> str:
        return _(
            "un tableau des communes et de leur hiérarchie (CSV), la base TF_VAT_NACE, un fichier de contours (shapefile zippé ou GeoJSON), ou un tableau des codes changés ou des codes NUTS"
        )

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        found = parts(file)
        if is_geographic(found):
            return [read_outlines(found, file, report)]
        if len(found) != 1:
            raise InputError(
                _(
                    "{file} contient {count} fichiers. Attendu : un tableau des communes, ou les fichiers .shp, .shx, .dbf et .prj d'un contour."
                ).format(file=file.name, count=len(found))
            )
        part = found[0]
        data = part.read()
        if data.startswith(sqlite.MAGIC):
            rows, names = self._database(data, part.name, report)
        else:
            text = decoded(data, part.name, report)
            if text.has(OLD):
                return [read_changes(text, report)]
            if text.has(NUTS):
                return [read_nuts(text, report)]
            rows, names = text.rows(_COLUMNS, report), [part.name]
        vintage = period(file.period, [*names, file.name], file.name)
        rows = self._municipalities(rows, report)
        places = self._places(rows, int(vintage), report)
        report.accepted = rows.height
        report.check(exhaustive=True)
        return [Reading(REFNIS, typed(REFNIS, places), (vintage,))]

    def _database(self, data: bytes, name: str, report: Report) -> tuple[pl.DataFrame, list[str]]:
        """The rows of the database, and the names in which the year may stand."""
        with sqlite.opened(data, name) as base:
            tables = [t for t in base.tables if t.upper().startswith("TD_MUNTY_REFNIS")]
            if len(tables) != 1:
                raise InputError(
                    _(
                        "{file} : la table TD_MUNTY_REFNIS manque. Tables trouvées : {names}."
                    ).format(file=name, names=", ".join(base.tables) or "0")
                )
            # The year stands in the name of the table of figures beside it.
            others = [t for t in base.tables if t.upper().startswith("TF_")]
            return base.rows(tables[0], _COLUMNS, report), [tables[0], *others, name]

    def _municipalities(self, rows: pl.DataFrame, report: Report) -> pl.DataFrame:
        """One row a municipality; the places outside and the rows of wider levels set aside."""
        codes = [level for level, _stem in _LEVELS]
        rows = rows.with_columns(place_code(c).alias(c) for c in codes)
        outside = pl.col("municipality").is_in([ABROAD, NOWHERE])
        report.set_aside(_("lieux hors du pays, ajoutés d'office"), rows.filter(outside).height)
        rows = rows.filter(~outside)
        wider = (pl.col("municipality") == "") & (pl.col("region") != "")
        report.set_aside(
            _("lignes d'arrondissement, de province ou de région, reprises des communes"),
            rows.filter(wider).height,
        )
        rows = rows.filter(~wider)
        rows = reject(
            rows, ~pl.col("municipality").str.contains(r"^\d{5}$"), _("code REFNIS inconnu"), report
        )
        # Brussels has no province: there alone the column is empty.
        complete = (
            pl.col("district").str.contains(r"^\d{5}$")
            & pl.col("region").str.contains(r"^\d{5}$")
            & pl.col("province").str.contains(r"^(?:\d{5})?$")
            & (pl.col("municipality_fr") != "")
            & (pl.col("municipality_nl") != "")
        )
        rows = reject(rows, ~complete, _("nom, arrondissement ou région absents"), report)
        return unique(rows, ("municipality",), [c for c in rows.columns if c != LINE], report)

    def _places(self, rows: pl.DataFrame, vintage: int, report: Report) -> pl.DataFrame:
        """Every place once, each with its parent; a place described in two ways is refused."""
        has_province = pl.col("province") != ""
        parents = {
            "municipality": pl.col("district"),
            "district": pl.when(has_province).then(pl.col("province")).otherwise(pl.col("region")),
            "province": pl.col("region"),
            "region": pl.lit(COUNTRY),
        }
        found = []
        for level, _stem in _LEVELS:
            places = rows.filter(pl.col(level) != "").select(
                LINE,
                pl.col(level).alias("code"),
                pl.lit(level).alias("level"),
                parents[level].alias("parent"),
                *(self._name(rows, level, lang) for lang in LANGUAGES),
            )
            found.append(self._once(places, report))
        table = pl.concat(found)
        added = pl.DataFrame(
            [(c, level, None, *names) for c, level, *names in _ADDED],
            schema=dict.fromkeys(table.columns, pl.String),
            orient="row",
        )
        table = pl.concat([table, added])
        clash = table.filter(pl.col("code").is_duplicated())
        if clash.height:
            raise InputError(
                _(
                    "{file} : le code {code} est donné à deux niveaux ({levels}). Téléchargez de nouveau le fichier."
                ).format(
                    file=report.file,
                    code=clash["code"][0],
                    levels=", ".join(clash.filter(pl.col("code") == clash["code"][0])["level"]),
                )
            )
        return table.with_columns(pl.lit(vintage).alias("vintage"))

    def _name(self, rows: pl.DataFrame, level: str, lang: str) -> pl.Expr:
        column = f"{level}_{lang}"
        if column not in rows.columns:
            return pl.lit(None, pl.String).alias(f"name_{lang}")
        return pl.when(pl.col(column) != "").then(pl.col(column)).alias(f"name_{lang}")

    def _once(self, places: pl.DataFrame, report: Report) -> pl.DataFrame:
        columns = [c for c in places.columns if c != LINE]
        distinct = places.unique(subset=columns, keep="first", maintain_order=True)
        clash = distinct.filter(pl.col("code").is_duplicated())
        if clash.height:
            lines = clash.filter(pl.col("code") == clash["code"][0])[LINE].to_list()
            raise InputError(
                _(
                    "{file} : le territoire {code} est décrit de deux façons (lignes {lines}). Téléchargez de nouveau le fichier."
                ).format(file=report.file, code=clash["code"][0], lines=", ".join(map(str, lines)))
            )
        empty = distinct.filter(pl.col("name_fr").is_null() | pl.col("name_nl").is_null())
        if empty.height:
            raise InputError(
                _(
                    "{file}, ligne {line} : le territoire {code} n'a pas de nom en français et en néerlandais."
                ).format(file=report.file, line=empty[LINE][0], code=empty["code"][0])
            )
        return distinct.drop(LINE)
