"""Words that mean the same where data is looked for: spellings, abbreviations, and the same thing in each language.

One group per line; every word of a group finds the others. Written as `words_of` gives them.
"""

_GROUPS = """
labor labour
center centre
color colour
harbor harbour
neighborhood neighbourhood
program programme
meter metre
behavior behaviour
fiber fibre
organization organisation
urbanization urbanisation
vaccination vaccine immunization immunisation
aids hiv
covid coronavirus sars
co2 carbon
ngo nonprofit
gps geolocation
sme smes msme
cellphone smartphone telephone
automobile car vehicle
bicycle bike cycling
physician doctor
wildfire bushfire
garbage waste trash
aircraft airplane aviation
earthquake seismic
mobility movilidad mobilidade mobilite
transport transporte transportation transports
health salud saude sante
education educacion educacao
water agua eau
energy energia energie
agriculture agricultura
climate clima climat
employment empleo emprego emploi
poverty pobreza pauvrete
housing vivienda habitacao moradia logement
population poblacion populacao
tourism turismo tourisme
trade comercio commerce
schools school escuelas escuela escolas escola ecoles ecole
hospitals hospital hospitales hospitais hopital hopitaux
traffic trafico trafego trafic
payments payment pagos pago pagamentos pagamento paiements paiement
road roads carretera carreteras estrada estradas route routes
flood flooding floods inundacion inundaciones inundacao inundacoes inondation inondations
drought sequia seca secheresse
fishing fisheries pesca peche
forest forests bosque bosques floresta florestas foret forets
income ingreso ingresos renda revenu revenus
crime crimen crimes delito delitos
women mujeres mulheres femmes
children ninos criancas enfants
migration migracion migracao migrations
refugees refugiados refugies
satellite satelite satelites satellites
internet broadband
electricity electricidad eletricidade electricite
rainfall precipitation lluvia chuva pluie
temperature temperatura
price prices precio precios preco precos prix
hourly horas horaria horario heures horaire
daily diario diaria diarios diarias quotidien quotidienne
weekly semanal semanales semanais hebdomadaire
monthly mensual mensuales mensal mensais mensuel mensuelle
quarterly trimestral trimestrales trimestrais trimestriel
"""

SYNONYMS: dict[str, tuple[str, ...]] = {
    word: tuple(other for other in group.split() if other != word)
    for group in _GROUPS.strip().splitlines()
    for word in group.split()
}
