from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import User
from audit.core.db import Base
from audit.core.sealing import SealedText

from .rules import (
    LONGEST_ADDRESS,
    LONGEST_SUBJECT,
    LONGEST_URL,
    Channel,
    DeliveryState,
    HookTopic,
    Pace,
    Topic,
)


class Notice(Base):
    """A message in one person's inbox, in both languages. Nobody else ever sees it."""

    __tablename__ = "notice"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    topic: Mapped[Topic]
    subject_zh: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    subject_en: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(
        String(LONGEST_ADDRESS), comment="a path of ours to go on to; empty: none"
    )
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_notice_user_id_created_at", "user_id", "created_at"),
        # every page counts what is unread
        Index(
            "ix_notice_unread",
            "user_id",
            sqlite_where=text("read_at is null"),
            postgresql_where=text("read_at is null"),
        ),
    )

    def subject(self, language: str) -> str:
        return self.subject_en if language == "en" else self.subject_zh

    def body(self, language: str) -> str:
        return self.body_en if language == "en" else self.body_zh


class Contact(Base):
    """Where a person is reached beside the inbox, and in which language. Sealed."""

    __tablename__ = "notice_contact"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    mail: Mapped[str] = mapped_column(Text, default="", comment="sealed; empty: none")
    mail_confirmed_at: Mapped[datetime | None]
    phone: Mapped[str] = mapped_column(Text, default="", comment="sealed; empty: none")
    language: Mapped[str] = mapped_column(String(2))
    digest_hour: Mapped[int]


class TopicChoice(Base):
    """How soon messages of one topic reach a person there; without a row the default holds."""

    __tablename__ = "notice_choice"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    pace: Mapped[Pace]


class Delivery(Base):
    """That one message is to leave by mail or SMS, and what became of it.

    With `about` it is a letter to an address outside; `user_id` is then who sent it. Where it goes
    and what it says lie sealed, and are erased when it has left or is given up.
    """

    __tablename__ = "notice_delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    notice_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("notice.id"), comment="null: a letter, or asks whether the address is right"
    )
    channel: Mapped[Channel]
    digest: Mapped[bool] = mapped_column(comment="leaves together with others of its person")
    state: Mapped[DeliveryState]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")
    done_at: Mapped[datetime | None]
    about: Mapped[str] = mapped_column(
        String(LONGEST_ADDRESS),
        default="",
        server_default="",
        comment="of a letter: a path of ours",
    )
    recipient: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    letter: Mapped[str] = mapped_column(SealedText, default="", server_default="", comment="JSON")

    notice: Mapped[Notice | None] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (
        Index(
            "ix_notice_delivery_due",
            "due_at",
            sqlite_where=text("state in ('pending', 'failed')"),
            postgresql_where=text("state in ('pending', 'failed')"),
        ),
        Index("ix_notice_delivery_notice_id", "notice_id"),
        Index(
            "ix_notice_delivery_about",
            "about",
            sqlite_where=text("about <> ''"),
            postgresql_where=text("about <> ''"),
        ),
        Index("ix_notice_delivery_user_id", "user_id", "state"),
    )


class Webhook(Base):
    """Another system that is told of what happens here."""

    __tablename__ = "webhook"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    topics: Mapped[list[str]] = mapped_column(JSON)
    districts: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    secret: Mapped[str] = mapped_column(Text, comment="sealed; shown once")
    active: Mapped[bool] = mapped_column(default=True)
    failing_since: Mapped[datetime | None] = mapped_column(comment="nothing arrived since")
    created_at: Mapped[datetime]
    created_by_name: Mapped[str] = mapped_column(String(60))


class HookDelivery(Base):
    """One event on its way to another system, and what that answered."""

    __tablename__ = "webhook_delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[UUID] = mapped_column(comment="the same when it is sent again")
    topic: Mapped[HookTopic]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None] = mapped_column(comment="of the last answer")
    milliseconds: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(300), default="", comment="its first signs")
    created_at: Mapped[datetime]

    webhook: Mapped[Webhook] = relationship()

    __table_args__ = (
        Index("ix_webhook_delivery_webhook_id", "webhook_id", "created_at"),
        Index(
            "ix_webhook_delivery_due",
            "due_at",
            sqlite_where=text("state in ('pending', 'failed')"),
            postgresql_where=text("state in ('pending', 'failed')"),
        ),
    )
