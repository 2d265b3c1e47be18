"""Folds texts for searching: width, case, and the pinyin initials that people type for Chinese words.

The 3,755 common characters of GB 2312 stand in the order of their pinyin, so their code alone tells the initial; of the
rarer ones, ordered by radical, `RARE` lists those that names of drugs and diseases use. A character that is read in
several ways has the initial of its first reading.
"""

import unicodedata
from bisect import bisect_right
from typing import Final

# The first common character (GB 2312, two bytes) of each initial; i, u and v begin no syllable.
_FIRST: Final = (
    *(0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8),
    *(0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1),
)
_INITIALS: Final = "abcdefghjklmnopqrstwxyz"
_LAST_COMMON: Final = 0xD7F9

RARE: Final = {
    "a": "嗳锕",
    "b": "钯铋苄檗萆荜蝙瘢哔孢",
    "c": "哧苁酢",
    "d": "玷碲啶锝胨氘骶煅",
    "e": "蒽噁呃莪",
    "f": "呋茯砜痱",
    "g": "胍睾钆苷矸蓇",
    "h": "痂荭琥瓠胲肓",
    "j": "肼厥枸蒺胛苣芰",
    "k": "莰咔醌喹髋",
    "l": "蔹铼膦莨痨疬蒌癃",
    "m": "脒咪嘧懋瞀脢",
    "n": "萘脲铌钕衲",
    "p": "哌嘌帔",
    "q": "羟嗪巯蕲",
    "r": "铷",
    "s": "羧噻铈疝痧瘙蒴荽",
    "t": "钛肽铊嗵羰昙",
    "w": "肟",
    "x": "酰溴蕈醑芎荨",
    "y": "吲胭瘀苡茚铟钇",
    "z": "酯唑腙栀甾痣疰",
}
"""Rarer characters by initial."""


_KNOWN: dict[str, str] = {each: initial for initial, characters in RARE.items() for each in characters}


def fold(text: str) -> str:
    """The text as it is compared: compatibility forms made one (full width, ligatures), lower case, trimmed."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def initials(text: str) -> str:
    """The pinyin initials of the Chinese characters in a text, one letter each; '' where there are none."""
    return "".join([_initial(each) for each in text if "\u4e00" <= each <= "\u9fff"])


def _initial(character: str) -> str:
    found = _KNOWN.get(character)
    if found is None:
        found = _KNOWN[character] = _common(character)
    return found


def _common(character: str) -> str:
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    return _INITIALS[bisect_right(_FIRST, code) - 1] if _FIRST[0] <= code <= _LAST_COMMON else ""
