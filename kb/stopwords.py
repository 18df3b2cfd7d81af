"""Words that say nothing of what a text is about, for each language; question words among them."""

from __future__ import annotations

_ENGLISH = """
a about above after again all also am an and any anyone anything are as at be became because become
been before being below between both but by came can cannot could did do does doing done down during
each either else ever every few for from further get gets getting give given gives go goes going got
had has have having he her here hers him his how however i if in instead into is it its itself just
know let like made make makes many may me might more most much must my neither no nor not now of off
often on once one only onto or other others otherwise our ours out over own per please rather really
said same say says shall she should show since so some somebody someone something still such take
taken tell than that the their theirs them themselves then there these they thing things this those
though through to together too toward towards under until up upon us use used using very via want was
way we well went were what when where whether which while who whom whose why will with within without
would yes yet you your yours s t d ll re ve m ain aren couldn didn doesn don hadn hasn haven isn mustn
needn shouldn wasn weren won wouldn
"""

_DANISH = """
ad af aldrig alene alle allerede alligevel alt altid anden andet andre at bare begge blandt blev blive
bliver blevet bør både da de dem den denne der deres derfor derved det dette dig din dine disse dit
dog du efter eller ellers en end endnu endda ens er et få får fået fik flere fleste for foran fordi
forskellige fra før først gennem giv give giver givet gav gik gjorde gjort gør gøre går gå gået god
godt ham han hans har hav have havde haft hele hen hende hendes her heller hos hun hvad hvem hver
hvert hverken hvilke hvilken hvilket hvis hvor hvordan hvorfor hvorledes hvornår i ifølge igen igennem
ikke ind inden ingen ingenting intet ja jeg jer jeres jo kan kom komme kommer kun kunne lad lave lidt
lige man mange med meget mellem men mens mere mest mig min mindre mindst mine mit mod må måde måder
måske måtte nej ned nogen noget nogle nok nu ny når nærmere og også om omkring op os over på sagde
samme samt se selv ses siden sig sige siger sin sine sit sidste skal skulle skete sker ske som stadig
stor store så sådan sådanne tage tager taget til tog ud uden under var ved vi via vide vil ville vis
vise viser vores vor være været ønsker
"""

_NORWEGIAN = """
av alle allerede allikevel alltid alt altså andre annen annet at bare begge ble blei bli blir blitt
blant bør både da de deg dem den denne der deres derfor det dette di din dine disse ditt du dit eg
ein eit ei eller ellers en enda enn er et etter fikk flere fleste for foran fordi fra før først få får
fått gav ga gi gir gitt gikk gjennom gjorde gjort gjøre gjør god godt gå går gått ha hadde han hans har
hatt hele hennes henne her hit hos hun hva hvem hver hvert hvilke hvilken hvilket hvis hvor hvordan
hvorfor ifølge igjen ikke inn innen ingen ingenting inntil intet i ja jeg jo kan kom komme kommer kun
kunne la lage litt man mange med mellom men mens mer mest meg meget mi min mindre minst mine mitt mot
må måte måter måtte nei ned noe noen nok nå når ny nærmere og også om omkring opp oss over på sa samme
samt se seg selv si siden sier sin sine sist sitt skal skjedde skjer skulle som slik slike stor store
så tar tatt ta til tok under uten ut var ved vi via vil ville vise viser vår våre vært være ønsker
korleis kva kvar kvifor kven kva kvart ikkje me dei dykk dykkar frå vere vart vore vert noko nokon
sidan berre mykje meir eigen eigne sjølv
"""

_SWEDISH = """
alla alldeles allt alltid alltså andra annan annat att av bara blev bli blir blivit bland borde bör både
båda då de dem den denna denne deras dess dessa det detta dig din dina dit ditt du där därför efter
eftersom eller en enligt ens er era ert ett fanns fick finns fler flera flesta fram från får få fått för före först
gav ge ger gett gick gjorde gjort gör göra går gå gått genom god gott ha hade haft han hans har hela
henne hennes hon honom hos hur här i icke igen in inga ingen inget innan inne inom inte ja jag ju kan
kom komma kommer kunde kunna kvar lite låta man med mellan men mer mera mest mig min mina mindre minst
mitt mot mycket många måste nej ned ner nog nu ny någon något några när närmare och också om oss på
redan sa sade samma samt sedan se ser sig sin sina sist sitt själv ska skall skulle skedde sker som
stor stora säga säger så sådan sådana sätt ta tar tagit till tog trots under upp ur ut utan vad vara
varför vars vart varit varje var vem vems vi via vid vilja vilka vilken vilket vill ville visa visar
vår våra vårt vore åt än ännu är även över önskar
"""

STOPWORDS: dict[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "da": frozenset(_DANISH.split()),
    "nb": frozenset(_NORWEGIAN.split()),
    "sv": frozenset(_SWEDISH.split()),
}
