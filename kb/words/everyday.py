"""Everyday words of asking, talking and acting in general, for each language; stop words are not among them.

A text that lacks one of them may answer the question all the same: "do", "tell" and "afraid" say nothing of its
matter. They are word forms, not stems: `forsøger` (tries) is one, `forsøg` (trial) is not. Words that turn a
question round ("without", "less", "increase") and terms of the field stay out. Norwegian has the commonest forms of
nynorsk too.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = """
able abroad absolutely according accordingly actual actually add added adding adds afraid afterwards ago ah ahead alike
alone along alongside already alright although altogether always amazing among amongst amount angry annoyed annoying
answer answered answering answers anxious anybody anyhow anytime anyway anywhere apart apparent apparently appear
appeared appearing appears approximately arise arisen arises arose around aside ask asked asking asks aspect aspects
assume assumed assumes assuming aware away awesome awful awkward back bad badly based basically becoming began begin
beginning begins begun behind belief believe believed believes believing belong belonged belonging belongs beside
besides best better beyond big bigger biggest bit bits bored bother bothered bothers brief briefly brilliant bring
bringing brings broad broadly brought bye call called calling calls carried carries carry carrying certain certainly
chance chances circumstances clarify clear clearer clearest clearly comes coming common commonest commonly
complete completely complicated concern concerned concerning concrete confused
confusing consider considered considering considers constantly contain contained containing contains context contexts
continue continued continues continuing correct correctly couple course create created creates creating curious current
currently dare dared dares deal dealing deals dealt dear define defined definitely depend depended depending depends
describe described describes describing despite detail detailed details
difficult difficulty directly discuss discussed discusses discussing doubt doubts earlier
earliest early easier easiest easily easy elaborate elsewhere end ended ending ends enormous enough entire entirely
equally especially essentially even eventually everybody everyday everyone everything everywhere exact exactly example
examples excellent excited exciting excuse exist existed existing exists expect expected expecting expects explain
explained explaining explains explanation extent extra extreme extremely fact facts fairly fall fallen falling falls
familiar fantastic far farther fast faster fastest fear feared fears feel feeling feelings feels fell felt final
finally find finding finds fine finish finished finishes forever forget forgets forgetting forgot forgotten forth
fortunately forward found frankly frequent frequently frightened frustrated frustrating full fully fun funny furthest
gave general generally glad gone gonna good goodbye gotta gotten gradually grateful great greater greatest greatly grew
grow growing grown grows guess guessed guesses guessing handle handled handles handling handy happen happened happening
happens hard harder hardest hear heard hearing hears held hello help helped helpful helping helps hence hereby herself
hey hi high highest highly himself hold holding holds honestly hope hoped hopefully hopes hoping huge hugely idea ideas
imagine imagined imagines immediately importance important importantly include included includes including indeed
initially inside intend intended intends interested interesting keep keeping keeps kept kind kinda kindly kinds knew
knowing known knows large largely larger largest last lasted lastly lasts late lately later latest latter lets liked
likely likes likewise long longer longest look looked looking looks lose loses losing lost lot lots low lowest main
mainly making manner manners matter matters maybe mean meaning means meant meantime meanwhile mention mentioned
mentioning mentions mere merely middle mind minded minds moment moments moreover mostly multiple myself namely
naturally near nearby nearer nearest nearly necessarily necessary need needed needing needs nervous new newer newest
newly next nice nicely nicer nope normal normally notably note notice noticed notices nowadays numerous obvious
obviously occasion occasionally occasions occur occurred occurring occurs odd ok okay old oldest ones ongoing ordinary
ought ourselves outright outside overall overly pardon part particular particularly partly parts past people perfect
perfectly perhaps person persons perspective piece pieces place plain plainly pleased plenty point pointed pointing
points possibilities possibility possible possibly potential potentially precise precisely prefer preferred prefers
present presently presumably pretty previous previously primarily primary probable probably proper properly purely put
puts putting puzzled puzzling question questions quick quicker quickest quickly quite rapid rapidly read ready real
realise realised realize realized reasonable reasonably recall recent recently recognise recognised recognize
recognized refer referred referring refers regard regarded regarding regardless regards regularly related relates
relating relatively relevant remain remained remaining remains remember remembered remembers remind reminded respective
respectively rest rise risen rises rising rose rough roughly round sad sadly saw saying scared scary search searched
searching see seeing seek seeking seeks seem seemed seemingly seems seen sees sense serious seriously set sets setting
several showed showing shown shows side sides significant significantly similar similarly simple simpler simplest
simply situation situations slight slightly slow slower slowly small smaller smallest someday somehow sometime
sometimes somewhat somewhere soon sooner sorry sort sorts sought sound sounded sounds speak speaking speaks special
specially specific specifically spoke spoken start started starting starts straight straightforward strange strong
stronger strongest strongly stuff subject sudden suddenly sufficient sufficiently suggest suggested suggests suitable
sum summarise summarize summary super suppose supposed supposedly sure surely surprise surprised surprises surprising
surprisingly surrounding suspect suspected suspects takes taking talk talked talking talks telling tells tend tended
tends terrible terribly thank thankful thanks thereafter thereby therefore think thinking thinks thorough thoroughly
thought thoughts throughout thus tiny tip tips today told tomorrow tonight topic topics totally tough tricky tried
tries true truly truth try trying turn turned turning turns type types typical typically ultimately uncertain
underlying understand understandable understanding understands understood unexpected unfortunately unsure unusual
upcoming upset useful uses usual usually utterly vague varied varies various vary versa vice virtually wanna wanted
wanting wants ways weird weirdly whatever whatsoever whenever whereas wherever whichever whoever whole wholly wide
widely wish wished wishes wishing wonder wondered wonderful wondering wonders worried worries worry worrying worse
worst worth write yeah yep yesterday yourself yourselves
"""

_DANISH = """
absolut adskillige afhang afhænge afhænger afhængig afhængigt afklare afslutningsvis afsted aktuel aktuelle aktuelt
allerbedst allermest allesammen almindelig almindelige almindeligt almindeligvis alting altsammen altså alvorlig
alvorlige alvorligt anderledes ane anede anelse aner angik angå angående angår anse anser anset antage antager antaget
antog anvende anvender anvendt anvendte aspekt aspekter bag bagefter bagved bange baseret bede beder bedre bedst bedste
bedt begynde begyndelse begyndelsen begyndende begynder begyndt begyndte beholde beholder beholdt behøve behøvede
behøver behøvet bekendt beklage beklager bekymre bekymrede bekymrende bekymrer bekymret beskrev beskrevet beskriv
beskrive beskriver bestemt bestemte betragte betragter betragtet betyde betydelig betydelige betydeligt betyder betydet
betydning betydningen betød blot bort borte bragt bragte bred brede bredt bringe bringer brug brugbar brugbare brugbart
bruge bruger brugt brugte burde burdet chance chancen chancer cirka dagens definer definere del delen dels delvis
delvist dengang deraf derefter derfra derhen derhenne derimod derinde dernede deromkring deroppe derovre dertil derude
derudover desuden desværre detalje detaljen detaljer detaljeret detaljerne diskutere diskuterede diskuterer diskuteret
diverse dum dumme dumt dybt dårlig dårlige dårligere dårligst dårligt dér egen egentlig egentlige egentligt eget egne
eksakt eksempel eksempelvis eksempler eksemplerne eksemplet eksistere eksisterede eksisterer eksisteret ekstra ekstrem
ekstreme ekstremt emne emner emnet ende endelig endelige endeligt ender endt endte endvidere eneste engang enhver enkel
enkelt enkelte enkle enklere enorm enorme enormt entydigt ethvert eventuel eventuelle eventuelt evigt evt fakta faktisk
faktiske faktum falde falder faldet faldt fandt fandtes fantastisk fantastiske farvel fatte fattede fatter fattet fedt
fin finde finder findes fine fint folk forbi forbindelse foregik foregå foregået foregår forestille forestillede
forestiller forestillet foretage foretager foretaget foretog foretrak foretrukket foretrække foretrækker forfærdelig
forfærdeligt forhen forholdsvis forklar forklare forklarede forklarer forklaret forklaring forklaringen forklaringer
forleden formentlig formentligt formode formodentlig formoder fornemmelse forrest forresten forrige
forstod forstå forstået forstår forsøge forsøger forsøgte fortalt
fortalte fortsat fortsatte fortsætte fortsætter fortæl fortælle fortæller forudsat forvente forventede forventer
forventet forvirre forvirrende forvirret frem fremad fremgik fremgå fremgår fremover frustrerede frustrerende
frustreret frygt frygte frygtede frygter fuld fulde fuldkommen fuldstændig fuldstændige fuldstændigt fuldt fundet
fungere fungerede fungerer fungeret føle følelse følelsen følelser føler føles følt følte førhen gad gamle gammel
gammelt gang gange gangen ganske generel generelle generelt gennemgående gentage gentager gentagne gerne gide gider
gidet given givetvis givne gjaldt glad glade glemme glemmer glemt glemte godaften goddag gode godmorgen grundlæggende
gælde gældende gælder gældt gætte gættede gætter gættet gående hallo handlede handler handlet hed hedde hedder hej hel
heldigvis hellere helst helt henne henover heraf herefter herfra herhenne herhjemme herhjemmefra herind herinde herlig
heroppe herovre hertil herud herude herudover herunder hhv hidtil hinanden hjalp hjulpet hjælp hjælpe hjælper hold
holde holder holdes holdt hovedsagelig hovedsageligt hovedsagligt hurtig hurtige hurtigere hurtigst hurtigt huske
huskede husker husket hvoraf hvorefter hvorhen hvori hvormed hvorom hvorpå hvortil hvorvidt hyppig hyppige hyppigt
hænde hændt høj høje højest højeste højt høre hører hørt hørte håb håbe håbede håber håbet håndtere håndterede
håndterer håndteret hård hårde hårdere hårdest hårdt iaften idag ide ideen ideer ideerne idé idéen idéer igår imellem
imens imidlertid imorgen inde indebar indebære indebærer indeholde indeholder indeholdt indenfor inderst indimellem
indlysende indtil inkl inklusiv inklusive interessant interessante interesse interessere interesserede interesserer
interesseret irriterende irriteret især jamen jævnlig jævnligt kalde kalder kaldes kaldt kaldte ked kende kender kendes
kendt kendte kigge kiggede kigger kigget klar klare klarede klarer klarere klaret klart kommende kommet komplet
kompliceret konkret konkrete konstant kontekst korrekt korrekte kort korte kortere kortest korteste kunnet lade lader
ladet lagde lagt lang lange langsom langsommere langsomt langt lav lavede lavedes laver laves lavest laveste lavet lavt
let lette lettere lettest letteste ligefrem ligeledes ligesom ligeså ligetil ligge ligger ligget ligne lignede lignende
ligner lignes lignet lille lod lyde lyder lydt lyst lægge lægger længe længere længst længste læst læste løbet lød lå
mangt masse masser massevis mellemtiden mene mener mening meningen ment mente meste midt midten minde mindede minder
mindes mindet miste mistede mister mistet mon mulig mulige mulighed muligheden muligheder muligt muligvis mærke mærkede
mærkelig mærkelige mærkeligt mærker mærket måden måderne måttet naturlig naturlige naturligt naturligvis navnlig nedad
nede nem nemlig nemme nemmere nemmest nemt nervøs netop nogenlunde nogensinde normal normale normalt nutidig nuværende
nye nyere nyeste nylig nyligt nysgerrig nysgerrige nyt nyttig nyttige nyttigt nær nære nærliggende nærme nærmest
nærmeste næst næste næsten nævn nævne nævner nævnt nævnte nødt nødvendig nødvendige nødvendigt nødvendigvis nå nåede
nået nåh ofte oftere oftest ok okay omend omtale omtaler omtalt omtalte omtrent ond ondt opfatte opfattede opfatter
opfattet oplagt opmærksom oppe opstod opstå opstået opstår opsummer opsummere ord ordentlig ordentligt ordet oven
ovenfor ovenpå ovenstående overalt overfor overhovedet overraskede overraskelse overraskende overrasker overrasket
overveje overvejede overvejer overvejet ovre par parat passende pege pegede peger peget perfekt person personen
personer plejede plejer pludselig pludseligt pointe pointen primær primært præcis præcise præcist prøv prøve prøvede
prøver prøvet pudsigt punkt punkter punktet påstod påstå påstået påstår relativt relevant relevante rest resten
resumere resumé rigeligt rigtig rigtigt rimelig rimelige rimeligt rundt rådvild sad sagt sammen sammenhæng sammenhængen
samtidig samtidigt samtlige sand sande sandheden
sandsynlig sandsynligt sandsynligvis sandt sat satte selvfølgelig selvom sen senere senest seneste sent set sidde
sidder siddet sidst siges sikke sikkert simpel simpelt simpelthen simple simplere situation situationen situationer
skabe skaber skabt skabte sket skriv slags slagsen slem slemt slet smule snak snakke snakkede snakker snakket snarere
snarest snart sommetider speciel specielle specielt specifik specifikke specifikt spekulere spekulerede spekulerer
spurgt spurgte spændende spændt spørg spørge spørger spørgsmål spørgsmålene spørgsmålet stadigvæk starte startede
starter startet sted steder stedet stedse steg steget stige stiger stille stillede stiller stillet stod stort straks
stykke stykker stærk stærke stærkere stærkest stærkt større størst største stå stået står svar svare svarede svarer
svaret svær svære sværere sværest sværeste svært synes syntes sædvanlig sædvanlige sædvanligt sædvanligvis særdeles
særlig særlige særligt særskilt sætte sætter såkaldt såkaldte således såsom såvel tabe taber tabt tabte tag tak takke
taler tales talrige talt talte tanke tanken tanker tankerne temmelig tendere tidlig tidligere tidligst tidligt tilbage
tilbøjelig tilfælde tilfældet tilhøre tilhører tilhørte tillige tilmed tilstede tilstrækkelig tilstrækkelige
tilstrækkeligt tilsvarende tilsyneladende ting tingen tingene tip tips tit titte tja tjah trist tro trods troede troet
tror trænger turde turdet tvivl tvivle tvivler tvært tydelig tydelige tydeligere tydeligt tydeligvis type typen typer
typisk typiske tænk tænke tænker tænkt tænkte tæt tættere tør uddyb uddybe uddybende ude udefra udenfor udenlands
udføre udfører udført udførte udlandet udmærket udover uheldigvis umiddelbart undre undrede undrende undrer undret
undskyld undskylde usikker usikkert usikre utrolig utrolige utroligt vanlig vanskelig vanskelige vanskeligere
vanskeligt vedkommende vedrøre vedrørende vedrører vel velkommen vende vender vendt vendte venlig venligst videre vidst
vidste vidt vigtig vigtige vigtigere vigtigst vigtigste vigtigt vild vilde vildt villet virke virkede virkelig
virkelige virkeligheden virkeligt virker virket vist viste vokse voksede vokser vokset vred vrede vældig vældigt vær
værd værre værsgo værst værste væsentlig væsentlige væsentligt ængstelig ængstelige ærgerlig ærgerligt ærligt øjeblik
øjeblikket ønsk ønske ønskede ønsket øvrig øvrige øvrigt åbenbar åbenbart åbenlyst
"""

_NORWEGIAN = """
absolutt akkurat aktuell aktuelle aktuelt aleine alene allereie alminnelig alminnelige alminneligvis alvorlig alvorlige
alvorligst ane anelse aner angikk angå angående angår annerledes anse anser ansett anta antagelig antakelig
antakeligvis antar antatt ante antok anvende anvender anvendt anvendte aspekt aspekter avhenge avhenger avhengig
avhengige avklare ba bak bakom basert be bedre bedt begynne begynnelse begynnelsen begynner begynt begynte beholde
beholder beholdt behøvde behøve behøver bekjent beklage beklager bekymra bekymre bekymrede bekymrer bekymret
bekymringsfull ber beskrev beskrevet beskriv beskrive beskriver best beste bestemt bestemte betrakte betrakter
betraktet betre bety betydd betydde betydelig betydelige betydning betydningen betyr bort borte borti bra brakt brakte
bred brede bredt bringe bringer bruk bruka brukar bruke bruker brukes brukt brukte burde burdet byrja byrjar byrje
byrjing byrjinga ca cirka dagens definer definere del delen dels delvis derav dere deretter derfra derimot dermed
dernede deromkring deroppe derover dersom dertil derute dessutan dessuten dessverre desto detalj detaljen detaljene
detaljer detaljert difor diskutere diskuterer diskutert diskuterte diverse dum dumme dumt dypt døma døme dømet dårleg
dårlegare dårlege dårlig dårlige dårligere dårligst egen egentlig egentlige eget egne eigentleg eigentlege eksakt
eksempel eksempelet eksempelvis eksemplene eksempler eksemplet eksistere eksisterer eksistert eksisterte ekstra ekstrem
ekstreme ekstremt elles emne emner emnet ende endel endelig ender endt endte eneste engang engstelig engstelige enhver
enkel enkelt enkelte enkle enklere enklest enno ennå enorm enorme enormt ens ergerlig etterpå ettersom eventuell
eventuelle eventuelt evig fakta faktisk faktiske faktum falla falle faller falt fann fanst fant fantastisk fantastiske
fantes fatte fatter fattet ferdig fin fine finere finn finne finner finnes finst fint folk forbi forbindelse foregikk
foregå foregår foregått forestille forestiller forestilte foreta foretar foretatt foretok foretrakk foretrekke
foretrekker foretrukket forferdelig forhenværende forklar forklara forklarar forklare forklarer forklaring forklaringen
forklaringer forklart forklarte formode formodentlig fornemmelse forresten forrige
forsto forstod forstå forstår forstått forsøke forsøker forsøkte fort fortalde
fortalt fortalte fortel fortelje fortell fortelle forteller fortere fortest fortsatt fortsatte fortset fortsetja
fortsette fortsetter forventa forventar forvente forventer forventet forvirrende forvirret forøvrig fram framfor
framleis framover freistar freiste frem fremdeles fremgå fremgår fremover frustrerende frustrert frustrerte frykt
frykte frykter fryktet full fulle fullstendig fullstendige fullt fungere fungerer fungert fungerte funne funnet føle
følelse følelsen følelser føler føles følt følte gadd gamal gamle gammalt gammel gammelt gang gangen ganger ganske
generell generelle generelt gidde gidder gjaldt gje gjelde gjeldende gjelder gjeldt gjennomgående gjer gjera gjerna
gjerne gjette gjetter gjettet gjev gjeve glad glade glemme glemmer glemt glemte gløymde gløyme gløymer gløymt gode gong
gongen gonger grei greide greie greier greit grunnleggende halde halden haldt hallo handle handlede handler handlet
hard harde hardere hardest hardeste hardt hei heil heile heilt heite heiter heitte hel heldigvis heldt heller helst
helt hende hender hendt hendte henholdsvis heretter herfra herover hertil het hete heter hittil hjalp hjelp hjelpa
hjelpe hjelper hjelpte hjulpet hold holde holder holdes holdt hovedsakelig hovudsakleg hugsa hugsar hugse huske husker
husket hverandre hvorav hvorhen hvorpå hvorvidt hyppig hyppige høre hører høres hørt hørte høy høye høyest høyeste
høyrde høyre høyrer høyrt høyt håndtere håndterer håndtert håndterte håp håpe håper håpet iallfall iblant idag ide
ideen ideer idé idéen idéer igår imellom imens imidlertid imorgen inkludert inklusive innanfor inne innebar innebære
innebærer inneholde inneholder inneholdt innenfor innimellom innlysende interessant interessante interesse interessere
interesserer interessert interesserte irriterende irritert istedenfor især jaha kalla kallar kalle kaller kalles kalt
kalte kanskje kikke kikker kikket kjem kjenne kjenner kjennes kjent kjente kjære klar klare klarer klarere klart klarte
koma kommende kommet komne komplett komplisert konkret konkrete konstant kontekst korrekt korrekte kort korte kortere
kortest kunnet laga lagar lagd lagde lages laget lagt lang lange langsom langsommere langsomt langt lata late later
latt lav lave lavest laveste lavt legge legger lei lenge lenger lengre lengst lengste lest leste lete leter lett
lettere lettest letteste ligg ligge ligger ligget ligne lignende ligner lignet lik likar like likedan liker likesom
likeså likevel likna liknande liknar likt likte lille lita liten lot lure lurer lurte lyst lå låg lèt mangt masse
masser massevis meine meiner meining meininga meint meinte mene mener mening meningen ment mente merke merkelig
merkelige merker merket meste midt midten minne minner minnes minnet mista mistar miste mister mistet mogleg moglege
moglegvis mulig mulige muligens mulighet muligheten muligheter mye måten måtene mått måttet naturlegvis naturlig
naturlige naturligvis nede nedenfor nemlig nervøs nest neste nesten nettopp nevn nevne nevner nevnt nevnte noenlunde
noensinne noenting nokre nokså normal normale normalt nye nyere nyeste nyleg nylig nysgjerrig nysgjerrige nytt nyttig
nyttige nær nære nærliggende nærme nærmest nærmeste nødt nødvendig nødvendige nødvendigvis nøyaktig nøyaktige nøydd
nøye nådd nådde nåværende oftare oftast ofte oftere oftest ok okay okei omlag omtale omtaler omtalt omtalte omtrent ond
oppe oppfatte oppfatter oppfattet opplagt opprinnelig oppsto oppstå oppstår oppstått oppsummer oppsummere oppsummering
ord ordentlig ordet ovenfor overalt overfor overhodet overraskelse overraskende overrasket overveid overveide overveie
overveier par passende peke peker pekt pekte perfekt person personen personer pleid pleide pleier plutselig poeng
poenget presis presise presisere presist primær primært prøv prøvar prøvd prøvde prøve prøver punkt punkter punktet
påsto påstod påstå påstår påstått rask raskare raske raskere raskest raskt redd redde reddere relativt relevant
relevante respektive rest resten riktig rimelig rimelige rundt sagde sagt sakte saktere saman samanheng samanlikn
samanlikna samanlikne sammen sammenheng sammenhengen
samtidig samtlige sann sanne sannheten sannsynleg sannsynlig sannsynligvis sant sat satt satte
seie seier sein seinare seinast seint selvfølgelig selvom selvsagt sen senere senest seneste sent set setje sett sette
setter sies sikkert simpel simpelthen sint sinte sit sitje sitte sitter situasjon situasjonen situasjoner sjanse
sjansen sjanser sjølvsagd sjølvsagt sjå sjåast skape skaper skapt skapte skikkelig skilnad skilnaden skilnader skje
skjedd skjønner skjønt skjønte skriv slags slett små snakk snakka snakkar snakke snakker snakkes snakket snarast
snarere snarest snart spekulere spekulerer spennende spent spesiell spesielle spesielt spesifikk spesifikke spesifikt
spurde spurt spurte spør spørje spørre spørsmål spørsmåla spørsmålene spørsmålet stadig starta starte starter startet
sted stede steder stedet steg steget steig sterk sterke sterkere sterkest sterkt stig stige stiger stille stiller stilt
stilte sto stod stort straks stundom stykke stykker større størst største stå står stått svar svara svarar svare svarer
svaret svart svarte svært synes synest syns syntes sær særdeles særleg særlege særlig særlige særs særskilt såg såkalt
såkalte sånn sånne sånt såpass såvel taka takk takke takker tala talar tallrike tanke tanken tankene tanker tapa tape
taper tapt tapte tas tek teke temmelig tenk tenke tenker tenkje tenkjer tenkt tenkte tett tettere tidleg tidlegare
tidlig tidligere tidligst tilbake tilfelle tilfeller tilfellet tilhøre tilhører tillegg tilstrekkelig tilstrekkelige
tilsvarende tilsynelatende ting tingen tingene tips tipset tja tjah torde trass treng trengde trenge trenger trengs
trengst trengt trengte trist tro trodd trodde trolig tror tross tru trudd trudde truleg trur turte tvil tvile tviler
tydeleg tydelege tydelig tydelige tydeligere tydeligvis tykkje tykkjer type typen typer typisk typiske tør uansett
uheldigvis ulik ulike ulikt umiddelbart undre undrende undrer undret unna unnskyld unnskylde uroleg usikker usikkert
usikre utanfor utanlands utdyp utdype utdypende ute utenfor utenlands utføre utfører utført utførte utlandet utmerket
utover utrolig utrolige uviss vanleg vanlegaste vanlege vanlegvis vanlig vanlige vanligst vanligste vanligvis vanskeleg
vanskelege vanskelig vanskelige vanskeligere vanskeligst vedrørende veit vel veldig velkommen vende vender vendt vendte
venleg vennleg vennlig vennligst verd verdt verka verkar verke verkeleg verkelege verre verst verste verte vesentlig
vesentlige vet viktig viktigaste viktige viktigere viktigst viktigste vill villet vilt virke virkelig virkelige
virkeligheten virker virket visst visste visstnok vist vita vite vokse vokser vokst vokste vondt vorte vorten vær
værsågod ynskje ynskjer ynskte ønske ønskede ønsket ønskje ønskjer ønskte øvrig øvrige øyeblikk øyeblikket åpenbar
åpenbare åpenbart
"""

_SWEDISH = """
absolut aktuell aktuella aktuellt allesammans allihop allihopa allra alltför allting alltjämt allvarlig allvarliga
allvarligt ana anade anar angå angående angår aning annanstans annars annorlunda anse anser ansett ansåg anta antagit
antagligen antar antog antyda antyder använda använde använder används använt arg arga aspekt aspekter avse avser
avsett avsåg bakom baserad baserat be behålla behåller behållit behöll behöva behövde behöver behövs behövt bekant
beklaga beklagar bekymra bekymrad bekymrade bekymrar ber bero berodde beroende beror berott berätta berättade berättar
berättat beskrev beskriv beskriva beskriver beskrivit betrakta betraktar beträffande bett betyda betydande betydde
betydelse betydelsen betyder betydlig betydligt betytt bit bitar bort borta bra bred breda bredvid brett bringa bringar
bruka brukade brukar bry brydde bryr bägge bäst bästa bättre börja började början börjar börjat chans chansen chanser
cirka definiera del delen dels delvis dessutom dessvärre desto detalj detaljen detaljer detaljerad detaljerat diskutera
diskuterade diskuterar diskuterat diverse djupt dock dum dumma dumt dålig dåliga dåligt dåvarande därav därborta
därefter däremot därifrån därmed därtill däruppe därute därvid egen egentlig egentliga egentligen eget egna emellan
emellertid enda endast enkel enkelt enkla enklare enklast enklaste enorm enorma enormt eventuell eventuella eventuellt
evig exakt exakta exempel exempelvis exemplen exemplet existera existerade existerar existerat extra extrem extrema
extremt fakta faktisk faktiska faktiskt faktum falla faller fallit fann fantastisk fantastiska fantastiskt fastän fatta
fattade fattar fattat fin fina finna finnas finner fint folk fort fortare fortast fortfarande fortsatt fortsatta
fortsatte fortsätta fortsätter fortsättningsvis framför framförallt framgå framgår framåt framöver frukta fruktade
fruktar frustrerad frustrerade frustrerande fråga frågade frågan frågar frågat frågor frågorna full fulla fullständig
fullständiga fullständigt fullt fundera funderade funderar funderat fungera fungerade fungerar fungerat funnit funnits
färdig färdiga färdigt följaktligen följande föll förbi föredra föredragit föredrar föredrog förefalla förefaller
föregående förekom förekomma förekommer förekommit föreställa föreställer förhoppningsvis förklara förklarade förklarar
förklarat förklaring förklaringar förklaringen förlåt förmoda förmodar förmodligen förr förra förresten förrän förstod
förstå förstår förstås förstått försöka försöker försökt försökte förutom förvirrad förvirrade förvirrande förvåna
förvånad förvånade förvånande förvånansvärt förvänta förväntade förväntar förväntas förväntat gamla gammal gammalt
ganska genast generell generella generellt gilla gillade gillar gillat gissa gissade gissar gissat given givetvis givna
gjord gjordes glad glada glömde glömma glömmer glömt goda grundläggande gång gången gånger gälla gällande gällde gäller
gällt gärna görs hallå handla handlade handlar handlat hantera hanterade hanterar hanterat hej hejsan hel heller hellre
helst helt heta hetat heter hette hitta hittade hittar hittat hittills hjälp hjälpa hjälper hjälps hjälpt hjälpte hopp
hoppades hoppas hoppats hurdan huruvida huvudsakligen hålla håller hållit hålls hård hårda hårdare hårdast hårt
hädanefter hända hände händer hänt härifrån härmed häromdagen härute hög höga högst högsta högt höll hör höra hörde
hörs hört ibland idag idé idéer idéerna idén ifall ifrån igenom igår ihop ihåg ikväll imorgon inkludera inkluderade
inkluderar inklusive innebar innebär innebära innefatta innefattar innehålla innehåller innehöll inse inser inses
insett insåg intressant intressanta intresse intressera intresserad intresserade intresserar inuti irriterad
irriterande istället iväg jaha jobbig jobbigt just jämt jätte
jättebra kalla kallade kallar kallas kallat kanske klar klara klarade klarar klarare klarat klart kolla kollade kollar
kommande kommit komplett komplicerad komplicerade komplicerat konkret konkreta konstant konstig konstiga konstigt
kontext korrekt korrekta kort korta kortare kortast kortfattat krånglig krångligt kunnat kvarvarande känd kända kände
känna känner känns känsla känslan känslor känt la lade lagom lagt ledsen ledsna legat leta letade letar letat ligga
ligger lik lika likadan likadana likadant likna liknade liknande liknar liksom likväl lilla liten litet låg låga lågt
lång långa långsam långsamma långsammare långsamt långt låt låter låtit lägga lägger lämplig lämpliga lämpligt länge
längre längst längsta lär läst läste lät lätt lätta lättare lättast lättaste massa massor massvis medan mena menade
menar menat mening meningen mesta mestadels mindes minnas minns mista miste mister mitten motsvara motsvarande
motsvarar måst märka märkbart märker märklig märkliga märkligt märkt märkte möjlig möjliga möjligen möjlighet
möjligheten möjligheter möjligt möjligtvis naturlig naturliga naturligt naturligtvis nedan nere nervös nervösa nja
normal normala normalt nuförtiden numera nuvarande nya nyare nyaste nyfiken nyfikna nyligen nyss nytt nyttig nyttiga
nyttigt nå nådde någonsin någonstans någonting någorlunda nån nånting når nåt nått nåväl nämligen nämn nämna nämnda
nämnde nämner nämnt nära närliggande närmar närmast närmaste näst nästa nästan nödvändig nödvändiga nödvändigt
nödvändigtvis oavsett oerhörd oerhört ofta oftare oftast ok okej olik olika omedelbart omkring ond ont ord ordentlig
ordentligt ordet orka orkade orkar orkat oroa oroade oroar orolig oroliga osäker osäkert osäkra otaliga otrolig
otroliga otroligt ovan ovanför ovanlig ovanligt par peka pekade pekar pekat perfekt perfekta person personen personer
plötslig plötsligt prata pratade pratar pratat precis precisera primär primärt prova provade provar provat pröva
prövade prövar prövat punkt punkten punkter pågick pågå pågår pågått påstod påstå påstår påstått rakt redo relativt
relevant relevanta respektive rest resten riktig riktigt rimlig rimliga rimligt rimligtvis runt runtom räcka räcker
räckte rädd rädda rör röra rörande rörde sagt sak saken saker sakta sammanfatta sammanfattning sammanfattningsvis
sammanhang sammanhanget samtidig samtidigt samtliga sann sanna sanningen sannolik sannolikt sant satt satte satts sen
sena senare senast senaste sent sett setts sista sistone sitta sitter situation situationen situationer själva
självfallet självklart skapa skapade skapar skapat skett skilde skilja skiljer
skriv slag slags slutligen slutligt smula små snabb snabba snabbare snabbast snabbt snarare snarast snart
somliga speciell speciella speciellt specifik specifika specifikt spekulera spekulerar spännande stark starka starkare
starkast starkt starta startade startar startat steg stiga stiger stigit stod stort strax stund stycke stycken stå står
stått ställa ställde ställe ställen ställer ställt större störst största suttit svar svara svarade svarar svarat svaren
svaret svår svåra svårare svårast svåraste svårt synas synd synes syns syntes sådant sådär såg såhär sålunda sån såna
sånt såsom säg sägas sägs säkert särskild särskilda särskilt sätta sätten sätter sättet tack tacka tackar tag tagits
tala talade talar talat tankar tankarna tanke tanken tappa tappade tappar tappat tidig tidiga tidigare tidigast tidigt
tillbaka tillbaks tillhör tillhöra tillhörde tillika tillräcklig tillräckliga tillräckligt tills tillsammans ting tips
titta tittade tittar tittat tja tordes tro trodde trolig troligen troligt troligtvis tror trott tvivel tvivla tvivlar
tycka tyckas tycker tycks tyckt tyckte tydlig tydliga tydligare tydligen tydligt typ typen typer typisk typiska typiskt
tyvärr tänk tänka tänkbar tänkbara tänker tänkt tänkte törs undra undrade undrar undrat ungefär ungefärlig uppe
uppenbar uppenbarligen uppenbart uppfatta uppfattade uppfattar uppfattat uppriktigt uppstod uppstå uppstår uppstått
ursprungligen ursäkt ursäkta utanför ute utför utföra utförde utförlig utförligt utfört utifrån utlandet utmärkt
utomlands utöver vanlig vanliga vanligast vanligaste vanligen vanligt vanligtvis varandra varann varav vardera varenda
varifrån varthän vartill varvid velat verka verkade verkar verkat verklig verkliga verkligen verkligheten verkligt vet
veta vetat vidare viktig viktiga viktigare viktigast viktigaste viktigt visade visas visat viss vissa visst visste voro
vuxit våga vågade vågar vågat väl väldig väldigt välkommen vända vände vänder vänlig vänliga vänligen vänt värd värda
värre värst värsta värt väsentlig väsentliga väsentligt växa växer växte ytterligare ytterst åtskilliga ämne ämnen
ämnet ända ändå ängslig ängsliga äntligen ögonblick ögonblicket önska önskade önskan önskat överallt överhuvudtaget
överraskad överraskade överraskande överraskning överväga övervägde överväger övrig övriga övrigt
"""

EVERYDAY: Mapping[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "da": frozenset(_DANISH.split()),
    "nb": frozenset(_NORWEGIAN.split()),
    "sv": frozenset(_SWEDISH.split()),
}
