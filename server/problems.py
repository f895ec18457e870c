"""What can be wrong with a request: one table from error class to status and problem type.

The slug of a problem is stable: programs may act on it, and `/problems/SLUG` says what it means
and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.exceptions import HTTPException

from ..graph import errors
from ..graph.names import BASE
from ..graph.releases.merge import DerivedGraph
from ..graph.sparql.using import DatasetNamedTwice
from ..loaders import proposals
from ..loaders.checking import Refused
from . import budget, protocol, tokens
from .charts import drawing
from .handed import NothingHandedIn
from .language import Text
from .proposing import NothingProposed

TYPES: Final = BASE + "problems/"


@dataclass(frozen=True)
class Problem:
    """A kind of problem: its stable name, its status, its title and what to do about it."""

    slug: str
    status: int
    title: Text
    help: Text

    @property
    def type(self) -> str:
        """The IRI that names the problem in every installation."""
        return TYPES + self.slug


def _problem(slug: str, status: int, title: tuple[str, str], help: tuple[str, str]) -> Problem:
    return Problem(slug, status, {"ja": title[0], "en": title[1]}, {"ja": help[0], "en": help[1]})


INTERNAL: Final = _problem(
    "internal", 500, ("内部の誤り", "Internal error"),
    ("こちらの不具合です。番号を添えて運用者にお知らせください。",
     "The fault is ours. Please tell the operator the incident number."),
)  # fmt: skip
LIMITS: Final[Mapping[str, Problem]] = {
    "time": _problem(
        "limit-time",
        504,
        ("時間の制限を超えました", "The query took too long"),
        (
            "変数を減らす、LIMIT を付ける、問いを分けるなどして、問い合わせを絞ってください。",
            "Narrow it down: fewer variables, a LIMIT, or one part of the question at a time.",
        ),
    ),
    "memory": _problem(
        "limit-memory",
        422,
        ("メモリの制限を超えました", "The query needs too much memory"),
        (
            "並べ替えや集約の対象を減らしてください。",
            "Sort and group fewer things, or one part of them at a time.",
        ),
    ),
    "size": _problem(
        "limit-size",
        422,
        ("応答の大きさの制限を超えました", "The answer is too long"),
        (
            "LIMIT と OFFSET で分けて取り出してください。",
            "Ask for it in parts, by LIMIT and OFFSET.",
        ),
    ),
    "rows": _problem(
        "limit-rows",
        422,
        ("行数の制限を超えました", "There are too many rows"),
        (
            "LIMIT と OFFSET で分けて取り出してください。",
            "Ask for them in parts, by LIMIT and OFFSET.",
        ),
    ),
    "nesting": _problem(
        "limit-nesting",
        422,
        ("入れ子が深すぎます", "Nested too deeply"),
        (
            "問い合わせ又はデータの入れ子を浅くしてください。",
            "Write the query, or the data, with less nesting.",
        ),
    ),
    "upload": _problem(
        "limit-upload",
        413,
        ("送られた文書が大きすぎます", "The document is too long"),
        (
            "分けて送るか、運用者に上限をご相談ください。",
            "Send it in parts, or ask the operator about the limit.",
        ),
    ),
    "ratio": _problem(
        "limit-ratio",
        422,
        ("展開すると大きくなりすぎます", "The document unfolds too far"),
        ("展開した形で、分けて送ってください。", "Send it written out, in parts."),
    ),
    "text": _problem(
        "limit-text",
        413,
        ("本文が長すぎます", "The text is too long"),
        ("問い合わせを分けてください。", "Split the query into smaller ones."),
    ),
}
"""Which limit a query or a document overran, to problem."""

OTHER_LIMIT: Final = _problem(
    "limit",
    422,
    ("制限を超えました", "A limit was exceeded"),
    (
        "どの制限かを「詳細」に示しています（JSONでは limit、絞り方は hint）。",
        "The details say which limit it was (in JSON: limit, and hint for how to stay within it).",
    ),
)

PROBLEMS: Final[Mapping[type[Exception], Problem]] = {
    errors.InvalidQuery: _problem(
        "query-syntax", 400, ("SPARQLの文法に合いません", "Not valid SPARQL"),
        ("示した行と文字の位置（1から数える）か、その直前を直してください。",
         "Mend it at the line and column shown, counted from 1, or just before."),
    ),
    errors.QueryRefused: _problem(
        "query-refused", 403, ("許可されていない問い合わせです", "Query refused"),
        ("SERVICE、LOAD、深すぎる入れ子や多すぎるパターンは受け付けません。問い合わせを小さく分けてください。",
         "SERVICE, LOAD, very deep nesting and very many patterns are not accepted here. "
         "Split the query into smaller ones."),
    ),
    errors.UpdateInsteadOfQuery: _problem(
        "update-instead-of-query", 400,
        ("更新が問い合わせとして送られました", "An update was sent as a query"),
        ("更新は、公開用のトークンを添え、update パラメータか、"
         "application/sparql-update の本文として POST してください。",
         "Send an update by POST, as the parameter update or as a body of type "
         "application/sparql-update, with a token that may publish."),
    ),
    DatasetNamedTwice: _problem(
        "dataset-named-twice", 400,
        ("データセットが二重に指定されています", "The dataset is named twice"),
        ("using-graph-uri を添えるときは、更新の本文に USING や WITH を書かないでください。",
         "With using-graph-uri in the request, the update itself must have no USING or WITH."),
    ),
    errors.LimitExceeded: OTHER_LIMIT,
    errors.BadDocument: _problem(
        "rdf-syntax", 400, ("RDFとして読めません", "Not valid RDF"),
        ("示した行と文字の位置（1から数える）を直してください。"
         "Content-Type と内容が合うかも確かめてください。",
         "Mend it at the line and column shown, counted from 1. Check that the content is "
         "of the type that Content-Type says."),
    ),
    DerivedGraph: _problem(
        "derived-graph", 409, ("そのグラフは直接は書けません", "That graph cannot be written"),
        ("既定グラフと推論グラフは、ほかのグラフから作られます。書くグラフを名前で指定してください。",
         "The default graph and the inferred one follow from the others. Name the graph to write."),
    ),
    errors.TooBusy: _problem(
        "busy", 503, ("混み合っています", "Too busy"),
        ("Retry-After の秒数の後にやり直してください。",
         "Try again after the seconds that Retry-After says."),
    ),
    budget.OverBudget: _problem(
        "over-budget", 429, ("問い合わせの時間を使い切りました", "Your query time is used up"),
        ("Retry-After の秒数の後に、同時に走らせる問い合わせを減らしてやり直してください。",
         "Try again after the seconds that Retry-After says, with fewer queries at the same time."),
    ),
    errors.InvalidData: _problem(
        "invalid-data", 422, ("データが規則に合いません", "The data is not valid"),
        ("示した違反を直して、もう一度送ってください。何も公開されていません。",
         "Mend the violations shown and send it again. Nothing has been published."),
    ),
    errors.UnsupportedFormat: _problem(
        "not-acceptable", 406, ("その形式はありません", "No such format"),
        ("ある形式（JSONでは offered）を、Accept ヘッダか ?format= で指定してください。",
         "Ask for one of those there are (offered, in JSON) by the Accept header or by ?format=."),
    ),
    drawing.NotDrawn: _problem(
        "not-drawn", 503, ("図を描けませんでした", "The chart could not be drawn"),
        ("値の表と仕様（.vl.json）は同じページから得られます。しばらくしてからお試しください。",
         "The page has the values as a table, and the specification ends in .vl.json. "
         "Try again in a moment."),
    ),
    errors.StoreUnavailable: _problem(
        "store-unavailable", 503, ("データに接続できません", "The store does not answer"),
        ("しばらくしてからやり直してください。", "Try again in a moment."),
    ),
    errors.WriterBusy: _problem(
        "writer-busy", 503, ("ほかの書込みが進行中です", "Another write is in progress"),
        ("書込みは一度に一つです。しばらくしてからやり直してください。",
         "There is one writer at a time. Try again in a moment."),
    ),
    errors.UnknownRelease: _problem(
        "unknown-release", 404, ("その番号の版はありません", "No such release"),
        ("/releases に、今ある版の一覧があります。", "/releases lists those that there are."),
    ),
    errors.DataFolderError: _problem(
        "data-folder", 503, ("データフォルダを使えません", "The data folder cannot be used"),
        ("運用者にお知らせください。", "Please tell the operator."),
    ),
    errors.UnknownQuestion: _problem(
        "unknown-question", 404, ("その名前の問いはありません", "No such question"),
        ("/queries に問いの一覧があります。", "/queries lists the questions there are."),
    ),
    errors.BadParameter: _problem(
        "bad-parameter", 400, ("パラメータの値が正しくありません", "A parameter has a wrong value"),
        ("受け取った値と、使える値を「詳細」に示しています（JSONでは name、got、expected）。",
         "The details say what came and what was expected (in JSON: name, got and expected)."),
    ),
    errors.UnknownThing: _problem(
        "unknown-thing", 404, ("記録のない資源です", "Nothing is recorded about this thing"),
        ("近い名前の資源（JSONでは nearest）を示しています。目次からもたどれます。",
         "Things with a similar id are shown (nearest, in JSON); the outline leads there too."),
    ),
    protocol.MalformedRequest: _problem(
        "malformed-request", 400, ("要求の形が正しくありません", "Malformed request"),
        ("SPARQL 1.1 Protocol の定めるとおりに送ってください。",
         "Send it as SPARQL 1.1 Protocol says."),
    ),
    protocol.WrongMethod: _problem(
        "method-not-allowed", 405, ("そのメソッドは使えません", "Method not allowed"),
        ("示したメソッドのどれかを使ってください。", "Use one of the methods shown."),
    ),
    protocol.UnsupportedContent: _problem(
        "unsupported-content", 415,
        ("その形式の本文は読めません", "Content of that type is not read"),
        ("示した形式のどれかで、UTF-8 で送ってください。",
         "Send one of the types shown, in UTF-8."),
    ),
    protocol.BodyTooLarge: _problem(
        "too-large", 413, ("本文が大きすぎます", "The body is too large"),
        ("小さく分けて送るか、運用者に上限をご相談ください。",
         "Send it in smaller pieces, or ask the operator about the limit."),
    ),
    tokens.WritingOff: _problem(
        "writing-off", 403, ("ここでは書込みができません", "Writing is off here"),
        ("トークンを設定すると書込みができます。読むだけなら何も要りません。",
         "Writing is on once a token is configured. Reading needs none."),
    ),
    tokens.TokenMissing: _problem(
        "token-required", 401, ("トークンが要ります", "A token is required"),
        ("Authorization: Bearer に続けてトークンを送ってください。",
         "Send the token in an Authorization header: Bearer TOKEN."),
    ),
    tokens.NotAllowed: _problem(
        "not-allowed", 403, ("このトークンではできません", "The token does not allow this"),
        ("公開には公開用のトークンが要ります。", "Publishing needs a token that may publish."),
    ),
    Refused: _problem(
        "submission-refused", 422, ("このままでは登録できません", "The submission is not let in"),
        ("示した違反を直して、もう一度出してください（JSONでは report に全てあります）。"
         "何も公開されていません。",
         "Mend the violations shown (all of them are in report, in JSON) and hand it in again. "
         "Nothing has been published."),
    ),
    NothingHandedIn: _problem(
        "nothing-handed-in", 400, ("ファイルがありません", "No file came"),
        ("ファイルを選ぶか、表を貼り付けてください。", "Choose a file, or paste a table."),
    ),
    NothingProposed: _problem(
        "nothing-new", 422, ("新しい内容がありません", "Nothing new"),
        ("現在の版にない内容を出してください。", "Hand in what the current release does not say."),
    ),
    proposals.NothingNew: _problem(
        "proposal-already-said", 409,
        ("提案の内容は既に公開されています", "What it proposes is published already"),
        ("提案は未決のままです。不要なら却下してください。",
         "The proposal stays open. Decline it if nobody needs it."),
    ),
    proposals.AlreadyDecided: _problem(
        "already-decided", 409, ("提案は決定済みです", "The proposal was decided before"),
        ("提案のページに、誰がいつ決めたかがあります。",
         "The proposal's page says who decided it and when."),
    ),
    proposals.UnknownProposal: _problem(
        "unknown-proposal", 404, ("その番号の提案はありません", "No such proposal"),
        ("/proposals に提案の一覧があります。", "/proposals lists those that there are."),
    ),
    errors.HakushoError: _problem(
        "refused", 422, ("受け付けられません", "Not accepted"),
        ("示した理由を確かめてください。", "See the reason shown."),
    ),
}  # fmt: skip
"""Error class to problem; an error that is not listed is answered as its nearest ancestor is."""

HTTP: Final[Mapping[int, Problem]] = {
    400: PROBLEMS[protocol.MalformedRequest],
    404: _problem(
        "not-found", 404, ("ページがありません", "There is no such page"),
        ("アドレスを確かめるか、最初のページからたどってください。",
         "Check the address, or start from the first page."),
    ),
    405: PROBLEMS[protocol.WrongMethod],
    413: PROBLEMS[protocol.BodyTooLarge],
    415: PROBLEMS[protocol.UnsupportedContent],
}  # fmt: skip
"""Status of what Flask itself refuses, to problem."""


def problems() -> Iterator[Problem]:
    """Gives every problem type once, in order of slug."""
    known = (*PROBLEMS.values(), *LIMITS.values(), *HTTP.values(), INTERNAL)
    all_of_them = {each.slug: each for each in known}
    yield from sorted(all_of_them.values(), key=lambda each: each.slug)


def problem_of(error: Exception) -> Problem:
    """Gives the problem of an error: its own class's, else its nearest ancestor's.

    >>> problem_of(errors.QueryRefused("LOAD is not allowed", 1, 1)).slug
    'query-refused'
    """
    if isinstance(error, HTTPException):
        return HTTP.get(error.code or 500, INTERNAL)
    if isinstance(error, errors.LimitExceeded):
        return LIMITS.get(error.limit, OTHER_LIMIT)
    return next((PROBLEMS[each] for each in type(error).__mro__ if each in PROBLEMS), INTERNAL)
