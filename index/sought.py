"""What a text is looked for by: its words without those that only ask and without what it denies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .denial import Find, denied
from .framing import frames, without
from .person import Person, person_of, speaks_of_someone


@dataclass(frozen=True)
class Sought:
    """A text as it is looked for.

    Attributes:
        text: with line ends in place of what is not looked for, so that all else stands where it stood, and sentences
            end there.
        denied: what was left out because the text denies it, or tells it of someone else.
        person: whom the text asks for, whose age was left out.
        of_someone: whether it is about one person, told by age or otherwise, and not about a trial.
        spelled: the words that are looked for in place of misspelt ones, or of ALL, by these; `text` has them already.
    """

    text: str
    denied: Sequence[str] = ()
    person: Person | None = None
    of_someone: bool = False
    spelled: Mapping[str, str] = field(default_factory=dict)


def sought(text: str, conditions: Find) -> Sought:
    """What a text is looked for by; all of it where nothing else would be left.

    Args:
        text: what is asked.
        conditions: finds the names of conditions.
    """
    out = list(denied(text, conditions))
    left = without(text, (*out, *frames(text)))
    if not any(map(str.isalnum, left)):
        return Sought(text, of_someone=speaks_of_someone(text))
    told = [" ".join(text[start:end].split()).rstrip(".;!?") for start, end in out]
    person = person_of(text, left)
    return Sought(left, told, person, person is not None or speaks_of_someone(text))
