"""Values that are counted together are counted right, however many a listing has of them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.rules.actors import NOBODY
from app.rules.vocabulary import Theme
from app.search.engine.schema import apart, together
from app.search.engine.values import Facet
from app.search.queries import SearchRequest, search
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset

THEMES = [theme.value for theme in Theme]


@given(st.lists(st.sets(st.sampled_from(THEMES))))
def test_each_value_has_as_many_as_have_it(listings: list[set[str]]) -> None:
    terms = Counter(term for values in listings for term in together(tuple(values)))
    assert apart(terms.items()) == Counter(value for values in listings for value in values)


def test_there_are_never_more_terms_than_one_count_can_tell() -> None:
    count = len(THEMES)
    most = count + count * (count - 1) // 2 + count * (count - 1) * (count - 2) // 6
    assert max(len(term.split(" ")) for term in together(THEMES)) == 3
    assert most < 5000


def test_a_list_counts_and_narrows_by_each_theme_of_a_listing_that_has_many(session: Session) -> None:
    acme = partner(session, "Acme Maps")
    make_dataset(session, acme, themes=THEMES)
    make_dataset(session, acme, themes=THEMES[:1])
    page = search(session, NOBODY, SearchRequest())
    counted = {one.value: one.count for one in page.facets[Facet.THEME]}
    assert counted == {theme: 2 if theme == THEMES[0] else 1 for theme in THEMES}
    for theme in THEMES:
        chosen = search(session, NOBODY, SearchRequest(facets={Facet.THEME: frozenset({theme})}))
        assert chosen.total == counted[theme]
