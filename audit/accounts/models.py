from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.core.actors import Role
from audit.core.db import Base

from .rules import OrganisationKind


class Organisation(Base):
    """Who owns, manages or supervises places: a department, a company, a federation."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[OrganisationKind]
    active: Mapped[bool] = mapped_column(default=True)


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True, comment="lower case")
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200), comment="argon2id")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user", order_by="RoleGrant.role, RoleGrant.district_code"
    )

    __table_args__ = (Index("ix_user_account_organisation_id", "organisation_id"),)


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

    __table_args__ = (UniqueConstraint("user_id", "role", "district_code"),)


class LoginSession(Base):
    """A person is signed in for as long as this row lives; the cookie alone proves nothing."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256")
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    __table_args__ = (Index("ix_login_session_user_id", "user_id"),)


class LoginFailure(Base):
    __tablename__ = "login_failure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_login_failure_login_at", "login", "at"),)
