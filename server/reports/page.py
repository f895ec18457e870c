"""A report as one page of HTML that needs no other file."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from .view import ReportView
from .words import say

if TYPE_CHECKING:
    from jinja2 import Template


def page(report: ReportView) -> str:
    """Gives a report as a page; everything that came from outside is escaped."""
    return _template().render(report=report, lang=report.lang, say=partial(say, report.lang))


@cache
def _template() -> Template:
    # Most commands show no page.
    from jinja2 import Environment, PackageLoader

    package = __package__.rpartition(".")[0]
    environment = Environment(
        loader=PackageLoader(package), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("reports/report.html")
