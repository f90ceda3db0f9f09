"""Ask the same in British and in American words of the index in TRIALKIN_HOME, and count the trials in common.

TRIALKIN_HOME=... python bench/spellings.py
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
)


def main() -> None:
    """Print a line a pair, and the median."""
    index = open_index()
    common = []
    for british, american in TEXTS:
        first, second = ({hit.nct_id for hit in index.search(text, TOP, explain=False)} for text in (british, american))
        common.append(len(first & second))
        print(f"{common[-1]:3} of {TOP}  {british}")
    print(f"{median(common):3.0f} in the median")


if __name__ == "__main__":
    main()
