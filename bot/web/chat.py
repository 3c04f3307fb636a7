"""POST /api/chat: one message of a citizen, one turn back."""

import time
from collections import OrderedDict
from http import HTTPStatus
from threading import Lock
from typing import Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from bot.assistant import Assistant
from bot.channels import web
from bot.messages import Message
from bot.web.figures import count_turn
from bot.web.guards import SmallBodyRoute
from bot.web.refusals import MALFORMED, Refusal, refuse
from bot.web.turns import TurnJson, turn_json

_MOST_COUNTED: Final = 20_000


class Question(BaseModel):
    """The body of a chat request."""

    text: str = Field(description="điều người dân gõ, hoặc `says` của nút được bấm")
    conversation_id: str | None = Field(
        default=None, description="mã trong câu trả lời trước; trống là cuộc trò chuyện mới"
    )


class ChatTurn(TurnJson):
    """The turn, and the conversation that the next message belongs to."""

    conversation_id: str


class TurnNumbers:
    """Counts the turns of the latest conversations: a number for outsiders, no more."""

    def __init__(self) -> None:
        self._next: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def next(self, conversation_id: str) -> int:
        """0 for the first turn, then one more each time."""
        with self._lock:
            number = self._next.pop(conversation_id, 0)
            self._next[conversation_id] = number + 1
            if len(self._next) > _MOST_COUNTED:
                self._next.popitem(last=False)
        return number


def chat_routes(assistant: Assistant) -> APIRouter:
    """The route of the conversation."""
    routes = APIRouter(
        prefix="/api",
        tags=["trò chuyện"],
        route_class=SmallBodyRoute,
        responses={status: {"model": Refusal} for status in (413, 422, 500)},
    )
    numbers = TurnNumbers()

    @routes.post("/chat", summary="Hỏi một câu")
    def chat(question: Question, response: Response) -> ChatTurn:
        """Hỏi một câu và nhận một lượt trả lời; gửi lại `conversation_id` để hỏi tiếp."""
        response.headers["Cache-Control"] = "no-store"
        message = web.read(question.model_dump())
        if message is None:
            raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, MALFORMED)
        return _answered(assistant, message, numbers.next(message.conversation_id))

    return routes


def _answered(assistant: Assistant, message: Message, turn: int) -> ChatTurn:
    started = time.perf_counter()
    reply = assistant.reply(message)
    elapsed_ms = (time.perf_counter() - started) * 1000
    count_turn(message.channel, reply.outcome, elapsed_ms)
    answer = turn_json(reply, id=message.event_id, turn=turn, elapsed_ms=elapsed_ms)
    return {**answer, "conversation_id": message.conversation_id}
