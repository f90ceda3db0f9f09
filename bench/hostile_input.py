"""What is hostile: texts, places to put them, bodies of forms, and trials whose every text is a script."""

import json
from pathlib import Path

HOSTILE_TRIALS = ("NCT99990001", "NCT99990002")
SCRIPTS = (
    "<script>hammered()</script>",
    "\"><img src=x onerror=hammered()><a href='",
    "' onmouseover='hammered()' x='",
    "</title></textarea></style></script><svg onload=hammered()>",
    "javascript:hammered()",
    "<!--<script>hammered()//-->",
    "&lt;script&gt;hammered()&lt;/script&gt;",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
)
SEED = "NCT07057778"
OTHER = "NCT05281068"
LONG = 1_000_000
PAYLOADS: tuple[bytes, ...] = (
    *(one.encode() for one in SCRIPTS),
    b"",
    b"%",
    b"%zz%u003cscript",
    b"\x00",
    b"a\x00b\x01\x02\x7f",
    b"\xed\xa0\x80",  # half of a surrogate pair
    b"\xc0\xaf\xfe\xff",  # overlong, and never UTF-8
    "\u202egnp.exe\u2066\ufeff\ufffe".encode(),
    ("e" + "\u0301" * 5_000).encode(),
    "İıſẞ𝕹𝕮𝕿 ٠٧٠٥٧٧٧٨ 𝟘𝟟".encode(),
    b"../../../../etc/passwd",
    b"..%2f..%2f..%2fetc%2fpasswd",
    b"..\\..\\..\\etc\\passwd",
    b"//elsewhere.example/x",
    b"https://elsewhere.example/",
    b"/\\elsewhere.example",
    b"x\r\nX-Injected: yes\r\n\r\n<script>hammered()</script>",
    b"NCT07057778\r\nX-Injected: yes",
    b"-1",
    b"1e309",
    b"NaN",
    b"9" * 5_000,
    b"' OR 1=1 --",
    b"AREA[NCTId]RANGE[MIN,",
    b"(" * 3_000,
    b"a " * 20_000,
    b"x" * LONG,
)
PLACES = (
    "/?q={}",
    "/?q=cancer&pageSize={}",
    "/?q=cancer&filter.overallStatus={}",
    "/?q=cancer&filter.country={}",
    "/?q=cancer&filter.startDate={}",
    "/?q=cancer&filter.age={}",
    "/?q=cancer&filter.geo={}",
    "/?q=cancer&{}=1",
    "/{}",
    "/trials/{}",
    f"/trials/{SEED}/{{}}",
    f"/trials/{SEED}?weights={{}}",
    f"/trials/{SEED}?preset={{}}",
    f"/trials/{SEED}?pageSize={{}}",
    f"/trials/{SEED}?condition={{}}",
    f"/compare/{{}}/{SEED}",
    f"/compare/{SEED}/{{}}",
    f"/compare?first={{}}&second={SEED}",
    f"/compare?first={SEED}&second={{}}",
    "/map?nctId={}",
    "/map?q={}",
    f"/map?nctId={SEED}&colour={{}}",
    f"/map?nctId={SEED}&{{}}=1",
    "/about?{}=1",
    "/fragments/search?q={}",
    f"/fragments/related/{SEED}?weights={{}}",
    f"/fragments/more-related/{SEED}?pageSize={{}}",
    "/fragments/related/{}",
    "/static/{}",
)
HEADERS = (
    "Host",
    "Accept",
    "Accept-Encoding",
    "Cookie",
    "Referer",
    "If-None-Match",
    "X-Request-ID",
    "X-Forwarded-Host",
)
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "BREW")
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b'{"q": "x"}'),
    ("application/x-www-form-urlencoded", b"q=%ff%fe%ED%A0%80"),
    ("application/x-www-form-urlencoded", b"q=" + b"y" * LONG),
    ("application/x-www-form-urlencoded", b"q=" + b"asthma+" * 140_000),
    ("application/x-www-form-urlencoded", b"&".join(b"q%d=1" % one for one in range(5_000))),
    ("application/x-www-form-urlencoded", b"q=cancer&age=%3Cscript%3E&startFrom=%00&sex=%22%3E"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"q=\xff\xfea\x00"),
    ("multipart/form-data", b"q=x"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=q\r\n\r\n<script>hammered()"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="q"; filename="a"\r\n\r\nz\r\n--x--',
    ),
    ("multipart/form-data; boundary=" + "y" * 5_000, b"--"),
    ("text/plain\x00", b"q=x"),
    ("", b"\x00" * 1_000),
)


def write_hostile_trials(path: Path) -> Path:
    """A file of two trials close to the seed trial, each of whose texts is a script."""
    with path.open("w") as file:
        for number, nct_id in enumerate(HOSTILE_TRIALS):
            file.write(json.dumps({"protocolSection": _hostile_study(nct_id, number)}) + "\n")
    return path


def _hostile_study(nct_id: str, number: int) -> dict[str, object]:
    def text(about: str) -> str:
        return f"{about} {SCRIPTS[number % 2]} {SCRIPTS[2 + number]} \x00\u202e{{{{ 7 * 7 }}}}"

    return {
        "identificationModule": {
            "nctId": nct_id,
            "briefTitle": text("Iguratimod and Rituximab in Immune Thrombocytopenia"),
            "officialTitle": text("Iguratimod Plus Low-dose Rituximab in Corticosteroid-resistant ITP"),
            "acronym": SCRIPTS[0],
        },
        "statusModule": {
            "overallStatus": "TERMINATED",
            "whyStopped": text("Money"),
            "startDateStruct": {"date": "2020-01"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": text("A sponsor"), "class": "OTHER"}},
        "descriptionModule": {
            "briefSummary": text("Iguratimod with rituximab for immune thrombocytopenia."),
            "detailedDescription": "\n\n".join(f"* {text('A paragraph.')}" for _ in range(3)),
        },
        "conditionsModule": {"conditions": [text("Immune Thrombocytopenia")], "keywords": list(SCRIPTS)},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "enrollmentInfo": {"count": 100, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [{"label": text("Arm"), "type": "EXPERIMENTAL", "description": text("An arm")}],
            "interventions": [{"type": "DRUG", "name": text("Iguratimod"), "description": text("A drug")}],
        },
        "outcomesModule": {
            "primaryOutcomes": [
                {"measure": text("Response"), "timeFrame": text("4 weeks"), "description": text("Platelets")}
            ]
        },
        "eligibilityModule": {
            "eligibilityCriteria": text("Inclusion Criteria:\n\n* Platelets")
            + "\n\nExclusion Criteria:\n\n* "
            + text("None"),
            "sex": "ALL",
            "minimumAge": "18 Years",
        },
        "contactsLocationsModule": {
            "locations": [
                {"facility": text("Hospital"), "city": SCRIPTS[0], "country": SCRIPTS[1], "status": "COMPLETED"}
            ]
        },
        "referencesModule": {"seeAlsoLinks": [{"label": text("Site"), "url": "javascript:hammered()"}]},
    }
