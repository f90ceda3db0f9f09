"""Text to the terms of the lexical channel."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

from .word_parts import Compound, parts, stem
from .words import words


def terms(text: str) -> list[str]:
    """Stemmed terms in order, without stop words, letter case and accents.

    A compound gives its parts and, where one part is short or a number, these joined: ``anti-CD38`` is ``anti``,
    ``cd38``; ``IL-17`` is ``il``, ``17``, ``il17``. What is also one word is that, too: ``post-operative`` and ``post
    operative`` are ``postoperative`` and ``operative``.
    """
    return [*chain.from_iterable(map(parts, words(text)))]


def terms_to_find(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """The terms by which a text is looked for: of what is also one word, that alone.

    So ``post-operative`` finds the same as ``postoperative``, and not all operations.

    Args:
        text: what is asked.
        is_known: whether any trial has a term; what none has is looked for by its parts.
    """

    def of_word(word: str) -> Iterator[str]:
        compound = Compound.of(word)
        if compound and is_known(whole := stem(compound.whole)):
            yield whole
            yield from of_word(compound.rest)
        else:
            yield from parts(word)

    return [term for word in words(text) for term in of_word(word)]


def weights_of_terms(weight_of: Callable[[str], float]) -> Callable[[str], dict[str, float]]:
    """A function from a text to those of its terms that count, with their weights.

    Args:
        weight_of: a term's weight, always the same, such as its inverse document frequency; 0 for one that does not
            count. It is asked once for each of the common words.
    """

    @lru_cache(maxsize=1 << 15)
    def of_word(word: str) -> tuple[tuple[str, float], ...]:
        return tuple((term, weight) for term in parts(word) if (weight := weight_of(term)) > 0)

    def of_text(text: str) -> dict[str, float]:
        return dict(chain.from_iterable(map(of_word, words(text))))

    return of_text
