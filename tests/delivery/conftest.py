"""Empty houses on each kind of database."""

from tests.knowledge.conftest import any_house, house, postgres_url

__all__ = ["any_house", "house", "postgres_url"]
