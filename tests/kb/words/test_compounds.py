"""Compounds of Danish, bokmål and Swedish are cut into the words they are made of."""

from __future__ import annotations

import gzip
import json
import time
from importlib.resources import files

import pytest

from app.cli import main
from kb.analysis import fold, tokens
from kb.words import compounds
from kb.words.compounds import parts, train

PICKED = {
    "da": """
forsøgsordningen finansminister ventelisten helhedsbilledet politimand dokumentationspraksis samarbejdskultur
skolelederne omkostningsbesparelserne administrationssamfundet feltarbejdet faggrupperne civilminister
studiestøttemyndigheden læringspunkter referencekommunerne styringsparadigmer borgerinddragelse
støttefunktionerne tillidsbarometer tillidsindsatser fællestillidsrepræsentant markedsløsningerne sagsbehandlingen
plejeboliger daginstitutionernes ønsketænkning kvalitetspioneren præstationsvurdering universitetsforskere
kontorniveau arbejdsteam samarbejdsudvalg tillidsnetværket tilsynsmyndighed civilsamfundet
""",
    "nb": """
styringsstrategi oppfølgingsrutinen bacheloroppgaven slagordet nulltoleranse sosialarbeiderne industrikrise
anskaffelsesrett kommunesektorens tvillingteam lokalforvaltning reformbølgene bedriftsøkonomi velferdspanel
endringsmuskel sysselsettingsfeltet framtidsforsker blindsone statsforvaltere nabolagsomsorg gjerdestolper
fagforbundene enkeltcaser statsviter organisasjonsenheter reformideen lokalsamfunn handlingsrom resultatkontrakter
idrettssenteret hovedpoengene renholdsstandard arbeidsseminaret studentprosjekt standardtidene utdanningsministeren
ledergruppe følgebrevet hjørnesteiner personalgrupper innsatsfaktorer
""",
    "sv": """
huvudbetänkandet kostnadsminskningarna statsförvaltarnas ledningspraktiker livskvalitet kvalitetsmässa
regeringsperiod tillitsmodell stewardshipteori innovationscentrum hemtjänst styrprinciper civilsamhälle öppettider
riksgenomsnittet arbetsbelastning tjänstepersonen socialchef ögonöppnare hangarfartyg familjeproblem startskottet
kommundirektörens bedömningsinstrument polisdistrikten biblioteksbok tillitsagenda självkontroll aktionsforskning
motståndskraft uppföljningsrutinen lokalvårdaren arbetsmarknadens kunskapsunderlag arbetstagarorganisationerna
slutrapporten vårdbiträden åldersgrupperna forskningsinstitutet skolöverenskommelsen studievägledare
biståndsbedömning ledarskapskommission pinnjakten
""",
}
"""Compounds picked by eye from 110 words of the documents drawn in each language."""


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("tillidsreformsevaluering", "da", ("tillidsreform", "evaluering")),
        ("hjemmeplejen", "da", ("hjemme", "plejen")),
        ("arbejdsmiljø", "da", ("arbejde", "miljø")),
        ("fællestillidsrepræsentant", "da", ("fælles", "tillid", "repræsentant")),
        ("hovedaftalen", "da", ("hoved", "aftalen")),
        ("tillitsreformen", "nb", ("tillit", "reformen")),
        ("helsetjenesteteam", "nb", ("helse", "tjeneste", "team")),
        ("selvledelse", "nb", ("selv", "ledelse")),
        ("sjuksköterskebrist", "sv", ("sjuksköterska", "brist")),
        ("samhällsbyggnad", "sv", ("samhälle", "byggnad")),
        ("medarbetarsamtal", "sv", ("medarbetare", "samtal")),
        ("skolledning", "sv", ("skola", "ledning")),
    ],
)
def test_a_compound_is_cut_into_words(word, language, expected):
    assert parts(word, language) == expected


def test_what_follows_a_linking_s_need_not_be_known():
    assert parts("tillidskaleidoskop", "da") == ("tillid", "kaleidoskop")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("tillid arbejdede borgerne deltagere ledelsen muligheder fællesskab videnskabelig planlægges spørgsmål", "da"),
        ("medarbejder vejledning undersøgelse forhold frivillig udviklede organisationerne sygehus personer", "da"),
        ("tillit arbeidet innbyggerne ansvarlighet mulighetene fellesskap fortelles velferd spørsmål sykehus", "nb"),
        ("förtroende medarbetare möjligheter självständigt redovisas förändrats gemenskap ledamöter sjukhus", "sv"),
        ("kristiansand helsingborg gladsaxe trondheim", "nb"),
    ],
)
def test_endings_prefixes_and_names_are_no_parts(words, language):
    assert {word: parts(word, language) for word in words.split()} == dict.fromkeys(words.split(), ())


@pytest.mark.parametrize(
    ("word", "language"),
    [("trustworthiness", "en"), ("", "da"), ("tid", "da"), ("fagdag" * 20, "da"), ("tillidsreform", "und")],
)
def test_other_languages_and_odd_words_have_no_parts(word, language):
    assert parts(word, language) == ()


@pytest.mark.parametrize(("language", "share"), [("da", 0.9), ("nb", 0.75), ("sv", 0.75)])
def test_most_compounds_of_the_documents_are_cut(language, share):
    words = PICKED[language].split()
    assert sum(1 for word in words if parts(word, language)) / len(words) >= share


@pytest.mark.parametrize("language", ["da", "nb", "sv"])
def test_the_parts_of_a_word_are_words_of_three_letters_or_more(language, shipped_groups):
    words = {word for group in shipped_groups for d in group if d.language == language for word in tokens(d.title)}
    found = [part for word in words for part in parts(word, language)]
    assert found
    assert [part for part in found if len(part) < 3 or part != fold(part)] == []


def test_a_word_with_very_many_cuts_takes_no_time():
    start = time.perf_counter()
    parts("fagdagtid" * 6, "da")
    assert time.perf_counter() - start < 1


def test_the_data_are_small_and_load_fast():
    assert len(files("kb.words").joinpath(compounds.DATA).read_bytes()) < 300_000
    start = time.perf_counter()
    compounds._words.__wrapped__()
    assert time.perf_counter() - start < 0.5


def test_training_is_the_same_each_time_and_knows_names_from_words():
    texts = {"da": ["Ledelsen i Kolding roser arbejds- og fritiden.", "Ledelsen roser Kolding."]}
    stored = json.loads(gzip.decompress(train(texts)))
    assert train(texts) == train(texts)
    assert stored["da"]["counts"] == {"fritiden": 1, "ledelsen": 2, "roser": 2}
    assert stored["da"]["names"] == {"kolding": 2}


def test_what_stands_before_several_words_is_learned():
    words = "ordning ordning leder leder hovedordning hovedleder tillid tillidsordning tillidsleder"
    stored = json.loads(gzip.decompress(train({"da": [words]})))["da"]
    assert stored["forms"] == {"hoved": 2}
    assert stored["linked"] == {}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A folder in which the command may write instead of the package."""
    (tmp_path / "words").mkdir()
    monkeypatch.setattr("importlib.resources.files", lambda name: tmp_path)
    return tmp_path


def test_the_command_writes_the_profiles_and_the_words(package, small_documents, monkeypatch, capsys):
    monkeypatch.setattr(compounds, "texts", lambda folder: {"da": [folder.name], "nb": [], "sv": []})
    assert main(["kb", "profiles", "--folder", str(small_documents)]) == 0
    assert (package / "words" / compounds.DATA).read_bytes() == train(
        {"da": [small_documents.name], "nb": [], "sv": []}
    )
    assert [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()] == [
        f"wrote {package / 'language_profiles.json.gz'}",
        f"wrote {package / 'words' / compounds.DATA}",
    ]


def test_the_words_come_from_documents_glossary_and_sentences(small_documents):
    texts = compounds.texts(small_documents)
    assert set(texts) == {"da", "nb", "sv"}
    assert "hjemmepleje" in texts["da"]
    assert "heimeteneste" in texts["nb"]
    assert any(text.startswith("Korleis") for text in texts["nb"])
    assert not any("Buurtzorg in the Netherlands" in text for listed in texts.values() for text in listed)
