"""JSON-stat, as Eurostat's dissemination service answers: a cube flattened to rows of text.

Version 2 and the older forms in which the dataset is one key of the answer are read. A cell that is
absent is a cell without value, and keeps its flag where it has one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from perron.errors import InputError
from perron.sources.report import brief
from perron.sources.text import LINE
from perron.translation import gettext as _

#: Cells of one answer: Eurostat gives no more than some hundred thousand at once.
LARGEST = 20_000_000


def looks_like(data: bytes) -> bool:
    """Whether the bytes may be a JSON-stat answer."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def rows(data: bytes, file: str) -> tuple[pl.DataFrame, str]:
    """One row a cell: a column of codes for each dimension, `value` and `flag` as text; and the dataset.

    `line` is the position of the cell in the cube, from 1.

    Raises
    ------
    InputError
        If it is not JSON, or not the cube of one dataset, or says that something went wrong.
    """
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(
            _(
                "{file} ne se lit pas comme du JSON ({problem}). Téléchargez de nouveau le fichier."
            ).format(file=file, problem=brief(error))
        ) from error
    cube, name = _cube(answer, file)
    try:
        dimension: Mapping[str, Any] = cube["dimension"]
        ids = [str(each) for each in cube.get("id") or dimension["id"]]
        sizes = [int(each) for each in cube.get("size") or dimension["size"]]
        codes = [_codes(dimension[each], size) for each, size in zip(ids, sizes, strict=True)]
        count = int(np.prod(sizes, dtype=np.int64))
        if count > LARGEST:
            raise ValueError(f"{count} cells")
        values = _sparse(cube.get("value"), count)
        flags = _sparse(cube.get("status"), count)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            _(
                "{file} n'est pas un cube JSON-stat complet ({problem}). Téléchargez de nouveau le fichier."
            ).format(file=file, problem=brief(repr(error)))
        ) from error
    places = np.unravel_index(np.arange(count), sizes)
    columns: dict[str, Any] = {LINE: np.arange(1, count + 1)}
    for each, at, names in zip(ids, places, codes, strict=True):
        columns[each.lower()] = pl.Series(names, dtype=pl.String).gather(at)
    columns["value"] = pl.Series(values, dtype=pl.String)
    columns["flag"] = pl.Series(flags, dtype=pl.String)
    return pl.DataFrame(columns), name


def _cube(answer: Any, file: str) -> tuple[Mapping[str, Any], str]:
    """The cube and the code of its dataset, "" if it does not say it."""
    if isinstance(answer, dict) and answer.get("error"):
        raise InputError(
            _("{file} : Eurostat a répondu par une erreur ({problem}).").format(
                file=file, problem=brief(answer["error"])
            )
        )
    if isinstance(answer, dict) and "dimension" in answer:
        extension = answer.get("extension")
        code = extension.get("id", "") if isinstance(extension, dict) else ""
        return answer, str(code).lower()
    if isinstance(answer, dict):
        inside = [(k, v) for k, v in answer.items() if isinstance(v, dict) and "dimension" in v]
        if len(inside) == 1:
            return inside[0][1], str(inside[0][1].get("code", inside[0][0])).lower()
    raise InputError(
        _(
            "{file} n'est pas un cube JSON-stat. Attendu : la réponse de l'API de diffusion d'Eurostat."
        ).format(file=file)
    )


def _codes(dimension: Mapping[str, Any], size: int) -> list[str]:
    """The codes of a dimension in order; a single category may have no index."""
    category = dimension["category"]
    index = category.get("index", category.get("label"))
    if isinstance(index, dict):
        if "index" in category:
            index = sorted(index, key=lambda code: int(category["index"][code]))
        else:
            index = list(index)
    found = [str(code) for code in index]
    if len(found) != size or len(set(found)) != size:
        raise ValueError(f"{len(found)} categories for a size of {size}")
    return found


def _sparse(given: Any, count: int) -> list[str | None]:
    """Values or flags, by position or as a list, as text."""
    cells: list[str | None] = [None] * count
    if isinstance(given, dict) and "value" in given:  # the oldest form of flags
        given = given["value"]
    if given is None:
        return cells
    pairs = given.items() if isinstance(given, dict) else enumerate(given)
    for at, value in pairs:
        if value is not None:
            place = int(at)
            if not 0 <= place < count:
                raise ValueError(f"cell {place} of {count}")
            cells[place] = str(value)
    return cells
