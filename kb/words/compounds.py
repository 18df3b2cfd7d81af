"""The parts of a compound: tillidsreformsevaluering is tillid, reform and evaluering.

A word is cut into known words with a linking sound between them, where the geometric mean of their counts
is highest (Koehn & Knight 2003), with a small cost for each further part. The words are those of the shipped
documents, the glossary and the sentences for training, counted by `tillit kb profiles`. English writes its
compounds as several words and has no list.

Read by eye, at most two of 150 cuts in words of the documents were wrong in each language. Of 150 in words of manuals
and other texts that nothing was counted in, two were in Danish, six in bokmål, three in Swedish (repaired since).
Of 121 compounds picked from the documents by eye, 104 are cut (Danish 35 of 36, bokmål 33 of 41, Swedish 36 of
44); the others have a part that stands nowhere else. `tests/kb/words/test_compounds.py` holds them.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path

from kb.stopwords import STOPWORDS
from kb.vocabulary import LANGUAGE_ALIASES

DATA = "compounds.json.gz"
SHORTEST_WORD, LONGEST_WORD = 7, 60
SHORTEST_PART, SHORT_PART, SHORTEST_OF_NAMES = 3, 4, 5
SEEN_OFTEN = 3
"""A part of three or four letters must be seen as often as this: short words lie inside many others."""
LINKED_OFTEN = 4
"""Before as many words a linking s tells that the word ends there, even if what follows is unknown."""
MOST_PARTS = 5
FURTHER_PART = 0.85
"""What each part beyond the second costs: a cut too many is worse than one too few."""

_WORD = re.compile(r"[^\W\d_]++(?!-(?:\s|$))")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n#\"”»«(*|>–-])\s*$")

_Links = tuple[tuple[tuple[str, str], ...], ...]
_LINKS: Mapping[str, _Links] = {
    "da": ((("arbejds", "arbejde"),), (("", ""), ("s", "")), (("s", "e"), ("e", ""))),
    "nb": ((("", ""), ("s", "")), (("e", ""),)),
    "sv": (
        (("ar", "are"),),
        (("", ""), ("s", ""), ("s", "e")),
        (("", "a"), ("", "e"), ("e", "a"), ("o", "a"), ("u", "a")),
    ),
}
"""What a first part ends in, and what the word ends in that it stands for: skol- is skola, samhälls- samhälle.

The commonest word is meant that any of the first pairs gives, else of the second.
"""
_PLAIN = {("", ""), ("s", "")}

_ENDINGS = {
    "da": ("s", "e", "en", "et", "er", "ne", "ene", "erne", "n", "t"),
    "nb": ("s", "e", "en", "et", "er", "ne", "ene", "a", "ar", "ane", "n", "t"),
    "sv": ("s", "a", "en", "et", "er", "ar", "or", "na", "erna", "arna", "n", "t"),
}
"""Endings with which a known word of five letters or more is still known at the end of a compound."""

_FIRST_TOO_WORDS = "selv sjølv själv hel stor stora små ny mellem mellom mellan hjemme flere fler"
_FIRST_TOO = frozenset(_FIRST_TOO_WORDS.split())
"""Stop words that are good first parts nevertheless."""

_NOT_FIRST_WORDS = """
af afs all an aner ang ans ant arm av bag bar be ber bi bor bort dan dom efter ein ende ene ens er ere ett etter
fast for fore fort fra fram frem från fulde fyld för föra förbi före förut gang gen gennem genom genop gjen
gjennom godk hed hen hit ifråga igen igjen imod ind indbe inde ing inn innbe inne inter kart kunn led leg lig
ling lät lös løs løst med medde midt mis miss mod mot møt nai ned nedre ner nyan om op opad opp ord over overs
per på rede redo regn ren rige ring sam saman samman sammen set sken skin stands ter til tilbage tilbake
tillbaka tors tro ude umid und undan under upp ur ut utan ute van var vid vidare vidareför vide videre viderefør
vilk års åstad åter över
"""
_NOT_FIRST = frozenset(_NOT_FIRST_WORDS.split())
"""Particles, prefixes and endings, which are no first part of a noun."""

_NOT_LAST_WORDS = """
agere agtig agtige aktig aktige all alla alle ande andes ane anes ar are aren arna arne ast att bar bara bare
bart berg bjuda bli blir bo borg by byde byen byr bära bær bærer dal dom dommen drar ede eder elles else elsen
elser ena enas enda ende ender endes ene enes er ere eren eri erna ernas erne ernes et ets ett falde falder
faldt fallande faller falt fast faste fatta fatte fatter fattet frivillig fullfölja följa för föra förde förs
fört før føra føre fører føres føring ført førte gang gav ger gerne gik gir gitt gitte giva give given giver
givet givne gje gjorde gjordes gjort gjøre gjøres gripa gripe griper gå gående går göras gør gøres hed heden
heder hederne heit het heta heten hetene heter heterna holde holder holdes holdt holm hålla hållen håller hållit
hålls hör höra høre hører ing inga ingar inge ingen ingens inger isk iske ism isme ist kla klar klara klare
klart kom komma komme kommen kommer kommet kommit komst köping la lade lader lagd lagda lagde lagt lagte land
lands late latt laus lause lede ledes leg lege legge legger legges leik les let lettet lig lige ligen ligge
ligger lighed ligheden ligheder lighederne lighet ligheten lighetene ligheter ligt likhet likheten likheter ling
linga linge lot lund lyst lägga lägger läggs lär lægge lægger lægges lös lösa löst løs løse løst melde melder
meldt menes messig messige mässig mässiga måle mår mæssig mæssige mæssigt nede ner nes ning ninga ningar ningen
ninger nisse nå nådd nået når næs per reda redan rede ren rena rens ret ringar ringarna ringen ringene ringer
ringerne sagde sagt sam samma samme sand sat satt satta satte sattes satts se ser set sett sette setter si sier
sige siger skab skaber skaberne skabet skap skapa skapen skapene skapet ske sker slå slår som somme stad stille
stiller stilles stillet stilt stilte stod strand ställa ställd ställda ställde ställer ställt ständig ständiga
ständigt stå ståede stående står sund syn synet säga säger sätta sätter sätts sår sæt sætte sætter sættes ta
taga tage tagen tager tages taget tagit tar tas tatt tatte ter tere terna terne ting tinga tingen tingene tion
tog tor tre trer träda trädde träder træde træder tør ven vende vender vendt verd verdig vik villig villige vis
visa visar vise viser viss vist vända vänder vänt värd værdig ås
"""
_NOT_LAST = frozenset(_NOT_LAST_WORDS.split())
"""Endings, verbs that particles go with, and what place names end in: none is the last part of a noun."""

_UNCUT_PAIRS = """
all|menn ange|l ansvar|lig bag|gr bak|gr bak|gru barne|hag ber|eg bor|ger børne|hav cirk|ul dan|ne dat|era
delta|g delt|ag del|tag egen|skap erfaren|het folke|ting form|and form|ul fortel|l fort|bild fort|satt fort|set
frig|ø fri|g fri|vil full|stä fören|kl för|enk grund|lag grund|val grunn|lag hel|bred hem|sid hjemme|sid
intern|ett inter|nett kjem|per lands|ting lange|land leda|m leve|r lik|evel löns|am lønns|om løns|om medlem|me
nav|n nær|mest person|al per|son redo|vis red|akt rett|ferd rett|led ret|færd riks|dag rätt|färd råd|man sam|arb
selv|sag selv|stæ sjuke|hus sjuk|hus själv|kla själv|stä skil|les skär|p spørgs|mål spørs|mål stort|ing
stor|ting syge|hus syke|hus tids|skrift tid|skrift trond|heim t|test vare|sl var|sl vei|led vej|led vel|ferd
vel|færd ven|str verk|lig verk|stad verk|sted videns|ka viden|ska virke|lig väg|led väl|färd värd|e værk|sted
"""
_UNCUT = re.compile("|".join(f"(?<={pair.replace('|', ')(?=')})" for pair in _UNCUT_PAIRS.split()))
"""Where a word is not cut though both sides are words."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language with their counts; names are those that are never written small."""

    counts: Mapping[str, int]
    names: Mapping[str, int]
    forms: Mapping[str, int]
    """What stands before several words and is none itself, as hoved- in Danish."""
    linked: Mapping[str, int]
    """What stands before many words with a linking s: no matter what follows it, it is a part."""


def texts(folder: Path | None = None) -> dict[str, list[str]]:
    """Return what ships in the languages that write compounds in one word; nynorsk counts as Norwegian."""
    from kb.shipped import load_shipped
    from kb.training.sources import read_own
    from kb.words.glossary import load_glossary

    found: dict[str, list[str]] = {language: [] for language in sorted(_LINKS)}
    for document in chain.from_iterable(load_shipped(folder)):
        if document.language in found:
            found[document.language] += [document.title, *document.questions, document.text]
    for concept in load_glossary().concepts:
        for language, listed in found.items():
            listed += [*concept.terms(language), concept.definition(language)]
    for row in read_own():
        for language, sentence in row.items():
            if (ours := LANGUAGE_ALIASES.get(language, language)) in found:
                found[ours].append(sentence)
    return found


def train(texts: Mapping[str, Iterable[str]]) -> bytes:
    """Return the words of texts by language, as the file that `parts` reads."""
    content = {language: _counted(texts[language]) for language in sorted(texts)}
    return gzip.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def _counted(texts: Iterable[str]) -> dict[str, dict[str, int]]:
    every: Counter[str] = Counter()
    small, capital = set(), set()
    for text in texts:
        for word, within in _written(unicodedata.normalize("NFKC", text)):
            folded = word.casefold()
            every[folded] += 1
            if word == folded:
                small.add(folded)
            elif within:
                capital.add(folded)
    names = capital - small
    words = [word for word in sorted(every) if _long_enough(word, every[word], word in names)]
    counts = {word: every[word] for word in words if word not in names}
    followers = _followers(counts)
    return {
        "counts": counts,
        "names": {word: every[word] for word in words if word in names},
        "forms": {form: len(found) for form, found in followers.items() if _is_form(form, len(found), counts)},
        "linked": {first: len(found) for first, found in followers.items() if _is_linked(first, len(found), counts)},
    }


def _followers(counts: Mapping[str, int]) -> dict[str, set[str]]:
    """Return what begins words that end in another word, with the first letters of those others."""
    followers: dict[str, set[str]] = {}
    for word in counts:
        for end in range(SHORT_PART, len(word) - SHORT_PART):
            start, rest = word[:end], word[end:]
            if counts.get(rest, 0) > 1 and not {start, start.removesuffix("s")} & _NOT_FIRST:
                followers.setdefault(start, set()).add(rest[: SHORT_PART + 1])
    return dict(sorted(followers.items()))


def _is_form(form: str, followers: int, counts: Mapping[str, int]) -> bool:
    """Whether this is no word but a first part; after a word, as `tillitsverk` before `sted`, that takes more."""
    after_a_word = any(form[:end] in counts for end in range(SHORT_PART, len(form)))
    return not {form, form.removesuffix("s")} & counts.keys() and followers >= (SEEN_OFTEN if after_a_word else 2)


def _is_linked(first: str, followers: int, counts: Mapping[str, int]) -> bool:
    return first not in counts and first[-1] == "s" != first[-2] and first[:-1] in counts and followers >= LINKED_OFTEN


def _long_enough(word: str, count: int, is_name: bool) -> bool:
    if is_name:
        return len(word) >= SHORTEST_OF_NAMES
    return len(word) > SHORT_PART or (len(word) >= SHORTEST_PART and count >= SEEN_OFTEN)


def _written(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of a text, and whether each stands within a sentence; no halves as in `arbejds-`."""
    for match in _WORD.finditer(text):
        yield match.group(), not _SENTENCE_START.search(text[max(0, match.start() - 4) : match.start()])


@lru_cache(maxsize=1)
def _words() -> dict[str, _Words]:
    stored = json.loads(gzip.decompress(files("kb.words").joinpath(DATA).read_bytes()))
    return {language: _Words(**content) for language, content in stored.items()}


@lru_cache(maxsize=50_000)
def parts(word: str, language: str) -> tuple[str, ...]:
    """Return the parts of a folded word in their order, nothing where it is no compound that is known."""
    words = _words().get(language)
    if words is None or not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return ()
    return _Cutter(words, language, word).best()


class _Cutter:
    """The ways in which one word can be cut."""

    def __init__(self, words: _Words, language: str, word: str) -> None:
        self._words, self._word = words, word
        self._links, self._endings = _LINKS[language], _ENDINGS[language]
        self._stop = STOPWORDS[language] - _FIRST_TOO
        self._uncut = {match.start() for match in _UNCUT.finditer(word)}

    def best(self) -> tuple[str, ...]:
        """Return the parts of the best way, nothing where there is none."""
        further = math.log(FURTHER_PART)
        ways = [(total / len(way) + further * (len(way) - 2), way) for way, total in self._ways(0, MOST_PARTS)]
        return max(ways)[1] if ways else self._before_an_unknown()

    def _before_an_unknown(self) -> tuple[str, ...]:
        """Return a part that often stands first with a linking s, and the rest, whatever that is."""
        for end in range(len(self._word) - SHORT_PART - 1, SHORT_PART, -1):
            first, rest = self._word[:end], self._word[end:]
            if first in self._words.linked and end not in self._uncut and rest not in _NOT_LAST:
                return (self._first(first) or (0, first))[1], rest
        return ()

    def _ways(self, start: int, most: int) -> Iterator[tuple[tuple[str, ...], float]]:
        """Yield each way to cut the word from `start` on, with the sum of the logarithms of its parts' counts."""
        if start and (count := self._last(self._word[start:])):
            yield (self._word[start:],), math.log(count)
        if most == 1:
            return
        for end in range(start + SHORTEST_PART, len(self._word) - SHORTEST_PART + 1):
            if end not in self._uncut and (first := self._first(self._word[start:end])):
                count, part = first
                for way, total in self._ways(end, most - 1):
                    yield (part, *way), total + math.log(count)

    def _first(self, piece: str) -> tuple[int, str] | None:
        """Return the word that a piece before the last stands for, with its count."""
        if piece in _NOT_FIRST or piece in self._stop:
            return None
        for pairs in self._links:
            if (found := max(self._meant(piece, pairs), default=None)) is not None:
                return found
        count = self._words.forms.get(piece)
        return (count, piece) if count else None

    def _meant(self, piece: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[int, str]]:
        for ending, own in pairs:
            word = piece.removesuffix(ending) + own
            shortest = SHORTEST_PART if (ending, own) in _PLAIN else SHORT_PART
            if piece.endswith(ending) and len(word) >= shortest and word not in _NOT_FIRST and word not in self._stop:
                count = self._words.counts.get(word) or self._words.names.get(word)
                if count:
                    yield count, word

    def _last(self, piece: str) -> int:
        """Return the count of the piece at the end, 0 where it is no word or none that ends a compound."""
        if piece in _NOT_LAST or piece in self._stop:
            return 0
        if count := self._words.counts.get(piece):
            return count
        stems = (piece.removesuffix(ending) for ending in self._endings if piece.endswith(ending))
        return max((self._words.counts.get(stem, 0) for stem in stems if len(stem) > SHORT_PART), default=0)
