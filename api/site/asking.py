"""A question that the search page puts to the index, and what it found."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from ...data import Trial
from ...data.draft import draft_from
from ...errors import UsageError
from ...index import Filters, Hit, Index, Weights
from ...index.facets import Facet
from ...index.query_text import MOST_CHARACTERS
from ...index.sought import Sought
from ..paging import MOST_HITS
from ..parameters import FilterParameters, WeightParameters
from . import facet_groups
from .address import Address

FILTERS = tuple(str(field.alias) for field in FilterParameters.model_fields.values())
"""The filters' names, those of the HTTP API."""
WEIGHTS = ("preset", "weights")
"""The names of what counts how much, likewise."""
MOST_COUNTED = MOST_HITS
"""Trials of a list that are counted at most."""
SHORT = 300
"""Characters of a query that stand in an address; longer texts are sent in the body, and stand nowhere."""


@dataclass(frozen=True)
class Found:
    """Part of a list of trials.

    Attributes:
        hits: those asked for, with reasons.
        total: trials of the list, counted up to `MOST_COUNTED`.
        facets: what trials of the list have.
    """

    hits: Sequence[Hit]
    total: int
    facets: Sequence[Facet]


@dataclass(frozen=True)
class Question:
    """A text, or a draft of a record, and how much of the text was left out for its length."""

    text: str
    asked: str | Trial
    left_out: int = 0

    @classmethod
    def of(cls, text: str) -> "Question":
        """What a text asks: a draft where it is a study in JSON, else its own first `MOST_CHARACTERS`.

        Raises:
            UsageError: it is JSON, and not that of a study.
        """
        asked = draft_from(text) if len(text) > SHORT else text
        if isinstance(asked, str) and len(asked) > MOST_CHARACTERS:
            return cls(text, asked[:MOST_CHARACTERS], len(asked) - MOST_CHARACTERS)
        return cls(text, asked)

    def sought(self, index: Index) -> Sought:
        """What of it is looked for; of a draft all that was sent."""
        return Sought(self.text) if isinstance(self.asked, Trial) else index.sought(self.asked)

    def hits(
        self, index: Index, top: int, filters: Filters, weights: Weights, skip: int = 0, *, explain: bool = True
    ) -> list[Hit]:
        """The trials most like it, of ranks `skip` + 1 to `top`.

        Raises:
            UsageError, ModelError
        """
        if isinstance(self.asked, Trial):
            return index.related_to(self.asked, top, filters, weights, skip=skip, explain=explain)
        return index.search(self.asked, top, filters, weights, skip=skip, explain=explain)


def ask(index: Index, question: Question, address: Address, skip: int, top: int) -> Found:
    """The hits of some ranks, how long the list is, and what its trials have.

    Of a field with chosen values, all that could be chosen beside them are counted.

    Raises:
        UsageError: a filter or a weight has a wrong value.
    """
    parameters = parameters_of(address)
    filters, weights = parameters.filters(), parameters.aspects()
    all_ids = _ids(index, question, filters, weights)
    facets = {one.field: one for one in index.facets(all_ids)}
    for field in facet_groups.chosen_fields(address):
        wider = parameters_of(address.with_value(facet_groups.filter_of(field), None)).filters()
        facets |= {one.field: one for one in index.facets(_ids(index, question, wider, weights)) if one.field == field}
    hits = question.hits(index, top, filters, weights, skip) if len(all_ids) > skip else []
    return Found(hits, len(all_ids), list(facets.values()))


def parameters_of(address: Address) -> WeightParameters:
    """The filters and weights of an address.

    Raises:
        UsageError: a value is of the wrong kind.
    """
    given = {name: value for name, value in address.parameters.items() if name in FILTERS or name in WEIGHTS}
    try:
        return WeightParameters.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(f"Parameter {str(first['loc'][-1])!r}: {first['msg']}.", "Choose another value.") from None


def _ids(index: Index, question: Question, filters: Filters, weights: Weights) -> list[str]:
    return [hit.nct_id for hit in question.hits(index, MOST_COUNTED, filters, weights, explain=False)]
