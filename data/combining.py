"""A part of a record joins the record that is there."""

from .records import Part
from .trial import Trial


def combined(known: Trial, part: Part) -> Trial:
    """What is known of a trial after a part of its record was read.

    Fields that the part's source cannot carry stay as they are. Of the others, a part of a later date says what there
    is now, the empty ones included; one of the same date fills what is empty, for a richer source tells the same
    better; between records without dates what is filled in the part counts. An older part, or one without a date
    beside a record that has one, changes nothing.
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
    return known.model_copy(update=told)


def both(first: Part, second: Part) -> Part:
    """Two parts of one trial as one, the second read later."""
    return Part(combined(first.trial, second), first.fields | second.fields)


def _empty(value: object) -> bool:
    return value is None or value == ()
