"""GET /api/procedures: the catalogue in force, for programs and for links from other pages."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from bot.phrases import display_name
from bot.shelf import Candidate, Shelf
from bot.web.refusals import Refusal, refuse
from bot.wording import say
from knowledge.catalogue import Listing
from knowledge.records.content import Content, Level
from knowledge.records.kinds import Kind
from knowledge.records.procedure import Revision
from nlp.understanding import understand


class ProcedureListed(BaseModel):
    """A procedure in a list; `score` (0 to 1) says how well it fits a question."""

    code: str
    name: str
    levels: list[Level]
    sector: str
    province: str | None
    deep_link: str
    score: float | None = None


class ProcedurePage(BaseModel):
    """A part of the list: `total` is the length of all of it."""

    total: int
    offset: int
    items: list[ProcedureListed]


class ProcedureRecord(BaseModel):
    """All that is published of one procedure."""

    code: str
    name: str
    levels: list[Level]
    sector: str
    kind: Kind
    province: str | None
    owner: str | None
    decision_number: str | None
    decision_date: date | None
    source: str
    source_date: date | None
    in_force_from: date | None
    deep_link: str
    content: Content


def procedure_routes(shelf: Callable[[], Shelf]) -> APIRouter:
    """The routes of the catalogue."""
    routes = APIRouter(
        prefix="/api/procedures", tags=["thủ tục"], responses={422: {"model": Refusal}}
    )

    @routes.get("", summary="Tìm hoặc liệt kê thủ tục")
    def find(
        q: Annotated[str, Query(max_length=2000, description="câu hỏi hoặc mã thủ tục")] = "",
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    ) -> ProcedurePage:
        """Với `q`: các thủ tục khớp nhất, khớp nhất trước. Không có `q`: cả danh mục theo mã."""
        found = _ranking(q, shelf()) if q.strip() else _all(shelf())
        return ProcedurePage(total=len(found), offset=offset, items=found[offset : offset + limit])

    @routes.get("/{code}", summary="Một thủ tục", responses={404: {"model": Refusal}})
    def one(
        code: Annotated[str, Path(max_length=40)],
    ) -> ProcedureRecord | list[ProcedureRecord]:
        """Toàn bộ hồ sơ công bố; một danh sách nếu nhiều tỉnh dùng chung mã."""
        return _records(code, shelf())

    return routes


def _all(shelf: Shelf) -> list[ProcedureListed]:
    listings = sorted(shelf.catalogue.listings.values(), key=lambda listing: listing.slug)
    return [_listed(listing) for listing in listings]


def _ranking(text: str, shelf: Shelf) -> list[ProcedureListed]:
    heard = understand(text, shelf.index)
    named = [slug for code in heard.codes.procedures for slug in shelf.by_code(code)]
    if named:
        return [_listed(shelf.listing(slug)) for slug in dict.fromkeys(named)]
    return [_scored(candidate) for candidate in shelf.candidates(heard, len(heard.matches))]


def _scored(candidate: Candidate) -> ProcedureListed:
    return _listed(candidate.listing).model_copy(update={"score": round(candidate.score, 4)})


def _listed(listing: Listing) -> ProcedureListed:
    return ProcedureListed(
        code=listing.code,
        name=listing.name,
        levels=list(listing.levels),
        sector=listing.sector,
        province=listing.province,
        deep_link=listing.deep_link,
    )


def _records(code: str, shelf: Shelf) -> ProcedureRecord | list[ProcedureRecord]:
    records = [_record(shelf.revision(slug)) for slug in shelf.by_code(code)]
    if not records:
        raise refuse(HTTPStatus.NOT_FOUND, _absence(code, shelf))
    return records[0] if len(records) == 1 else records


def _absence(code: str, shelf: Shelf) -> str:
    gone = shelf.catalogue.withdrawn(code)
    name = display_name(gone.name) if gone else ""
    return say(shelf.absence(code), code=code, name=name)


def _record(revision: Revision) -> ProcedureRecord:
    return ProcedureRecord(
        code=revision.code,
        name=revision.name,
        levels=list(revision.levels),
        sector=revision.sector,
        kind=revision.kind,
        province=revision.province,
        owner=revision.owner,
        decision_number=revision.decision_number,
        decision_date=revision.decision_date,
        source=revision.source,
        source_date=revision.source_date,
        in_force_from=revision.in_force_from,
        deep_link=revision.deep_link,
        content=revision.content,
    )
