"""The first tables: procedures and their revisions, decisions, conversations, messages, settings."""

import sqlalchemy as sa
from alembic import op

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index(
        op.f("ix_conversation_updated_at"), "conversation", ["updated_at"], unique=False
    )

    op.create_table(
        "decision",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("number", "date", name=op.f("uq_decision_number_date")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("conversation_id", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("handled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "event_id", name=op.f("uq_inbox_channel_event_id")),
    )
    op.create_index("ix_inbox_waiting", "inbox", ["handled_at", "id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=200), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_waiting", "outbox", ["sent_at", "next_try_at"], unique=False)

    op.create_table(
        "procedure",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("successor_code", sa.String(length=16), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("slug", name=op.f("uq_procedure_slug")),
    )
    op.create_index(op.f("ix_procedure_code"), "procedure", ["code"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "turn",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("facet", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("elapsed_ms", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    op.create_index(op.f("ix_turn_at"), "turn", ["at"], unique=False)

    op.create_table(
        "decision_item",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("decision_id", NUMBER, nullable=False),
        sa.Column("procedure_slug", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("replaces", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_item_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_item")),
    )
    op.create_index(
        op.f("ix_decision_item_decision_id"), "decision_item", ["decision_id"], unique=False
    )
    op.create_index(
        op.f("ix_decision_item_procedure_slug"), "decision_item", ["procedure_slug"], unique=False
    )

    op.create_table(
        "revision",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("procedure_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("decision_number", sa.String(), nullable=True),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("portal_id", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("is_suspect", sa.Boolean(), nullable=False),
        sa.Column("applicants", sa.JSON(), nullable=False),
        sa.Column("executing", sa.JSON(), nullable=False),
        sa.Column("everyday_names", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("is_list_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_revision_procedure_id_procedure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("procedure_id", "number", name=op.f("uq_revision_procedure_id_number")),
    )
    op.create_index(
        "ix_revision_in_force",
        "revision",
        ["status", "in_force_from", "in_force_to", "mark"],
        unique=False,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_revision_in_force", table_name="revision")

    op.drop_table("revision")
    op.drop_index(op.f("ix_decision_item_procedure_slug"), table_name="decision_item")
    op.drop_index(op.f("ix_decision_item_decision_id"), table_name="decision_item")

    op.drop_table("decision_item")
    op.drop_index(op.f("ix_turn_at"), table_name="turn")

    op.drop_table("turn")
    op.drop_table("setting")
    op.drop_index(op.f("ix_procedure_code"), table_name="procedure")

    op.drop_table("procedure")
    op.drop_index("ix_outbox_waiting", table_name="outbox")

    op.drop_table("outbox")
    op.drop_index("ix_inbox_waiting", table_name="inbox")

    op.drop_table("inbox")
    op.drop_table("decision")
    op.drop_index(op.f("ix_conversation_updated_at"), table_name="conversation")

    op.drop_table("conversation")
