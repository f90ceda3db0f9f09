import io
import re
import tracemalloc
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Rejection, Trial
from trialkin.data.legacy_xml import FIELDS, read_xml
from trialkin.data.records import Part
from trialkin.data.spelled import code, date, flag, masking, phases
from trialkin.data.trial import (
    ArmGroup,
    Intervention,
    MeshTerm,
    Official,
    Outcome,
    Reference,
    SecondaryId,
    Site,
    Sponsor,
    StudyDate,
)

RICH = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study>
  <!-- invented -->
  <required_header><url>https://example.org/NCT01234567</url></required_header>
  <id_info>
    <org_study_id>MOON-1</org_study_id>
    <secondary_id>2020-1</secondary_id>
    <secondary_id>LUNAR-7</secondary_id>
    <nct_id>NCT01234567</nct_id>
    <nct_alias>NCT07654321</nct_alias>
  </id_info>
  <brief_title>Moon Dust
    for Hiccups</brief_title>
  <acronym>LUNA</acronym>
  <official_title>Moon Dust &lt;5 mg in Adults With Hiccups</official_title>
  <sponsors>
    <lead_sponsor><agency>Apollo &amp; Daughters</agency><agency_class>Industry</agency_class></lead_sponsor>
    <collaborator><agency>Craters United</agency><agency_class>U.S. Fed</agency_class></collaborator>
    <collaborator><agency>Lunar Sea Society</agency></collaborator>
  </sponsors>
  <source>Sea of Tranquility Clinic</source>
  <brief_summary>
    <textblock>
      Whether moon dust&#xD;
      stops hiccups.&#xD;
&#xD;
      It is swallowed.&#xD;
    </textblock>
  </brief_summary>
  <detailed_description><textblock>
      Twice a day,
      with water.
    </textblock></detailed_description>
  <overall_status>Active, not recruiting</overall_status>
  <why_stopped>
    The dust
    ran out
  </why_stopped>
  <start_date type="Actual">March 2, 2021</start_date>
  <completion_date type="Anticipated">April 2022</completion_date>
  <primary_completion_date type="Estimate">March 2022</primary_completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <study_design_info>
    <allocation>Randomized</allocation>
    <intervention_model>Crossover Assignment</intervention_model>
    <primary_purpose>Supportive Care</primary_purpose>
    <masking>Double (Participant, Investigator)</masking>
    <masking_description>Grey capsules</masking_description>
  </study_design_info>
  <primary_outcome>
    <measure>Hiccups a minute</measure>
    <time_frame>1 hour</time_frame>
    <description>Counted twice.
By ear.</description>
  </primary_outcome>
  <secondary_outcome><measure>Sneezes</measure><safety_issue>No</safety_issue></secondary_outcome>
  <other_outcome><measure>Yawns</measure></other_outcome>
  <enrollment type="Actual">42</enrollment>
  <condition>Hiccups</condition>
  <condition>Hiccups, Chronic</condition>
  <arm_group>
    <arm_group_label>Dust</arm_group_label>
    <arm_group_type>Active Comparator</arm_group_type>
    <description>Fine dust</description>
  </arm_group>
  <arm_group><arm_group_label>Sand</arm_group_label><arm_group_type>Sham Comparator</arm_group_type></arm_group>
  <intervention>
    <intervention_type>Drug</intervention_type>
    <intervention_name>Moon dust</intervention_name>
    <description>5 mg</description>
    <arm_group_label>Dust</arm_group_label>
    <other_name>Regolith</other_name>
    <other_name>LD-5</other_name>
  </intervention>
  <intervention>
    <intervention_type>Dietary Supplement</intervention_type>
    <intervention_name>Water</intervention_name>
    <arm_group_label>Dust</arm_group_label>
    <arm_group_label>Sand</arm_group_label>
  </intervention>
  <eligibility>
    <criteria><textblock>
        Inclusion Criteria:

          -  hiccups for
             30 seconds

          -  one of:

               1. thirst

               2. hunger

        Exclusion Criteria:

          -  asthma
    </textblock></criteria>
    <gender>Both</gender>
    <minimum_age>6 Months</minimum_age>
    <maximum_age>64 Years</maximum_age>
    <healthy_volunteers>Accepts Healthy Volunteers</healthy_volunteers>
  </eligibility>
  <overall_official>
    <first_name>Selene</first_name><middle_name>M.</middle_name><last_name>Crater</last_name><degrees>MD</degrees>
    <role>Study Chair</role>
    <affiliation>Base 2</affiliation>
  </overall_official>
  <overall_official><last_name>Ada Rim, PhD</last_name></overall_official>
  <location>
    <facility>
      <name>Base 2</name>
      <address><city>Oslo</city><state>Oslo County</state><zip>0150</zip><country>Norway</country></address>
    </facility>
    <status>Enrolling by invitation</status>
  </location>
  <location_countries><country>Norway</country><country>Ecuador</country></location_countries>
  <removed_countries><country>Chile</country></removed_countries>
  <reference><citation>Selene A. Dust. 2019.</citation><PMID>12345</PMID></reference>
  <results_reference><citation>Selene A. More dust. 2023.</citation></results_reference>
  <study_first_submitted>January 1, 2021</study_first_submitted>
  <study_first_posted type="Actual">January 4, 2021</study_first_posted>
  <last_update_posted type="Estimate">May 6, 2022</last_update_posted>
  <keyword>dust</keyword>
  <keyword>lunar</keyword>
  <condition_browse><mesh_term>Hiccup</mesh_term></condition_browse>
  <intervention_browse><mesh_term>Dust</mesh_term></intervention_browse>
  <clinical_results><baseline><condition>Nothing of this is read</condition></baseline></clinical_results>
</clinical_study>
"""


def read(text):
    return list(read_xml(io.BytesIO(text.encode() if isinstance(text, str) else text), "record.xml"))


def study(inside="", number=1):
    return f"<clinical_study><id_info><nct_id>NCT{number:08d}</nct_id></id_info>{inside}</clinical_study>"


def trial_of(inside):
    """The trial of a record with an id and one thing more."""
    (part,) = read(study(inside))
    assert isinstance(part, Part)
    return part.trial


def test_every_element_that_is_carried_reaches_its_field():
    (part,) = read(RICH)
    trial = part.trial
    assert (trial.nct_id, trial.nct_id_aliases, trial.org_study_id) == ("NCT01234567", ("NCT07654321",), "MOON-1")
    assert trial.secondary_ids == (SecondaryId(id="2020-1"), SecondaryId(id="LUNAR-7"))
    assert (trial.brief_title, trial.acronym) == ("Moon Dust for Hiccups", "LUNA")
    assert trial.official_title == "Moon Dust <5 mg in Adults With Hiccups"
    assert trial.organization == Sponsor(name="Sea of Tranquility Clinic")
    assert (trial.overall_status, trial.why_stopped) == ("ACTIVE_NOT_RECRUITING", "The dust ran out")
    assert trial.start_date == StudyDate(date="2021-03-02", type="ACTUAL")
    assert trial.completion_date == StudyDate(date="2022-04", type="ESTIMATED")
    assert trial.primary_completion_date == StudyDate(date="2022-03", type="ESTIMATED")
    assert (trial.study_first_post_date, trial.last_update_post_date) == ("2021-01-04", "2022-05-06")
    assert trial.has_results is True
    assert trial.lead_sponsor == Sponsor(name="Apollo & Daughters", class_="INDUSTRY")
    assert trial.collaborators == (Sponsor(name="Craters United", class_="FED"), Sponsor(name="Lunar Sea Society"))
    assert trial.brief_summary == "Whether moon dust stops hiccups.\n\nIt is swallowed."
    assert trial.detailed_description == "Twice a day, with water."
    assert (trial.conditions, trial.keywords) == (("Hiccups", "Hiccups, Chronic"), ("dust", "lunar"))
    assert (trial.study_type, trial.phases) == ("INTERVENTIONAL", ("PHASE1", "PHASE2"))
    assert (trial.allocation, trial.intervention_model) == ("RANDOMIZED", "CROSSOVER")
    assert (trial.primary_purpose, trial.masking) == ("SUPPORTIVE_CARE", "DOUBLE")
    assert (trial.enrollment_count, trial.enrollment_type) == (42, "ACTUAL")
    assert trial.arm_groups == (
        ArmGroup(
            label="Dust",
            type="ACTIVE_COMPARATOR",
            description="Fine dust",
            intervention_names=("Drug: Moon dust", "Dietary Supplement: Water"),
        ),
        ArmGroup(label="Sand", type="SHAM_COMPARATOR", intervention_names=("Dietary Supplement: Water",)),
    )
    assert trial.interventions == (
        Intervention(
            name="Moon dust",
            type="DRUG",
            description="5 mg",
            arm_group_labels=("Dust",),
            other_names=("Regolith", "LD-5"),
        ),
        Intervention(name="Water", type="DIETARY_SUPPLEMENT", arm_group_labels=("Dust", "Sand")),
    )
    assert trial.primary_outcomes == (
        Outcome(measure="Hiccups a minute", time_frame="1 hour", description="Counted twice.\nBy ear."),
    )
    assert (trial.secondary_outcomes, trial.other_outcomes) == (
        (Outcome(measure="Sneezes"),),
        (Outcome(measure="Yawns"),),
    )
    assert trial.eligibility_criteria == (
        "Inclusion Criteria:\n\n- hiccups for 30 seconds\n- one of:\n  1. thirst\n  2. hunger\n\n"
        "Exclusion Criteria:\n\n- asthma"
    )
    assert (trial.sex, trial.healthy_volunteers, trial.std_ages) == ("ALL", True, ("CHILD", "ADULT"))
    assert (trial.minimum_age, trial.maximum_age) == ("6 Months", "64 Years")
    assert (trial.minimum_age_years, trial.maximum_age_years) == (0.5, 64)
    assert trial.overall_officials == (
        Official(name="Selene M. Crater, MD", affiliation="Base 2", role="STUDY_CHAIR"),
        Official(name="Ada Rim, PhD"),
    )
    assert trial.locations == (
        Site(
            facility="Base 2",
            status="ENROLLING_BY_INVITATION",
            city="Oslo",
            state="Oslo County",
            zip="0150",
            country="Norway",
        ),
        Site(country="Ecuador"),
    )
    assert trial.countries == ("Ecuador", "Norway")
    assert trial.references == (
        Reference(citation="Selene A. Dust. 2019.", pmid="12345", type="BACKGROUND"),
        Reference(citation="Selene A. More dust. 2023.", type="RESULT"),
    )
    assert (trial.condition_meshes, trial.intervention_meshes) == ((MeshTerm(term="Hiccup"),), (MeshTerm(term="Dust"),))


def test_the_invented_record_leaves_no_carried_field_empty_but_those_of_observational_studies():
    (part,) = read(RICH)
    assert part.fields == FIELDS
    empty = {name for name in Trial.model_fields if getattr(part.trial, name) in (None, ())}
    assert empty == {"observational_model", "time_perspective"} | (set(Trial.model_fields) - FIELDS)
    assert set(Trial.model_fields) - FIELDS == {"absent_since", "condition_ancestors", "intervention_ancestors"}


def test_an_observational_design_is_read():
    trial = trial_of(
        "<study_type>Observational [Patient Registry]</study_type><study_design_info><observational_model>Case-Control"
        "</observational_model><time_perspective>Cross-Sectional</time_perspective></study_design_info>"
    )
    assert (trial.study_type, trial.observational_model) == ("OBSERVATIONAL", "CASE_CONTROL")
    assert (trial.time_perspective, trial.masking) == ("CROSS_SECTIONAL", None)


def design(text):
    trial = trial_of(f"<study_design>{text}</study_design>")
    names = ("allocation", "intervention_model", "observational_model", "time_perspective", "primary_purpose")
    return {name: value for name in (*names, "masking") if (value := getattr(trial, name)) is not None}


def test_the_older_design_in_one_string_is_read_by_its_labels():
    assert design(
        "Allocation:  Non-Randomized, Endpoint Classification:  Safety/Efficacy Study, Intervention Model:  Single "
        "Group Assignment, Masking: Double Blind (Subject, Caregiver, Investigator), Primary Purpose: Basic Science"
    ) == {
        "allocation": "NON_RANDOMIZED",
        "intervention_model": "SINGLE_GROUP",
        "masking": "DOUBLE",
        "primary_purpose": "BASIC_SCIENCE",
    }
    assert design("Observational Model: Cohort, Time Perspective: Prospective") == {
        "observational_model": "COHORT",
        "time_perspective": "PROSPECTIVE",
    }


def test_the_oldest_design_is_read_by_its_words():
    assert design("Treatment, Randomized, Open Label, Uncontrolled, Parallel Assignment, Safety/Efficacy Study") == {
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "masking": "NONE",
        "primary_purpose": "TREATMENT",
    }
    assert design("Case Control, Retrospective") == {
        "observational_model": "CASE_CONTROL",
        "time_perspective": "RETROSPECTIVE",
    }


def test_without_days_of_posting_those_of_submission_stand_in():
    older = "<firstreceived_date>May 4, 2004</firstreceived_date><lastchanged_date>June 5, 2005</lastchanged_date>"
    assert (trial_of(older).study_first_post_date, trial_of(older).last_update_post_date) == (
        "2004-05-04",
        "2005-06-05",
    )
    both = older + '<last_update_posted type="Estimate">June 7, 2005</last_update_posted>'
    assert trial_of(both).last_update_post_date == "2005-06-07"


@pytest.mark.parametrize(
    ("youngest", "oldest", "groups"),
    [
        ("N/A", "N/A", ("CHILD", "ADULT", "OLDER_ADULT")),
        ("18 Years", "N/A", ("ADULT", "OLDER_ADULT")),
        ("18 Years", "64 Years", ("ADULT",)),
        ("18 Years", "65 Years", ("ADULT", "OLDER_ADULT")),
        ("N/A", "17 Years", ("CHILD",)),
        ("0 Years", "18 Years", ("CHILD", "ADULT")),
        ("65 Years", "80 Years", ("OLDER_ADULT",)),
        ("2 Days", "11 Months", ("CHILD",)),
    ],
)
def test_age_groups_follow_from_the_limits_and_not_applicable_is_no_limit(youngest, oldest, groups):
    trial = trial_of(
        f"<eligibility><minimum_age>{youngest}</minimum_age><maximum_age>{oldest}</maximum_age></eligibility>"
    )
    assert trial.std_ages == groups
    assert (trial.minimum_age, trial.maximum_age) == tuple(None if age == "N/A" else age for age in (youngest, oldest))


@pytest.mark.parametrize(
    ("given", "read_as"),
    [("Accepts Healthy Volunteers", True), ("Yes", True), ("No", False), ("", None)],
)
def test_whether_healthy_people_may_join_is_read(given, read_as):
    volunteers = f"<eligibility><healthy_volunteers>{given}</healthy_volunteers></eligibility>"
    assert trial_of(volunteers).healthy_volunteers is read_as


def test_a_record_of_an_id_alone_is_a_trial_with_everything_else_empty():
    assert trial_of("") == Trial(nct_id="NCT00000001", has_results=False)


@pytest.mark.parametrize(
    ("wrapped", "unwrapped"),
    [
        ("\n      One line\n      and its end.\n    ", "One line and its end."),
        ("  One.\n\n\n  Two.\n  Still two.\n", "One.\n\nTwo. Still two."),
        ("  Both:\n\n    -  one\n       more\n\n    -  two\n\n  After.", "Both:\n\n- one more\n- two\n\nAfter."),
        ("  Close:\n    -  one\n    -  two", "Close:\n\n- one\n- two"),
        ("  -  a\n\n       -  b\n\n            -  c\n\n       -  d\n\n  -  e", "- a\n  - b\n    - c\n  - d\n- e"),
        ("  1. a\n\n  2. b\n     c\n\n  10. d", "1. a\n2. b c\n10. d"),
        ("  Monday\n  - Friday, at least\n  2. 5 mg", "Monday - Friday, at least 2. 5 mg"),
        ("  -  a\n\n     More of a.\n\n  -  b", "- a\n\nMore of a.\n\n- b"),
        (" \n \n", None),
    ],
)
def test_wrapped_text_becomes_paragraphs_and_items(wrapped, unwrapped):
    for ends in ("\n", "&#xD;\n"):
        text = wrapped.replace("\n", ends)
        assert trial_of(f"<brief_summary><textblock>{text}</textblock></brief_summary>").brief_summary == unwrapped


def test_the_inner_id_counts_whatever_the_file_is_called():
    (part,) = read_xml(io.BytesIO(study(number=5).encode()), "NCT00000009.xml")
    assert part.trial.nct_id == "NCT00000005"


def test_several_records_inside_another_root_are_read_in_order():
    text = f"<search_results count='2'><query/>{study(number=1)}<group>{study(number=2)}</group></search_results>"
    assert [part.trial.nct_id for part in read(text)] == ["NCT00000001", "NCT00000002"]


@pytest.mark.parametrize(("text", "root"), [("<html><body/></html>", "html"), ("<search_results/>", "search_results")])
def test_other_xml_is_rejected_with_its_root_named(text, root):
    (rejection,) = read(text)
    assert (rejection.position, rejection.nct_id) == ("whole file", None)
    assert rejection.reason == f"XML without any clinical_study; its root is {root!r}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no element found: line 1, column 0"),
        ("{}", "line 1, column 0"),
        ("<clinical_study>\n<a></b></clinical_study>", "mismatched tag: line 2"),
        (study("<brief_title>&nbsp;</brief_title>"), "undefined entity"),
        (study("<a>\x01</a>"), "invalid token"),
        (study().encode().replace(b"</nct_id>", b"\xe9</nct_id>"), "invalid token"),
        ('<?xml version="1.0" encoding="klingon"?>' + study(), "klingon"),
        ('<?xml version="1.0" encoding="shift_jis"?>' + study(), "encoding"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + study(), "encoding"),
        (study("<enrollment>many</enrollment>"), "enrollmentCount"),
        (study("<start_date>a fine day</start_date>"), "startDate"),
        ("<clinical_study/>", "no NCT id"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_the_reason(text, reason):
    (rejection,) = read(text)
    assert isinstance(rejection, Rejection)
    assert rejection.file == "record.xml"
    assert reason in rejection.reason


def test_other_encodings_that_the_file_names_are_read():
    text = '<?xml version="1.0" encoding="{}"?>' + study("<brief_title>Größe</brief_title>")
    for encoding in ("UTF-8", "ISO-8859-1", "UTF-16"):
        (part,) = read(text.format(encoding).encode(encoding))
        assert part.trial.brief_title == "Größe"


def test_a_record_that_is_cut_short_is_rejected_by_its_id():
    for end in range(RICH.index("</nct_id>") + 9, RICH.rindex("</clinical_study>"), 97):
        (rejection,) = read(RICH[:end])
        assert isinstance(rejection, Rejection)
        assert rejection.nct_id == "NCT01234567"
        assert "cut short" in rejection.reason


def test_what_stands_before_a_cut_is_given():
    whole = f"<all>{study(number=1)}{study(number=2)}{study(number=3)}</all>"
    first, second, rejection = read(whole[: whole.rindex("</id_info>")])
    assert (first.trial.nct_id, second.trial.nct_id) == ("NCT00000001", "NCT00000002")
    assert (rejection.position, rejection.nct_id) == ("after study 2", "NCT00000003")


BOMBS = {
    "billion laughs": '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>' + study("<brief_title>&c;</brief_title>"),
    "quadratic blowup": f'<!DOCTYPE a [<!ENTITY a "{"x" * 1000}">]>' + study(f"<a>{'&a;' * 1000}</a>"),
    "external file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    + study("<brief_title>&x;</brief_title>"),
    "external parameter": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>' + study(),
    "external document type": '<!DOCTYPE clinical_study SYSTEM "http://127.0.0.1:9/x.dtd">' + study(),
    "inner document type": "<!DOCTYPE clinical_study [<!ELEMENT clinical_study ANY>]>" + study(),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_document_types_and_entities_are_refused_not_expanded(bomb):
    (rejection,) = read('<?xml version="1.0"?>\n' + BOMBS[bomb])
    assert isinstance(rejection, Rejection)
    assert "document type or entities" in rejection.reason


def test_a_record_beyond_the_limit_is_rejected_before_it_is_all_read(monkeypatch):
    monkeypatch.setattr("trialkin.data.xml_studies._CHUNK", 1 << 10)
    monkeypatch.setattr("trialkin.data.xml_studies._RECORD_LIMIT", 1 << 20)
    endless = Endless(b"<all>" + study(number=1).encode() + study(number=2)[:-17].encode(), b"<a>x</a>")
    first, rejection = read_xml(endless, "endless.xml")
    assert first.trial.nct_id == "NCT00000001"
    assert (rejection.nct_id, rejection.reason) == ("NCT00000002", "the record is larger than 1 MiB")
    assert endless.given < 2 << 20
    small = study("<a>dust</a>" * 4000)
    assert sum(isinstance(part, Part) for part in read(f"<all>{small * 60}</all>")) == 60  # the limit is for a record


def test_a_record_of_too_many_elements_is_rejected(monkeypatch):
    monkeypatch.setattr("trialkin.data.xml_studies._ELEMENT_LIMIT", 1000)
    (rejection,) = read(study("<a/>" * 1000))
    assert "elements" in rejection.reason
    (part,) = read(study("<clinical_results>" + "<a/>" * 1000 + "</clinical_results>"))
    assert part.trial.has_results is True


def test_deep_nesting_ends_in_a_record():
    assert trial_of("<a>" * 50_000 + "</a>" * 50_000).nct_id == "NCT00000001"


def test_memory_stays_bounded_however_many_records_a_file_holds(monkeypatch):
    monkeypatch.setattr("trialkin.data.xml_studies._CHUNK", 64 << 10)
    record = study(f"<brief_summary><textblock>{'moon dust ' * 2000}</textblock></brief_summary>")
    results = "<clinical_results>" + "<a>dust</a>" * 2000 + "</clinical_results>"
    text = b"<all>" + (record.encode() + study(results).encode()) * 150 + b"</all>"
    stream = io.BytesIO(text)
    tracemalloc.start()
    try:
        assert sum(isinstance(one, Part) for one in read_xml(stream, "many.xml")) == 300
        assert tracemalloc.get_traced_memory()[1] < 3 << 20
    finally:
        tracemalloc.stop()


class Endless(io.RawIOBase):
    """A stream that begins with something and goes on for ever."""

    def __init__(self, start, again):
        self._start, self._again, self.given = start, again, 0

    def read(self, size=-1):
        assert size > 0
        start, self._start = self._start[:size], self._start[size:]
        found = start + self._again * ((size - len(start)) // len(self._again))
        self.given += len(found)
        return found


NOT_CARRIED = re.compile(
    "required_header|oversight_info|has_expanded_access|verification_date|number_of_(arms|groups)|last_known_status"
    "|(study_first|last_update|results_first|disposition_first)_submitted(_qc)?|(results|disposition)_first_posted"
    "|lastchanged_date|firstreceived_date|responsible_party|patient_data|link|overall_contact|location/contact"
    "|location/investigator|removed_countries|biospec_(retention|descr)|eligibility/(study_pop|sampling_method)"
    "|study_design_info/intervention_model_description|clinical_results"
)
"""Elements of the genuine files that have no field in `Trial`."""


def leaves(element, path=""):
    for child in element:
        where = f"{path}/{child.tag}" if path else child.tag
        if not NOT_CARRIED.match(where):
            if len(child):
                yield from leaves(child, where)
            else:
                yield where, " ".join((child.text or "").split())


def values(value):
    """Every text, number and flag in a trial, texts on one line."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from values(one)
    elif value is not None:
        yield " ".join(value.split()) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def genuine(shared):
    """The genuine records by the name of their file: what was read, and the file."""
    files = sorted((shared / "formats" / "legacy-xml").iterdir())
    return {path: list(read_xml(io.BytesIO(path.read_bytes()), path.name)) for path in files}


def test_every_genuine_file_gives_its_one_trial(genuine):
    assert len(genuine) == 12
    for path, found in genuine.items():
        (part,) = found
        inner = re.search(r"<nct_id>(NCT\d{8})</nct_id>", path.read_text(encoding="utf-8"))[1]
        assert part.trial.nct_id == inner
        assert (inner in path.name) is ("mismatch" not in path.name)


def test_no_carried_element_of_the_genuine_files_is_lost(genuine):
    seen = 0
    for path, (part,) in genuine.items():
        known = set(values(part.trial.model_dump(mode="json")))
        for where, text in leaves(ET.parse(path).getroot()):
            if text == "N/A" and where.endswith("_age"):
                continue
            told = {re.sub(r"(?<=\s)-\s+|^-\s+", "- ", text), code(text), date(text), masking(text), *phases(text)}
            told |= {int(text) if text.isdecimal() else None, flag(text)}
            assert told & known, (path.name, where, text)
            seen += 1
    assert seen > 900


def test_the_lists_of_the_genuine_files_are_as_long_as_in_the_file(genuine):
    lists = {
        "conditions": "condition",
        "keywords": "keyword",
        "arm_groups": "arm_group",
        "interventions": "intervention",
        "primary_outcomes": "primary_outcome",
        "secondary_outcomes": "secondary_outcome",
        "other_outcomes": "other_outcome",
        "collaborators": "sponsors/collaborator",
        "secondary_ids": "id_info/secondary_id",
        "nct_id_aliases": "id_info/nct_alias",
        "overall_officials": "overall_official",
        "locations": "location",
        "countries": "location_countries/country",
        "condition_meshes": "condition_browse/mesh_term",
        "intervention_meshes": "intervention_browse/mesh_term",
    }
    for path, (part,) in genuine.items():
        root = ET.parse(path).getroot()
        for field, element in lists.items():
            assert len(getattr(part.trial, field)) == len(root.findall(element)), (path.name, field)
        assert len(part.trial.references) == len(root.findall("reference")) + len(root.findall("results_reference"))
        linked = sum(len(one.findall("arm_group_label")) for one in root.findall("intervention"))
        assert sum(len(arm.intervention_names) for arm in part.trial.arm_groups) == linked
        assert part.trial.has_results is (root.find("clinical_results") is not None)


def test_no_line_of_a_genuine_text_is_left_wrapped(genuine):
    for (part,) in genuine.values():
        for text in (part.trial.brief_summary, part.trial.detailed_description, part.trial.eligibility_criteria):
            for line, following in pairwise((text or "").split("\n")):
                assert not following or not line or re.match(r"\s*(-|\d+\.) ", following), (line, following)


OTHER_VERSIONS = {"NCT01506414", "NCT01734057"}
"""Records whose API form is of another date; only what seldom changes is the same."""
STABLE = {"brief_title", "official_title", "conditions", "study_type", "phases", "sex", "minimum_age", "lead_sponsor"}


def test_the_same_trial_in_the_api_form_says_the_same(genuine, in_api_form, told_otherwise):
    ours = {part.trial.nct_id: part.trial for (part,) in genuine.values()}
    theirs = in_api_form(ours.keys())
    for nct_id, trial in ours.items():
        one, other = (x.model_dump(mode="json", exclude={"locations"}) for x in (trial, theirs[nct_id]))
        if nct_id in OTHER_VERSIONS:
            one, other = ({name: record[name] for name in STABLE} for record in (one, other))
        assert list(told_otherwise(one, other)) == [], nct_id


EDIT = st.tuples(st.integers(0, len(RICH) - 1), st.binary(max_size=4), st.integers(0, 4))


@given(st.lists(EDIT, min_size=1, max_size=5), st.integers(0, len(RICH) * 2))
def test_an_altered_file_ends_in_records_or_rejections(edits, end):
    content = bytearray(RICH.encode())
    for place, put, taken in edits:
        content[place : place + taken] = put
    found = read(bytes(content[:end]))
    assert found
    assert all(isinstance(one, Part | Rejection) for one in found)


@given(st.lists(st.tuples(st.sampled_from(re.findall(r">([^<>\s][^<>]*)<", RICH)), st.text(max_size=12)), max_size=4))
def test_altered_texts_end_in_records_or_rejections(changes):
    content = RICH
    for old, new in changes:
        content = content.replace(f">{old}<", f">{new}<", 1)
    found = read(content.encode("utf-8", "surrogatepass"))
    assert found
    assert all(isinstance(one, Part | Rejection) for one in found)
