"""Ask the same of the index in TRIALKIN_HOME in two ways to write it, and count the trials in common.

    TRIALKIN_HOME=... python bench/same_words.py

The pairs were chosen for what is brought to one way to write; docs/decisions/0018 says which.
"""

from statistics import median

from trialkin import open_index

TOP = 20
TEXTS = (
    ("anaemia in haemodialysis", "anemia in hemodialysis"),
    ("paediatric acute lymphoblastic leukaemia", "pediatric acute lymphoblastic leukemia"),
    ("oesophageal varices haemorrhage", "esophageal varices hemorrhage"),
    ("spinal anaesthesia for caesarean section", "spinal anesthesia for cesarean section"),
    ("gastrointestinal stromal tumour imatinib", "gastrointestinal stromal tumor imatinib"),
    ("ischaemic stroke thrombectomy", "ischemic stroke thrombectomy"),
    ("obstructive sleep apnoea", "obstructive sleep apnea"),
    ("lymphoedema after breast cancer", "lymphedema after breast cancer"),
    ("foetal growth restriction sildenafil", "fetal growth restriction sildenafil"),
    ("coeliac disease gluten", "celiac disease gluten"),
    ("hyperkalaemia in heart failure", "hyperkalemia in heart failure"),
    ("cognitive behavioural therapy tinnitus", "cognitive behavioral therapy tinnitus"),
    ("haemophilia A gene therapy", "hemophilia A gene therapy"),
    ("diarrhoea zinc children", "diarrhea zinc children"),
    ("salbutamol in childhood asthma", "albuterol in childhood asthma"),
    ("paracetamol for patent ductus arteriosus", "acetaminophen for patent ductus arteriosus"),
    ("noradrenaline in septic shock", "norepinephrine in septic shock"),
    ("rifampicin tuberculosis", "rifampin tuberculosis"),
    ("intranasal lignocaine", "intranasal lidocaine"),
    ("mesalazine ulcerative colitis", "mesalamine ulcerative colitis"),
    ("type II diabetes insulin", "type 2 diabetes insulin"),
    ("factor VIII inhibitors", "factor 8 inhibitors"),
    ("collagen type III", "collagen type 3"),
    ("TNFα inhibitor psoriasis", "TNF-alpha inhibitor psoriasis"),
    ("β-thalassemia gene therapy", "beta-thalassemia gene therapy"),
    ("interferon-γ chronic granulomatous disease", "interferon-gamma chronic granulomatous disease"),
    ("pre-term infants caffeine", "preterm infants caffeine"),
    ("post operative nausea ondansetron", "postoperative nausea ondansetron"),
    ("anti-retroviral therapy adherence", "antiretroviral therapy adherence"),
    ("non-invasive ventilation COPD", "noninvasive ventilation COPD"),
    ("non small cell lung cancer pembrolizumab", "nonsmall-cell lung cancer pembrolizumab"),
    ("antiCD20 lupus", "anti-CD20 lupus"),
    ("SARS-CoV2 plasma", "SARS-CoV-2 plasma"),
    ("breast feeding support", "breastfeeding support"),
    ("health care workers vaccination", "healthcare workers vaccination"),
    ("follow up colonoscopy", "follow-up colonoscopy"),
)


def main() -> None:
    """Print a line a pair, and the median."""
    index = open_index()
    common = []
    for one, other in TEXTS:
        first, second = ({hit.nct_id for hit in index.search(text, TOP, explain=False)} for text in (one, other))
        common.append(len(first & second))
        print(f"{common[-1]:3} of {TOP}  {one} / {other}")
    print(f"{median(common):3.0f} in the median, {min(common)} at least")


if __name__ == "__main__":
    main()
