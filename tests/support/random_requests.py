"""Requests drawn at random, and the trials that their filters admit, told without the index."""

import math
import random

import numpy as np

from trialkin.index import Aspect, Filters, Near

TEXTS = (
    "rituximab plus dexamethasone for newly diagnosed immune thrombocytopenia",
    "anti-CD38 multiple myeloma relapsed",
    "children with asthma",
    "a 7-year-old girl with asthma",
    "A 48-year-old man with lupus nephritis",
    "psoriasis in a 29-year-old pregnant woman",
    "IL-17A antibody psoriasis long-term safety",
    "zebra xylophone",
    "HER2 antibody with VEGFA or CD269",
    "ErbB-2, ERBB2 or EGFR, remission, CAIX",
    "A woman of 67 years with lupus nephritis has taken prednisone and tacrolimus by mouth since winter, her kidneys "
    "get worse, she bleeds, and asks for infusions weekly or daily rather than tablets, with fewer infections and a "
    "better quality of life",
)


def ask(index, asked, top, filters=None, weights=None, *, explain=False, skip=0):
    method = index.related if asked.startswith("NCT") else index.search
    return method(asked, top, filters or Filters(), weights or {}, explain=explain, skip=skip)


def admits(trial, filters):
    """Whether a trial meets the filters, read from its fields."""

    def one_of(value, wanted):
        return not wanted or (value or "").casefold() in [one.casefold() for one in wanted]

    def any_of(values, wanted):
        return not wanted or any(one_of(value, wanted) for value in values)

    def between(date, first, last):
        if first is None and last is None:
            return True
        if date is None:
            return False
        day = date + "-01-01"[len(date) - 4 :]
        return (first or "0") <= day and (last is None or day <= last + "-99-99"[len(last) - 4 :])

    def of_age():
        states = (trial.eligibility_criteria, trial.sex, trial.minimum_age, trial.maximum_age)
        low = 0 if trial.minimum_age_years is None else trial.minimum_age_years
        high = 999 if trial.maximum_age_years is None else trial.maximum_age_years
        return any(one is not None for one in states) and low <= filters.age < high + (1 / 12 if high < 2 else 1)

    def on_globe(lat, lon):
        lat, lon = math.radians(lat), math.radians(lon)
        return np.asarray([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])

    def near():
        centre = on_globe(filters.near.lat, filters.near.lon)
        known = [on_globe(site.lat, site.lon) for site in trial.locations if site.lat is not None]
        return any(6371 * math.acos(np.clip(one @ centre, -1, 1)) <= filters.near.km for one in known)

    start, completion = trial.start_date, trial.completion_date
    return (
        one_of(trial.overall_status, filters.status)
        and any_of(trial.phases, filters.phase)
        and one_of(trial.study_type, filters.study_type)
        and any_of(trial.countries, filters.country)
        and one_of(trial.lead_sponsor.class_ if trial.lead_sponsor else None, filters.sponsor_class)
        and one_of(trial.sex, filters.sex and (*filters.sex, "ALL"))
        and (filters.age is None or of_age())
        and (filters.near is None or near())
        and between(start and start.date, filters.start_from, filters.start_to)
        and between(completion and completion.date, filters.completion_from, filters.completion_to)
        and between(trial.last_update_post_date, filters.updated_from, filters.updated_to)
        and (filters.has_results is None or trial.has_results is filters.has_results)
    )


def random_filters(rng):
    """A few conditions, over all fields in the long run."""

    def some(*values):
        return tuple(rng.sample(values, rng.randint(1, 2)))

    def date():
        return rng.choice(("2008", "2012-06", "2015-02-14", "2018-11", "2021", "2024-12-31"))

    makers = {
        "status": lambda: some("RECRUITING", "completed", "Terminated", "WITHDRAWN"),
        "phase": lambda: some("PHASE1", "phase2", "PHASE3", "NA"),
        "study_type": lambda: some("INTERVENTIONAL", "observational"),
        "country": lambda: some("china", "France", "Côte d'Ivoire"),
        "sponsor_class": lambda: some("INDUSTRY", "NIH", "OTHER"),
        "sex": lambda: some("FEMALE", "male"),
        "age": lambda: rng.choice((0.25, 1.4, 17.5, 40.0, 65.5, 66.0)),
        "has_results": lambda: rng.random() < 0.4,
        "near": lambda: Near(
            rng.choice((39.9, 6.5, -17.0)), rng.choice((116.4, 3.4, -179.0)), rng.choice((30, 900, 5000))
        ),
        **dict.fromkeys(("start_from", "completion_from", "updated_from"), date),
        **dict.fromkeys(("start_to", "completion_to", "updated_to"), date),
    }
    chosen = rng.sample(sorted(makers), rng.choice((0, 1, 1, 2, 2, 3, 4)))
    return Filters(**{name: makers[name]() for name in chosen})


def random_request(seed, ids):
    """An id or a text, the hits wanted, filters and weights."""
    rng = random.Random(seed)
    asked = rng.choice(ids) if rng.random() < 0.7 else rng.choice(TEXTS)
    weights = {aspect: rng.choice((0, 0.5, 3)) for aspect in rng.sample(list(Aspect), rng.choice((0, 0, 1, 2)))}
    if asked in TEXTS and weights.get(Aspect.TEXT) == 0:
        del weights[Aspect.TEXT]
    return asked, rng.choice((1, 5, 10, 40, 100)), random_filters(rng), weights


def random_alike(seed, ids):
    """Ids to be like, one of them twice at times, ids to be unlike, hits wanted, filters and weights."""
    rng = random.Random(seed)
    likes, unlikes = rng.sample(ids, rng.randint(1, 3)), rng.sample(ids, rng.randint(0, 2))
    _, top, filters, weights = random_request(seed, ids)
    return likes + likes[: rng.randint(0, 1)], [one for one in unlikes if one not in likes], top, filters, weights
