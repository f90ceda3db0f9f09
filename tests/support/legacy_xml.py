"""An invented record of the registry's older XML, and what reading one gives."""

import io

from trialkin.data.legacy_xml import read_xml
from trialkin.data.records import Part

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
