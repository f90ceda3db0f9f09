"""Ask the index in TRIALKIN_HOME for what a letter, a number, an ending or no *non* names, and count what names it.

    TRIALKIN_HOME=... python bench/designators.py

A trial names it if its titles, its summary or its conditions do, in full or by an abbreviation.
"""

import re
from statistics import median

from trialkin import open_index
from trialkin.index import Index

TOP = 20
LETTERS = (
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
NUMBERS = (
    ("type 1 diabetes exercise", r"type[- ](?:1|I)\b|T1D"),
    ("type 2 diabetes exercise", r"type[- ](?:2|II)\b|T2D"),
    ("stage III melanoma adjuvant", r"stages? [IVABC/, -]*(?:III|3)"),
    ("stage IV colon cancer", r"stages? [IVABC/, -]*(?:IV|4)"),
    ("factor VII bleeding", r"factor[- ](?:VII|7)a?\b|FVII"),
    ("factor VIII inhibitors", r"factor[- ](?:VIII|8)|FVIII"),
    ("factor IX", r"factor[- ](?:IX|9)|FIX"),
    ("factor XIII deficiency", r"factor[- ](?:XIII|13)|FXIII"),
    ("grade 3 glioma", r"grades? [IV/, -]*(?:III|3)|anaplastic"),
    ("bipolar I mania", r"bipolar[- ](?:disorder )?(?:type )?(?:I|1)\b"),
    ("bipolar II depression", r"bipolar[- ](?:disorder )?(?:type )?(?:II|2)\b"),
    ("spinal muscular atrophy type 1", r"type[- ](?:1|I)\b"),
    ("neurofibromatosis type 2", r"type[- ](?:2|II)\b|NF-?2"),
    ("glutaric aciduria type 1", r"type[- ](?:1|I)\b"),
    ("multiple endocrine neoplasia type 1", r"type[- ](?:1|I)\b|MEN-?1"),
    ("interleukin 6 inhibitor", r"interleukin[- ]6|IL-?6"),
    ("interleukin 2 melanoma", r"interleukin[- ]2\b|IL-?2\b|aldesleukin"),
    ("HPV 16 vaccine", r"\b16\b"),
    ("HIV 2", r"HIV[- ]?2"),
    ("angiotensin II", r"angiotensin[- ](?:II|2)"),
)
ENDINGS = (
    ("pancreatitis nutrition", r"pancreatitis"),
    ("chronic prostatitis pain", r"prostatitis|pelvic pain"),
    ("oral mucositis laser", r"mucositis"),
    ("retinitis pigmentosa gene", r"retinitis"),
    ("appendicitis without surgery", r"appendicitis"),
    ("peritonitis in dialysis", r"peritonitis"),
    ("chronic sinusitis steroids", r"sinusitis"),
    ("thyroiditis selenium", r"thyroiditis|hashimoto"),
    ("eosinophilic esophagitis diet", r"o?esophagitis"),
    ("cervicitis", r"cervicitis"),
    ("autoimmune hepatitis", r"hepatitis"),
    ("viral meningitis", r"meningitis"),
    ("vaginitis", r"vagini(?:tis|osis)"),
    ("gingivitis mouthwash", r"gingivitis"),
    ("periodontitis in diabetes", r"periodontitis"),
    ("capsulitis of the shoulder", r"capsulitis|frozen shoulder"),
    ("pharyngitis antibiotics", r"pharyngitis|sore throat|tonsillitis"),
    ("laryngitis", r"laryngitis|croup"),
    ("tonsillitis antibiotics", r"tonsillitis|pharyngitis|sore throat"),
    ("conjunctivitis drops", r"conjunctivitis"),
    ("tendonitis of the elbow", r"tend[io]n[io]?tis|epicondylitis|tennis elbow|tendinopathy"),
    ("immunization of infants", r"immuni[sz]|vaccin"),
    ("malaria vaccine infants", r"vaccin|immuni[sz]"),
    ("blindness prevention", r"blindness|blind\b"),
)
_NOT_NON = r"(?<!\bnon[- ])(?<!\bnon)"
DENIED = (
    ("small cell lung cancer", rf"{_NOT_NON}small[- ]cell|\bSCLC"),
    ("Hodgkin lymphoma", rf"{_NOT_NON}Hodgkin"),
    ("alcoholic fatty liver disease", rf"{_NOT_NON}alcohol"),
    ("muscle-invasive bladder cancer", rf"{_NOT_NON}muscle|\bMIBC"),
    ("ischemic cardiomyopathy", rf"{_NOT_NON}isch"),
    ("clear cell renal cell carcinoma", rf"{_NOT_NON}clear"),
    ("ST elevation myocardial infarction", rf"{_NOT_NON}ST[- ](?:segment[- ])?elevation|\bSTEMI"),
    ("invasive ventilation", rf"{_NOT_NON}invasive|intubat"),
    ("neurogenic bladder", rf"{_NOT_NON}neurogenic"),
    ("allergic rhinitis", rf"{_NOT_NON}allerg"),
    ("erosive reflux disease", rf"{_NOT_NON}erosive"),
    ("opioid analgesia", rf"{_NOT_NON}opioid"),
    ("pharmacological prevention of delirium", rf"{_NOT_NON}pharmacolog"),
    ("operative treatment of fractures", rf"{_NOT_NON}operative|surg"),
    ("valvular atrial fibrillation", rf"{_NOT_NON}valv"),
    ("smokers with lung cancer", rf"{_NOT_NON}smok"),
)


def main() -> None:
    """Print a line a text, and the median of each group."""
    index = open_index()
    for kind, asked in (("letters", LETTERS), ("numbers", NUMBERS), ("endings", ENDINGS), ("non", DENIED)):
        named = [_naming(index, text, pattern) for text, pattern in asked]
        print(f"{median(named):4.1f} in the median, {min(named)} at least, of {len(named)} with {kind}")


def _naming(index: Index, text: str, pattern: str) -> int:
    trials = index.trials([hit.nct_id for hit in index.search(text, TOP, explain=False)])
    told = [" ".join(filter(None, (t.brief_title, t.official_title, t.brief_summary, *t.conditions))) for t in trials]
    naming = sum(bool(re.search(pattern, one, re.IGNORECASE)) for one in told)
    print(f"{naming:3} of {TOP}  {text}")
    return naming


if __name__ == "__main__":
    main()
