"""Units as registry records write them, each with what it measures and what brings it to one unit of that."""

import re
from functools import lru_cache

_VOLUME = r"(?:/|per\s)\s?(?:\d\s?)?"
_CUBIC_MM = (
    r"(?:mm\s?\\?\^?\(?[3³]\)?|cubic\s?(?:mm|millimet(?:er|re))|cu\.?\s?mm|cumm|cmm|[µμu]l|mcl|microl(?:iter|itre))"
)
_OF_CELLS = r"(?:(?:cells?|platelets|leukocytes|neutrophils|lymphocytes)\s?)?"
_LIMIT = (
    r"(?:institutional\s|laboratory\s|local\s|age-adjusted\s)?"
    r"(?:upper\s(?:normal\slimit|limits?\sof\s(?:the\s)?(?:institutional\s|laboratory\s|local\s)?normal|limit\snormal|limit)"
    r"|i?uln\b|unl\b)"
)
_PER_TIME = r"(?:\s?(?:/|per\s)\s?(?:day|d|dose|week|wk|h|hour)\b)?"

UNITS: tuple[tuple[str, str, float], ...] = (
    (rf"(?:-?\s?fold|x|×|\*|times?)?\s?(?:of\s)?(?:the\s)?{_LIMIT}", "times the upper limit of normal", 1),
    (r"(?:x|×|times)\s?(?:the\s)?normal\b", "times the upper limit of normal", 1),
    (r"(?:x|×|times)\s?(?:the\s)?(?:lower\slimit\sof\snormal|lln\b)", "times the lower limit of normal", 1),
    (r"%|percent\b|per\scent\b", "percent", 1),
    (r"kg\s?/\s?m\s?\\?\^?\(?[2²]\)?|kg\s?/\s?sqm", "kg/m2", 1),
    (rf"(?:mg|milligrams?)\s?(?:/|per\s)\s?m\s?\\?\^?[2²]{_PER_TIME}", "mg/m2", 1),
    (rf"g\s?/\s?m\s?\\?\^?[2²]{_PER_TIME}", "mg/m2", 1000),
    (rf"(?:mg|milligrams?)\s?(?:/|per\s)\s?(?:kg|kilogram)\b{_PER_TIME}", "mg/kg", 1),
    (rf"(?:[µμu]g|mcg)\s?(?:/|per\s)\s?kg\b{_PER_TIME}", "mg/kg", 0.001),
    (rf"g\s?/\s?kg\b{_PER_TIME}", "mg/kg", 1000),
    (r"(?-i:G|Gi)\s?/\s?(?-i:L)\b", "per litre", 1e9),
    (rf"(?-i:[kK])\s?/\s?{_CUBIC_MM}", "per litre", 1e9),
    (r"(?:copies|c)\s?(?:/|per\s)\s?m(?:l\b|illilit)", "copies per ml", 1),
    (rf"{_OF_CELLS}{_VOLUME}{_CUBIC_MM}", "per litre", 1e6),
    (rf"{_OF_CELLS}{_VOLUME}(?:l\b|lit(?:er|re)\b)", "per litre", 1),
    (rf"{_OF_CELLS}{_VOLUME}ml\b", "per litre", 1e3),
    (r"mg\s?(?:/|per\s)\s?dl\b|mg\s?%", "mg/dl", 1),
    (r"gm?s?\s?(?:/|per\s)\s?dl\b", "mg/dl", 1000),
    (r"g\s?/\s?l\b", "mg/dl", 100),
    (r"mg\s?/\s?l\b|(?:[µμu]g|mcg)\s?/\s?ml\b", "mg/dl", 0.1),
    (r"mg\s?/\s?ml\b", "mg/dl", 100),
    (r"ng\s?/\s?ml\b|(?:[µμu]g|mcg)\s?/\s?l\b", "mg/dl", 1e-4),
    (r"ng\s?/\s?dl\b", "mg/dl", 1e-6),
    (r"pg\s?/\s?ml\b", "mg/dl", 1e-7),
    (r"(?:[µμu]mol|micromol)e?s?\s?/\s?l(?:iter|itre)?\b|[µμ]M\b", "µmol/l", 1),
    (r"mmol\s?/\s?l(?:iter|itre)?\b|(?-i:mM)\b", "µmol/l", 1000),
    (r"nmol\s?/\s?l\b", "µmol/l", 0.001),
    (r"m[Ee]q\s?/\s?l\b", "meq/l", 1),
    (r"m(?:iu|u)\s?/\s?ml\b|i?u\s?/\s?l\b", "IU/l", 1),
    (r"i?u\s?/\s?ml\b", "IU/l", 1000),
    (r"ml\s?/\s?min(?:ute)?(?:\s?/\s?1\.73\s?m\s?\\?\^?[2²])?", "ml/min", 1),
    (r"years?\b|yrs?\b|y/?o\b", "days", 365.25),
    (r"months?\b|mos\b", "days", 30.4375),
    (r"weeks?\b|wks?\b", "days", 7),
    (r"days?\b", "days", 1),
    (r"hours?\b|hrs?\b|h\b", "days", 1 / 24),
    (r"minutes?\b|mins?\b", "days", 1 / 1440),
    (r"mm\s?hg\b", "mmHg", 1),
    (r"msec\b|milliseconds?\b|ms\b", "ms", 1),
    (r"seconds?\b|secs?\b", "ms", 1000),
    (r"kilograms?\b|kgs?\b", "mg", 1e6),
    (r"milligrams?\b|mgs?\b", "mg", 1),
    (r"micrograms?\b|mcg\b|[µμu]g\b", "mg", 0.001),
    (r"grams?\b|gms?\b|(?-i:g)\b", "mg", 1000),
    (r"c?Gy\b", "Gy", 1),
    (r"cm\b|centimet(?:er|re)s?\b", "mm", 10),
    (r"mm\b|millimet(?:er|re)s?\b", "mm", 1),
    (r"m[lL]\b|cc\b", "ml", 1),
    (r"°\s?c\b|degrees\s(?:c\b|celsius)", "degrees Celsius", 1),
    (r"(?:international\s)?units?\b|iu\b", "units", 1),
    (r"cycles?\b", "cycles", 1),
    (r"points?\b", "points", 1),
    (r"lines?\b", "lines", 1),
    (r"regimens?\b", "regimens", 1),
    (r"relapses?\b|episodes?\b|exacerbations?\b", "episodes", 1),
    (r"times\b", "times", 1),
)
"""Patterns without regard to letter case, with what the unit measures and its factor; the first that fits is meant."""

UNIT_PATTERN = "|".join(f"(?:{pattern})" for pattern, _, _ in UNITS)
_COMPILED = [(re.compile(pattern, re.IGNORECASE), dimension, factor) for pattern, dimension, factor in UNITS]


@lru_cache(maxsize=4096)
def unit_of(text: str) -> tuple[str, float]:
    """What a unit that `UNIT_PATTERN` has found measures, and its factor.

    Raises:
        ValueError: it is no unit.
    """
    for pattern, dimension, factor in _COMPILED:
        if pattern.fullmatch(text):
            return dimension, float(factor)
    raise ValueError(f"{text!r} is no unit.")
