"""Words that say little: of every text, of questions, and of questions about data. English, Spanish, Portuguese, French.

All are written as `words_of` gives them: lower case, without accents.
"""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The small words by which a text shows its language.
TELLTALE: dict[str, frozenset[str]] = {
    "en": _listed("the of and in to for is on with by from are this that as at or be was were which has have"),
    "es": _listed("de la el los las en y para con una un del por que al se su como es mas sobre entre"),
    "pt": _listed("de da do das dos em e para com uma um no na nos nas por que os as ao pela pelo sobre"),
    "fr": _listed("de la le les des du et en pour dans une un sur au aux par est que qui ces avec leur"),
}

# Articles, prepositions, pronouns and the like: left out of every search that has other words.
_SMALL = """
a an the of and or in on at to for from by with about into over after before as is are was were be been being it its this
that these those there their theirs they them he him his she her we us our you your i me my so such than then also both
each per via between within without during through against among across toward towards under above up down out off not no
nor but if because while until since what which who whom whose how when where why do does did has have had can could will
would should may might must shall s t

el la los las un una unos unas de del al y o u en con por para sin sobre entre desde hasta que se su sus lo le les es son
fue ser esta este esto estos estas como mas pero si no ni

o a os as um uma uns umas de da do das dos em no na nos nas e ou com por para pelo pela pelos pelas sem sobre entre que se
seu sua seus suas ao aos foi ser esta este isso como mais mas nao nem

le la les un une des de du et ou en dans par pour avec sans sur sous entre que qui se sa son ses leur leurs ce cet cette
ces est sont au aux plus mais ne pas ni qu jusqu lorsqu puisqu
"""

# How one asks in whole sentences, and what somebody calls the thing that is looked for when it is always a dataset.
_ASKING = """
any some most more much many several various different certain specific particular given other others another all either
every here find get give show tell list look looking need needed want wanted provide provides provided providing offer
offers contain contains containing include includes included including exist exists existing available availability access
accessible dataset datasets data database databases information statistics record records source sources resource resources
detail details detailed regarding related relating relation concerning based using used use uses help recommend suggest
know like eg etc very only just even still yet us let see there get got go come made make makes made cover covers covered

que cual cuales quien quienes donde cuando cuanto cuantos cuanta cuantas porque hay existe existen tiene tienen puede pueden
puedo quiero busco buscar necesito encontrar muestra mostrar conjunto conjuntos datos dato informacion base bases estadistica
estadisticas disponible disponibles registro registros fuente fuentes algun alguna algunos algunas sobre acerca

qual quais quem onde quando quanto quantos quanta quantas porque ha existe existem tem pode podem posso quero procuro buscar
preciso encontrar mostrar conjunto conjuntos dados dado informacao informacoes base bases estatistica estatisticas disponivel
disponiveis registro registros fonte fontes algum alguma alguns algumas acerca

quel quelle quels quelles qui ou quand combien comment pourquoi y a t il existe existent peut peuvent puis je veux cherche
chercher trouver montrer jeu jeux donnees donnee information informations base bases statistique statistiques disponible
disponibles registre registres source sources certain certaine certains certaines
"""

# Words that questions have for how a thing is looked at, not for the thing: they count little.
_AROUND = """
number numbers amount amounts level levels rate rates type types kind kinds form forms factor factors impact impacts effect
effects influence influences relationship correlation trend trends change changes changed changing pattern patterns recent
recently current currently latest last past previous future time times period periods historical history long term main
major key important significant significantly common commonly typical average overall general contribute contributes
contributed contributing affect affects affected affecting compare compared comparison differ differs difference differences
vary varies variation variations analysis analyze analyse understand understanding measure measures measured track tracking
associated distribution overview characteristic characteristics role roles perform performance increase increases increased
increasing decrease decreases decreased decreasing reduce reduced reducing improve improved improving better well result
results terms lead leads led cause causes caused take takes taken taking example examples way ways way countries country
region regions area areas location locations years year

numero cantidad nivel niveles tasa tasas tipo tipos factor factores impacto efecto efectos relacion tendencia tendencias
cambio cambios reciente recientes actual actuales ultimo ultimos pasado historia periodo principal principales importante
comparacion diferencia diferencias distribucion paises pais region regiones zonas zona anos ano

numero quantidade nivel niveis taxa taxas fator fatores efeito efeitos relacao mudanca mudancas recentes atual atuais ultimos
passado historia comparacao diferenca diferencas distribuicao pais regiao regioes anos

nombre quantite niveau niveaux taux type types facteur facteurs effet effets relation tendance tendances changement
changements recent recents actuel actuels dernier derniers passe histoire periode principaux difference differences pays
region regions annees annee
"""

SMALL = _listed(_SMALL)
# What every listing is: beside other words it tells nothing; and what goes with it where it stands there.
DATA = _listed("data dataset datasets dato datos dado dados donnee donnees")
ABOUT_DATA = DATA | _listed("""
set sets database databases available conjunto conjuntos base bases disponible disponibles disponivel disponiveis jeu jeux
""")
ASKING = _listed(_ASKING) | SMALL
AROUND = _listed(_AROUND) - ASKING

# How a question begins.
OPENERS = _listed("""
what which who whom whose where when why how can could is are was were do does did has have had should would will may i
show find give tell list please
que cual cuales quien quienes donde cuando cuanto cuantos cuantas como por hay existe existen tiene puede quiero busco
qual quais quem onde quando quanto quantos quantas tem ha pode quero procuro preciso
quel quelle quels quelles qui quand combien comment pourquoi est peut je ou existe
""")
