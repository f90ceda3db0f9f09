"""A part of a record joins the record that is there."""

from .records import Part
from .trial import Record, Reference, Trial


def combined(known: Trial, part: Part) -> Trial:
    """What is known of a trial after a part of its record was read.

    Fields that the part's source cannot carry stay as they are. Of the others, a part of a later date says what there
    is now, the empty ones included; one of the same date fills what is empty, for a richer source tells the same
    better; between records without dates what is filled in the part counts. An older part, or one without a date
    beside a record that has one, changes nothing. References are added to those there are, and a sponsor or a date
    that only lacks its class or type is the one that is known.
    """
    ours, theirs = known.last_update_post_date or "", part.trial.last_update_post_date or ""
    if theirs < ours:
        return known
    told = {name: getattr(part.trial, name) for name in part.fields}
    if theirs == ours:
        told = {
            name: value
            for name, value in told.items()
            if not _empty(value) and (not theirs or _empty(getattr(known, name)))
        }
    return known.model_copy(update={name: _joined(getattr(known, name), value) for name, value in told.items()})


def both(first: Part, second: Part) -> Part:
    """Two parts of one trial as one, the second read later."""
    return Part(combined(first.trial, second), first.fields | second.fields)


def _joined(known: object, told: object) -> object:
    """What a field holds once a part has told it anew."""
    if isinstance(known, Record) and isinstance(told, Record):
        said = told.model_dump(exclude_none=True)
        return known if said.items() <= known.model_dump().items() else told
    if isinstance(known, tuple) and isinstance(told, tuple) and told and isinstance(told[0], Reference):
        return tuple(dict.fromkeys((*known, *told)))
    return told


def _empty(value: object) -> bool:
    return value is None or value == ()
