"""An assistant whose lists are known beforehand, whatever the ranking makes of a question."""

from typing import Final

from bot.assistant import Assistant
from bot.conversations import Memory
from bot.messages import Bubble, Choice, Message, Named, Outcome, Reply

LIST: Final = "danh sách"
MORE: Final = "xem thêm"
_CODES: Final = [f"1.00000{number}" for number in range(1, 9)]


class Scripted(Assistant):
    """Offers eight procedures in two pages; all else is answered as always."""

    def reply(self, message: Message, memory: Memory | None = None) -> Reply:
        if message.text == LIST:
            return _page(1, 5)
        if message.text == MORE:
            return _page(6, 8)
        if message.text.isdigit() or message.text in _CODES:
            return _chosen(message.text)
        return super().reply(message, memory)


def _page(first: int, last: int) -> Reply:
    choices = [
        Choice(f"{number}. Việc thứ {number}", str(number), later=_CODES[number - 1])
        for number in range(first, last + 1)
    ]
    if last < len(_CODES):
        choices.append(Choice("Xem thêm", MORE))
    text = f"Bạn cần việc nào, từ {first} đến {last}?\nTrả lời bằng số."
    return Reply(Outcome.CLARIFY, (Bubble(text, tuple(choices)),))


def _chosen(text: str) -> Reply:
    named = Named("1.000001", "Việc", "https://dichvucong.gov.vn/viec")
    answer = Bubble(f"Đã chọn {text}.\nhttps://dichvucong.gov.vn/viec")
    return Reply(Outcome.ANSWER, (answer,), procedure=named)
