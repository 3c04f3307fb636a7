"""The dossiers of the transcripts: one of every state, a late one, a copy; owners are made up anew."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from knowledge.dossiers.facts import Facts
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.reading import Reader
from knowledge.records.dossier import State
from tests.dossiers.generating import LABELS

ID_END, PHONE_END = "4321", "5678"
NAMES = ("Vịt Trời", "Gà Tre", "Ngan Bầu", "Cò Lửa")
SECRET = {
    "reason": "Bà {owner} ({owner_id}) khai thiếu ngày sinh",
    "papers": "Giấy chứng sinh bản chính, gọi {phone}",
    "amount": "150.000",
    "fetch_at": "Quầy số 3, tầng 1",
    "supplement_by": "10/12/2026",
}


def owner(luck: random.Random) -> dict[str, str]:
    """Somebody who does not exist; only the last four digits of the numbers are fixed."""
    numbers = [f"{luck.randrange(10**7):07d}" for _ in range(2)]
    return {
        "owner": f"Lê Thị {luck.choice(NAMES)}",
        "owner_id": f"0{numbers[0]}{ID_END}",
        "phone": f"09{numbers[1][:4]}{PHONE_END}",
        "address": f"{luck.randint(1, 99)} đường Ao Vịt",
        "email": f"vit{numbers[0]}@example.org",
    }


def rows(luck: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of the source, and the row as it exports it."""
    for state in State:
        yield "mot-cua", _row(luck, f"H56.14-261120-1{state:03d}", state)
    for number in range(2001, 2010):
        yield "mot-cua", _row(luck, f"H56.14-261120-{number}", State.IN_PROGRESS)
    yield "mot-cua", _row(luck, "H56.14-261110-0077", State.IN_PROGRESS, due="19/11/2026")
    yield (
        "mot-cua",
        _row(luck, "H56.14-261102-0001", State.DONE, due="05/11/2026", finished="10/11/2026"),
    )
    yield "mot-cua", _row(luck, "000.17.22.H56-210531-0001", State.HANDED_OVER)
    yield "mot-cua", _row(luck, "G09.20-20261120-0092637", State.ACCEPTED)
    yield "cong-quoc-gia", _row(luck, "H56.15-261120-0001", State.DONE)
    yield "cong-quoc-gia", _row(luck, "H56.14-261120-1005", State.DONE)


def _row(luck: random.Random, code: str, state: State, **fields: str) -> dict[str, Any]:
    person = owner(luck)
    told = {name: words.format(**person) for name, words in SECRET.items()}
    return {
        "code": code,
        "procedure_code": "1.001193",
        "procedure_name": "Đăng ký khai sinh",
        "sector": "Hộ tịch",
        "unit": "Ủy ban nhân dân xã Ao Sen",
        "contact": "quầy số 1, 12 đường Ao Vịt",
        "channel": "Trực tuyến",
        "state": LABELS[state],
        "received": "20/11/2026 09:00",
        "due": "27/11/2026 17:00",
        **person,
        **told,
        **fields,
    }


def filled(keys: Keys, as_of: datetime) -> Iterator[tuple[str, Facts]]:
    """The facts by their sources."""
    reader = Reader(keys, {})
    for source, row in rows(random.Random(5)):
        yield source, reader.read(row, as_of)


AS_OF = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
