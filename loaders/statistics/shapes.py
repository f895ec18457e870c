"""Parts of a JSON document as what they should be: nothing where they are something else."""

from __future__ import annotations

from typing import Any


def members(said: Any) -> dict[str, Any]:
    """Gives the members of an object.

    >>> members({"id": 1}), members(["id"]), members(None)
    ({'id': 1}, {}, {})
    """
    return said if isinstance(said, dict) else {}


def items(said: Any) -> list[Any]:
    """Gives the items of a list.

    >>> items([1]), items("one")
    ([1], [])
    """
    return said if isinstance(said, list) else []


def texts(said: Any) -> dict[str, str]:
    """Gives the members of an object that are texts."""
    return {name: text for name, text in members(said).items() if isinstance(text, str)}
