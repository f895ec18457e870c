"""What the application answers from: the store of the current release, the data folder, the tokens.

One object, made by `create_app`; a view asks for it with `service()`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from ..graph.store import Store
from .settings import Settings
from .tokens import Tokens

KEY = "hakusho"


@dataclass(frozen=True)
class Service:
    """The store that answers, who may write, and the settings."""

    store: Store
    settings: Settings
    tokens: Tokens


def service() -> Service:
    """Gives what the current application answers from."""
    return cast(Service, current_app.extensions[KEY])
