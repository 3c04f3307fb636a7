"""How the web says no: a Vietnamese sentence under `detail`, no traceback, no echo of the input."""

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as AnyHTTPException

from bot.wording import say

TOO_BIG: Final = say("rejected_too_big")
NOT_READY: Final = "Hệ thống đang khởi động, xin thử lại sau ít giây."
MALFORMED: Final = "Yêu cầu không đúng dạng nên tôi không đọc được."
_BY_STATUS: Final = {
    HTTPStatus.BAD_REQUEST: MALFORMED,
    HTTPStatus.NOT_FOUND: "Không có trang này.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Địa chỉ này không nhận cách gửi đó.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_BIG,
}
_ENGLISH_OF_FASTAPI: Final = "There was an error parsing the body"


class Refusal(BaseModel):
    """What went wrong, in a sentence for people."""

    detail: str
    fields: list[str] = []  # which parts of the request were not understood


def refuse(status: int, sentence: str) -> HTTPException:
    """An exception that ends the request with the sentence."""
    return HTTPException(status, sentence)


def speak_vietnamese(app: FastAPI) -> None:
    """Let the framework's own refusals be said in our words."""
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(AnyHTTPException, _on_refused)


def refusal(status: int, sentence: str, fields: list[str] | None = None) -> JSONResponse:
    """The sentence as a response."""
    body = Refusal(detail=sentence, fields=fields or [])
    return JSONResponse(body.model_dump(), status, headers={"Cache-Control": "no-store"})


async def _on_malformed(_request: Request, error: Exception) -> JSONResponse:
    faults = error.errors() if isinstance(error, RequestValidationError) else ()
    places = [".".join(str(part) for part in fault["loc"]) for fault in faults]
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, MALFORMED, places)


async def _on_refused(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, AnyHTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    is_ours = error.detail not in (status.phrase, _ENGLISH_OF_FASTAPI)
    sentence = error.detail if is_ours else _BY_STATUS.get(status, MALFORMED)
    response = refusal(status, sentence)
    response.headers.update(error.headers or {})
    return response
