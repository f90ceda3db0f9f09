"""``trialkin related``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..data import Trial, is_nct_id, normalise_nct_id, read_draft
from ..errors import InvalidNctId, TrialkinError, UsageError
from ..index import Filters, Hit, Index, Weights, choose_weights, open_index
from ..index.sought import Sought
from .cli_answers import FormatOption, JsonFlag, ReasonsFlag, Wanted, choose_format, write_answers
from .cli_settings import settings
from .formats import Format
from .options import (
    Age,
    Completion,
    Country,
    HasResults,
    NearPlace,
    Phase,
    PresetName,
    Sex,
    SponsorClass,
    Start,
    Status,
    StudyType,
    Top,
    Updated,
    WeightsText,
    make_filters,
)
from .query_files import read_ids
from .words import joined, shortened


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(related)


def related(
    nct_id: Annotated[list[str] | None, typer.Argument(help="The trial's NCT id.", show_default=False)] = None,
    like: Annotated[list[str] | None, typer.Option(help="Another trial to be like. Repeatable.")] = None,
    unlike: Annotated[list[str] | None, typer.Option(help="A trial to be unlike. Repeatable.")] = None,
    draft: Annotated[
        Path | None, typer.Option(help="A draft protocol: the registry's JSON, any part of it, or text; - is stdin.")
    ] = None,
    top: Top = 10,
    preset: PresetName = "",
    weights: WeightsText = "",
    status: Status = None,
    phase: Phase = None,
    study_type: StudyType = None,
    country: Country = None,
    sponsor_class: SponsorClass = None,
    sex: Sex = None,
    age: Age = None,
    start: Start = None,
    completion: Completion = None,
    updated: Updated = None,
    has_results: HasResults = None,
    near: NearPlace = None,
    ids_file: Annotated[Path | None, typer.Option(help="A file of NCT ids, one a line; - is standard input.")] = None,
    reasons: ReasonsFlag = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    as_json: JsonFlag = False,
) -> None:
    """List the trials most like one trial, like several and unlike others, like a draft, or like each of a file."""
    filters = make_filters(
        status=status, phase=phase, study_type=study_type, country=country, sponsor_class=sponsor_class, sex=sex,
        age=age, start=start, completion=completion, updated=updated, has_results=has_results, near=near,
    )  # fmt: skip
    asked = joined(nct_id).strip()
    likes = [*([asked] if asked else []), *(joined([one]) for one in like or ())]
    unlikes = [joined([one]) for one in unlike or ()]
    if bool(likes) + (draft is not None) + (ids_file is not None) != 1:
        raise UsageError("Give NCT ids, or --draft, or --ids-file.", "For instance: trialkin related NCT07057778")
    if unlikes and not likes:
        raise UsageError("--unlike needs a trial to be like.", "Give an NCT id, or --like.")
    chosen = choose_weights(preset, weights)
    wanted = Wanted(choose_format(format, as_json), reasons, top, filters)
    if draft is not None:
        protocol = read_draft(draft)
        index = open_index(settings=settings())
        title = f"Related to the draft  {shortened(_title(protocol))}"
        hits = _of_draft(index, protocol, top, filters, chosen)
        read = index.sought(protocol) if isinstance(protocol, str) else Sought("")
        write_answers(index, [("draft", hits)], lambda _: title, wanted, lambda _: read)
    elif ids_file is not None:
        _answer_file(ids_file, chosen, wanted)
    else:
        index = open_index(settings=settings())
        for one in (*likes, *unlikes):
            _explain_if_no_id(index, one)
        hits = index.alike(likes, unlikes, top, filters, chosen)
        query = _name(likes, unlikes)
        alone = f"  {index.trial(query).title}" if is_nct_id(query) else ""
        write_answers(index, [(query, hits)], lambda query: f"Related to {query}{alone}", wanted)


def _of_draft(index: Index, draft: Trial | str, top: int, filters: Filters, weights: Weights) -> list[Hit]:
    if isinstance(draft, str):
        return index.search(draft, top, filters, weights)
    return index.related_to(draft, top, filters, weights)


def _title(draft: Trial | str) -> str:
    if isinstance(draft, str):
        return draft
    return draft.title if draft.title != draft.nct_id else ", ".join(draft.conditions)


def _answer_file(path: Path, weights: Weights, wanted: Wanted) -> None:
    lines = read_ids(path)
    index = open_index(settings=settings())
    known, complaints = _known(index, lines, str(path))
    write_answers(
        index,
        index.related_many(known, wanted.top, wanted.filters, weights, explain=wanted.format is not Format.TREC),
        "Related to {}".format,
        wanted,
    )
    if complaints:
        raise TrialkinError(
            f"{len(complaints):,} of {len(lines):,} ids had no answer: {'; '.join(complaints[:5])}"
            f"{'; ...' if len(complaints) > 5 else ''}.",
            "All the others were answered.",
        )


def _name(likes: Sequence[str], unlikes: Sequence[str]) -> str:
    """The likes and unlikes as one name without spaces: ``NCT00000001+NCT00000002-NCT00000003``."""
    liked, unliked = (list(dict.fromkeys(map(normalise_nct_id, ids))) for ids in (likes, unlikes))
    return "+".join(liked) + "".join(f"-{one}" for one in unliked)


def _explain_if_no_id(index: Index, asked: str) -> None:
    """Where words were given instead of an id, say which trials they may mean."""
    if is_nct_id(asked) or not any(char.isalpha() for char in asked.upper().replace("NCT", "")):
        return
    nearest = "; ".join(f"{hit.nct_id} {hit.title}" for hit in index.search(asked, top=3))
    raise InvalidNctId(f"{asked[:80]!r} is not an NCT id.", f"Nearest trials: {nearest}." if nearest else "")


def _known(index: Index, lines: list[tuple[int, str]], path: str) -> tuple[list[str], list[str]]:
    """The ids that can be answered, and for each other one what is wrong with it."""
    known, complaints = [], []
    for number, text in lines:
        if not is_nct_id(text):
            complaints.append(f"{path} line {number}: {text.strip()[:40]!r} is not an NCT id")
        elif text not in index:
            complaints.append(f"{path} line {number}: {normalise_nct_id(text)} is not in the index")
        else:
            known.append(text)
    return known, complaints
