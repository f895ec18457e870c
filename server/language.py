"""The reader's language, Japanese or English, and every text of the pages in both.

The language is what `?lang=` says, else what Accept-Language wants, else Japanese. No cookie: the
address says it all, and links keep a language that was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from flask import Flask, g, request, url_for
from markupsafe import Markup, escape

from .addresses import address_of
from .named_release import PARAMETER
from .service import answering
from .texts.files import texts

Language = Literal["ja", "en"]
Text = Mapping[str, str]

LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")
KEPT: Final = "kept_in_addresses"
LONGEST: Final = 8_000
"""How long a query string may be for the links to the other language to keep it."""


def language() -> Language:
    """Gives the language of the current request."""
    chosen = request.args.get("lang", "").lower()
    for lang in LANGUAGES:
        if chosen == lang:
            return lang
    best = request.accept_languages.best_match(LANGUAGES, default="ja")
    return "en" if best == "en" else "ja"


def text(key: str, lang: str, /, **values: object) -> Markup:
    """Gives a text by its key `section.name`, with its placeholders filled in and escaped.

    English counts: `{number} {number:policy|policies}` is 1 policy or 2 policies.
    """
    if not values:
        return _plain(key, lang)
    return _said(key, lang).format(**{name: Filled(value) for name, value in values.items()})


@dataclass(frozen=True)
class Filled:
    """What fills a placeholder: itself, or the word that goes with a number."""

    value: object

    def __html_format__(self, words: str) -> str:
        """Gives the value escaped, or that of two words which goes with it.

        >>> Markup("{n:is|are}").format(n=Filled(1)), Markup("{n:is|are}").format(n=Filled(0))
        (Markup('is'), Markup('are'))
        """
        if not words:
            return escape(self.value)
        one, _, more = words.partition("|")
        return Markup(one if str(self.value) == "1" else more)


@lru_cache(maxsize=4096)
def _plain(key: str, lang: str) -> Markup:
    """Gives a text that has no placeholders: pages say the same few hundred again and again."""
    return _said(key, lang).format()


def _said(key: str, lang: str) -> Markup:
    section, _, name = key.partition(".")
    return Markup(texts("pages")[section][name][lang])


def link(endpoint: str, /, **values: Any) -> str:
    """Gives the address of a page, in the language and of the release of the current one."""
    if "lang" not in values and request.args.get("lang", "") in LANGUAGES:
        values["lang"] = request.args["lang"]
    if PARAMETER not in values and answering().release is not None:
        values[PARAMETER] = answering().release
    return address_of(endpoint, values)


def here(address: str) -> str:
    """Gives the address of one of our pages in the language and of the release that the current
    one names."""
    return keeping()(address)


def keeping() -> Callable[[str], str]:
    """Gives what does for many addresses what `here` does for one."""
    along = kept()

    def kept_in(address: str) -> str:
        if not along or not address.startswith("/"):
            return address
        return address + ("&" if "?" in address else "?") + along

    return kept_in


def kept() -> str:
    """Gives what addresses keep of the current page's: the language and the release that it
    names."""
    found: str | None = g.get(KEPT)
    if found is not None:
        return found
    chosen, release = request.args.get("lang", ""), answering().release
    along = [f"lang={chosen}"] if chosen in LANGUAGES else []
    along += [f"{PARAMETER}={release}"] if release is not None else []
    found = "&".join(along)
    setattr(g, KEPT, found)
    return found


def same_page(lang: Language) -> str:
    """Gives the address of the current page in a language, all else kept."""
    # A page does not repeat an address of any length four times over.
    short = len(request.query_string) <= LONGEST
    arguments: dict[str, Any] = request.args.to_dict(flat=False) if short else {}
    arguments["lang"] = lang
    if request.endpoint is None:
        return url_for("explorer.home", lang=lang)
    return url_for(request.endpoint, **{**(request.view_args or {}), **arguments})


def newest() -> str:
    """Gives the address of the current page as the current release has it."""
    arguments: dict[str, Any] = request.args.to_dict(flat=False)
    arguments.pop(PARAMETER, None)
    arguments |= request.view_args or {}
    return url_for(request.endpoint or "explorer.home", **arguments)


def register(app: Flask) -> None:
    """Gives templates `lang`, `t(key)`, `link(endpoint)` and `same_page(lang)`."""

    @app.context_processor
    def words() -> dict[str, Any]:
        lang = language()
        return {
            "lang": lang,
            "t": lambda key, /, **values: text(key, lang, **values),
            "link": link,
            "same_page": same_page,
            "newest": newest,
        }
