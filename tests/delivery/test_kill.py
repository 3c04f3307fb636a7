"""The kill test in small; `python -m tests.delivery.kill_test` is the whole one."""

from tests.channels.conftest import template
from tests.channels.running import Template
from tests.delivery.kill_test import run

__all__ = ["template"]


def test_nothing_is_lost_doubled_or_out_of_order(template: Template, capsys):
    is_well = run(150, "sqlite", points=5, cache=template.cache)
    assert is_well, capsys.readouterr().out
