"""Letters of scripts beside Latin and those of East Asia: how often names have them, and where they cannot stand."""

from __future__ import annotations

import unicodedata

#: script -> its letters that names and places take 3, 4, 5 … bits to write: counted in those that Faker knows, in the
#: language that has them most (ru, uk, bg; el; he; ar, fa; th)
_COUNTED = {
    "cyrillic": "аио нкервлс тімдьягйу чбпз хфшцюыъ жєїэщј љњћђџ ґё",
    "greek": "αο ρνυςκλιτ σίεημπά δγωύβόχ ήφέώθζ - ξ ψϊΐϋΰ",
    "hebrew": "יו ארלהמנב דתןשסגע קחפטםז כצ - ףץך -",
    "arabic": "اير نیملودبست عهفح ّشجزگقپکصكةط خآءضأئغ ذثظىُ چؤ ژإَ",
    "thai": "- รานิั ์กพตอเสวยมีลุท ชดงณธจะภศปญบ คหูษ่โแฐ้ ซไำถข ฒฮฤฉฟ็ืใฎ ผ๊ฏฑึฬฆฌฝฯ",
}
_FEWEST, _UNKNOWN = 3, 12
_BITS = {
    script: {letter: float(bits) for bits, group in enumerate(groups.split(), _FEWEST) for letter in group}
    for script, groups in _COUNTED.items()
}
SCRIPTS = frozenset(_BITS)
#: an alphabet that has no capital letters
CASELESS = frozenset({"hebrew", "arabic", "thai"})
_BLOCKS = (
    ("greek", 0x370, 0x3FF), ("cyrillic", 0x400, 0x4FF), ("hebrew", 0x590, 0x5FF), ("arabic", 0x600, 0x6FF),
    ("thai", 0xE00, 0xE7F), ("kana", 0x3040, 0x30FF), ("half", 0xFF61, 0xFF9F), ("hangul", 0xAC00, 0xD7A3),
    ("han", 0x3400, 0x9FFF), ("wide", 0xFF00, 0xFF60), ("wide", 0x3000, 0x303F),
)  # fmt: skip
#: that end a word, and that nothing ends with
_AT_THE_END, _NEVER_LAST = frozenset("ךםןףץةى"), frozenset("เแโใไ")
#: signs above and below a letter of Thai, and what else is written behind one
_UPON = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")
_BEHIND = _UPON | frozenset("ะาำๅ")
_MISPLACED = 9


def block_of(letter: str) -> str:
    """The script of a letter that is not Latin; empty where it has none of these."""
    code = ord(letter)
    return next((name for name, first, last in _BLOCKS if first <= code <= last), "")


def bits_of(letter: str, script: str) -> float:
    return _BITS[script].get(letter.lower(), _UNKNOWN)


def misplaced_bits(letter: str, script: str, before: str, after: str) -> float:
    """What it costs that a letter stands where its script has none such."""
    goes_on = after != "" and block_of(after) == script
    if letter in _AT_THE_END:
        return _MISPLACED if goes_on else -1
    if letter in _NEVER_LAST:
        return 0 if goes_on and after not in _BEHIND else _MISPLACED
    if letter in _BEHIND:
        is_upon = before != "" and block_of(before) == "thai" and before not in _NEVER_LAST
        return 0 if is_upon else _MISPLACED
    return 0


def composed(text: str) -> str:
    """Letters and the accents behind them as one: Vietnamese of Windows keeps them apart."""
    return unicodedata.normalize("NFC", text)
