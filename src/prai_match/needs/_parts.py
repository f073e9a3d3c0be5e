"""What of a text is no request: greetings, signatures and quoted mails are blanked, so that positions stay."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from prai_match.needs._text import END

_POLITE = (
    r"(?:madame|monsieur|mesdames|messieurs|mme|mlle|mm?\.?|ch[eè]re?s?|bonjour|bonsoir|salut|allô|collègues?|"
    r"ami[es]*|à tous|à toutes|et|le|la|les|l['’]équipe|maire|maires|président[es]*|directeur|directrice|"
    r"élus?|chargée?)"
)
_GREETING: Final = re.compile(
    rf"\A\s*(?i:bonjour|bonsoir|salut|allô|madame|monsieur|mesdames|messieurs|ch[eè]re?s?|mme|m\.)"
    rf"(?:[\s,]+(?i:{_POLITE})(?![\w'’-])|(?:[^\S\n]|,)+[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)*)*"
    r"\s*(?:[,!.\n]|\Z)",
)
_QUOTED: Final = re.compile(r"(?m)^[ \t]*>.*$")
_FORWARDED: Final = re.compile(
    r"(?ims)^[ \t]*(?:-{2,}\s*(?:message|original|forwarded)|_{8,}|le [^\n]{4,80}a écrit\s*:|"
    r"de\s*:[^\n]*\n[ \t]*(?:envoyé|date|à)\s*:).*\Z"
)
_SIGNATURE: Final = re.compile(
    r"(?is)(?:(?<=[.!?,;\n])|\A)[^\S\n]*(?:(?:bien |très |tr[eè]s )?(?:cordialement|cdlt|cdt|sincèrement|"
    r"respectueusement|"
    r"amicalement)\b|bien à vous|(?:sincères |meilleures |cordiales )?salutations|(?:veuillez|"
    r"je vous prie|nous vous prions|"
    r"recevez|agréez)[^.\n]{0,60}(?:agréer|recevoir|croire|salutations|sentiments)|--[ \t]*\n)"
    r".*?(?=\n[^\S\n]*p\.?\s?s\.?\s*:|\Z)"
)
_CLOSING: Final = re.compile(
    r"(?i)(?:(?<=[.!?,;\n])|\A)[^\S\n]*(?:merci (?:d['’]avance|beaucoup|de votre|pour votre|par avance)|"
    r"en vous remerciant|"
    r"dans l['’]attente d|merci(?=\s*(?:[.!,;\n]|\Z))|avec mes remerciements|"
    r"bonne (?:journée|réception|continuation))[^.!?\n]*"
)
_SIGNED: Final = re.compile(
    r"(?i)(?<=\n)[ \t]*(?:pour )?(?:le |la |l['’])?(?:maire|président|présidente|secrétaire|adjointe?|dgs|"
    r"directeur|directrice)\b"
    r"[^\n:?]{0,80}\s*+\Z"
)
_TRIGGER: Final = re.compile(
    r"(?i)\A\s*(?:bon[js]|salut|all|mada|mons|mesd|mess|ch|mme|m\.)|[>_\n]|cordial|cdl?t|sinc|respect|amical|bien à|"
    r"salutations|"
    r"agré|recev|merci|remerc|attente|bonne|--"
)
# Every text in which the trigger is has one of these in lower case, or begins with a space or one of those below.
_HINTS: Final = (
    *(">", "_", "\n", "cordial", "cdlt", "cdt", "sinc", "respect", "amical", "bien à", "salutations", "agré", "recev"),
    *("merci", "remerc", "attente", "bonne", "--", "ı", "ſ"),
)
_STARTS: Final = ("bonj", "bons", "salut", "all", "mada", "mons", "mesd", "mess", "ch", "mme", "m.")
_ENDING: Final = re.compile(
    r"(?i)(?<=\s)(?:(?:bien |très )?(?:cordialement|cdlt|cdt|sincèrement|respectueusement|amicalement)"
    r"|merci (?:d['’]|par )avance)[\s.!]*+\Z"
)
_INLINE: Final = re.compile(r"[^\n]")
_ALL = (_FORWARDED, _QUOTED, _SIGNATURE, _CLOSING, _ENDING, _SIGNED, _GREETING)


def request_of(text: str) -> str:
    """Return a text in which what isn't the request is blank; a text that is nothing else stays as it is."""
    if not _TRIGGER.search(text):
        return text
    kept = text
    for pattern in _ALL:
        kept = pattern.sub(lambda found: _INLINE.sub(" ", found[0]), kept)
    return kept if kept.strip() else text


def requests(texts: Sequence[str]) -> list[str]:
    """Return what each text requests; most texts have nothing that begins like a greeting, a signature or a quote."""
    low = [text.lower() for text in texts]
    whole = END.join(low)
    bounds = np.cumsum([0, *(len(text) + 1 for text in low)])
    places = [place for hint in _HINTS for place in _occurrences(whole, hint)]
    found = np.searchsorted(bounds, np.array(places, np.int64), "right") - 1
    kept = list(texts)
    begun = [rank for rank, text in enumerate(low) if text.startswith(_STARTS) or text[:1].isspace()]
    for rank in {*found.tolist(), *begun}:
        kept[rank] = request_of(texts[rank])
    return kept


def _occurrences(whole: str, hint: str) -> Iterator[int]:
    place = whole.find(hint)
    while place >= 0:
        yield place
        place = whole.find(hint, place + 1)
