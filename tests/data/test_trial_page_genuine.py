import pytest

from trialkin.data.trial_page import is_trial_page, read_page


@pytest.fixture(scope="module")
def genuine(shared):
    path = shared / "reference" / "trial-page.txt"
    with path.open("rb") as stream:
        assert is_trial_page(stream.read(500))
        stream.seek(0)
        (record,) = read_page(stream, path.name)
    return record


def test_the_genuine_page_names_its_related_trials_in_order(genuine):
    references = genuine.trial.references
    ids = ["NCT05302024", "NCT06790888", "NCT07297563", "NCT07234019", "NCT01506414"]
    assert [each.nct_id for each in references] == ids
    assert all(each.type == "RELATED" and "ITP" in each.citation for each in references[1:])
    assert references[0].citation.endswith("Immune Thrombocytopenia")


def test_the_genuine_page_is_read_whole(genuine):
    trial = genuine.trial
    assert (trial.nct_id, trial.last_update_post_date, trial.has_results) == ("NCT07057778", "2025-07-10", False)
    assert trial.brief_title.startswith("Iguratimod Plus Low-dose Rituximab")
    assert (trial.overall_status, trial.phases, trial.study_type) == (
        "NOT_YET_RECRUITING",
        ("PHASE2",),
        "INTERVENTIONAL",
    )
    assert (trial.enrollment_count, trial.start_date.date, trial.completion_date.date) == (
        120,
        "2025-07-01",
        "2027-07-01",
    )
    design = (trial.allocation, trial.intervention_model, trial.primary_purpose, trial.masking)
    assert design == ("RANDOMIZED", "PARALLEL", "TREATMENT", "SINGLE")
    assert len(trial.detailed_description) > 500
    assert [(arm.label, arm.intervention_names) for arm in trial.arm_groups] == [
        ("Iguratimod plus low-dose rituximab", ("Iguratimod", "low-dose rituximab")),
        ("Low-dose rituximab", ("low-dose rituximab",)),
    ]
    assert [arm.description[:24] for arm in trial.arm_groups] == [
        "Low-dose rituximab was u",
        "Low-dose rituximab alone",
    ]
    assert [each.name for each in trial.interventions] == ["Iguratimod", "low-dose rituximab"]
    assert all("weeks" in each.description for each in trial.interventions)
    assert trial.eligibility_criteria.count("\n- ") == 10
    assert "10^9/L" in trial.eligibility_criteria
    assert (trial.minimum_age, trial.maximum_age, trial.sex, trial.healthy_volunteers) == (
        *("18 Years", "70 Years", "ALL"),
        False,
    )
    assert trial.lead_sponsor.name == "Peking University People's Hospital"
    assert [each.class_ for each in trial.collaborators] == ["OTHER_GOV", "OTHER", "OTHER", "OTHER"]
    assert [each.name for each in trial.overall_officials] == ["Xiaohui Zhang"]
    assert [(site.city, site.country) for site in trial.locations] == [("Beijing", "China")]
    assert (trial.countries, trial.org_study_id) == (("China",), "Pku-IGU-ITP-03")


def test_the_genuine_page_claims_nothing_that_the_copy_lost(genuine):
    assert not {"brief_summary", "conditions", "primary_outcomes", "keywords", "secondary_ids"} & genuine.fields
    assert {field for field, value in genuine.trial if value not in (None, ())} == genuine.fields
