from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base

from .rules import LONGEST_ADDRESS, LONGEST_SUBJECT, Topic


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
