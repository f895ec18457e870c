"""Which column of observations each dimension of a table is."""

from __future__ import annotations

from typing import Final

from .cube import Cube, Dimension
from .description import LEFT_OUT, Description
from .words import column_called, words

OF_ROLES: Final = {"measure": "indicator", "area": "area", "period": "period"}


def placed(cube: Cube, said: Description) -> dict[str, str]:
    """Gives the column of each dimension, none taken for two; what had to be guessed, or could not
    be, is told in the table's defects."""
    columns: dict[str, str] = {}
    later: list[Dimension] = []
    for dimension in cube.dimensions.values():
        described = said.of(*dimension.names()).column
        column = described or OF_ROLES.get(dimension.role) or _called(dimension)
        if column is None and len(dimension.codes) <= 1:
            column = LEFT_OUT
            only = "".join(each.label_ja or each.id for each in dimension.codes.values())
            _tell(cube, "dimension-with-one-code", dimension, only=only)
        taken = column != LEFT_OUT and column in columns.values()
        if column is None or (taken and not described):
            later.append(dimension)
        elif taken:
            _tell(cube, "column-taken-twice", dimension, column=column)
        else:
            columns[dimension.id] = column
    for dimension in later:
        free = [each for each in words("free")["columns"] if each not in columns.values()]
        if free:
            columns[dimension.id] = free[0]
            _tell(cube, "dimension-taken-for", dimension, column=free[0])
        else:
            _tell(cube, "dimension-without-column", dimension)
    return columns


def _called(dimension: Dimension) -> str | None:
    return next(filter(None, map(column_called, dimension.names())), None)


def _tell(cube: Cube, code: str, dimension: Dimension, **more: str) -> None:
    name = dimension.label_ja or dimension.id
    cube.add(code, None, name, dimension=dimension.id, **more)
