"""What someone hands in against the current release: the report, the difference, the change.

report = check(submission, folder)          # changes nothing
folder.publish(lambda current: change_of(submission, current), who="…")
publish(submission, folder, who="…")        # both, and nothing where something is wrong
"""

from .change import change_of
from .difference import Difference
from .publishing import Published, Refused, publish
from .report import Occurrence, PlacedFinding, Report
from .validating import check, check_against

__all__ = [
    "Difference",
    "Occurrence",
    "PlacedFinding",
    "Published",
    "Refused",
    "Report",
    "change_of",
    "check",
    "check_against",
    "publish",
]
