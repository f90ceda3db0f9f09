"""Ask the same of the index in TRIALKIN_HOME in two ways to say it, and count the trials in common.

    TRIALKIN_HOME=... python bench/same_words.py

The first pairs were chosen for what is brought to one way to write; docs/decisions/0018 says which. The others have
names of everyday speech and those of medicine, decision 19; they were written before the table of such names, into
which many of them then went. Sentences and denials were written after the patterns of decision 22, of which three
sentences then widened some; misspelt words were written after what corrects them, decision 23, and changed nothing.
Forms of words were written before the table of forms, decision 26.
"""

from collections.abc import Sequence
from statistics import median

from trialkin import open_index
from trialkin.index import Index

TOP = 20
WRITTEN = (
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
FORMS = (
    ("pregnant women with asthma", "asthma in pregnancy"),
    ("pregnant woman with asthma", "pregnant women with asthma"),
    ("asthmatic children", "children with asthma"),
    ("obese adolescents", "obesity in adolescents"),
    ("hypertensive patients exercise", "exercise in hypertension"),
    ("epileptic children", "epilepsy in children"),
    ("cirrhotic patients rifaximin", "rifaximin in cirrhosis"),
    ("septic patients fluids", "fluids in sepsis"),
    ("anemic women iron", "iron for anemia in women"),
    ("schizophrenic patients exercise", "exercise in schizophrenia"),
    ("depressed adolescents", "depression in adolescents"),
    ("psoriatic patients methotrexate", "methotrexate in psoriasis"),
    ("suicidal veterans", "suicide in veterans"),
    ("man with prostate cancer", "men with prostate cancer"),
    ("woman with osteoporosis", "women with osteoporosis"),
    ("child with autism", "children with autism"),
    ("diabetic patients statins", "statins in diabetes"),
    ("arthritic knee exercise", "knee arthritis exercise"),
    ("autistic children", "children with autism"),
    ("hypothyroid women", "hypothyroidism in women"),
    ("neutropenic fever", "fever in neutropenia"),
    ("anxious patients dental", "dental anxiety"),
    ("leukemic children", "children with leukemia"),
    ("ischemic stroke", "stroke ischemia"),
    ("alcoholic patients naltrexone", "naltrexone for alcoholism"),
    ("allergic children peanut", "peanut allergy in children"),
    ("constipated children", "constipation in children"),
    ("insomniac adults", "insomnia in adults"),
    ("demented patients", "dementia"),
    ("malnourished children", "malnutrition in children"),
    ("preterm infant apnea", "apnea in preterm infants"),
    ("edentulous jaw implant", "implants for edentulism"),
    ("tooth extraction", "extraction of teeth"),
    ("infertile couples", "infertility in couples"),
    ("smoker lung function", "lung function in smokers"),
    ("cancer survivor fatigue", "fatigue in cancer survivors"),
    ("osteoporotic fracture", "osteoporosis fracture"),
    ("hypoglycemic episodes", "hypoglycemia episodes"),
    ("adolescent depression", "depression in adolescence"),
)
NAMED = (
    ("heart attack prevention", "myocardial infarction prevention"),
    ("high blood pressure in pregnancy", "hypertension in pregnancy"),
    ("kidney transplant rejection", "renal transplant rejection"),
    ("kidney stones", "nephrolithiasis"),
    ("stroke rehabilitation", "cerebrovascular accident rehabilitation"),
    ("liver cancer", "hepatocellular carcinoma"),
    ("kidney cancer immunotherapy", "renal cell carcinoma immunotherapy"),
    ("shortness of breath in COPD", "dyspnea in COPD"),
    ("hair loss in chemotherapy", "alopecia in chemotherapy"),
    ("itching in dialysis patients", "pruritus in dialysis patients"),
    ("nosebleeds", "epistaxis"),
    ("stomach cancer second line", "gastric cancer second line"),
    ("bedsores prevention", "pressure ulcer prevention"),
    ("whooping cough vaccine", "pertussis vaccine"),
    ("chickenpox vaccine", "varicella vaccine"),
    ("german measles", "rubella"),
    ("sleep apnea dental device", "sleep apnea oral appliance"),
    ("acid reflux in infants", "gastroesophageal reflux in infants"),
    ("trouble swallowing after stroke", "dysphagia after stroke"),
    ("high cholesterol in children", "hypercholesterolemia in children"),
    ("low blood sugar in newborns", "hypoglycemia in newborns"),
    ("blood clots in the lungs", "pulmonary embolism"),
    ("irregular heartbeat ablation", "arrhythmia ablation"),
    ("tooth decay in children", "dental caries in children"),
    ("gum disease", "periodontal disease"),
    ("nearsightedness in children", "myopia in children"),
    ("ear infection antibiotics", "otitis media antibiotics"),
    ("brain tumor radiotherapy", "brain neoplasm radiotherapy"),
    ("bone loss after menopause", "osteoporosis after menopause"),
    ("underactive thyroid", "hypothyroidism"),
    ("overactive bladder", "urinary urgency"),
    ("excessive sweating botulinum", "hyperhidrosis botulinum"),
    ("hives omalizumab", "urticaria omalizumab"),
    ("eczema dupilumab", "atopic dermatitis dupilumab"),
    ("lou gehrig disease", "amyotrophic lateral sclerosis"),
    ("ringing in the ears", "tinnitus"),
    ("yeast infection", "candidiasis"),
    ("premature birth progesterone", "preterm birth progesterone"),
    ("miscarriage progesterone", "spontaneous abortion progesterone"),
    ("heart failure exercise", "cardiac failure exercise"),
    ("lung fibrosis", "pulmonary fibrosis"),
    ("liver fibrosis", "hepatic fibrosis"),
    ("skin melanoma", "cutaneous melanoma"),
    ("seizures in newborns", "neonatal seizures"),
    ("cancer pain opioids", "malignancy pain opioids"),
    ("dizziness in older people", "vertigo in older people"),
    ("broken hip surgery", "hip fracture surgery"),
    ("water pills in heart failure", "diuretics in heart failure"),
    ("blood thinners atrial fibrillation", "anticoagulants atrial fibrillation"),
    ("flu vaccine elderly", "influenza vaccine elderly"),
)
DRUGS = (
    ("Keytruda melanoma", "pembrolizumab melanoma"),
    ("MK-3475 melanoma", "pembrolizumab melanoma"),
    ("Opdivo lung cancer", "nivolumab lung cancer"),
    ("BMS-936558", "nivolumab"),
    ("Humira rheumatoid arthritis", "adalimumab rheumatoid arthritis"),
    ("Enbrel psoriasis", "etanercept psoriasis"),
    ("Gleevec chronic myeloid leukemia", "imatinib chronic myeloid leukemia"),
    ("STI571 leukemia", "imatinib leukemia"),
    ("SU11248 renal cell carcinoma", "sunitinib renal cell carcinoma"),
    ("Ozempic obesity", "semaglutide obesity"),
    ("Viagra", "sildenafil"),
    ("Lipitor cholesterol", "atorvastatin cholesterol"),
    ("Avastin colorectal cancer", "bevacizumab colorectal cancer"),
    ("Herceptin breast cancer", "trastuzumab breast cancer"),
    ("Velcade multiple myeloma", "bortezomib multiple myeloma"),
    ("Revlimid myeloma", "lenalidomide myeloma"),
    ("Botox migraine", "onabotulinumtoxinA migraine"),
    ("Xarelto atrial fibrillation", "rivaroxaban atrial fibrillation"),
    ("Plavix stroke", "clopidogrel stroke"),
    ("Prozac depression", "fluoxetine depression"),
    ("Ritalin ADHD", "methylphenidate ADHD"),
    ("Remicade crohn's disease", "infliximab crohn's disease"),
    ("AZT pregnancy HIV", "zidovudine pregnancy HIV"),
    ("5-FU colorectal", "fluorouracil colorectal"),
    ("ARA-C leukemia", "cytarabine leukemia"),
    ("Truvada prevention", "emtricitabine tenofovir prevention"),
    ("Promacta thrombocytopenia", "eltrombopag thrombocytopenia"),
    ("N-acetylcysteine contrast nephropathy", "acetylcysteine contrast nephropathy"),
    ("vitamin C sepsis", "ascorbic acid sepsis"),
    ("vitamin D3 asthma", "cholecalciferol asthma"),
    ("Nplate ITP", "romiplostim ITP"),
    ("Rituxan lymphoma", "rituximab lymphoma"),
    ("Neulasta neutropenia", "pegfilgrastim neutropenia"),
    ("G-CSF neutropenia", "filgrastim neutropenia"),
    ("EPO anemia kidney", "erythropoietin anemia kidney"),
    ("Lantus diabetes", "insulin glargine diabetes"),
    ("Januvia diabetes", "sitagliptin diabetes"),
    ("Advair asthma", "fluticasone salmeterol asthma"),
    ("Singulair asthma", "montelukast asthma"),
    ("Precedex sedation", "dexmedetomidine sedation"),
)
SENTENCES = (
    ("Is anyone studying baricitinib for people living with alopecia areata?", "baricitinib alopecia areata"),
    (
        "My 8 year old son has been diagnosed with Duchenne muscular dystrophy. Are any studies open?",
        "Duchenne muscular dystrophy",
    ),
    ("I'd like to join a trial on smoking cessation", "smoking cessation"),
    ("Could you list all completed trials of intermittent fasting?", "intermittent fasting"),
    ("which ongoing studies use virtual reality against phantom limb pain", "virtual reality phantom limb pain"),
    ("We are planning a study of probiotics in necrotizing enterocolitis", "probiotics necrotizing enterocolitis"),
    ("Hi, I have celiac disease and want to know what research is being done", "celiac disease"),
    ("a 62yo F with idiopathic pulmonary fibrosis", "idiopathic pulmonary fibrosis"),
    ("27-year-old male with hidradenitis suppurativa", "hidradenitis suppurativa"),
    ("Patient is a 51 year old woman with triple negative breast cancer", "triple negative breast cancer"),
    ("Show me recent trials about tinnitus", "tinnitus"),
    ("What trials have been done on restless legs syndrome?", "restless legs syndrome"),
    ("find studies comparing epidural and spinal anesthesia", "epidural and spinal anesthesia"),
    ("Looking for research on sickle cell disease pain crisis", "sickle cell disease pain crisis"),
    ("Trials that test CAR T cells against myeloma", "CAR T cells myeloma"),
    ("Does a trial exist for hereditary angioedema?", "hereditary angioedema"),
    ("clinical trials near me for glioblastoma", "glioblastoma"),
    ("newly published studies regarding endometriosis", "endometriosis"),
    ("someone with Huntington disease", "Huntington disease"),
    ("my wife suffers from lymphedema after breast cancer", "lymphedema after breast cancer"),
)
DENIED = (
    ("psoriasis without psoriatic arthritis", "psoriasis"),
    ("type 2 diabetes, no hypertension", "type 2 diabetes"),
    ("obesity in women who are not pregnant", "obesity in women"),
    ("major depression, not bipolar disorder", "major depression"),
    ("Stroke. No atrial fibrillation. His brother has epilepsy.", "Stroke"),
    ("Crohn's disease, denies asthma or eczema", "Crohn's disease"),
    ("hip fracture in someone without dementia", "hip fracture"),
    ("lupus nephritis. The patient never had tuberculosis.", "lupus nephritis"),
    ("migraine; no history of stroke or epilepsy", "migraine"),
    ("kidney stones, doesn't have gout", "kidney stones"),
    ("osteoarthritis other than rheumatoid arthritis", "osteoarthritis"),
    ("acne without rosacea", "acne"),
)
MISSPELT = (
    ("hemmorhoids", "hemorrhoids"),
    ("epilepsey", "epilepsy"),
    ("asprin stroke", "aspirin stroke"),
    ("cholestrol statin", "cholesterol statin"),
    ("artherosclerosis", "atherosclerosis"),
    ("bronchitus children", "bronchitis children"),
    ("diabetic neurapathy", "diabetic neuropathy"),
    ("schitzophrenia", "schizophrenia"),
    ("syphillis", "syphilis"),
    ("tinitus", "tinnitus"),
    ("vertago", "vertigo"),
    ("excema", "eczema"),
    ("hypertention", "hypertension"),
    ("amoxicilin otitis", "amoxicillin otitis"),
    ("brain metastisis", "brain metastasis"),
    ("ostheoporosis", "osteoporosis"),
    ("ovarian cyst laproscopy", "ovarian cyst laparoscopy"),
    ("insomia", "insomnia"),
    ("dexamethosone", "dexamethasone"),
    ("alergic rhinitis", "allergic rhinitis"),
)


def main() -> None:
    """Print a line a pair, and the median of each group."""
    index = open_index()
    groups = {
        "written in two ways": WRITTEN,
        "with two forms of a word": FORMS,
        "named in two ways": NAMED,
        "with drugs named in two ways": DRUGS,
        "asked in a sentence and in key words": SENTENCES,
        "misspelt and spelt": MISSPELT,
        "with something denied and without a word of it": DENIED,
    }
    for kind, texts in groups.items():
        common = _common(index, texts)
        print(f"{median(common):3.0f} in the median, {min(common)} at least, of {len(texts)} {kind}")


def _common(index: Index, texts: Sequence[tuple[str, str]]) -> list[int]:
    common: list[int] = []
    for one, other in texts:
        first, second = ({hit.nct_id for hit in index.search(text, TOP, explain=False)} for text in (one, other))
        common.append(len(first & second))
        print(f"{common[-1]:3} of {TOP}  {one} / {other}")
    return common


if __name__ == "__main__":
    main()
