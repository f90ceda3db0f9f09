"""Examples for the OpenAPI document, of the bundled sample."""

from typing import Any

HIT: dict[str, Any] = {
    "rank": 2,
    "nctId": "NCT05302024",
    "title": "Efficacy and Safety of Iguratimod in the Treatment of Steroid-resistant/Relapse Immune Thrombocytopenia",
    "score": 0.38,
    "overallStatus": "UNKNOWN",
    "phases": ["PHASE2"],
    "studyType": "INTERVENTIONAL",
    "enrollmentCount": 100,
    "startDate": "2022-03-22",
    "conditions": ["Immune Thrombocytopenia"],
    "interventions": ["Iguratimod"],
    "leadSponsor": "Peking University People's Hospital",
    "why": "Also tests Iguratimod in Immune Thrombocytopenia (Steroid-resistant).",
    "reasons": [
        {"code": "SIMILAR_TEXT", "share": 0.25, "evidence": []},
        {
            "code": "SAME_INTERVENTION",
            "share": 0.08,
            "evidence": [
                {
                    "what": "Iguratimod",
                    "queryField": "interventions",
                    "queryText": "Iguratimod",
                    "hitField": "interventions",
                    "hitText": "Iguratimod",
                }
            ],
        },
        {
            "code": "SAME_POPULATION",
            "share": 0.05,
            "evidence": [
                {
                    "what": "after earlier treatment",
                    "queryField": "briefTitle",
                    "queryText": "Corticosteroid-resistant",
                    "hitField": "briefTitle",
                    "hitText": "Steroid-resistant",
                }
            ],
        },
    ],
    "family": [],
}
RELATED_BODY: dict[str, Any] = {
    "draft": {
        "briefTitle": "Iguratimod After Failure of Corticosteroids in Adults With ITP",
        "conditions": ["Immune Thrombocytopenia"],
        "interventions": [{"type": "DRUG", "name": "Iguratimod"}],
    }
}
