"""Every fixed sentence of the bot, from `wording.toml`, by a name that says when it is said."""

import tomllib
from importlib.resources import files

HOTLINE = "18001096"  # tổng đài Cổng Dịch vụ công Quốc gia
DOSSIER_PAGE = "https://dichvucong.gov.vn/tra-cuu-ho-so"

SENTENCES: dict[str, str] = tomllib.loads(
    (files("bot") / "wording.toml").read_text(encoding="utf-8")
)


def say(name: str, /, **values: object) -> str:
    """The sentence of that name with its gaps filled; the hotline is always at hand."""
    return SENTENCES[name].format(hotline=HOTLINE, **values)
