"""Which encoding a text has that is neither UTF-8 nor UTF-16: by what its letters would be in each.

Every reading is weighed in bits, as if the text had to be written down by somebody who knows which letters names and
words are made of: a reading is the better the fewer bits it takes. Two that are about as good and differ are both said.
"""

# ruff: noqa: E501 - letters are read as one line
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from charset_normalizer.constant import FREQUENCIES

from migration.services.letters import ALPHABETS, NEIGHBOURS
from migration.services.scripts import CASELESS, SCRIPTS, bits_of, block_of, composed, misplaced_bits

#: a run that no letter of two bytes begins or ends outside of
_WORD = re.compile(rb"[0-9@-~\x80-\xff]*[\x80-\xff][0-9@-~\x80-\xff]*")
#: different words that are surely enough, and bits by which a reading must be better to be sure
_ENOUGH, _MARGIN, _SHOWN = 1000, 9, 3
#: different words that show a second encoding; fewer are damage
_MIXED = 3
#: codec -> bits that say how seldom it is met
CODECS = {
    "utf-8": 0, "cp1252": 0, "gb18030": 0, "big5": 3, "cp932": 4, "cp949": 4, "cp1250": 3, "cp1251": 3, "mac_roman": 6,
    "iso8859-15": 3, "iso8859-2": 6, "cp1253": 5, "cp1254": 4, "cp1257": 9, "cp850": 8, "cp852": 11, "cp866": 9,
    "koi8-r": 8, "euc-jp": 9, "big5hkscs": 9, "cp1255": 6, "cp1256": 6, "cp874": 6, "cp1258": 8, "iso8859-8": 9,
    "cp862": 11, "iso8859-6": 11, "cp720": 13, "iso8859-7": 14, "cp737": 11, "koi8-u": 9, "iso8859-5": 12,
    "mac_cyrillic": 12, "cp857": 11, "cp775": 17, "mac_latin2": 12, "mac_turkish": 10,
}  # fmt: skip
#: bits of a letter that is often, sometimes, seldom, or hardly ever met in a language
_TIERS = (3, 4.5, 6, 8)
_LETTERS = [{one: bits for group, bits in zip(groups, _TIERS, strict=True) for one in group} for groups in ALPHABETS]
_KNOWN = frozenset().union(*_LETTERS)
#: the same of what stands beside it, against any other letter there
_BESIDE = (-1.5, 0, 2)
_NEIGHBOURS = {
    letter: tuple(
        {one: bits for group, bits in zip(side.split(), _BESIDE, strict=True) for one in group} for side in sides
    )
    for letter, sides in NEIGHBOURS.items()
}
#: beside the usual ones of books: letters of headings, departments, towns and given names
_OF_COMPANIES = {
    "Chinese": (
        "工号姓名部门职位岗级入离日期性别男女出生年月学历电话手机邮箱地址城市公司经理主管员助总监销售研发财务人力资源行政生产车间采购"
        "质量市场客服技术运营安全培训课程考试成绩合格线上下讲座中心组备注状态在北京上海广州深圳杭南武汉成都重庆天津苏西芳娜伟敏静丽强磊军"
        "洋勇艳杰娟涛明超秀霞平刚桂英华建国红梅玲飞鹏辉宇婷雪慧文志海晓春新小俊峰嘉佳子欣雨浩梓"
        "員編號門職務業開發財會資訊總經協電話郵區臺灣學歷課訓線離業務機構廠號淑怡雅美麗傑偉俊豪宏雯婷惠玉珍志明家瑋"
    ),
    "Korean": "사번성명부서직급위책입퇴일영업인재무생산연구소개발팀과장대리차원총품질관민준서지훈예은수현우진영미정호경희선숙울산대전광주",
    "Japanese": "社員番号氏名部署役職入退年月日営業開発人事経理総務課長品質製造研修佐藤鈴木高橋田中伊渡辺山本村小林加吉美子郎太一",
}  # fmt: skip
_OFTEN = {
    name: {letter: place for place, letter in enumerate((*FREQUENCIES[name], *_OF_COMPANIES.get(name, "")))}
    for name in ("Chinese", "Korean", "Japanese")
}
#: that most Chinese and Korean people have
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁沈任姚卢盧傅钟鍾姜崔谭譚廖范汪陆陸金石戴贾韋韦夏邱方侯邹鄒熊孟秦白江阎薛尹段雷黎史龙龍陶贺顾顧毛郝龚龔邵万萬钱錢严嚴赖賴洪武莫孔"
    "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노"
)
_MONEY = frozenset("€£¥\xa0°%")
_TYPOGRAPHIC = frozenset("‘’“”„–—…€°·•№«»£\xa0")
_RARE_SIGN = frozenset("§®©ªº™½¼´¿¡±¥")
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True)
class Reading:
    """``words``: a few that another reading of the same bytes has otherwise. ``lost``: the share of unreadable ones."""

    codec: str
    words: tuple[str, ...] = ()
    lost: float = 0


def readings_of(pieces: Callable[[], Iterator[bytes]]) -> list[Reading]:
    """The best reading of a text, and those that are as likely but differ."""
    words = _words(pieces())
    found = {codec: [composed(word.decode(codec, "replace")) for word in words] for codec in CODECS}
    bits = {codec: CODECS[codec] + bits_in(texts, codec) for codec, texts in found.items()}
    best, *ranked = sorted(bits, key=lambda codec: bits[codec])
    kept = [best]
    for codec in ranked:
        is_whole = not any("\ufffd" in text for text in found[codec])
        if bits[codec] - bits[best] < _MARGIN and is_whole and all(found[codec] != found[one] for one in kept):
            kept.append(codec)
    differing = [place for place in range(len(words)) if len({found[codec][place] for codec in kept}) > 1][:_SHOWN]
    lost = sum("\ufffd" in text or "\ue000" <= max(text) <= "\uf8ff" for text in found[best])
    return [
        Reading(codec, tuple(found[codec][place] for place in differing), lost / max(1, len(words))) for codec in kept
    ]


def is_mixed(pieces: Callable[[], Iterator[bytes]]) -> bool:
    """Whether a text of UTF-8 has words of Windows among its own, as when files were put together: what is no UTF-8
    is letters of names in it. A lone first byte of two is a letter that was cut, which nobody can tell."""
    lost = [word for word in _words(pieces()) if "\ufffd" in word.decode("utf-8", "replace")]
    if len(lost) < _MIXED:
        return False
    strays = [byte for word in lost for byte in _strays(word)]
    return all(chr_ in _KNOWN and byte not in b"\xc2\xc3" for byte, chr_ in strays)


def _strays(word: bytes) -> Iterator[tuple[int, str]]:
    """(byte, its letter in lower case) of what is no UTF-8 in a word."""
    at = 0
    while at < len(word):
        try:
            word[at:].decode("utf-8")
        except UnicodeDecodeError as error:
            for byte in word[at + error.start : at + error.end]:
                yield byte, bytes([byte]).decode("cp1252", "replace").lower()
            at += error.end
        else:
            return


def _words(pieces: Iterable[bytes]) -> list[bytes]:
    """Different words with a letter beyond ASCII, from whole lines."""
    found: dict[bytes, None] = {}
    rest = b""
    for piece in pieces:
        lines, _break, rest = (rest + piece).rpartition(b"\n")
        found.update(dict.fromkeys(_WORD.findall(lines)))
        if len(found) >= _ENOUGH:
            return list(found)[:_ENOUGH]
    found.update(dict.fromkeys(_WORD.findall(rest)))
    return list(found)[:_ENOUGH]


def words_in(lines: Iterable[bytes]) -> list[bytes]:
    """The same of lines."""
    return _words([b"\n".join(lines)])


# --- how likely words are ---------------------------------------------------------------------------------------------
def bits_in(texts: list[str], codec: str) -> float:
    """The bits that words take, read so."""
    latin: Counter[str] = Counter()
    total = 0.0
    for text in texts:
        for place, letter in enumerate(text):
            if letter < "\x80":
                continue
            before, after = text[place - 1 : place], text[place + 1 : place + 2]
            script = _script(letter)
            total += _place_bits(letter, script, before, after)
            if script == "latin":
                latin[letter.lower()] += 1
            else:
                total += _letter_bits(letter, script, codec)
    return total + _language_bits(latin)


def _language_bits(latin: Counter[str]) -> float:
    """By the language that explains them best; letters of others cost more."""
    return min(
        sum(count * (letters.get(one) or (10 if one in _KNOWN else 15)) for one, count in latin.items())
        for letters in _LETTERS
    )


@lru_cache(maxsize=50_000)
def _script(letter: str) -> str:
    if letter == "\xa0":
        return "sign"
    code, block = ord(letter), block_of(letter)
    if not letter.isalpha() and block not in CASELESS:
        if block == "wide":
            return "wide"
        return "private" if 0xE000 <= code <= 0xF8FF or code < 0xA0 or not letter.isprintable() else "sign"
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin" if letter not in "ºª" else "sign"
    return block or ("private" if 0xE000 <= code <= 0xF8FF else "other")


def _place_bits(letter: str, script: str, before: str, after: str) -> float:
    """Letters that do not stand so beside each other."""
    near = [one for one in (before, after) if one and (one.isalpha() or one >= "\x80")]
    digits = before.isdigit() + after.isdigit()
    scripts = [_script(one) if one >= "\x80" else "ascii" for one in near]
    bits = 0.0
    if script == "latin" or script in SCRIPTS:
        if before.isalpha() and before.islower() and letter.isupper():
            bits += 11
        if letter.islower() and before.isupper() and (after.isupper() or not after.isalpha()) and len(near) > 0:
            bits += 7
        if letter.islower() and after.isalpha() and after.isupper():
            bits += 9
        bits += 7 * digits
        own = ("latin", "ascii") if script == "latin" else (script,)
        bits += (6 if script == "latin" else 9) * sum(one not in own and one != "sign" for one in scripts)
        if script == "latin":
            bits += 2 * (scripts.count("latin") > 0) + _beside_bits(letter, before, after)
        elif script in CASELESS:
            bits += misplaced_bits(letter, script, before, after)
    elif script == "sign":
        bits += (1 if letter == "’" else 6) * sum(map(str.isalpha, near)) - 3 * (digits > 0 and letter in _MONEY)
    elif script in ("hangul", "half", "kana", "wide"):
        bits += 5 * (scripts.count("ascii") + scripts.count("han") * (script == "hangul"))
        bits += 8 * (script == "half" and "half" not in scripts) - 4 * (not before and letter in _SURNAMES)
    elif script == "han":
        bits += 6 * sum(one.islower() for one in near if one < "\x80")
        bits -= 4 * (not before and letter in _SURNAMES)
    return bits


def _beside_bits(letter: str, before: str, after: str) -> float:
    sides = _NEIGHBOURS.get(letter.lower())
    if sides is None:
        return 3
    return sides[0].get(_beside(before, "^"), 5) + sides[1].get(_beside(after, "$"), 5)


def _beside(letter: str, end: str) -> str:
    return end if not letter.isalpha() else "*" if letter >= "\x80" else letter.lower()


def _letter_bits(letter: str, script: str, codec: str) -> float:
    if script in SCRIPTS:
        return bits_of(letter, script)
    match script:
        case "han":
            return _han_bits(letter, codec)
        case "hangul":
            if letter in _OFTEN["Korean"]:
                return 7.5
            return 11.0 if codec == "cp949" and len(_encodes(letter, "euc_kr")) == 2 else 22
        case "kana":
            return 5.5 if codec in ("cp932", "euc-jp") else 10
        case "half":
            return 9
        case "wide":
            return 6
        case "sign":
            if letter == "¤":
                return 20
            return 7 if letter in _TYPOGRAPHIC else 9 if letter in _RARE_SIGN else 13
    # nothing but a sign that nobody sees is written in four bytes
    return (12 if codec == "gb18030" and letter in _UNSEEN else 40) if script == "private" else 20


@lru_cache(maxsize=50_000)
def _han_bits(letter: str, codec: str) -> float:
    """By the plane of the standard that the letter is on: the usual ones come first in each."""
    if codec == "cp949":
        return 17
    if codec in ("cp932", "euc-jp"):
        code = _encodes(letter, "shift_jis")
        return 9 if letter in _OFTEN["Japanese"] else 11.5 if code and code[0] < 0x98 else 17 if code else 22
    traditional = _encodes(letter, "big5")
    is_usual = bool(traditional and traditional[0] <= 0xC6)
    if codec == "gb18030":
        simple = _encodes(letter, "gb2312")
        if simple:
            return 8.5 if letter in _OFTEN["Chinese"] else 11.5 if simple[0] < 0xD8 else 15
        return 16 if is_usual else 22
    return 9 if letter in _OFTEN["Chinese"] else 11.5 if is_usual else 17


def _encodes(letter: str, codec: str) -> bytes:
    try:
        return letter.encode(codec)
    except UnicodeEncodeError:
        return b""
