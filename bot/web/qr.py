"""QR codes as SVG, drawn here: nothing is asked of anybody."""

import segno

from bot.web.markup import Html

_QUIET = 4  # modules of white around the code, as the standard asks


def qr(address: str) -> Html:
    """A code that a phone's camera opens; it takes the size of what it stands in."""
    code = segno.make(address, error="m", micro=False)
    picture = code.svg_inline(
        border=_QUIET, omitsize=True, svgclass="qr", lineclass=None, light="#fff"
    )
    return Html(picture)
