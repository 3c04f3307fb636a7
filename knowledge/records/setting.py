"""Small facts that the house remembers about itself."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database import Base


class Setting(Base):
    """One remembered value, such as the hash of the built-in files that were last read."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
