from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base
from audit.journal.models import BigId


class AlertCursor(Base):
    """One row: up to which entry of the journal people have been told. It moves in the transaction
    that writes the messages."""

    __tablename__ = "alert_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigId)
