"""Proposals over HTTP: handed in with one token, looked at by anyone, decided with another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    json,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)

from ...graph.errors import BadParameter, UnknownThing
from ...loaders.checking import Refused, Report
from ...loaders.proposals import STATES, Proposal, Proposals
from .. import proposing
from ..error_answers import answer_problem
from ..handed import handed_in, table_of
from ..headers import NOT_KEPT
from ..judging import judge
from ..language import language, link
from ..negotiation import HTML, JSON, choose, wants_page
from ..permission import permitted, writer
from ..reports.data import document
from ..reports.view import view
from ..service import service
from ..written_report import short

bp = Blueprint("proposals", __name__, url_prefix="/proposals")

SHOWN: Final = 100
"""How many proposals the list shows."""


@bp.after_request
def not_kept(answer: Response) -> Response:
    """Keeps no answer: a proposal changes without a release."""
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


@bp.get("")
def index() -> Response:
    """Lists the proposals, the newest first."""
    media = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    state = request.args.get("state") or None
    if state not in (None, *STATES):
        raise BadParameter("state", state, f"one of {', '.join(STATES)}")
    everything = _proposals().all()
    found = [each for each in everything if state in (None, each.state)]
    if media is JSON:
        return jsonify({"proposals": [_said(each) for each in found[:SHOWN]]})
    counts = {each: sum(one.state == each for one in everything) for each in STATES}
    return make_response(
        render_template(
            "proposals/index.html",
            proposals=found[:SHOWN],
            state=state,
            counts=counts,
            total=len(everything),
            writable=bool(service().tokens),
        )
    )


@bp.post("")
def propose() -> Response:
    """Files a proposal from the files of the request."""
    at_once = bool(request.form.get("publish"))
    token = permitted("publish" if at_once else "propose")
    limits = service().limits
    files, table = handed_in(limits.upload_bytes), table_of()
    why = " ".join((request.form.get("why") or request.args.get("why") or "").split())
    report = judge(service().data.path, files, table, limits)
    try:
        made = proposing.file(_proposals(), files, report, who=writer(token), why=why, table=table)
    except Refused as error:
        return _refused(error.report, None)
    if at_once:
        return publish(made.number)
    return _done(link("proposals.proposal", number=made.number), 201, _said(made))


@bp.get("/<int:number>")
def proposal(number: int) -> Response:
    """Shows a proposal with its report beside the current release, and what it would change."""
    media = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    found = _proposals().get(number)
    report = proposing.fresh(_proposals(), found, service().number(), _judged)
    found = _proposals().get(number)
    if media is JSON:
        return jsonify(_said(found) | {"report": report[language()]["data"]})
    return make_response(_page(found, report))


@bp.get("/<int:number>/files/<stored>")
def proposed_file(number: int, stored: str) -> Response:
    """Gives a file of a proposal as it came."""
    found = _proposals().get(number)
    for each in found.files:
        if each.stored == stored:
            answer = make_response((found.path / "files" / stored).read_bytes())
            answer.content_type = "application/octet-stream"
            answer.headers.set("Content-Disposition", "attachment", filename=each.name)
            return answer
    raise UnknownThing(f"proposals/{number}/files/{stored}")


@bp.post("/<int:number>/publish")
def publish(number: int) -> Response:
    """Publishes a proposal, checked anew beside what is current now."""
    token = permitted("publish")
    try:
        done = proposing.publish(_proposals(), number, writer(token), _judged)
    except Refused as error:
        return _refused(error.report, number)
    where = link("releases.release", number=done.release.number)
    return _done(where, 201, {"proposal": number, "release": done.release.number})


@bp.post("/<int:number>/decline")
def decline(number: int) -> Response:
    """Declines a proposal, with the reason."""
    token = permitted("publish")
    why = " ".join((request.form.get("why") or request.args.get("why") or "").split())
    if not why:
        raise BadParameter("why", None, "the reason, which the proposer reads")
    found = _proposals().decline(number, who=writer(token), why=why)
    return _done(link("proposals.proposal", number=number), 200, _said(found))


def _proposals() -> Proposals:
    return Proposals(service().data)


def _judged(files: Sequence[tuple[str, bytes]], table: str | None) -> Report:
    return judge(service().data.path, files, table, service().limits)


def _page(found: Proposal, report: Any, **more: Any) -> str:
    return render_template(
        "proposals/proposal.html",
        proposal=found,
        base=report.get("base"),
        passes=report.get("passes"),
        report=report[language()]["view"],
        writable=bool(service().tokens),
        **more,
    )


def _done(where: str, status: int, said: dict[str, Any]) -> Response:
    """Leads a page's reader on, and tells a program what was done."""
    if wants_page(request.headers.get("Accept")):
        return make_response(redirect(where, 303))
    answer = jsonify(said)
    answer.status_code, answer.location = status, where
    return answer


def _refused(report: Report, number: int | None) -> Response:
    """Tells why a submission is not let in: the report itself; a proposal stays open."""
    if wants_page(request.headers.get("Accept")):
        body = render_template(
            "proposals/refused.html", report=short(view(report, language())), number=number
        )
        return make_response(body, 422)
    answer = answer_problem(Refused(report))
    answer.data = json.dumps(
        {**json.loads(answer.data), "report": document(report, language())}, ensure_ascii=False
    )
    return answer


def _said(found: Proposal) -> dict[str, Any]:
    decision = found.decision
    return {
        "number": found.number,
        "state": found.state,
        "who": found.who,
        "why": found.why,
        "when": found.when,
        "base": found.base,
        "table": found.table,
        "counts": dict(found.counts),
        "files": [
            {
                "name": each.name,
                "sha256": each.sha256,
                "size": each.size,
                "address": link(
                    "proposals.proposed_file",
                    number=found.number,
                    stored=each.stored,
                    _external=True,
                ),
            }
            for each in found.files
        ],
        "decision": None if decision is None else vars(decision),
        "address": link("proposals.proposal", number=found.number, _external=True),
    }
