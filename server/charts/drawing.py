"""Drawings of specifications: made by a process of their own, kept beside the releases.

    drawings = Drawings(folder, release)
    svg = drawings.svg(spec, title, description)

The drawing process starts with the first chart, is shared by all threads, one chart at a time,
and is ended when nothing has been drawn for a while or when a chart takes too long.
"""

from __future__ import annotations

import hashlib
import json
import re
import select
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ...graph.errors import HakushoError
from .spec import Spec, plain
from .theme import STYLE

SECONDS: Final = 20.0
"""How long one chart may take; the first waits for the process to start."""
IDLE_SECONDS: Final = 120.0
"""After how long without a chart the process is ended, and its memory given back."""
VERSION: Final = 1
"""Of the drawing: what was kept by another version is drawn anew."""
SVG: Final = "{http://www.w3.org/2000/svg}"
FORBIDDEN: Final = ("script", "foreignObject", "a", "image", "use", "animate", "set")


class NotDrawn(HakushoError):
    """A chart that could not be drawn, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the chart could not be drawn: {self.reason}"


class Drawer:
    """The process that draws, started when it is needed."""

    def __init__(self, seconds: float = SECONDS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._seconds, self._idle_seconds = seconds, idle_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._timer: threading.Timer | None = None

    def draw(self, spec: Spec) -> str:
        """Gives the drawing of a specification; raises NotDrawn."""
        with self._lock:
            self._rest()
            try:
                said = self._told(json.dumps(spec, ensure_ascii=False))
            except NotDrawn:
                self._end()
                raise
            self._timer = threading.Timer(self._idle_seconds, self.close)
            self._timer.daemon = True
            self._timer.start()
        if "svg" not in said:
            raise NotDrawn(said.get("error", "the drawing process gave no drawing"))
        return said["svg"]

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._rest()
            self._end()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _told(self, line: str) -> dict[str, str]:
        process = self._process
        if process is None or process.poll() is not None:
            process = self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"{__package__}.drawer"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                text=True, encoding="utf-8",
            )  # fmt: skip
            self._read(process)
        assert process.stdin is not None
        try:
            process.stdin.write(line + "\n")
            process.stdin.flush()
        except OSError as error:
            raise NotDrawn("the drawing process ended") from error
        return self._read(process)

    def _read(self, process: subprocess.Popen[str]) -> dict[str, str]:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], self._seconds)
        if not ready:
            raise NotDrawn(f"it took longer than {self._seconds:g} s")
        line = process.stdout.readline()
        if not line:
            raise NotDrawn("the drawing process ended")
        said: dict[str, str] = json.loads(line)
        return said

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


class Drawings:
    """Drawings kept in a folder for each release, for the last two that were drawn for.

    What a release changes is little: most of its drawings are those of the release before.
    """

    def __init__(self, folder: Path, drawer: Drawer) -> None:
        self._folder = folder
        self._drawer = drawer
        self._kept_for: int | None = None
        self._before: Path | None = None

    def svg(self, release: int | None, spec: Spec, title: str, description: str) -> str:
        """Gives the drawing of a specification, from the folder or drawn now."""
        if release is None:
            return self._drawn(spec, title, description)
        told = json.dumps([VERSION, STYLE, spec, title, description], sort_keys=True)
        name = f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.svg"
        path = self._folder / str(release) / name
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self._make_room(release)
        drawn = self._drawn_before(name)
        if drawn is None:
            drawn = self._drawn(spec, title, description)
        self._keep(path, drawn)
        return drawn

    def close(self) -> None:
        """Ends the process that draws."""
        self._drawer.close()

    def _drawn(self, spec: Spec, title: str, description: str) -> str:
        return finished(self._drawer.draw(spec), title, description)

    def _drawn_before(self, name: str) -> str | None:
        if self._before is None:
            return None
        try:
            return (self._before / name).read_text(encoding="utf-8")
        except OSError:
            return None

    def _make_room(self, release: int) -> None:
        """Finds the drawings of the release before, and clears away those of earlier ones."""
        if self._kept_for == release:
            return
        self._kept_for = release
        try:
            numbers = [int(each.name) for each in self._folder.iterdir() if each.name.isdigit()]
        except OSError:
            return
        earlier = sorted(number for number in numbers if number < release)
        self._before = self._folder / str(earlier[-1]) if earlier else None
        for number in earlier[:-1]:
            shutil.rmtree(self._folder / str(number), ignore_errors=True)

    def _keep(self, path: Path, drawn: str) -> None:
        # A folder that cannot be written, or a full disk, costs time alone: it is drawn again.
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{threading.get_ident()}")
            fresh.write_text(drawn, encoding="utf-8")
            fresh.replace(path)
        except OSError:
            return


def finished(drawn: str, title: str, description: str) -> str:
    """Gives a drawing with its title, its description and its dark colours, checked to hold
    nothing that runs or fetches."""
    try:
        root = ElementTree.fromstring(drawn)
    except ElementTree.ParseError as error:
        raise NotDrawn(f"the drawing is not well-formed ({error})") from error
    for element in root.iter():
        if element.tag.removeprefix(SVG) in FORBIDDEN or any(
            name.lower().startswith("on") or name.endswith("href") for name in element.attrib
        ):
            raise NotDrawn(f"the drawing holds a {element.tag.removeprefix(SVG)}")
    opening = re.match(r"<svg [^>]*>", drawn)
    if opening is None:
        raise NotDrawn("the drawing does not begin as one")
    head = opening[0].replace('class="marks"', 'role="img" aria-labelledby="title desc"')
    told = (
        f'<title id="title">{escape(plain(title))}</title>'
        f'<desc id="desc">{escape(plain(description))}</desc><style>{STYLE}</style>'
    )
    return head + told + drawn[opening.end() :]
