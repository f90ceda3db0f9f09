from hypothesis import given
from hypothesis import strategies as st

from support.aact import FIRST, SECOND, TABLES, read, some, trials, with_commas
from trialkin.data import Part
from trialkin.data.trial import Reference, SecondaryId, Sponsor, StudyDate, Trial

EVERYTHING = frozenset(Trial.model_fields) - {"absent_since"}


def test_a_whole_download_gives_every_field_of_each_trial():
    first, second = read(TABLES)
    assert first == Part(FIRST, EVERYTHING)
    assert second == Part(SECOND, EVERYTHING)


def test_the_order_of_the_files_does_not_matter():
    assert read(dict(reversed(TABLES.items()))) == read(TABLES)


def test_tables_with_commas_say_the_same():
    assert read({name: with_commas(text) for name, text in TABLES.items()}) == read(TABLES)


def test_tables_with_a_byte_order_mark_carriage_returns_and_quoted_capitals_say_the_same():
    def altered(text):
        header, rest = text.split("\n", 1)
        header = "|".join(f'"{column.upper()}"' for column in header.split("|"))
        return b"\xef\xbb\xbf" + f"{header}\n{rest}".replace("\n", "\r\n").encode()

    assert read({name: altered(text) for name, text in TABLES.items()}) == read(TABLES)


def test_values_as_older_downloads_and_spreadsheets_have_them_become_codes():
    (record,) = read(
        {
            "studies.csv": "nct_id,start_month_year,start_date,completion_month_year,completion_date"
            ",completion_date_type,study_type,brief_title,overall_status,phase,last_update_posted_date\n"
            "NCT00000001,16-Nov,11/30/16,17-Aug-18,8/17/18,Anticipated,Observational [Patient Registry],T"
            ",Active, not recruiting,Phase 1/Phase 2,11/28/16\n".replace(
                "Active, not recruiting", '"Active, not recruiting"'
            ),
            "eligibilities.csv": "nct_id,gender,healthy_volunteers,maximum_age,child\n"
            "NCT00000001,Both,Accepts Healthy Volunteers,N/A,TRUE\n",
            "designs.csv": "nct_id,intervention_model,masking\nNCT00000001,Parallel Assignment,Double-Blind\n",
            "sponsors.csv": "nct_id,lead_or_collaborator,name,agency_class\nNCT00000001,lead,S,U.S. Fed\n",
            "ids.csv": "nct_id,id_type,id_value\nNCT00000001,org_study_id,A\nNCT00000001,secondary_id,B\n",
            "references.csv": "nct_id,reference_type,citation\nNCT00000001,results_reference,A paper.\n",
            "countries.csv": "nct_id,name,removed\nNCT00000001,Norway,FALSE\nNCT00000001,Chad,TRUE\n",
            "calculated_values.csv": "nct_id,were_results_reported\nNCT00000001,TRUE\n",
        }
    )
    trial = record.trial
    assert (trial.start_date, trial.completion_date) == (
        StudyDate(date="2016-11"),
        StudyDate(date="2018-08-17", type="ESTIMATED"),
    )
    assert trial.last_update_post_date == "2016-11-28"
    assert (trial.study_type, trial.overall_status) == ("OBSERVATIONAL", "ACTIVE_NOT_RECRUITING")
    assert trial.phases == ("PHASE1", "PHASE2")
    assert (trial.sex, trial.healthy_volunteers, trial.maximum_age, trial.std_ages) == ("ALL", True, None, ("CHILD",))
    assert (trial.intervention_model, trial.masking) == ("PARALLEL", "DOUBLE")
    assert trial.lead_sponsor == Sponsor(name="S", class_="FED")
    assert (trial.org_study_id, trial.secondary_ids) == ("A", (SecondaryId(id="B"),))
    assert trial.references == (Reference(citation="A paper.", type="RESULT"),)
    assert trial.countries == ("Norway",)
    assert trial.has_results is True


def test_a_month_that_contradicts_the_day_does_not_count():
    header = "nct_id|brief_title|start_month_year|start_date\n"
    (trial,) = trials(read({"studies": f"{header}NCT00000001|T|2018-07|2019-01-31\n"}))
    assert trial.start_date.date == "2019-01-31"


def test_rows_without_ids_keep_the_order_of_the_file():
    text = "nct_id|name\nNCT00000001|b\nNCT00000001|c\nNCT00000001|a\n"
    (trial,) = trials(read({"conditions": text}))
    assert trial.conditions == ("b", "c", "a")


@given(order=st.permutations(range(8, 20)))
def test_rows_follow_their_ids_as_numbers(order):
    rows = "".join(f"{n}|NCT00000001|c{n}\n" for n in order)
    (trial,) = trials(read({"conditions": f"id|nct_id|name\n{rows}"}))
    assert trial.conditions == tuple(f"c{n}" for n in range(8, 20))


def test_ids_that_a_spreadsheet_has_rounded_keep_rows_and_join_none():
    groups = "id|nct_id|group_type|title\n9.3E+07|NCT00000001|OTHER|b\n9.3E+07|NCT00000001|OTHER|a\n"
    (trial,) = trials(
        read(
            {
                "design_groups": groups,
                "interventions": "id|nct_id|intervention_type|name\n1|NCT00000001|DRUG|x\n",
                "design_group_interventions": "nct_id|design_group_id|intervention_id\nNCT00000001|9.3E+07|1\n",
            }
        )
    )
    assert [(arm.label, arm.intervention_names) for arm in trial.arm_groups] == [("b", ()), ("a", ())]


def test_a_table_in_two_parts_is_one_and_a_table_given_twice_counts_once():
    header, *rows = TABLES["conditions"].splitlines(keepends=True)
    parts = {"conditions_1.txt": header + rows[0], "conditions_2.txt": header + "".join(rows[1:])}
    assert read(parts) == read(some("conditions"))
    twice = {f"{copy}/{name}.txt": text for copy in "ab" for name, text in TABLES.items()}
    assert read(twice) == read(TABLES)


def test_empty_rows_as_spreadsheets_leave_them_are_none():
    assert len(trials(read({"conditions.csv": "id,nct_id,name\n,,\n\n1,NCT00000001,a\n,,\n"}))) == 1
