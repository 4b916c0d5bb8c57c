"""The closed lists of the form, beside those that listings share (rules/vocabulary.py).

Codes that the agreement defines are its codes: purposes, beneficiaries, models, personal data, publication.
"""

from app.foundation.words import N_
from app.rules.vocabulary import Theme

# Schedule of Terms 2026-1, vocabulary "purpose". The root, any development purpose, is not offered: a grant names what it is for.
PURPOSES: dict[str, str] = {
    "dev.agriculture": N_("Agriculture and food"),
    "dev.agriculture.security": N_("Food security"),
    "dev.climate": N_("Climate and weather"),
    "dev.climate.adaptation": N_("Adapting to climate change"),
    "dev.climate.mitigation": N_("Cutting emissions"),
    "dev.connectivity": N_("Connectivity"),
    "dev.disaster": N_("Disasters"),
    "dev.disaster.earthquake": N_("Earthquakes"),
    "dev.disaster.flood": N_("Floods"),
    "dev.disaster.heat": N_("Heat and drought"),
    "dev.disaster.storm": N_("Storms"),
    "dev.economy": N_("Economy and trade"),
    "dev.education": N_("Education"),
    "dev.emergency": N_("Emergency response"),
    "dev.energy": N_("Energy"),
    "dev.environment": N_("Environment and oceans"),
    "dev.gender": N_("Gender equality and care"),
    "dev.governance": N_("Governance and public services"),
    "dev.health": N_("Health"),
    "dev.health.epidemic": N_("Epidemics"),
    "dev.humanitarian": N_("Humanitarian response"),
    "dev.labor": N_("Labor and skills"),
    "dev.mobility": N_("Mobility and transport"),
    "dev.mobility.public": N_("Public transport"),
    "dev.mobility.safety": N_("Road safety"),
    "dev.payments": N_("Payments and finance"),
    "dev.population": N_("Population"),
    "dev.population.displacement": N_("Displacement"),
    "dev.population.poverty": N_("Poverty and inequality"),
    "dev.statistics": N_("Official statistics"),
    "dev.urban": N_("Cities and housing"),
    "dev.water": N_("Water and sanitation"),
}

# What a theme means in the agreement's purposes, where the proposer names none. The others have no purpose of their own.
PURPOSE_OF_THEME: dict[Theme, str] = {
    theme: f"dev.{theme.value}" for theme in Theme if theme not in (Theme.SATELLITE, Theme.OTHER)
}

BENEFIT_KINDS: dict[str, str] = {
    "awareness": N_("Seeing what happens while it happens"),
    "service": N_("Designing and delivering a service"),
    "knowledge": N_("Knowing more about causes and links"),
    "forecast": N_("Forecasting"),
    "evaluation": N_("Evaluating what was done"),
}

BENEFICIARIES: dict[str, str] = {
    "public_body": N_("Public bodies"),
    "community": N_("Communities and the general public"),
    "research": N_("Researchers"),
    "nonprofit": N_("Organizations that work without profit"),
    "private_sector": N_("Companies that you support"),
}

OUTPUTS: dict[str, str] = {
    "paper": N_("Report or paper"),
    "brief": N_("Note for those who decide"),
    "map": N_("Map"),
    "dashboard": N_("Dashboard"),
    "indicator": N_("Indicator or statistic"),
    "aggregates": N_("Table of aggregates that others may reuse"),
    "method": N_("Method or code that others may reuse"),
    "other": N_("Something else"),
}

AI_USES: dict[str, str] = {
    "none": N_("No model"),
    "inference": N_("Run existing models, train none"),
    "train_delete": N_("Train a predictive model, and delete it with the data"),
}

PERSONAL_DATA: dict[str, str] = {
    "none": N_("None: nothing in it stems from single people"),
    "deidentified": N_("De-identified: it stems from people, and nobody can be told apart"),
    "pseudonymous": N_("Pseudonymous: people have codes instead of names"),
    "personal": N_("Personal: people can be identified"),
}
NEEDS_AN_ANNEX = frozenset({"pseudonymous", "personal"})

RISKS: dict[str, str] = {
    "identify": N_("Somebody could be recognized"),
    "group": N_("A group could be singled out or harmed"),
    "bias": N_("The data leaves people out, and the result could too"),
    "misread": N_("Results could be misread"),
    "leak": N_("Data could leak"),
    "business": N_("Results could reveal the company's business"),
    "other": N_("Another risk"),
}

PUBLICATION: dict[str, str] = {
    "public": N_("Open to everyone"),
    "members": N_("Open to the members of the consortium"),
    "partner": N_("For the data partners and us"),
    "none": N_("Not published"),
}

# ISO 3166-1 alpha-2, as of January 2026.
_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())
