"""A folder for a new edition: its edition.toml explained, and every table with its header."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final

from ..graph.eras import western_year
from ..graph.errors import BadEdition
from .columns import columns, kinds
from .edition import packaged_editions
from .series import EDITIONS, edition_labels

CODE: Final = r"[shr][0-9]{2}"
NO_TABLES: Final = ("whitepapers", "documents", "figures")
"""What the context knows as tables but nobody fills: other rows and edition.toml make them."""

README: Final = """\
{title_ja}（{title_en}）の表。Tables of this edition.

各表の列の意味は `hakusho template 表の名前` で分かります。What the columns hold:
`hakusho template TABLE`. 組み込み：`hakusho build r07 {folder}`
"""


def lay_out(code: str, folder: Path) -> list[Path]:
    """Makes the folder of an edition and gives the files in it; one that has files is refused."""
    labels = edition_labels(code) if re.fullmatch(CODE, code) else {}
    if not labels:
        raise BadEdition(
            folder,
            f"{code!r} is no code of an edition such as r08",
            f"「{code}」は版の記号（r08 など）ではありません",
        )
    if folder.exists() and any(folder.iterdir()):
        raise BadEdition(
            folder,
            "has files in it; give a new folder, or an empty one",
            "ファイルがあります。新しいか空のフォルダを指定してください",
        )
    folder.mkdir(parents=True, exist_ok=True)
    tables = [name for name in (*kinds(), "merges") if name not in NO_TABLES]
    words = {
        "id": code,
        "title_ja": labels["ja"],
        "title_en": labels["en"],
        "year": western_year(code[:1], int(code[1:])),
        "folder": folder,
        "rows": "\n".join(f"{name} = 0" for name in tables),
    }
    about = (EDITIONS / "new-edition.toml").read_text(encoding="utf-8")
    files = {"edition.toml": about.format(**words), "README.md": README.format(**words)}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in tables:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(header(name))
    return sorted(folder.iterdir())


def header(table: str) -> list[str]:
    """Gives the columns of a table, in the order of the newest packaged edition.

    >>> header("milestones")[:3], header("merges")[:2]
    (['policy_id', 'date', 'label_ja'], ['table', 'dropped_id'])
    """
    path = packaged_editions()[-1] / f"{table}.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file))
    return list(columns(table))
