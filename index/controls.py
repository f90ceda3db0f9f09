"""What trials compare with: controls. Sharing one makes no trials kin."""

_MARKERS = frozenset({"placebo", "sham", "vehicle", "comparator"})
_WORDS = frozenset(
    {
        *("control", "group", "usual", "standard", "routine", "conventional", "best", "supportive", "care", "of", "no"),
        *("treatment", "therapy", "intervention", "observation", "waiting", "list", "waitlist"),
        *("normal", "isotonic", "physiological", "saline"),
    }
)


def is_control(phrase: str) -> bool:
    """Whether a name, as `phrase_key` writes it, is that of a control: one word marks it, or each may stand in one."""
    words = phrase.split(" ")
    return not _MARKERS.isdisjoint(words) or _WORDS.issuperset(words)
