"""How templates say a sentence: with facts or without, escaped where the template is."""

import pytest
from flask import Flask

from app.web.words import init_words


@pytest.fixture
def app() -> Flask:
    made = Flask("sentences")
    init_words(made)
    return made


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ _('All of it') }} {{ _('All of it') }}", "All of it All of it"),
        ("{{ _('100 %% of it') }}", "100 % of it"),
        ("{{ _('To %(name)s', name='<Rosa>') }}", "To &lt;Rosa&gt;"),
        ("{{ _('<b>%(name)s</b>', name='<Rosa>') }}", "<b>&lt;Rosa&gt;</b>"),
        ("{{ ngettext('one day', '%(num)d days', 1) }}, {{ ngettext('one day', '%(num)d days', 3) }}", "one day, 3 days"),
        ("{{ ngettext('one of %(all)s', '%(num)d of %(all)s', 2, all='<4>') }}", "2 of &lt;4&gt;"),
        ("{% autoescape false %}{{ _('To %(name)s', name='<Rosa>') }} {{ _('100 %%') }}{% endautoescape %}", "To <Rosa> 100 %"),
    ],
)  # fmt: skip
def test_a_sentence_is_formatted_and_its_facts_are_escaped(app: Flask, source: str, said: str) -> None:
    template = app.jinja_env.from_string("{% autoescape true %}" + source + "{% endautoescape %}")
    with app.test_request_context():
        assert template.render() == template.render() == said
