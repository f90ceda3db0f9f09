"""Ask the index in TRIALKIN_HOME for what a single letter names, and count the trials that name it among the first.

    TRIALKIN_HOME=... python bench/letters.py

A trial names it if its titles, its summary or its conditions do, as the letter or by an abbreviation.
"""

import re
from statistics import median

from trialkin import open_index
from trialkin.index import Index

TOP = 20
ASKED = (
    ("vitamin C sepsis", r"vitamin[- ]C\b|ascorb"),
    ("vitamin D pregnancy", r"vitamin[- ]D|calciferol"),
    ("vitamin E fatty liver", r"vitamin[- ]E|tocopherol"),
    ("vitamin K newborn", r"vitamin[- ]K|phyto"),
    ("vitamin A measles", r"vitamin[- ]A\b|retinol"),
    ("hepatitis A vaccine", r"hepatitis[- ]A\b|\bHAV"),
    ("hepatitis B vaccine infants", r"hepatitis[- ]B|\bHBV"),
    ("hepatitis C treatment methadone", r"hepatitis[- ]C|\bHCV"),
    ("hepatitis E vaccine", r"hepatitis[- ]E|\bHEV"),
    ("influenza B", r"influenza[- ]B|\bA ?(?:/|and|or) ?B\b"),
    ("hemophilia B gene therapy", r"ha?emophilia (?:A (?:and|or) )?B|factor IX"),
    ("protein C deficiency", r"protein[- ]C"),
    ("group B streptococcus vaccine", r"group[- ]B|\bGBS"),
    ("meningitis B vaccine", r"mening\w+ (?:sero)?(?:group )?B|MenB|serogroup B"),
    ("mitomycin C pterygium", r"mitomycin|\bMMC"),
    ("cyclosporin A lupus", r"c[yi]closporin"),
    ("apolipoprotein E alzheimer", r"apolipoprotein[- ]E|\bapo"),
    ("botulinum toxin A spasticity", r"botulin|botox|dysport"),
    ("T cell lymphoma", r"\bT[- ](?:\w+ )?cell"),
    ("B cell lymphoma", r"\bB[- ](?:\w+ )?cell"),
    ("Child-Pugh B hepatocellular", r"pugh"),
)
"""Texts, each with what names what it asks for."""


def main() -> None:
    """Print a line a text, and the median."""
    index = open_index()
    named = [_naming(index, text, pattern) for text, pattern in ASKED]
    print(f"{median(named):3.0f} in the median, {min(named)} at least")


def _naming(index: Index, text: str, pattern: str) -> int:
    trials = index.trials([hit.nct_id for hit in index.search(text, TOP, explain=False)])
    told = [" ".join(filter(None, (t.brief_title, t.official_title, t.brief_summary, *t.conditions))) for t in trials]
    naming = sum(bool(re.search(pattern, one, re.IGNORECASE)) for one in told)
    print(f"{naming:3} of {TOP}  {text}")
    return naming


if __name__ == "__main__":
    main()
