import pytest

from tests.engine.acting import Acting
from tests.engine.plans import ARTICLE_DATA, STREET_DATA, article, street


@pytest.fixture
def cars() -> Acting:
    """A street scene with the label Car active."""
    acting = Acting(street(), STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    return acting


@pytest.fixture
def names() -> Acting:
    """An article with the label PER active."""
    acting = Acting(article(), ARTICLE_DATA)
    acting.do("pick_label", control="ner", label="PER")
    return acting
