"""Posting pages (niêm yết) to print, /niem-yet/{code}, and short links for posters, /t/{code}."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.phrases import display_name
from bot.shelf import Shelf
from bot.web.markup import Html, tag, together
from bot.web.page import hotline, template, version
from bot.web.policy import page_headers
from bot.web.posting_sheet import Addresses, sheet
from bot.wording import say
from knowledge.catalogue import Listing, Withdrawn
from knowledge.provinces import provinces
from nlp.codes import find_codes

_METHODS: Final = ["GET", "HEAD"]
_LONGEST_CHAIN: Final = 5  # successors of successors


def posting_routes(shelf: Callable[[], Shelf], public_url: str | None = None) -> APIRouter:
    """The routes of posting pages and short links; `public_url` is what posters lead to."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/niem-yet/{name:path}", methods=_METHODS)
    def show_sheet(name: str, request: Request) -> Response:
        books = shelf()
        slugs = slugs_of(name, books)
        if len(slugs) != 1:
            return _list_or_absence(name, slugs, books)
        addresses = Addresses(public_url or str(request.base_url), name)
        return HTMLResponse(sheet(books.revision(slugs[0]), addresses), headers=page_headers())

    @routes.api_route("/t/{name:path}", methods=_METHODS)
    def follow(name: str) -> Response:
        books = shelf()
        slugs = slugs_of(name, books)
        if len(slugs) != 1:
            return _list_or_absence(name, slugs, books)
        link = books.listing(slugs[0]).deep_link
        return RedirectResponse(link, HTTPStatus.FOUND, headers={"Cache-Control": "no-cache"})

    return routes


def slugs_of(name: str, shelf: Shelf) -> tuple[str, ...]:
    """The procedures that a name in an address means.

    A code may mean several. A slug means one; a slug that is a bare code is told by an `@` after it.
    """
    if "@" in name:
        slug = name.removesuffix("@")
        return (slug,) if shelf.has(slug) else ()
    return shelf.by_code(_code_in(name))


def _code_in(name: str) -> str:
    """The code as the catalogue writes it: posters and messengers also write 1_004222."""
    code = name.partition("@")[0]
    return next(iter(find_codes(code).procedures), code)


def _list_or_absence(name: str, slugs: tuple[str, ...], shelf: Shelf) -> Response:
    code = _code_in(name)
    if slugs:
        items = [_item(shelf.listing(slug), is_shared=True) for slug in slugs]
        title = say("posting_shared_title", code=code)
        return _notice(HTTPStatus.OK, title, say("posting_shared", code=code), items)
    if gone := shelf.catalogue.withdrawn(code):
        return _gone(gone, shelf)
    if shelf.catalogue.is_internal(code):
        title, sentence = say("posting_internal_title"), say("internal_code", code=code)
        return _notice(HTTPStatus.NOT_FOUND, title, sentence)
    if not find_codes(code).procedures:  # what is no code is not repeated
        title = say("posting_unknown_plain")
        return _notice(HTTPStatus.NOT_FOUND, title, say("posting_unknown_hint"))
    title, sentence = say("posting_unknown_title", code=code), say("unknown_code", code=code)
    return _notice(HTTPStatus.NOT_FOUND, title, sentence)


def _gone(gone: Withdrawn, shelf: Shelf) -> Response:
    """What was withdrawn, and what stands in its place today."""
    name = display_name(gone.name)
    sentence = say("withdrawn", code=gone.code, name=name)
    if gone.on:
        sentence = say("withdrawn_on", code=gone.code, name=name, day=f"{gone.on:%d/%m/%Y}")
    slugs = _successors(gone, shelf)
    follows = say("withdrawn_successor" if slugs else "withdrawn_no_successor")
    items = [_item(shelf.listing(slug), is_shared=len(slugs) > 1) for slug in slugs]
    title = say("posting_gone_title", code=gone.code)
    return _notice(HTTPStatus.GONE, title, f"{sentence}\n{follows}", items)


def _successors(gone: Withdrawn, shelf: Shelf) -> tuple[str, ...]:
    """The procedures in force at the end of the chain; none if it leads nowhere."""
    code = gone.successor_code
    for _ in range(_LONGEST_CHAIN):
        if code is None:
            break
        if slugs := shelf.by_code(code):
            return slugs
        later = shelf.catalogue.withdrawn(code)
        code = later.successor_code if later else None
    return ()


def _item(listing: Listing, *, is_shared: bool) -> Html:
    """A procedure with its posting page and its page on the portal."""
    name = listing.slug if "@" in listing.slug or not is_shared else f"{listing.slug}@"
    province = provinces().get(listing.province or "")
    place = province.name if province else listing.owner or ""
    about = " · ".join(part for part in (place, f"mã {listing.code}") if part)
    return tag(
        "li",
        tag("b", display_name(listing.name)),
        tag("span", about, class_="about"),
        tag("a", say("posting_sheet"), href=f"../niem-yet/{_in_address(name)}"),
        tag("a", say("posting_portal_page"), href=listing.deep_link, rel="noopener noreferrer"),
    )


def _in_address(name: str) -> str:
    return quote(name, safe="@")


def _notice(status: int, title: str, sentences: str, items: list[Html] | None = None) -> Response:
    page = template("notice.html").substitute(
        title=tag("h1", title),
        head_title=together(title),
        sentences=together(*(tag("p", line) for line in sentences.splitlines())),
        items=tag("ul", *items, class_="choices") if items else "",
        to_chat=together(say("posting_to_chat")),
        version=version(),
        **hotline(),
    )
    return HTMLResponse(page, status, headers=page_headers())
