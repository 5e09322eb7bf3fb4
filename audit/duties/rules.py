"""Who may have to do with a place, as article 18 of the law on barrier-free environments names
them: owner, manager, user, and whoever a contract makes responsible. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from audit.core.text import Text


class Duty(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    USER = "user"
    CONTRACT = "contract"


DUTIES: Mapping[Duty, Text] = {
    Duty.OWNER: Text("所有权人", "Owner"),
    Duty.MANAGER: Text("管理人", "Manager"),
    Duty.USER: Text("使用人", "User"),
    Duty.CONTRACT: Text("约定责任人", "Responsible by contract"),
}
