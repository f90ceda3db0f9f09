"""The Parquet columns of a snapshot: the registry's names, one column a field of `Trial`."""

import pyarrow as pa

_TEXTS = pa.list_(pa.string())
_STUDY_DATE = pa.struct([("date", pa.string()), ("type", pa.string())])
_SPONSOR = pa.struct([("name", pa.string()), ("class", pa.string())])
_OUTCOMES = pa.list_(pa.struct([("measure", pa.string()), ("description", pa.string()), ("timeFrame", pa.string())]))
_MESH = pa.list_(pa.struct([("term", pa.string()), ("id", pa.string())]))

TRIAL_SCHEMA = pa.schema(
    [
        pa.field("nctId", pa.string(), nullable=False),
        ("nctIdAliases", _TEXTS),
        ("orgStudyId", pa.string()),
        ("secondaryIds", pa.list_(pa.struct([("id", pa.string()), ("type", pa.string()), ("domain", pa.string())]))),
        ("briefTitle", pa.string()),
        ("officialTitle", pa.string()),
        ("acronym", pa.string()),
        ("organization", _SPONSOR),
        ("overallStatus", pa.string()),
        ("whyStopped", pa.string()),
        ("startDate", _STUDY_DATE),
        ("primaryCompletionDate", _STUDY_DATE),
        ("completionDate", _STUDY_DATE),
        ("studyFirstPostDate", pa.string()),
        ("lastUpdatePostDate", pa.string()),
        ("hasResults", pa.bool_()),
        ("absentSince", pa.string()),
        ("leadSponsor", _SPONSOR),
        ("collaborators", pa.list_(_SPONSOR)),
        ("briefSummary", pa.string()),
        ("detailedDescription", pa.string()),
        ("conditions", _TEXTS),
        ("keywords", _TEXTS),
        ("studyType", pa.string()),
        ("phases", _TEXTS),
        ("allocation", pa.string()),
        ("interventionModel", pa.string()),
        ("observationalModel", pa.string()),
        ("timePerspective", pa.string()),
        ("primaryPurpose", pa.string()),
        ("masking", pa.string()),
        ("enrollmentCount", pa.int64()),
        ("enrollmentType", pa.string()),
        (
            "armGroups",
            pa.list_(
                pa.struct(
                    [
                        ("label", pa.string()),
                        ("type", pa.string()),
                        ("description", pa.string()),
                        ("interventionNames", _TEXTS),
                    ]
                )
            ),
        ),
        (
            "interventions",
            pa.list_(
                pa.struct(
                    [
                        ("name", pa.string()),
                        ("type", pa.string()),
                        ("description", pa.string()),
                        ("armGroupLabels", _TEXTS),
                        ("otherNames", _TEXTS),
                    ]
                )
            ),
        ),
        ("primaryOutcomes", _OUTCOMES),
        ("secondaryOutcomes", _OUTCOMES),
        ("otherOutcomes", _OUTCOMES),
        ("eligibilityCriteria", pa.string()),
        ("healthyVolunteers", pa.bool_()),
        ("sex", pa.string()),
        ("minimumAge", pa.string()),
        ("maximumAge", pa.string()),
        ("minimumAgeYears", pa.float64()),
        ("maximumAgeYears", pa.float64()),
        ("stdAges", _TEXTS),
        (
            "overallOfficials",
            pa.list_(pa.struct([("name", pa.string()), ("affiliation", pa.string()), ("role", pa.string())])),
        ),
        (
            "locations",
            pa.list_(
                pa.struct(
                    [
                        ("facility", pa.string()),
                        ("status", pa.string()),
                        ("city", pa.string()),
                        ("state", pa.string()),
                        ("zip", pa.string()),
                        ("country", pa.string()),
                        ("lat", pa.float64()),
                        ("lon", pa.float64()),
                    ]
                )
            ),
        ),
        ("countries", _TEXTS),
        (
            "references",
            pa.list_(
                pa.struct(
                    [("citation", pa.string()), ("pmid", pa.string()), ("type", pa.string()), ("nctId", pa.string())]
                )
            ),
        ),
        ("conditionMeshes", _MESH),
        ("conditionAncestors", _MESH),
        ("interventionMeshes", _MESH),
        ("interventionAncestors", _MESH),
    ]
)
"""One field a field of `Trial`, in its order."""

DIGEST = pa.field("digest", pa.string(), nullable=False)
"""BLAKE2b-128 of the record's canonical JSON, in hex: two records are the same when their digests are."""

STORED_SCHEMA = TRIAL_SCHEMA.append(DIGEST)
