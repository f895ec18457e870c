"""The drawings of the current application, which all its requests share."""

from __future__ import annotations

from threading import Lock
from typing import Final, cast

from flask import current_app

from ..service import service
from .drawing import Drawer, Drawings

KEY: Final = "hakusho.drawings"
_making: Final = Lock()


def drawings() -> Drawings:
    """Gives what draws and keeps the charts; it is made at the first chart."""
    with _making:
        if KEY not in current_app.extensions:
            current_app.extensions[KEY] = Drawings(service().data.path / "charts", Drawer())
        return cast(Drawings, current_app.extensions[KEY])
