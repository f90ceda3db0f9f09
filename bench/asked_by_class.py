"""Ask the index in TRIALKIN_HOME for classes of drugs in conditions, and count the trials of both.

    TRIALKIN_HOME=... python bench/asked_by_class.py

A trial is of a class if its titles, summary, conditions or interventions name the class or a drug of it, and of both if
they also name the condition. Each text is asked twice: without the members of the class, and with them.
"""

import re
from statistics import mean, median

from contexts import without_and_with

from trialkin.index import Index

TOP = 20
ASKED = (
    ("SGLT2 inhibitors heart failure", r"SGLT|gliflozin", r"heart"),
    ("SGLT2 inhibitors", r"SGLT|gliflozin", r""),
    ("DPP-4 inhibitors type 2 diabetes", r"DPP|gliptin", r""),
    ("GLP-1 agonists obesity", r"GLP|glutide|exenatide", r""),
    ("ACE inhibitors kidney disease", r"ACE |angiotensin.conv|\w{3,}pril\b", r"kidney|renal|nephro"),
    ("angiotensin receptor blockers marfan", r"ARB|angiotensin|sartan", r"marfan"),
    ("beta blockers cirrhosis", r"beta.?(?:adrenergic )?block|\w+olol\b", r"cirrho"),
    ("proton pump inhibitors bleeding ulcer", r"proton|PPI|prazole", r"ulcer|bleed"),
    ("PARP inhibitors breast cancer", r"PARP|parib", r"breast"),
    ("JAK inhibitors rheumatoid arthritis", r"JAK|citinib", r"rheum"),
    (
        "TNF inhibitors psoriasis",
        r"TNF|tumou?r necrosis|adalimumab|etanercept|infliximab|golimumab|certolizumab",
        r"psoria",
    ),
    (
        "PD-1 inhibitors lung cancer",
        r"PD-?L?-?1|pembrolizumab|nivolumab|atezolizumab|durvalumab|avelumab",
        r"lung",
    ),
    ("triptans children migraine", r"triptan", r"migraine"),
    ("bisphosphonates breast cancer", r"bisphosphon|dronate|dronic", r"breast"),
    ("SSRIs stroke recovery", r"SSRI|serotonin|fluoxetine|sertraline|citalopram|paroxetine", r"stroke"),
    ("benzodiazepines alcohol withdrawal", r"benzodiaz|zepam|zolam|zepoxide", r"alcohol"),
    ("fluoroquinolones tuberculosis", r"quinolone|floxacin", r"tubercul|TB"),
    ("calcium channel blockers preterm labor", r"calcium.channel|dipine", r"preterm|labor|labour"),
    ("taxanes gastric cancer", r"taxane|taxel", r"gastric"),
    ("anthracyclines cardiotoxicity", r"anthracycline|rubicin", r"cardi"),
    ("aromatase inhibitors joint pain", r"aromatase|letrozole|anastrozole|exemestane", r"joint|arthralgia|pain"),
    ("DOACs cancer thrombosis", r"DOAC|NOAC|oral anticoag|xaban|dabigatran", r"cancer"),
    ("low molecular weight heparin pregnancy", r"LMWH|heparin|parin\b", r"pregnan"),
    (
        "antipsychotics dementia",
        r"antipsych|neurolept|risperidone|olanzapine|quetiapine|aripiprazole|haloperidol|pimavanserin",
        r"dement|alzheim",
    ),
    ("loop diuretics heart failure", r"diuretic|furosemide|torsemide|bumetanide", r"heart"),
    ("NSAIDs renal colic", r"NSAID|anti-inflam|ketorolac|diclofenac|ibuprofen|ketoprofen", r"colic"),
    ("azoles candidiasis", r"azole", r"candid"),
    ("anti-CD20 multiple sclerosis", r"CD20|rituximab|ocrelizumab|ofatumumab|ublituximab", r"sclerosis"),
    ("IL-17 inhibitors spondylitis", r"IL-?17|secukinumab|ixekizumab|bimekizumab|interleukin.17", r"spondyl"),
    ("proteasome inhibitors amyloidosis", r"proteasome|zomib", r"amyloid"),
    ("HDAC inhibitors lymphoma", r"HDAC|histone|inostat|depsin|chidamide", r"lymphoma"),
    ("MEK inhibitors neurofibromatosis", r"MEK|metinib", r"neurofibro"),
    ("hypomethylating agents myelodysplastic syndrome", r"hypomethyl|citabine|azacitidine", r"myelodys|MDS"),
    ("FLT3 inhibitors AML", r"FLT3|ritinib|midostaurin|quizartinib", r"\bAML\b|acute myel"),
    ("BRAF inhibitors colorectal cancer", r"BRAF|rafenib", r"colorectal"),
    ("ALK inhibitors brain metastases", r"\bALK|(?:alec|brig|cer|criz|ensar|lorla)\w*tinib", r"brain|CNS"),
    ("direct-acting antivirals kidney transplant", r"DAA|direct.?acting|buvir|asvir|previr", r"kidney|renal"),
    ("NNRTIs pregnancy", r"NNRTI|non-nucleoside|efavirenz|nevirapine|virine", r"pregnan"),
    ("HIV protease inhibitors children", r"protease|navir", r"child|pediatric|infant|adolescen"),
    ("echinocandins candidemia", r"echinocandin|fungin", r"candid"),
    ("vitamin K antagonists atrial fibrillation", r"vitamin K|VKA|warfarin|coum", r"fibrillation"),
    ("thrombolytics pulmonary embolism", r"thromboly|fibrinoly|plase|kinase", r"embol"),
    ("phosphate binders dialysis", r"phosphate.?bind|sevelamer|lanthanum|ferric|calcium acetate", r"dialysis"),
    ("iron chelators thalassemia", r"chelat|ferasirox|feroxamine|feriprone", r"thalass"),
    ("IV iron heart failure", r"\biron\b|ferric|ferumox", r"heart"),
    ("botulinum toxin spasticity stroke", r"botul|toxin", r"stroke"),
    ("complement inhibitors PNH", r"complement|ulizumab|iptacopan|pegcetacoplan|danicopan", r"PNH|paroxysmal"),
    ("neuromuscular blockers ARDS", r"neuromusc|curium|curonium|succinyl", r"ARDS|respiratory distress"),
    ("volatile anesthetics cardiac surgery", r"volatile|inhal|flurane", r"cardiac|coronary|heart"),
    ("stimulants ADHD adults", r"stimulant|phenidate|amphetamine|amfetamine", r"ADHD|attention"),
    ("bispecific antibodies myeloma", r"bispecific|engager|tamab", r"myeloma"),
    ("bariatric surgery diabetes", r"bariatric|metabolic surg|bypass|sleeve|gastrectomy|banding", r"diabet"),
    ("noninvasive brain stimulation aphasia", r"stimulation|tDCS|TMS", r"aphasia"),
    ("retinoids acne", r"retino|adapalene|tazarotene|trifarotene|acitretin", r"acne"),
    ("leukotriene receptor antagonists asthma", r"leukotriene|lukast", r"asthma"),
    ("somatostatin analogs acromegaly", r"somatostatin|reotide", r"acromegal"),
    ("opioid antagonists alcohol", r"opioid antag|naltrexone|nalmefene|naloxone", r"alcohol"),
)
"""Texts, each with what names its class and what names its condition."""


def main() -> None:
    """Print a line a text: trials of the class and of both, without members and with them; then medians and means."""
    indexes = without_and_with(text_classes=0.0)
    rows = []
    for text, of_class, of_condition in ASKED:
        counts = [_counted(index, text, of_class, of_condition) for index in indexes]
        rows.append([one for pair in counts for one in pair])
        print(f"{counts[0][0]:3} {counts[0][1]:3}   {counts[1][0]:3} {counts[1][1]:3}   {text}")
    for name, middle in (("median", median), ("mean", mean)):
        columns = [f"{middle(column):.1f}" for column in zip(*rows, strict=True)]
        print(f"{name}: of the class {columns[0]}, of both {columns[1]}; with members {columns[2]} and {columns[3]}")


def _counted(index: Index, text: str, of_class: str, of_condition: str) -> tuple[int, int]:
    """How many of the first trials are of the class, and of both."""
    trials = index.trials([hit.nct_id for hit in index.search(text, TOP, explain=False)])
    told = [
        " ".join(
            filter(
                None,
                (
                    *(one.brief_title, one.official_title, one.brief_summary),
                    *one.conditions,
                    *(drug.name for drug in one.interventions),
                ),
            )
        )
        for one in trials
    ]
    those = [one for one in told if re.search(of_class, one, re.IGNORECASE)]
    return len(those), sum(bool(re.search(of_condition, one, re.IGNORECASE)) for one in those)


if __name__ == "__main__":
    main()
