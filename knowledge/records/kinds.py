"""Small closed vocabularies of the records."""

from enum import StrEnum


class Kind(StrEnum):
    """Whose procedure it is, and whether citizens may see it."""

    CENTRAL = "central"  # chung cả nước (STANDARD)
    LOCAL = "local"  # đặc thù của một tỉnh (SPECIFIC)
    INTERNAL = "internal"  # giữa các cơ quan nhà nước: never shown to citizens


class Status(StrEnum):
    """Where a revision stands on its way to the citizen."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # a draft that was given up; published ones are never withdrawn


class Action(StrEnum):
    """What a decision of publication does to a procedure."""

    NEW = "new"  # mới ban hành
    AMENDED = "amended"  # sửa đổi, bổ sung
    REPLACED = "replaced"  # thay thế
    ABOLISHED = "abolished"  # bãi bỏ
