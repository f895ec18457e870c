"""The bar that a person sees while files are read, checked and published."""

from __future__ import annotations

import io
import os
import pty
import select
import sys

import pytest

from hakusho.server.console import say
from hakusho.server.submitting import step


def test_nothing_is_shown_where_no_person_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with step("checking") as told:
        told(0.5)
        told(1.0)
    assert pipe.getvalue() == ""


def test_a_terminal_shows_what_is_done_and_what_share_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    mine, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as screen:
        monkeypatch.setattr(sys, "stderr", screen)
        with step("checking") as told:
            told(0.25)
        shown = _read(mine)
    os.close(mine)
    assert say("submission.checking") in shown
    assert "━" in shown
    assert "25%" in shown


def _read(terminal: int) -> str:
    """Gives what was written to a terminal."""
    found = b""
    while select.select([terminal], [], [], 0)[0]:
        found += os.read(terminal, 65536)
    return found.decode()
