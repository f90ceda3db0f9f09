"""What the tools of the Model Context Protocol take and answer, of bounded size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from ..data import Record
from ..errors import UsageError
from ..index import Filters, Hit, Index
from ..index.comparing import compare
from ..index.comparison import Comparison
from ..index.person import Person
from .models import Source
from .options import make_filters
from .serving import ServedIndex

MOST_HITS = 50
MOST_ITEMS = 50
"""Items of a list in a record or a section of a comparison, such as sites."""
MOST_CHARACTERS = 20_000
"""Characters of one text of a record."""

NctId = Annotated[str, Field(max_length=40, description="NCT id of a trial, such as NCT07057778.")]
Top = Annotated[int, Field(ge=1, le=MOST_HITS, description="Trials to list at most.")]
Evidence = Annotated[bool, Field(description="Also quote what both records say, for each reason.")]
Status = Annotated[
    list[str] | None, Field(max_length=20, description="Only these overall statuses, such as RECRUITING, COMPLETED.")
]
Phase = Annotated[
    list[str] | None,
    Field(max_length=20, description="Only these phases: NA, EARLY_PHASE1, PHASE1, PHASE2, PHASE3, PHASE4."),
]
StudyType = Annotated[
    Literal["INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"] | None, Field(description="Only this kind of study.")
]
Country = Annotated[
    list[str] | None, Field(max_length=20, description="Only trials with a site in one of these countries, in English.")
]
StartDate = Annotated[
    str | None,
    Field(max_length=40, description="Only trials that start in FROM..TO, each YYYY, YYYY-MM or YYYY-MM-DD, or open."),
]
Age = Annotated[float | None, Field(ge=0, le=150, description="Only trials that admit this age in years.")]
Sex = Annotated[Literal["FEMALE", "MALE"] | None, Field(description="Only trials that admit this sex.")]
HasResults = Annotated[bool | None, Field(description="Only trials with posted results, or only those without.")]
Fields = Annotated[
    list[str] | None,
    Field(
        max_length=60, description="Fields of the record by the registry's names, such as briefTitle; all if left out."
    ),
]


class ListedTrials(Source):
    """A ranked list, closest first; shorter than asked for where nothing else is close."""

    query: str
    hits: tuple[Hit, ...]
    left_out: tuple[str, ...] = Field(
        default=(), description="Conditions that a text denies or tells of relatives, which were not looked for."
    )
    spelled: dict[str, str] = Field(
        default={},
        description="The words that were looked for in place of misspelt ones, or of ALL, the leukemia, by these.",
    )
    person: Person | None = Field(
        default=None, description="Whom a text asks for, if it tells their age in years; trials for others rank lower."
    )


class ComparedTrials(Source):
    """Two trials side by side.

    Attributes:
        omitted: how many items of a section's part were left out, because it was too long.
    """

    comparison: Comparison
    omitted: dict[str, int]


class TrialRecord(Source):
    """One trial's record in the registry's names; fields that it lacks are left out.

    Attributes:
        omitted: how many items of a list, or characters of a text, were left out, because it was too long.
    """

    trial: dict[str, Any]
    omitted: dict[str, int]


@dataclass(frozen=True)
class Tools:
    """The tools, each a question to the index that is open when it is called."""

    served: ServedIndex

    def related(
        self,
        nct_id: NctId,
        top: Top = 10,
        evidence: Evidence = False,
        status: Status = None,
        phase: Phase = None,
        study_type: StudyType = None,
        country: Country = None,
        start_date: StartDate = None,
        age: Age = None,
        sex: Sex = None,
        has_results: HasResults = None,
    ) -> ListedTrials:
        """List the clinical trials most like one trial, with why each is there.

        Use it to find a trial's precedents, competitors, alternatives or earlier phases. Scores go from 0 to 1 and tell
        how surely a trial is related. The trial itself is not listed.
        """
        index = self.served.get()
        filters = _filters(status, phase, study_type, country, start_date, age, sex, has_results)
        return _listed(index, nct_id, index.related(nct_id, top, filters), evidence=evidence)

    def search(
        self,
        text: Annotated[str, Field(max_length=50_000, description="Key words, a question, a synopsis, or a story.")],
        top: Top = 10,
        evidence: Evidence = False,
        status: Status = None,
        phase: Phase = None,
        study_type: StudyType = None,
        country: Country = None,
        start_date: StartDate = None,
        age: Age = None,
        sex: Sex = None,
        has_results: HasResults = None,
    ) -> ListedTrials:
        """List the clinical trials most like a text, by its meaning, words, conditions and interventions.

        The text may be key words, a question, the synopsis of a protocol, or a patient's story. It understands no
        operators such as AND: narrow the list by the other arguments.
        """
        index = self.served.get()
        filters = _filters(status, phase, study_type, country, start_date, age, sex, has_results)
        listed = _listed(index, text[:200], index.search(text, top, filters), evidence=evidence)
        sought = index.sought(text)
        read = {"left_out": tuple(sought.denied), "spelled": dict(sought.spelled), "person": sought.person}
        return listed.model_copy(update=read)

    def compare(self, first: NctId, second: NctId) -> ComparedTrials:
        """Set two clinical trials side by side: what is the same, what differs, and what only one of them says.

        It pairs conditions, interventions, arms, outcomes and eligibility criteria, and marks numbers that differ.
        """
        index = self.served.get()
        comparison, omitted = _shortened(compare(index.trial(first), index.trial(second)))
        return ComparedTrials(**_source(index), comparison=comparison, omitted=omitted)

    def trial(self, nct_id: NctId, fields: Fields = None) -> TrialRecord:
        """Look up one clinical trial's record by its NCT id: design, arms, outcomes, eligibility, sites."""
        if fields == []:
            raise UsageError("No field is named.", "Leave fields out for the whole record.")
        index = self.served.get()
        (record,) = index.trials([nct_id], fields)
        whole = record.model_dump(by_alias=True, mode="json", exclude_none=True)
        shown: dict[str, Any] = {}
        omitted: dict[str, int] = {}
        for name, value in whole.items():
            if value == [] or (fields and name not in fields and name != "nctId"):
                continue
            most = MOST_CHARACTERS if isinstance(value, str) else MOST_ITEMS
            shown[name] = value[:most] if isinstance(value, str | list) else value
            if isinstance(value, str | list) and len(value) > most:
                omitted[name] = len(value) - most
        return TrialRecord(**_source(index), trial=shown, omitted=omitted)


def _filters(
    status: list[str] | None,
    phase: list[str] | None,
    study_type: str | None,
    country: list[str] | None,
    start_date: str | None,
    age: float | None,
    sex: str | None,
    has_results: bool | None,
) -> Filters:
    return make_filters(
        status=status,
        phase=phase,
        study_type=[study_type] if study_type else None,
        country=country,
        sponsor_class=None,
        sex=sex,
        age=age,
        start=start_date,
        completion=None,
        updated=None,
        has_results=has_results,
    )


def _source(index: Index) -> dict[str, Any]:
    return {"index_version": index.version, "data_date": index.manifest.snapshot.data_date}


def _listed(index: Index, query: str, hits: Sequence[Hit], *, evidence: bool) -> ListedTrials:
    shown = tuple(hit if evidence else _without_evidence(hit) for hit in hits)
    return ListedTrials(**_source(index), query=query, hits=shown)


def _without_evidence(hit: Hit) -> Hit:
    return hit.model_copy(
        update={"reasons": tuple(reason.model_copy(update={"evidence": ()}) for reason in hit.reasons)}
    )


def _shortened(comparison: Comparison) -> tuple[Comparison, dict[str, int]]:
    """A comparison whose sections have `MOST_ITEMS` items a part at most, and how many are left out of each."""
    updates: dict[str, Record] = {}
    omitted: dict[str, int] = {}
    for name, field in Comparison.model_fields.items():
        section = getattr(comparison, name)
        cut: dict[str, Any] = {}
        for part in ("pairs", "first_only", "second_only"):
            items = getattr(section, part, ())
            if len(items) > MOST_ITEMS:
                cut[part] = items[:MOST_ITEMS]
                omitted[f"{field.alias or name}.{type(section).model_fields[part].alias}"] = len(items) - MOST_ITEMS
        if cut:
            updates[name] = section.model_copy(update=cut)
    return comparison.model_copy(update=updates), omitted
