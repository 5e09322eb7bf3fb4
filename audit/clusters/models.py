from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.core.db import Base
from audit.findings.models import Finding


class Cluster(Base):
    """Findings of one rule that may be one problem. Made by the computer, and ended by it: what
    people say of them stands in `ClusterVerdict`, and the findings themselves are left alone."""

    __tablename__ = "cluster"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]

    members: Mapped[list["ClusterMember"]] = relationship(order_by="ClusterMember.finding_id")


class ClusterMember(Base):
    """A finding is suspected in one cluster at most."""

    __tablename__ = "cluster_member"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    cluster_id: Mapped[UUID] = mapped_column(ForeignKey("cluster.id"))

    finding: Mapped[Finding] = relationship()

    __table_args__ = (Index("ix_cluster_member_cluster_id", "cluster_id"),)


class ClusterVerdict(Base):
    """What a person said of two findings, the one with the lesser id first. Rows are only added;
    the office's latest counts, else the latest at all."""

    __tablename__ = "cluster_verdict"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    one_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"))
    is_same: Mapped[bool]
    by_office: Mapped[bool] = mapped_column(comment="by somebody who may merge the two")
    why: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str] = mapped_column(String(60))

    __table_args__ = (
        CheckConstraint("one_id < other_id", name="in_order"),
        Index("ix_cluster_verdict_one_id", "one_id", "other_id"),
        Index("ix_cluster_verdict_other_id", "other_id"),
    )
