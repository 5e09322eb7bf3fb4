from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.core.actors import Role
from audit.core.db import Base
from audit.core.sealing import SealedText
from audit.districts.models import District

from .rules import OrganisationKind, RoleAt


class Organisation(Base):
    """Who owns, manages or supervises places: a department, a company, a federation."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[OrganisationKind]
    active: Mapped[bool] = mapped_column(default=True)
    district_code: Mapped[str | None] = mapped_column(
        ForeignKey("district.code"), comment="who looks after this entry; null: the city"
    )
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisation.id"), comment="what it is a department of"
    )
    credit_code: Mapped[str | None] = mapped_column(String(18), comment="GB 32100")
    phone: Mapped[str] = mapped_column(String(60), default="", server_default="")
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    mail: Mapped[str] = mapped_column(SealedText, default="", server_default="", comment="sealed")

    district: Mapped[District | None] = relationship()
    parent: Mapped["Organisation | None"] = relationship(remote_side=id)

    __table_args__ = (
        Index("uq_organisation_credit_code", "credit_code", unique=True),
        Index("ix_organisation_parent_id", "parent_id"),
        Index("ix_organisation_district_code", "district_code"),
    )


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True, comment="lower case")
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(
        String(200), comment="argon2id; empty: none yet, a code opens"
    )
    must_change_password: Mapped[bool] = mapped_column(default=False)
    code_hash: Mapped[str | None] = mapped_column(String(64), comment="of a one-time code, SHA-256")
    code_expires_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user", order_by="RoleGrant.role, RoleGrant.district_code"
    )

    __table_args__ = (Index("ix_user_account_organisation_id", "organisation_id"),)

    def roles(self) -> list[RoleAt]:
        return [RoleAt(grant.role, grant.district_code) for grant in self.grants]


class PeopleImport(Base):
    """A table of new accounts between reading it and taking it in: only its sender sees it. The
    rows go when the accounts are made or after a day; who they were stays for new codes."""

    __tablename__ = "people_import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), comment="of the file")
    columns: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[list[Any]] = mapped_column(JSON, comment="line, cells, overflows")
    user_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID]
    done_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_people_import_created_at", "created_at"),)


class RoleGrant(Base):
    """One role of one person, in one district and all below it."""

    __tablename__ = "role_grant"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role]
    district_code: Mapped[str | None] = mapped_column(
        ForeignKey("district.code"), comment="null: the whole city"
    )
    user: Mapped[User] = relationship(back_populates="grants")
    district: Mapped[District | None] = relationship()

    __table_args__ = (UniqueConstraint("user_id", "role", "district_code"),)


class LoginSession(Base):
    """A person is signed in for as long as this row lives; the cookie alone proves nothing."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256")
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    __table_args__ = (Index("ix_login_session_user_id", "user_id"),)


class LoginThrottle(Base):
    """How often signing in failed lately under one key; gone an hour after the last time."""

    __tablename__ = "login_throttle"

    key: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="keyed hash: names nobody"
    )
    failures: Mapped[int]
    last_at: Mapped[datetime]
    open_at: Mapped[datetime] = mapped_column(comment="from when on another try is taken")

    __table_args__ = (Index("ix_login_throttle_last_at", "last_at"),)
