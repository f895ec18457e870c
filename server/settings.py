"""All settings, one table: options of the commands, `HAKUSHO_*` variables and README come from it.

A setting is taken from the command's option, else from the environment, else from the table. A
variable that begins with HAKUSHO_ and is no setting is refused: it would be a misspelt one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import platformdirs

from ..graph.errors import HakushoError
from ..graph.limits import Limits

PREFIX: Final = "HAKUSHO_"
LIMIT: Final = "limit_"
TESTS: Final = frozenset({"HAKUSHO_SHARED", "HAKUSHO_SUITES"})
"""Variables of the project's own test suite, which say where its material is."""

Value = str | int | float | bool | Path | frozenset[str] | None


class UnknownSetting(HakushoError):
    """A name that is no setting; `nearest` are those most like it."""

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        super().__init__(name, nearest)
        self.name = name
        self.nearest = nearest

    def __str__(self) -> str:
        hint = f"; did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        return f"there is no setting {self.name}{hint}"


class BadSetting(HakushoError):
    """A setting whose value is not of its kind."""

    def __init__(self, name: str, got: str, expected: str) -> None:
        super().__init__(name, got, expected)
        self.name = name
        self.got = got
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.name}: {self.got!r} was given, expected {self.expected}"


@dataclass(frozen=True)
class Setting:
    """A setting: its name, its kind, what it is unless it is set, and what it does."""

    name: str
    kind: str
    default: Value
    ja: str
    en: str
    choices: tuple[str, ...] = ()
    least: float = 0
    secret: bool = False
    """Whether it is never an option, since a command line is there for everyone to see."""

    @property
    def variable(self) -> str:
        """The variable of the environment that sets it.

        >>> setting("token_file").variable
        'HAKUSHO_TOKEN_FILE'
        """
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """The option that sets it; a switch that is on has one to turn it off.

        >>> setting("token_file").option, setting("validation").option
        ('--token-file', '--no-validation')
        """
        name = self.name.replace("_", "-")
        return f"--no-{name}" if self.default is True else f"--{name}"

    def read(self, text: str, name: str | None = None) -> Value:
        """Gives the value that a text stands for, or refuses it by the name it was given under.

        >>> setting("port").read("8080")
        8080
        """
        try:
            return self._value(text.strip())
        except ValueError:
            raise BadSetting(name or self.variable, text, self.expected) from None

    @property
    def expected(self) -> str:
        """What a value has to be, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        return {
            "integer": f"a whole number, {self.least:.0f} or more",
            "number": f"a number, {self.least:g} or more",
            "switch": "true or false",
            "list": "names with a comma between them",
        }.get(self.kind, "a text")

    def _value(self, text: str) -> Value:
        if self.choices and text not in self.choices:
            raise ValueError(text)
        if self.kind in ("integer", "number"):
            number = int(text.replace("_", "")) if self.kind == "integer" else float(text)
            if not number >= self.least:
                raise ValueError(text)
            return number
        if self.kind == "switch":
            if text.lower() not in ("true", "1", "false", "0"):
                raise ValueError(text)
            return text.lower() in ("true", "1")
        if self.kind == "list":
            return frozenset(filter(None, (name.strip() for name in text.split(","))))
        if self.kind == "path":
            return Path(text).expanduser() if text else None
        return text or None


def _setting(name: str, kind: str, default: Value, ja: str, en: str, **more: Any) -> Setting:
    return Setting(name, kind, default, ja, en, **more)


def _limit(name: str, kind: str, ja: str, en: str, least: float = 1) -> Setting:
    default = getattr(Limits(), name)
    return Setting(LIMIT + name, kind, default, ja, en, least=least)


SETTINGS: Final = (
    _setting("data", "path", Path(platformdirs.user_data_dir("hakusho", appauthor=False)),
             "データフォルダ", "the data folder"),
    _setting("lang", "text", "ja",
             "表示の言語", "the language of what is shown", choices=("ja", "en")),
    _setting("host", "text", "127.0.0.1",
             "待ち受けるアドレス", "the address to listen on"),
    _setting("port", "integer", 8000,
             "待ち受けるポート（0は空いているもの）",
             "the port to listen on (0: any that is free)"),
    _setting("workers", "integer", 1,
             "ウェブのプロセス数", "how many web processes there are", least=1),
    _setting("store", "text", None,
             "データフォルダの代わりに答えるSPARQLエンジンのURL",
             "the URL of a SPARQL engine that answers in place of the data folder"),
    _setting("engine", "text", None,
             "そのエンジンの種類（指定しなければ応答から判別）",
             "the kind of that engine (found out from its answers unless given)"),
    _setting("store_header", "text", None,
             "そのエンジンに送るヘッダー（NAME: VALUE）",
             "a header to show that engine, NAME: VALUE", secret=True),
    _setting("edition", "text", "packaged",
             "最初に組み込む版：付属の白書（packaged）か、なし（none）",
             "what a new data folder starts with: the packaged white paper, or nothing",
             choices=("packaged", "none")),
    _setting("default_graph", "text", "merged",
             "新しいデータフォルダの既定グラフ：名前付きグラフの併合（merged）か、独立（plain）",
             "the default graph of a new data folder: the merge of the named graphs, or its own",
             choices=("merged", "plain")),
    _setting("validation", "switch", True,
             "書込みをSHACLで検証する（--no-validation で検証しない）",
             "validate what is written; --no-validation leaves it out"),
    _setting("token", "text", None,
             "公開できるトークン", "the token that may publish", secret=True),
    _setting("propose_token", "text", None,
             "提案できるトークン", "the token that may propose", secret=True),
    _setting("token_file", "path", None,
             "トークンのファイル（1行に一つ）", "a file of tokens, one a line"),
    _setting("keep", "integer", 20,
             "残す過去の版の数（固定した版は別に残る）",
             "how many releases are kept (those that are pinned stay anyway)", least=1),
    _setting("patience", "number", 10.0,
             "ほかの書込みの終わりを待つ秒数", "seconds to wait for another writer to end"),
    _setting("write_window", "number", 0.05,
             "近い時間に届いた書込みを一つの版にまとめる秒数（0はまとめない）",
             "seconds in which writes that arrive together become one release (0: one each)"),
    _setting("cache_bytes", "integer", 64 * 1024 * 1024,
             "応答のキャッシュの大きさ（バイト）",
             "bytes of answers that are kept to be given again"),
    _setting("budget_seconds", "number", 60.0,
             "1分ごとに一人の利用者（プロセスごと）が使える問い合わせの秒数（0は無制限）",
             "seconds of query time for each client, minute and web process (0: no limit)"),
    _setting("trusted_proxies", "integer", 0,
             "X-Forwarded-Forを書く信頼できるプロキシの数",
             "how many trusted proxies there are, whose X-Forwarded-For says who the client is"),
    _setting("request_log", "text", None,
             "要求の記録を書くファイル（-は標準エラー出力）",
             "the file that requests are logged in, as JSON lines (-: standard error)"),
    _setting("slow_seconds", "number", 10.0,
             "問い合わせの本文も記録するまでの秒数（0は記録しない）",
             "seconds after which a query is logged with its text (0: never)"),
    _limit("text_bytes", "integer", "問い合わせの長さ（バイト）", "bytes of a query"),
    _limit("nesting", "integer", "括弧の入れ子の深さ", "depth of nested brackets"),
    _limit("operators", "integer", "演算子・関数・節の数",
           "operators, functions and clauses in a query"),
    _limit("patterns", "integer", "一つのグループのトリプルパターンの数",
           "triple patterns in one group"),
    _limit("services", "list", "SERVICEで呼べるIRI（コンマ区切り）",
           "IRIs that SERVICE may name, with commas between them", 0),
    _limit("seconds", "number", "問い合わせの時間（秒）",
           "seconds that a query may take", 0.001),
    _limit("memory", "integer", "問い合わせのメモリ（バイト）",
           "bytes of memory that a query may take"),
    _limit("rows", "integer", "応答の行数", "rows of an answer"),
    _limit("result_bytes", "integer", "応答の大きさ（バイト）", "bytes of an answer"),
    _limit("held_bytes", "integer", "全体がそろうまで送らずに待つ応答の大きさ（バイト）",
           "bytes of an answer that wait until it is known to be whole"),
    _limit("held_in_memory", "integer", "そのうちメモリに置く大きさ（バイト）",
           "bytes of those that wait in memory"),
    _limit("fast_workers", "integer", "同時に走る問い合わせの数（0はCPU一つにつき四つ）",
           "queries that run at once (0: four for each processor)", 0),
    _limit("fast_seconds", "number", "長い問い合わせを後回しにするまでの秒数",
           "seconds after which a query makes way for others", 0.001),
    _limit("slow_workers", "integer", "後回しの問い合わせが同時に走る数",
           "queries that made way and run at once"),
    _limit("slow_queue", "integer", "後回しの問い合わせが待つ数",
           "queries that made way and wait", 0),
    _limit("queue", "integer", "順番を待つ問い合わせの数", "queries that wait for their turn"),
    _limit("memory_store_bytes", "integer", "メモリにも置く版の大きさの上限（バイト）",
           "bytes of the largest release that is held in memory as well", 0),
    _limit("upload_bytes", "integer", "送られるRDFの大きさ（バイト）", "bytes of RDF that is sent"),
    _limit("upload_ratio", "integer", "送られたRDFの1バイトが何バイトのN-Quadsになってよいか",
           "bytes of N-Quads that one byte of RDF may become"),
    _limit("upload_seconds", "number", "RDFを読む時間（秒）",
           "seconds to read RDF or an update", 0.001),
)  # fmt: skip

_BY_NAME: Final = {each.name: each for each in SETTINGS}


def setting(name: str) -> Setting:
    """Gives the setting of that name."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownSetting(name, _nearest(name, _BY_NAME)) from None


class Settings(Mapping[str, Value]):
    """The value of every setting.

    >>> Settings({"port": 8080})["port"], Settings()["host"]
    (8080, '127.0.0.1')
    """

    def __init__(self, given: Mapping[str, Value] | None = None) -> None:
        self._values = {each.name: each.default for each in SETTINGS}
        for name, value in (given or {}).items():
            self._values[setting(name).name] = value

    def __getitem__(self, name: str) -> Any:
        return self._values[setting(name).name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def limits(self) -> Limits:
        """Gives the limits that are set."""
        return Limits(**{each.name: self[LIMIT + each.name] for each in fields(Limits)})


def from_environment(environment: Mapping[str, str]) -> dict[str, Value]:
    """Gives the settings that the environment sets, or refuses what is no setting."""
    variables = {each.variable: each for each in SETTINGS}
    found = {}
    for name, text in environment.items():
        if not name.startswith(PREFIX) or name in TESTS:
            continue
        if name not in variables:
            raise UnknownSetting(name, _nearest(name, variables))
        if text:
            found[variables[name].name] = variables[name].read(text)
    return found


def environment_of(settings: Settings) -> dict[str, str]:
    """Gives the variables that set the same, for a process that is started with them.

    >>> environment_of(Settings({"port": 8080}))["HAKUSHO_PORT"]
    '8080'
    """
    return {setting(name).variable: _text(value) for name, value in settings.items()}


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _nearest(name: str, known: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(get_close_matches(name, known, 2))
