"""The colours and type of charts: one table for light and dark, the same as the pages'."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

FONT: Final = "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic UI, Meiryo, sans-serif"

INK: Final = "#1b1f27"
SOFT: Final = "#555c68"
RULE: Final = "#d9d9d0"
PAPER: Final = "#fdfdfb"
SERIES: Final = (
    "#1b4480", "#b3541e", "#2f7d5b", "#8a3a8f", "#0f7f93", "#a3243b", "#6b6b00", "#5a5f6b",
)  # fmt: skip
"""Told apart by those who do not see red or green, and at least 3 to 1 against the paper."""
SHAPES: Final = (
    "circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right",
)  # fmt: skip

DARK: Final = {
    INK: "#e8e8e3",
    SOFT: "#a9afba",
    RULE: "#343a45",
    PAPER: "#14171d",
    **dict(
        zip(
            SERIES,
            ("#9cc2f5", "#f0a777", "#8fd3b0", "#d9a3dd", "#7fd6e6", "#f29aa8", "#d4cf6a",
             "#b7bdc9"),
            strict=True,
        )
    ),
}  # fmt: skip
"""What each colour becomes where the reader's screen is dark."""

STYLE: Final = (
    ":root{color-scheme:light dark}@media (prefers-color-scheme:dark){"
    + "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in DARK.items()
    )
    + "}"
)
"""The style inside each drawing: nothing but the dark colours."""

STYLE_HASH: Final = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""What a Content-Security-Policy allows that style by, and no other."""

CONFIG: Final[dict[str, Any]] = {
    "background": None,
    "font": FONT,
    "padding": {"left": 2, "right": 12, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT, "titleColor": SOFT, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "gridColor": RULE, "domainColor": SOFT, "tickColor": RULE,
        "labelLimit": 260, "labelPadding": 6,
    },
    "axisY": {"domain": False, "ticks": False, "titleAngle": 0, "titleAlign": "left",
              "titleAnchor": "start", "titleBaseline": "bottom", "titleX": 0, "titleY": -12,
              "tickCount": 5},
    "axisX": {"grid": False},
    "legend": {"labelColor": INK, "titleColor": SOFT, "labelFontSize": 12, "labelLimit": 300,
               "title": None, "symbolSize": 70, "symbolStrokeWidth": 2, "orient": "bottom",
               "direction": "horizontal", "columnPadding": 18, "offset": 12},
    "title": {"color": INK, "subtitleColor": SOFT, "fontSize": 14, "anchor": "start"},
    "line": {"strokeWidth": 2.2},
    "text": {"color": INK, "fontSize": 12},
}  # fmt: skip
