"""`motcua serve` for the benchmark of delivery: the same, without Telegram's own limits of speed."""

import json
import sys

from bot.commands.run import serve
from bot.config import Settings
from bot.delivery_service import Tuning
from tests.channels.running import FAST


def main() -> None:
    """Serve until told to end."""
    told = json.loads(sys.argv[1])
    workers = told.pop("workers")
    serve(Settings(**told), workers=workers, tuning=Tuning(telegram=FAST))


if __name__ == "__main__":
    main()
