"""What a button carries: the tag of its reply, what it says, and what it says later.

>>> Data = pack("k3f9ab", "giấy tờ", "giấy tờ 1.004222")
>>> Data, unpack(Data)
('k3f9ab:giấy tờ+1.004222', ('giấy tờ', Press(tag='k3f9ab', later='giấy tờ 1.004222')))
"""

import re

from bot.messages import Press

LONGEST = 64  # bytes that Telegram carries
_DATA = re.compile(r"(?P<tag>[a-z2-7]{6}):(?P<says>[^+|]*)(?P<joint>[+|]?)(?P<rest>.*)", re.DOTALL)


def pack(tag: str, says: str, later: str = "", *, longest: int = LONGEST) -> str:
    """The data of a button within so many bytes; if too long, what is said later is left out."""
    joined = f"{says} "
    rest = f"+{later.removeprefix(joined)}" if later.startswith(joined) else f"|{later}"
    for data in (f"{tag}:{says}{rest}" if later else "", f"{tag}:{says}"):
        if data and len(data.encode()) <= longest:
            return data
    raise ValueError("a choice must say something short")


def unpack(data: str) -> tuple[str, Press] | None:
    """What the button says, and the press; None when the data is not of our making."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    says, rest = found["says"], found["rest"]
    later = f"{says} {rest}" if found["joint"] == "+" else rest
    return says, Press(found["tag"], later)
