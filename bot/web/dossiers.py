"""POST /api/dossiers/lookup for programs of citizens, /api/dossiers/sync for one-stop systems.

A code or proof never stands in an address: both travel in the body, and no answer may be kept.
"""

import json
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session, sessionmaker

from bot import dossier_words as words
from bot.dossier_desk import Desk, Found
from bot.web.guards import SmallBodyRoute
from bot.web.refusals import MALFORMED, TOO_BIG, Refusal, refuse
from bot.wording import say
from knowledge.calendar import VIETNAM
from knowledge.dossiers.facts import Miss, Status
from knowledge.dossiers.limits import Limit
from knowledge.dossiers.origins import origin_of_token
from knowledge.dossiers.syncing import OK, REFUSED, sync
from nlp.dossier_codes import read_dossiers

LARGEST_SYNC: Final = 8 * 1024 * 1024
_NO_TOKEN: Final = "Cần khóa của nguồn trong tiêu đề Authorization: Bearer …"
_UNKNOWN_SERVICE: Final = "không biết service này"


class Wanted(BaseModel):
    """The body of a look-up."""

    code: str = Field(max_length=200, description="mã hồ sơ, như ghi trên giấy hẹn")
    proof: str | None = Field(
        default=None, max_length=20, description="4 số cuối của số định danh hoặc điện thoại"
    )


class Details(BaseModel):
    """What only the owner may see."""

    reason: str | None
    papers: str | None
    amount: int | None
    fetch_at: str | None
    supplement_by: date | None


class Looked(BaseModel):
    """Where a dossier stands; days have no time, and nothing names a person."""

    code: str
    state: int
    procedure_code: str
    procedure_name: str
    unit: str
    received_on: date | None
    due_on: date | None
    days_late: int
    as_of: str
    source: str
    text: str
    details: Details | None


class SyncResult(BaseModel):
    """The answer of the national interface."""

    result: list[dict[str, str]]
    error_code: str
    message: str


def dossier_routes(desk: Desk, factory: sessionmaker[Session]) -> APIRouter:
    """Both routes."""
    routes = APIRouter(prefix="/api/dossiers", tags=["hồ sơ"])
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"model": Refusal} for status in (404, 413, 422, 429, 503)
    }
    small = APIRouter(route_class=SmallBodyRoute, responses=refusals)

    @small.post("/lookup", summary="Tra tình trạng hồ sơ")
    def lookup(wanted: Wanted, request: Request, response: Response) -> Looked:
        """Mã đúng thì cho trạng thái; thêm 4 số cuối đúng thì cho chi tiết."""
        response.headers["Cache-Control"] = "no-store"
        address = request.client.host if request.client else "unknown"
        return _look_up(desk, wanted, address)

    routes.include_router(small)
    _add_sync(routes, desk, factory)
    return routes


def _look_up(desk: Desk, wanted: Wanted, address: str) -> Looked:
    mention = read_dossiers(wanted.code)
    if mention.fault:
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, words.fault_text(mention.fault))
    if len(mention.codes) != 1:
        told = "\n".join([say("dossier_which"), *mention.options]) if mention.options else MALFORMED
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, told)
    code = mention.codes[0]
    proof = wanted.proof.strip()[-4:] if wanted.proof else None
    found = desk.look_up(desk.asker(f"http {address}", "api"), code, proof)
    if isinstance(found, Limit):
        raise refuse(HTTPStatus.TOO_MANY_REQUESTS, say(f"dossier_limit_{found.value}"))
    return _looked(desk, found, code)


def _looked(desk: Desk, found: Found, code: str) -> Looked:
    if found.result is Miss.UNAVAILABLE:
        raise refuse(HTTPStatus.SERVICE_UNAVAILABLE, words.unavailable_text(code))
    if not isinstance(found.result, Status):
        raise refuse(HTTPStatus.NOT_FOUND, words.not_found_text(code, desk.today()))
    status = found.result
    return Looked(
        code=status.code,
        state=status.state.value,
        procedure_code=status.procedure_code,
        procedure_name=status.procedure_name,
        unit=status.unit,
        received_on=status.received_on,
        due_on=status.due_on,
        days_late=words.days_late(status, desk.today()),
        as_of=status.as_of.astimezone(VIETNAM).isoformat(timespec="minutes"),
        source=status.origin,
        text=words.status_text(status, desk.today()),
        details=_details(status),
    )


def _details(status: Status) -> Details | None:
    opened = status.details
    if opened is None:
        return None
    return Details(
        reason=words.free_text(opened.reason),
        papers=words.free_text(opened.papers),
        amount=opened.amount,
        fetch_at=words.free_text(opened.fetch_at),
        supplement_by=opened.supplement_by,
    )


def _add_sync(routes: APIRouter, desk: Desk, factory: sessionmaker[Session]) -> None:
    bearer = HTTPBearer(auto_error=False)

    @routes.post(
        "/sync",
        summary="Hệ thống một cửa gửi hồ sơ",
        responses={status: {"model": Refusal} for status in (401, 413, 422)},
        openapi_extra={
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}
        },
    )
    async def receive(
        request: Request,
        token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> SyncResult:
        """Thông điệp DongBoHoSoMC hoặc CapNhatTienDoHoSoMC; gửi lại bao nhiêu lần cũng được."""
        if token is None:
            raise refuse(HTTPStatus.UNAUTHORIZED, _NO_TOKEN)
        message = await _message(request)
        return await run_in_threadpool(_sync, desk, factory, token.credentials, message)


async def _message(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_SYNC:
            raise refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_BIG)
    try:
        message = json.loads(body)
    except ValueError:
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, MALFORMED) from None
    if not isinstance(message, dict):
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, MALFORMED)
    return message


def _sync(
    desk: Desk, factory: sessionmaker[Session], token: str, message: dict[str, Any]
) -> SyncResult:
    with factory.begin() as session:
        origin = origin_of_token(session, token)
        if origin is None:
            raise _unauthorised()
        results = sync(session, origin, message, desk.keys, desk.now())
    if results is None:
        return SyncResult(result=[], error_code=REFUSED, message=_UNKNOWN_SERVICE)
    return SyncResult(result=results, error_code=OK, message="")


def _unauthorised() -> HTTPException:
    return refuse(HTTPStatus.UNAUTHORIZED, _NO_TOKEN)
