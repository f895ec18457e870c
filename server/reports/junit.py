"""A report as JUnit XML, for continuous integration: a test case for each file.

A violation is a failure; warnings and notes are what the case printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .view import FindingView, ReportView
from .words import say

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def junit(report: ReportView) -> str:
    """Gives a report as JUnit XML."""
    cases: dict[str, list[FindingView]] = {name: [] for name, _, _ in report.files}
    for found in report.findings:
        cases.setdefault(found.file or say(report.lang, "elsewhere"), []).append(found)
    failures = sum(each.severity == "violation" for each in report.findings)
    about = {"name": "hakusho validate", "tests": str(len(cases)), "failures": str(failures)}
    about |= {"errors": "0", "skipped": "0", "time": "0"}
    root = Element("testsuites")
    suite = SubElement(root, "testsuite", about)
    for name, found_here in cases.items():
        facts = {"name": _clean(name), "classname": "hakusho.validate", "time": "0"}
        _case(SubElement(suite, "testcase", facts), found_here, report.lang)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _case(case: Element, found_here: Sequence[FindingView], lang: str) -> None:
    for found in found_here:
        if found.severity == "violation":
            said = {"type": found.code, "message": _clean(f"{found.where}: {found.message}")}
            SubElement(case, "failure", said).text = _clean(_told(found, lang))
    rest = [found for found in found_here if found.severity != "violation"]
    if rest:
        printed = "\n\n".join(f"{found.severity_label}: {_told(found, lang)}" for found in rest)
        SubElement(case, "system-out").text = _clean(printed)


def _told(found: FindingView, lang: str) -> str:
    lines = [found.where]
    if found.value is not None:
        lines.append(say(lang, "value", value=found.value))
    if found.about is not None:
        lines.append(say(lang, "about", thing=found.about))
    lines.append(found.message)
    if found.nearest:
        lines.append(say(lang, "nearest", names=", ".join(found.nearest)))
    if found.hint:
        lines.append(say(lang, "hint", hint=found.hint))
    return "\n".join(filter(None, [*lines, found.also]))


def _clean(text: str) -> str:
    return _ILLEGAL.sub("�", text)
