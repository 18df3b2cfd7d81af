"""The forms of verbs that have several stems, so that a question's "slået" finds "slog" and "slås".

Snowball's stems know regular endings only. Here stand strong and irregular verbs, and weak ones whose past
keeps its `t` or `d` (da `lære`, `lært`). A verb behind a fixed prefix (`overholde`, `withdraw`) is known by its last
part, a Nordic passive by its active form. Forms that mostly mean something else (da `brød`, bread; sv `låg`, low) and
forms whose stem does (da `lægge`, stemmed as `læge`, doctor) count behind a prefix only, or not at all (en `left`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_ENGLISH = """
arise arises arising arose arisen | awake awoke awoken | bear bears bearing bore borne | beat beats beaten |
become becomes becoming became | begin begins beginning began begun | bend bends bent | bleed bleeds bled |
bind binds binding bound | blow blows blew blown | break breaks breaking broke broken | breed breeds bred |
bring brings bringing brought | build builds built | burn burns burnt | buy buys buying bought |
catch catches catching caught | choose chooses choosing chose chosen | -come -comes -coming -came |
cling clings clung | creep creeps crept | deal deals dealt | dig digs dug | -do -does -doing -did -done |
draw draws drew drawn | dream dreams dreamt | drink drinks drinking drank drunk | drive drives driving drove driven |
eat eats eating ate eaten | fall falls falling fell fallen | feed feeds fed | feel feels felt |
fight fights fighting fought | find finds found | flee flees fleeing fled | fly flies flew flown |
forbid forbids forbidding forbade forbidden | forget forgets forgetting forgot forgotten |
forgive forgives forgiving forgave forgiven | freeze freezes freezing froze frozen | give gives giving gave given |
-go -goes -going -went -gone | grow grows growing grew grown | hang hangs hanging hung | hear hears heard |
hide hides hiding hid hidden | hold holds holding held | keep keeps keeping kept | know knows knowing knew known |
lay lays laying laid | lead leads led | learn learns learnt | lend lends lending lent | lose loses losing lost |
make makes making made | mean meant | meet meets met | mow mows mowing mown | pay pays paying paid |
prove proves proved proving proven | ride rides riding rode ridden | rise rises rising rose risen |
run runs running ran | see sees seeing saw seen | seek seeks seeking sought | sell sells selling sold |
send sends sending sent | shake shakes shaking shook shaken | show shows shown |
shrink shrinks shrinking shrank shrunk | sing sings singing sang sung | sink sinks sinking sank sunk | sit sits sat |
sleep sleeps slept | slide slides sliding slid | sow sows sowing sown | speak speaks speaking spoke spoken |
spell spells spelt | spend spends spending spent | spring springs sprang sprung | stand stands standing stood |
steal steals stealing stole stolen | stick sticks sticking stuck | strike strikes struck |
strive strives strove striven | swear swears swore sworn | sweep sweeps swept | swim swims swimming swam swum |
swing swings swung | take takes taking took taken | teach teaches taught | tear tears tore torn |
tell tells telling told | think thinks thinking thought |
throw throws throwing threw thrown | tread treads trod trodden | undergo undergoes undergoing underwent undergone |
wake wakes woke woken | wear wears wore worn | weave weaves wove woven | weep weeps wept | win wins winning won |
wring wrings wrung | write writes writing wrote written
"""

_DANISH = """
bede beder bedt | betyde betyder betød betydet | binde binder bandt bundne | -blive -bliver -blev -blevet |
bo bor boede boet | bringe bringer bragte bragt | bryde bryder -brød brudt brudte | byde byder -bød budt |
bære bærer -bar båret bårne | inddele inddeler inddelte inddelt | drage drager drog draget dragne |
drikke drikker drak drukket | drive driver drev drevet drevne | drømme drømmer drømte drømt |
dømme dømmer dømte dømt | falde falder faldt faldet faldne | finde finder fandt fundet fundne |
fortryde fortryder fortrød fortrudt | fortælle fortæller fortalte fortalt | forsømme forsømmer forsømte forsømt |
fryse fryser frøs frosset frosne | ~føre ~fører førte ført | følge følger fulgte fulgt | gemme gemmer gemte gemt |
-giv give giver gav givet givne | glemme glemmer glemte glemt | glide glider gled gledet |
gribe griber greb grebet grebne | gro gror groede groet | græde græder græd grædt | gælde gælder gjaldt gældt |
-gøre -gør -gjorde -gjort | -gå -går -gik -gået | hilse hilser hilste hilst | hjælpe hjælper hjalp hjulpet hjulpne |
hænge hænger hang hængt | høre hører hørte hørt | -komme -kommer -kom -kommet -komne | køre kører kørte kørt |
købe køber købte købt | -lade -lader -lod -ladt -ladet | ~ligge ~ligger lå ~ligget | lykkes lykkedes |
lyde lyder lød lydt | lyve lyver løj løjet | -lægge -lægger lagde lagt lagte | ~lære -lærer lærte lært |
læse læser læste læst | løse løser løste løst | låne låner lånte lånt | ~mene ~mener mente ment |
nyde nyder -nød nydt | nævne nævner nævnte nævnt | nå -når nås nåede nået | rejse rejser rejste rejst |
ryge ryger røg røget | ~række ~rækker rakte rakt | -se -ser -så -set | ~sidde ~sidder sad ~siddet |
~sige ~siger sagde sagt | skabe skaber skabte skabt | ske sker skete sket | skille skiller skilte -skilt |
skride skrider skred skredet | skrive skriver skrev skrevet skrevne | skyde skyder skød skudt |
skære skærer skar skåret skårne | slide slider sled slidt | slippe slipper slap sluppet slupne |
slå slår slås slog slået | snyde snyder snød snydt | spise spiser spiste spist | springe springer sprang sprunget |
spørge spørger spurgte spurgt | stemme stemmer stemte stemt | stige stiger steg steget |
stjæle stjæler stjal stjålet stjålne | strække strækker strakte strakt | stryge stryger strøg strøget |
stå står stod stået | svige sviger sveg sveget svegne | -svinde -svinder -svandt -svundet -svundne |
synge synger sang sunget | synke synker sank sunket | sælge sælger solgte solgt | sætte sætter satte sat |
tabe taber tabte tabt | tage tager tages tog taget tagne | ~tale ~taler talte talt | tjene tjener tjente tjent |
tro tror troede troet | træde træder trådte trådt | træffe træffer traf truffet trufne |
trække trækker trak trukket trukne | tvinge tvinger tvang tvunget tvungne |
tildele tildeler tildelte tildelt | tåle tåler tålte tålt | ~vide vidste vidst | vige viger veg veget |
vinde vinder vandt vundet vundne | -vis vise viser viste vist | vælge vælger valgte valgt
"""

_NORWEGIAN = """
be ber ba bedt | befale befaler befalte befalt | begynne begynner begynte begynt | betale betaler betalte betalt |
bety betyr betydde betydd | binde binder bandt bundne | -bli -blir -ble -blei -blitt | bo bor bodde bodd |
bringe bringer brakte brakt | ~bruke -bruker brukte brukt | bryte bryter brøt brutt brutte |
-by -byr -bød -budt -bys | bygge bygger bygde bygd | bære bærer -bar båret bårne | dra drar dro dras dratt |
drikke drikker drakk drukket | drive driver drev drevet drevne | drømme drømmer drømte drømt |
dømme dømmer dømte dømt | eie eier eide eid | erfare erfarer erfarte erfart | falle faller falt |
finne finner fant funnet funne | forklare forklarer forklarte forklart | forsømme forsømmer forsømte forsømt |
fortelle forteller fortalte fortalt | fryse fryser frøs frosset frosne | fylle fyller fylte fylt |
~føre ~fører førte ført | følge følger fulgte fulgt | gi gir gis ga gav gitt gitte | gjelde gjelder gjaldt |
-gjøre -gjør -gjorde -gjort | glemme glemmer glemte glemt | greie greier greide greid |
gripe griper grep grepet grepne | gro gror grodde grodd | gråte gråter gråt grått | -gå -går -gås -gikk -gått |
henge henger hang hengt | hjelpe hjelper hjalp hjulpet hjulpne | høre hører hørte hørt | kalle kaller kalte kalt |
kjenne kjenner kjente kjent | kjøpe kjøper kjøpte kjøpt | kjøre kjører kjørte kjørt | -komme -kommer -kom -kommet |
kreve krever krevde krevd | -late -later -lot -latt | legge legger lagt lagte -la | lese leser leste lest |
leve lever levde levd | ligge ligger lå ligget | lykkes lyktes | lyve lyver løy løyet | ~lære -lærer lærte lært |
løse løser løste løst | låne låner lånte lånt | ~mene ~mener mente ment | møte møter møtte møtt |
nevne nevner nevnte nevnt | nyte nyter nøt | nå -når nås nådde nådd | prøve prøver prøvde prøvd |
~rekke ~rekker rakk rukket | reise reiser reiste reist | -se -ser -ses -så -sett | selge selger solgte solgt |
~sette ~setter satte satt | si sier sies sa sagt | skape skaper skapte skapt | skille skiller skilte -skilt |
skje skjer skjedde skjedd | skjære skjærer skar skåret | skride skrider skred skredet |
skrive skriver skrev skrevet skrevne | skyte skyter skjøt skutt | skyve skyver skjøv skjøvet |
slippe slipper slapp sluppet | slite sliter slet slitt | slå slår slås slo slått slåtte | spare sparer sparte spart |
spise spiser spiste spist | springe springer sprang sprunget | spørre spør spurte spurt |
stemme stemmer stemte stemt | stige stiger steg steget | stikke stikker stakk stukket | stjele stjeler stjal stjålet |
strekke strekker strakte strakt | stryke stryker strøk strøket | styre styrer styrte styrt | stå står sto stod stått |
svike sviker svek sveket | -svinne -svinner -svant -svunnet | synge synger sang sunget | synke synker sank sunket |
søke søker søkte søkt | ta tar tas tok tatt tatte | tape taper tapte tapt | telle teller telte |
tenke tenker tenkte tenkt | tjene tjener tjente tjent | -tre -trer -trådte -trådt | treffe treffer traff truffet |
trekke trekker trakk trukket trukne | tro tror trodde trodd | tvinge tvinger tvang tvunget tvungne |
tåle tåler tålte tålt | veie veier veide veid | velge velger valgte valgt | ~vike ~viker vek veket |
vinne vinner vant vunnet vunne | -vis vise viser viste vist | vite vet visste | vokse vokser vokste vokst |
øke øker økte økt
"""

_SWEDISH = """
behöva behöver behövde behövt | betyda betyder betydde betytt | binda binder bundit bundna -band |
bjuda bjuder bjuds bjöd bjudit bjuden bjudna | -bli -blir -blev -blivit |
bero beror berodde berott | bo bor bodde bott | brinna brinner brann brunnit |
bryta bryter bryts bröt brutit bruten brutet brutna | bära bär bärs -bar burit buren burna | döma döms dömde dömt |
dra drar dras drog dragit dragen draget dragna | dölja döljer döljs dolde dolt | dricka dricker drack druckit |
dö dör dog dött | driva driver drivs drev drivit driven drivet drivna |
erfara erfar erfor erfarit | ~falla ~faller föll fallit fallna | ~finna ~finner ~fann funnit funna |
flyga flyger flög flugit | frysa fryser frös frusit | fylla fyller fyllde fyllt | följa följer följs följt |
~föra ~förs förde fört -för | ge ger ges gav gett givit given givet givna | glömma glömmer glömde glömt |
gripa griper grips grep gripit gripna | gråta gråter grät gråtit | -gå -går -gås -gick -gått |
gälla gäller gällde gällt | göra gör görs gjorde gjort gjord | hinna hinner hann hunnit |
hjälpa hjälper hjälpte hjälpt | hålla håller hålls höll hållit hållen hållet hållna | hända händer hände hänt |
hyra hyr hyrs hyrde hyrt | höja höjer höjs höjde höjt | höra hör hörs hörde hört | -komma -kommer -kom -kommit |
kräva kräver krävs krävde krävt | känna känner kände känt | köpa köper köps köpte köpt | köra kör körs körde kört |
leda leder leds ledde lett | leva lever levde levt | ligga ligger -låg legat | ljuga ljuger ljög ljugit |
lyckas lyckades lyckats | låta låter låts lät låtit -låten -låtet -låtna | lägga lägger läggs lade lagt lagd lagda |
~lära ~lär ~lärs lärde lärt | läsa läser läste läst | lösa löser löste löst | njuta njuter njöt njutit |
nämna nämner nämns ~nämnde nämnt | må mår mådde | nå når nås nådde nått |
riva river rivs rev rivit | röra rör rörs rörde rört | -se -ser -ses -såg -sett -sedd -sedda | ~sitta ~sitter suttit |
sjunga sjunger sjöng sjungit | sjunka sjunker sjönk sjunkit | ske sker skedde skett |
skilja skiljer skiljs ~skilde skilt | skjuta skjuter skjutit skjutna -sköt | skrida skrider skred skridit |
skriva skriver skrivs skrev skrivit skriven skrivna | skära skär skärs skar skurit skuren skurna |
slippa slipper slapp sluppit | slita sliter slet slitit | -sluta -sluter -slöt -slutit -sluten -slutna |
slå slår slås slog ~slagit ~slagen ~slagna | sova sover sov sovit |
sprida sprider sprids spred spritt spridit spridd | springa springer sprang sprungit | stiga stiger -steg stigit |
stjäla stjäl stal stulit stulna | strida strider stred stridit | stryka stryker stryks strök strukit strukna |
styra styr styrs styrde styrt | stå står stod stått | ställa ställer ställs ställde ställt |
stämma stämmer stämde stämt | stödja stöder stödjer stöds stödde stött | svika sviker svek svikit |
-svinna -svinner -svann -svunnit -svunna | säga säger sägs sade sagt -sa | sälja säljer säljs sålde sålt såld sålda |
sända sänder sänds sände sänt | ~sätta ~sätter ~sätts satte satt satta | ta tar tas tog tagit tagen taget tagna |
tro tror trodde trott | tåla tål tålde tålt | veta vet visste vetat | ~vika ~viker vek vikit |
vinna vinner vanns vann vunnit vunna | vrida vrider vred vridit | välja väljer väljs valde valt vald valda |
vända vänder vänds vände ~vänt | växa växer växte vuxit | äta äter ätit
"""


def _families(text: str) -> tuple[str, ...]:
    return tuple(" ".join(family.split()) for family in text.split("|"))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FAMILIES: Mapping[str, tuple[str, ...]] = {
    "en": _families(_ENGLISH),
    "da": _families(_DANISH),
    "nb": _families(_NORWEGIAN),
    "sv": _families(_SWEDISH),
}
"""The forms of each verb by language, separated by blanks.

A form with `-` counts behind a prefix only, as alone it mostly means something else. One with `~` is known alone, but
searched for another form behind a prefix only, as its stem is another word's.
"""

PREFIXES: Mapping[str, tuple[str, ...]] = {
    "en": _words("fore mis out over re under up with"),
    "da": _words("""
        af an be bi bort del efter er fast for fore forud fra frem fri gen genop gennem hen ind inde klar kort
        med mis mod mulig ned offentlig om op opret over plan på rede råd sam sammen synlig til tilbage tilrette
        tilveje tydelig ud und under vare ved vedlige videre øde
    """),
    "nb": _words("""
        an av be bi bort del etter fast for fore forut fra frem fri gjen gjennom inn inne ivare kart klar med
        mis mot mulig ned offentlig om opp opprett over plan på rede råd sam sammen synlig til tilbake tilrette
        tydelig under unn ut ved vedlike videre øde
    """),
    "sv": _words("""
        an av be bi bort del efter er fast fort fram fri för före förut genom god igen in inne jäm kart klar
        kvar med miss mot möjlig offentlig om plan på redo råd sam samman synlig till tillbaka tillvara tydlig
        under undan upp upprätt ut vid vidare vidmakt åt öde över
    """),
}
"""What may stand fixed before a verb of its own meaning, by language."""

NO_VERBS: Mapping[str, tuple[str, ...]] = {
    "da": _words("ansatte ansattes fortaler indsatte samfundet udsat udsatte"),
    "nb": _words("ansatte ansattes innbygger innsatte samfunnet utsatt utsatte"),
    "sv": _words("andra företaget framför förslagen samband utsatt utsatta"),
}
"""Words that look like a verb behind a prefix and are mostly none."""

_VOWELS = ("a", "e", "i", "y", "å", "ø")


@lru_cache(maxsize=8)
def _verbs(language: str, prefixed: bool) -> dict[str, tuple[str, ...]]:
    """Return by each form what is searched for its verb, behind a prefix or alone."""
    known: dict[str, tuple[str, ...]] = {}
    for family in FAMILIES.get(language, ()):
        forms = family.split()
        searched = tuple(form.lstrip("-~") for form in forms if prefixed or form[0] not in "-~")
        known |= {form.lstrip("-~"): searched for form in forms if prefixed or form[0] != "-"}
    return known


@lru_cache(maxsize=20_000)
def other_forms(word: str, language: str) -> tuple[str, ...]:
    """Return the other forms of a folded word's verb that are searched for it, none where no such verb is listed."""
    for prefix in ("", *PREFIXES.get(language, ())):
        verbs, last = _verbs(language, bool(prefix)), word[len(prefix) :]
        active = last if last in verbs else _active(last, language)
        if word.startswith(prefix) and active in verbs and word not in NO_VERBS.get(language, ()):
            return tuple(prefix + form for form in verbs[active] if form != last)
    return ()


def regular_past(word: str, language: str) -> tuple[str, ...]:
    """Return what a folded Danish word is as a verb with a past in -ede, or as that past: the stemmer keeps its -ed.

    Of a word that is no verb the form does not exist, so that it finds nothing.
    """
    if language != "da":
        return ()
    if word.endswith("ede"):
        return (word[:-2],)
    if word.endswith(("er", "et")):
        return (word[:-1] + "de",)
    return (word + "de",) if word.endswith("e") else ()


def _active(word: str, language: str) -> str:
    """Return the active form of a Nordic passive; in Danish and bokmål it ends in a vowel (indsats is none)."""
    form = word.removesuffix("s")
    return form if language == "sv" or (language in ("da", "nb") and form.endswith(_VOWELS)) else word
