"""Sentences in the reader's language, found fast: a page has hundreds of them.

Flask-Babel writes the language's name out and looks its catalog up for each sentence, and Jinja formats each one, also those
with nothing to put in. Here a catalog is found by its language, and a sentence without facts is worked out once.
"""

from babel import Locale
from babel.support import Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup


class Sentences(Domain):
    """The catalogs by language, and what templates call to say a sentence."""

    def __init__(self, name: str) -> None:
        super().__init__(domain=name)
        self._catalogs: dict[Locale | None, Translations] = {}
        self._plain: dict[tuple[Locale | None, str], Markup] = {}

    def get_translations(self) -> Translations:
        """The catalog of the reader's language, read once in a process."""
        locale = get_locale()
        found = self._catalogs.get(locale)
        if found is None:
            found = self._catalogs[locale] = super().get_translations()
        return found

    @pass_eval_context
    def one(self, context: EvalContext, sentence: str, /, **facts: object) -> str:
        """`_("…")` of a template. The facts are escaped where the template is."""
        if facts or not context.autoescape:
            return self._formatted(context, self.get_translations().ugettext(sentence), facts)
        key = (get_locale(), sentence)
        plain = self._plain.get(key)
        if plain is None:
            # Sentences come from templates, so that there are only so many.
            plain = self._plain[key] = Markup(self.get_translations().ugettext(sentence)) % {}  # noqa: S704
        return plain

    @pass_eval_context
    def many(self, context: EvalContext, one: str, several: str, number: int, /, **facts: object) -> str:
        """`ngettext("…", "…", number)` of a template."""
        words = self.get_translations().ungettext(one, several, number)
        return self._formatted(context, words, {"num": number, **facts})

    @staticmethod
    def _formatted(context: EvalContext, words: str, facts: dict[str, object]) -> str:
        return (Markup(words) if context.autoescape else words) % facts  # noqa: S704 - a sentence of ours


def init_sentences(app: Flask) -> None:
    """Register Babel with these."""
    # The same object for each request: languages are compared by what they are called, which takes long.
    language = Locale.parse(str(app.config["BABEL_DEFAULT_LOCALE"]))
    babel = Babel(app, locale_selector=lambda: language)
    sentences = babel.domain_instance = Sentences(app.extensions["babel"].default_domain)
    app.jinja_env.globals.update(_=sentences.one, gettext=sentences.one, ngettext=sentences.many)
