"""Words that mean the same where data is looked for. One group per line, written as `words_of` gives them."""

from app.search.language.real_words import languages_of, numbers_of

# Every word of a group finds the others: spellings, abbreviations, and what most catalogs are searched for in each language.
_SAME = """
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
rainfall rain precipitation lluvia lluvias chuva chuvas pluie pluies
temperature temperatura
price prices precio precios preco precos prix
hourly horas horaria horario heures horaire
daily diario diaria diarios diarias quotidien quotidienne
weekly semanal semanales semanais hebdomadaire
monthly mensual mensuales mensal mensais mensuel mensuelle
quarterly trimestral trimestrales trimestrais trimestriel
"""
# What else is searched for, in each language; a plural stands here where its ending is none of `numbers_of`.
_TRANSLATED = """
labor labour trabajo trabalho travail
center centre centro
port puerto portos
seaport harbor
neighborhood neighbourhood barrio bairro quartier
program programme programa
meter metre metro
behavior behaviour comportamiento comportamento comportement
fiber fibre fibra
organization organisation organizacion organizacao
urbanization urbanisation urbanizacion urbanizacao
urban urbano urbana urbain urbaine
rural rurale
vaccination vaccine immunization immunisation vacuna vacunacion vacina vacinacao vaccin
aids hiv vih sida
co2 carbon carbono carbone
emission emision emissao
ngo nonprofit ong
cdr phone telephone telefono telefone
sme msme pyme pme mpme
cellphone smartphone telephone telefono telefone celular
mobile movil movel
automobile car vehicle vehiculo veiculo vehicule voiture
bicycle bike cycling bicicleta velo
pedestrian walking peaton pedestre pieton
physician doctor medico medecin
clinic clinica clinique
pharmacy farmacia pharmacie
wildfire bushfire incendio incendie
garbage waste trash basura residuo lixo dechet
sanitation saneamiento saneamento assainissement
aircraft airplane aviation avion aviacion aviao
ship vessel buque barco navio navire
truck camion caminhao
container contenedor conteiner conteneur
cargo freight carga fret
earthquake seismic terremoto sismo seisme
hurricane huracan furacao ouragan
storm tormenta tempestade tempete
disaster desastre catastrophe
movement movimiento movimento mouvement
trip viaje viagem viagens trajet deplacement
disease enfermedad doenca maladie
nutrition nutricion nutricao
student alumno estudiante aluno eleve etudiant
teacher maestro profesor professor enseignant
soil suelo
renewable renovable renovavel renovaveis renouvelable
solar solaire
agriculture agricultura agricultural agricola agricole
farmer agricultor agriculteur
farm finca granja fazenda ferme
crop harvest cultivo cosecha colheita recolte
seed semilla semente semence
fertilizer fertilizante engrais
pest plaga praga ravageur
livestock cattle ganado gado betail
food alimento alimentacion alimentacao alimentation alimentaire
hunger hambre fome faim
weather meteo meteorologia meteorologie
frost helada geada gel
heat calor chaleur
ocean oceano
sea mer
coast costa cote coastal costero costeiro costera costeira
river rio riviere fleuve
environment medioambiente ambiente ambiental environnement environmental
biodiversity biodiversidad biodiversidade biodiversite
deforestation deforestacion desmatamento
pollution contaminacion poluicao
air aire ar
quality calidad qualidade qualite
employment empleo emprego emploi job
unemployment desempleo desemprego chomage
worker trabajador trabalhador travailleur
wage salary salario salaire
skill habilidad habilidade competencia competence
vacancy vacante vaga posting
offer oferta offre
training capacitacion formacion formacao formation
informal informalidad informalidade informalite
wealth riqueza richesse
inequality desigualdad desigualdade inegalite
equality igualdad igualdade egalite
gender genero genre
building edificio batiment
roof techo telhado toit
census censo recensement
household hogar domicilio menage
survey encuesta inquerito enquete
shop store tienda loja magasin boutique
market mercado marche
export exportacion exportacao exportation
import importacion importacao importation
economy economic economia economico economica economie economique
growth crecimiento crescimento croissance
inflation inflacion inflacao
entrepreneur emprendedor emprendedora empresario empresaria empreendedor empreendedora entrepreneure
flood inundacion enchente cheia crue
yield rendimiento rendimento rendement
waiting espera attente
person people persona pessoa personne
firm company business enterprise empresa negocio entreprise
card tarjeta cartao carte
finance financial finanza financiero financiera financas financeiro financeira financier financiere
bank banking banco banque bancario bancaria bancaire
credit credito
loan prestamo emprestimo pret
debt deuda divida dette
money dinero dinheiro argent
remittance remesa remessa
street calle rua rue
corridor corredor couloir
border frontera fronteira frontiere
airport aeropuerto aeroporto aeroport
railway railroad rail ferrocarril ferrovia ferroviario ferroviaria ferroviaire
bus autobus onibus
safety security seguridad seguranca securite
violence violencia
women woman mujer mulher femme
child children nino nina crianca enfant
youth jovenes joven jovem jovens jeune jeunesse juventud juventude
migrant migrante
displacement displaced desplazamiento desplazado deslocamento deslocado deplacement deplace
humanitarian humanitario humanitaria humanitaire
aid ayuda ajuda aide
satellite satelite satelital
image imagery imagen imagenes imagem imagens
map mapa carte
nighttime night noche nocturno nocturna noite noturno noturna nuit nocturne nightlight
light luz luces luzes lumiere
city ciudad cidade ville
digital numerique
connectivity conectividad conectividade connectivite
coverage cobertura couverture
speed velocidad velocidade vitesse
network rede reseau
governance gobernanza governanca gouvernance
government gobierno governo gouvernement
public publico publica publique
service servicio servico
access acceso acesso acces
infrastructure infraestructura infraestrutura
electrification electrificacion eletrificacao
cost costo custo cout
yearly annual anual anuais annuel annuelle
"""


# Short words of which most endings make another word: "aid", "hives", "cares".
_ALONE = frozenset(
    {"aids", "hiv", "vih", "sida", "sars", "co2", "gps", "ngo", "ong", "sme", "smes", "msme", "cdr", "car"}
)


def synonyms(word: str, *, is_had: bool) -> tuple[str, ...]:
    """What means the same as a word, or as its singular or plural.

    Args:
        is_had: some listing has the word. Then an English one needs no translation: among many English listings that finds
            more that is something else than what is meant.
    """
    groups = [_BY_WORD] if is_had and "en" in languages_of(word) else [_BY_WORD, _BY_TRANSLATION]
    forms = [form for form in numbers_of(word) if _ALONE.isdisjoint((form, word)) or word in (form, form + "s")]
    found = [other for form in forms for known in groups for other in known.get(form, ())]
    return tuple(other for other in dict.fromkeys(found) if other != word)


def _by_word(groups: str) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for line in groups.strip().splitlines():
        group = tuple(line.split())
        known |= {word: (*known.get(word, ()), *group) for word in group}
    return known


_BY_WORD, _BY_TRANSLATION = _by_word(_SAME), _by_word(_TRANSLATED)
