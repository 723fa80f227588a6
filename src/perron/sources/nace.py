"""NACE-BEL: the classification of economic activities, with labels in four languages."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from perron.errors import InputError
from perron.lake import schema
from perron.sources.archives import parts
from perron.sources.checks import reject, typed, unique
from perron.sources.report import Report
from perron.sources.retrieve import Retrieved
from perron.sources.source import Reading, Source
from perron.sources.text import LINE, Column, decoded
from perron.translation import gettext as _
from perron.translation import gettext_noop

VERSIONS = ("2003", "2008", "2025")
#: Digits of a code by level; level 1 is a letter.
LEVELS = (1, 2, 3, 4, 5, 7)
LANGUAGES = ("fr", "nl", "de", "en")
#: The top that some files add above the sections: a sum is no activity.
TOP = "TOTAL"

#: Last division of each section, by version (NACE Rev. 1.1, 2 and 2.1, annexes of regulations
#: 29/2002, 1893/2006 and 2023/137): files of labels often leave divisions without their section.
SECTIONS = {
    "2003": "A02 B05 C14 D37 E41 F45 G52 H55 I64 J67 K74 L75 M80 N85 O93 P97 Q99",
    "2008": "A03 B09 C33 D35 E39 F43 G47 H53 I56 J63 K66 L68 M75 N82 O84 P85 Q88 R93 S96 T98 U99",
    "2025": "A03 B09 C33 D35 E39 F43 G47 H53 I56 J60 K63 L66 M68 N75 O82 P84 Q85 R88 S93 T96 U98 V99",
}

NACE = schema.Table(
    name="nace",
    version=1,
    doc="NACE-BEL activities in each version of the classification, as a tree with labels.",
    columns=(
        schema.Column("version", pa.string(), "Version of the classification: 2003, 2008 or 2025."),
        schema.Column("level", pa.int8(), "1 section (a letter), else the number of digits."),
        schema.Column("code", pa.string(), "Code without dots, leading zeros kept."),
        schema.Column("parent", pa.string(), "Code one level up; none at level 1.", nullable=True),
        *(
            schema.Column(f"label_{language}", pa.string(), f"Label ({language}).")
            for language in LANGUAGES
        ),
    ),
    key=("version", "code"),
)

_COLUMNS = (
    Column("version", ("version", "nace_version", "NaceVersion")),
    Column("level", ("level", "niveau")),
    Column("code", ("code", "nace_code", "NaceCode")),
    Column("parent", ("parent", "parent_code")),
    *(
        Column(f"label_{lang}", (f"label_{lang}", f"description_{lang}", f"titre_{lang}"))
        for lang in LANGUAGES
    ),
)


def section(version: str, code: str) -> str:
    """The section of a division (or of a two-letter subsection) in a version.

    >>> section("2008", "62"), section("2025", "62"), section("2003", "DA")
    ('J', 'K', 'D')
    """
    if code[:1].isalpha():
        return code[0]
    return next(s[0] for s in SECTIONS[version].split() if code <= s[1:])


class Nace(Source):
    """The labels table of NACE-BEL: version, level, code, parent and four labels a line."""

    name = "nace"
    publisher = "SPF Économie"
    licence = gettext_noop("Réutilisation libre avec mention de la source")
    url = "https://statbel.fgov.be/fr/propos-de-statbel/methodologie/classifications/nace-bel-2008"
    years = "2003, 2008, 2025"
    tables = (NACE,)

    @property
    def title(self) -> str:
        return _("NACE-BEL : nomenclature des activités économiques, en quatre langues")

    @property
    def where(self) -> str:
        return _(
            "un CSV de libellés NACE-BEL avec les colonnes version, level, code, parent, label_fr, label_nl, label_de et label_en"
        )

    def read(self, file: Retrieved, report: Report) -> list[Reading]:
        found = parts(file)
        if len(found) != 1:
            raise InputError(
                _(
                    "{file} contient {count} fichiers. Attendu : un seul tableau de libellés."
                ).format(file=file.name, count=len(found))
            )
        rows = decoded(found[0].read(), found[0].name, report).rows(_COLUMNS, report)
        top = rows.filter(pl.col("code").str.to_uppercase() == TOP)
        report.set_aside(_("sommet artificiel « TOTAL »"), top.height)
        rows = rows.filter(pl.col("code").str.to_uppercase() != TOP)
        rows = self._coded(rows, report)
        rows = self._sectioned(rows)
        rows = unique(rows, NACE.key, [c.name for c in NACE.columns], report)
        self._tree(rows, report)
        report.accepted = rows.height
        report.check()
        return [Reading(NACE, typed(NACE, rows), tuple(sorted(set(rows["version"]))))]

    def _coded(self, rows: pl.DataFrame, report: Report) -> pl.DataFrame:
        rows = reject(
            rows, ~pl.col("version").is_in(VERSIONS), _("version inconnue de NACE-BEL"), report
        )
        rows = rows.with_columns(pl.col("level").cast(pl.Int8, strict=False))
        rows = reject(rows, ~pl.col("level").is_in(LEVELS), _("niveau inconnu"), report)
        bare = pl.col("code").str.replace_all(".", "", literal=True)
        # A spreadsheet turns 0111 into 111; the level says how many digits there were.
        lost = bare.str.contains(r"^\d+$") & (bare.str.len_chars() == pl.col("level") - 1)
        restored = rows.filter(lost).height
        if restored:
            report.warn(
                _(
                    "{count} codes avaient perdu leur zéro initial ; il leur a été rendu d'après leur niveau"
                ).format(count=restored)
            )
        parent = pl.col("parent").str.replace_all(".", "", literal=True)
        rows = rows.with_columns(
            pl.when(lost).then("0" + bare).otherwise(bare).alias("code"),
            pl.when((parent == "") | (parent.str.to_uppercase() == TOP))
            .then(None)
            .otherwise(parent)
            .alias("parent"),
        )
        if restored:
            rows = self._parents_restored(rows)
        # Version 2003 has subsections of two letters (DA) beside its divisions, on the same level.
        shape = (
            pl.when(pl.col("level") == 1)
            .then(pl.col("code").str.contains(r"^[A-Z]$"))
            .otherwise(
                pl.col("code").str.contains(r"^\d+$")
                & (pl.col("code").str.len_chars() == pl.col("level"))
                | (pl.col("level") == 2) & pl.col("code").str.contains(r"^[A-Z]{2}$")
            )
        )
        rows = reject(rows, ~shape, _("le code n'a pas la forme de son niveau"), report)
        empty = pl.any_horizontal(pl.col(f"label_{lang}") == "" for lang in LANGUAGES)
        return reject(rows, empty, _("libellé vide"), report)

    def _parents_restored(self, rows: pl.DataFrame) -> pl.DataFrame:
        """A parent that lost its zero too: it is the one that begins the child's code."""
        padded = "0" + pl.col("parent")
        code, parent = pl.col("code"), pl.col("parent")
        begins = ~code.str.starts_with(parent) & code.str.starts_with(padded)
        return rows.with_columns(pl.when(begins).then(padded).otherwise(parent).alias("parent"))

    def _sectioned(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Divisions and subsections without a parent get the section they belong to."""
        pairs = {
            (version, section(version, code), code)
            for version, code in rows.filter(pl.col("parent").is_null() & (pl.col("level") == 2))
            .select("version", "code")
            .iter_rows()
        }
        known = pl.DataFrame(
            sorted(pairs),
            schema=["version", "above", "code"],
            orient="row",
            schema_overrides={"version": pl.String, "above": pl.String, "code": pl.String},
        )
        return (
            rows.join(known, on=["version", "code"], how="left", maintain_order="left")
            .with_columns(pl.coalesce("parent", "above").alias("parent"))
            .drop("above")
        )

    def _tree(self, rows: pl.DataFrame, report: Report) -> None:
        """Each parent must exist in the same version, one level up at least."""
        above = rows.select("version", pl.col("code").alias("parent"), upper=pl.col("level"))
        joined = rows.filter(pl.col("parent").is_not_null()).join(
            above, on=["version", "parent"], how="left"
        )
        orphans = joined.filter(pl.col("upper").is_null() | (pl.col("upper") >= pl.col("level")))
        if orphans.height:
            first = orphans.sort(LINE).row(0, named=True)
            raise InputError(
                _(
                    "{file}, ligne {line} : le code {code} ({version}) a pour parent {parent}, qui n'existe pas au-dessus de lui. Le fichier est incomplet : téléchargez-le de nouveau."
                ).format(
                    file=report.file,
                    line=first[LINE],
                    code=first["code"],
                    version=first["version"],
                    parent=first["parent"],
                )
            )
