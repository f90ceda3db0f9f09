"""One word for what British and American English write differently, or call differently.

Some records are written in British English: anaesthesia, tumour, randomised. Most of their kin are not. And some
substances have one international name (INN), or had a British one, and another in America (USAN): paracetamol is
acetaminophen.
"""

import re

_BEGINNINGS = """
adv circumc compr comprom conc dev enterpr exc exerc expert franch improv inc likew otherw prec prem prom rev superv
surpr telev
"""
_KEPT = frozenset(_BEGINNINGS.split())
"""Beginnings of words that end in -ise everywhere."""
_ISE = re.compile(r"([a-z]{3,})is(e[drs]?|ers|ing|ations?|ational)")
_RULES = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"oeuvre", "euver"),  # manoeuvre
        (r"^ae(?!r)(?=[a-z]{4})", "e"),  # aetiology; not AEs and aerobic
        (
            r"(?<=[a-z])(?<!intr)(?<!extr)(?<!supr)(?<!hex)(?<!pent)ae(?!r)(?=[a-z]{2})",
            "e",
        ),  # faecal; not intraepithelial
        (r"(^|anti|trans|(?<=[oa]))oe(?=soph|strogen|stradiol|stru)", r"\1e"),  # transoesophageal; not gastroesophageal
        (r"(^|lymph|myx|papill)oedem", r"\1edem"),  # not angioedema
        (r"(?<=rh)oea|(?<=pn)oea", "ea"),  # diarrhoea, apnoea
        (r"(?<=f)oet|(?<=^c)oel|(?<=hom)oeo|(?<=am)oeb", lambda found: found[0][1:]),  # foetus, coeliac, amoeba
        (r"(arm|behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|rig|sav|tum|val|vap|vig)our", r"\1or"),
        (r"(anal|catal|dial|electrol|hydrol|paral)ys(?=e[drs]?$|ing$)", r"\1yz"),
        (r"(cent|fib|lit|met|tit)re(?=s?$)", r"\1er"),
        (r"(anal|catal|dial|homol)ogue", r"\1og"),
        (r"gramme(?=s?$)", "gram"),
        (r"sulph", "sulf"),
        (r"leuco", "leuko"),
        (r"(counsel|enrol|fulfil|label|model|signal)l(?=ed$|ing$|ment|or)", r"\1"),
        (r"(def|off)ence", r"\1ense"),
        (r"^ageing$", "aging"),
        (r"^grey$", "gray"),
    )
)
_MARKS = re.compile("ae|oe|our|ys[ei]|is[ei]|isa|res?$|ogue|gramme|sulph|leuco|ll|ence|ageing|grey")
"""What every word that is written differently has; most have none, and are told so at a tenth of the cost."""

_SUBSTANCES = """
acetylsalicylic aspirin | aciclovir acyclovir | adrenalin epinephrine | adrenaline epinephrine | amethocaine tetracaine
amfetamine amphetamine | azidothymidine zidovudine | beclometasone beclomethasone | benzhexol trihexyphenidyl
calcipotriol calcipotriene | cefalexin cephalexin | chlormethine mechlorethamine | chlortalidone chlorthalidone
ciclosporin cyclosporine | ciclosporine cyclosporine | cinchocaine dibucaine | clomifene clomiphene
colecalciferol cholecalciferol | colestyramine cholestyramine | cromoglicate cromolyn | cromoglycate cromolyn
dexamfetamine dextroamphetamine | dexamphetamine dextroamphetamine | dosulepin dothiepin | eformoterol formoterol
ergometrine ergonovine | frusemide furosemide | glibenclamide glyburide | glycopyrronium glycopyrrolate
guaiphenesin guaifenesin | hydroxycarbamide hydroxyurea | hyoscine scopolamine | indometacin indomethacin
isoprenaline isoproterenol | levosalbutamol levalbuterol | lignocaine lidocaine | lisdexamfetamine lisdexamphetamine
mesalazine mesalamine | metamfetamine methamphetamine | metamizole dipyrone | meticillin methicillin
noradrenalin norepinephrine | noradrenaline norepinephrine | orciprenaline metaproterenol
oxpentifylline pentoxifylline | paracetamol acetaminophen | pethidine meperidine | phenobarbitone phenobarbital
phytomenadione phytonadione | rifampicin rifampin | salbutamol albuterol | suxamethonium succinylcholine
tetracosactide cosyntropin | thiopentone thiopental | torasemide torsemide | ursodeoxycholic ursodiol
cyclosporin cyclosporine | valaciclovir valacyclovir | besilate besylate | mesilate mesylate | tosilate tosylate
"""
_CALLED = {
    elsewhere: in_america
    for line in _SUBSTANCES.strip().splitlines()
    for elsewhere, in_america in map(str.split, line.split(" | "))
} | {"1st": "first", "2nd": "second", "3rd": "third"}


def american(word: str) -> str:
    """A word, in small letters without accents, as American English has it: ``tumor``, ``acetaminophen``."""
    word = _CALLED.get(word, word)
    if not _MARKS.search(word):
        return word
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    ending = _ISE.fullmatch(word)
    return f"{ending[1]}iz{ending[2]}" if ending and ending[1] not in _KEPT else word
