"""A `Trial` as a study object of the registry's API v2: the way back of `trial_from_study`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .plain_text import plain_text
from .trial import Record, Sponsor, Trial

_MARKS = re.compile(r"[\\*_#+\[\](]")
"""What the registry's Markdown gives a meaning to."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_TEXTS = {"description", "measure", "timeFrame", "citation", "label", "name", "title", "facility", "affiliation"}


def study_of(trial: Trial) -> dict[str, Any]:
    """The study object, whose absent fields and modules are left out; reading it gives the same trial.

    Texts are the registry's Markdown: what would be read as a mark is escaped. A country that no site names becomes a
    site of its own. `absent_since` has no place in a study and is left out.
    """
    sections = {"protocolSection": _protocol(trial), "derivedSection": _derived(trial)}
    return {name: section for name, section in sections.items() if section} | {"hasResults": trial.has_results}


def markdown(text: str) -> str:
    """A plain text as the registry's Markdown, of which `plain_text` makes the same text again."""
    if plain_text(text) == text:
        return text
    text = _MARKS.sub(r"\\\g<0>", text.replace("&", "&amp;"))
    return _CONTROL.sub(lambda found: f"&#{ord(found[0])};", text)


def _protocol(trial: Trial) -> dict[str, Any]:
    return _filled(
        {
            "identificationModule": {
                "nctId": trial.nct_id,
                "nctIdAliases": list(trial.nct_id_aliases),
                "orgStudyIdInfo": _filled({"id": trial.org_study_id}),
                "secondaryIdInfos": _all(trial.secondary_ids),
                "organization": _sponsor(trial.organization, "fullName"),
                "briefTitle": _text(trial.brief_title),
                "officialTitle": _text(trial.official_title),
                "acronym": _text(trial.acronym),
            },
            "statusModule": {
                "overallStatus": trial.overall_status,
                "whyStopped": _text(trial.why_stopped),
                "startDateStruct": _one(trial.start_date),
                "primaryCompletionDateStruct": _one(trial.primary_completion_date),
                "completionDateStruct": _one(trial.completion_date),
                "studyFirstPostDateStruct": _filled({"date": trial.study_first_post_date}),
                "lastUpdatePostDateStruct": _filled({"date": trial.last_update_post_date}),
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": _sponsor(trial.lead_sponsor, "name"),
                "collaborators": [_sponsor(one, "name") for one in trial.collaborators],
            },
            "descriptionModule": {
                "briefSummary": _text(trial.brief_summary),
                "detailedDescription": _text(trial.detailed_description),
            },
            "conditionsModule": {
                "conditions": [markdown(one) for one in trial.conditions],
                "keywords": [markdown(one) for one in trial.keywords],
            },
            "designModule": {
                "studyType": trial.study_type,
                "phases": list(trial.phases),
                "designInfo": _filled(
                    {
                        "allocation": trial.allocation,
                        "interventionModel": trial.intervention_model,
                        "primaryPurpose": trial.primary_purpose,
                        "observationalModel": trial.observational_model,
                        "timePerspective": trial.time_perspective,
                        "maskingInfo": _filled({"masking": trial.masking}),
                    }
                ),
                "enrollmentInfo": _filled({"count": trial.enrollment_count, "type": trial.enrollment_type}),
            },
            "armsInterventionsModule": {
                "armGroups": _all(trial.arm_groups),
                "interventions": _all(trial.interventions),
            },
            "outcomesModule": {
                "primaryOutcomes": _all(trial.primary_outcomes),
                "secondaryOutcomes": _all(trial.secondary_outcomes),
                "otherOutcomes": _all(trial.other_outcomes),
            },
            "eligibilityModule": {
                "eligibilityCriteria": _text(trial.eligibility_criteria),
                "healthyVolunteers": trial.healthy_volunteers,
                "sex": trial.sex,
                "minimumAge": trial.minimum_age,
                "maximumAge": trial.maximum_age,
                "stdAges": list(trial.std_ages),
            },
            "contactsLocationsModule": {
                "overallOfficials": _all(trial.overall_officials),
                "locations": [*map(_site, trial.locations), *({"country": one} for one in _without_site(trial))],
            },
            "referencesModule": {"references": _all(trial.references)},
        }
    )


def _derived(trial: Trial) -> dict[str, Any]:
    return _filled(
        {
            "conditionBrowseModule": {
                "meshes": _all(trial.condition_meshes),
                "ancestors": _all(trial.condition_ancestors),
            },
            "interventionBrowseModule": {
                "meshes": _all(trial.intervention_meshes),
                "ancestors": _all(trial.intervention_ancestors),
            },
        }
    )


def _filled(part: Mapping[str, Any]) -> dict[str, Any]:
    """What is there of an object, and of the modules in it."""
    inner = {name: _filled(value) if isinstance(value, Mapping) else value for name, value in part.items()}
    return {name: value for name, value in inner.items() if value is not None and value not in ([], {})}


def _text(text: str | None) -> str | None:
    return None if text is None else markdown(text)


def _one(record: Record | None) -> dict[str, Any]:
    found = {} if record is None else record.model_dump(by_alias=True, mode="json", exclude_none=True)
    return _filled({name: markdown(value) if name in _TEXTS else value for name, value in found.items()})


def _all(records: Iterable[Record]) -> list[dict[str, Any]]:
    return [_one(one) for one in records]


def _sponsor(sponsor: Sponsor | None, name: str) -> dict[str, Any]:
    return {} if sponsor is None else _filled({name: markdown(sponsor.name), "class": sponsor.class_})


def _site(site: Record) -> dict[str, Any]:
    found = _one(site)
    point = {name: found.pop(name) for name in ("lat", "lon") if name in found}
    return found | ({"geoPoint": point} if point else {})


def _without_site(trial: Trial) -> list[str]:
    named = {site.country for site in trial.locations}
    return [country for country in trial.countries if country not in named]
