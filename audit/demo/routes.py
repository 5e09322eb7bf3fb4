"""Which department of the sample city sees to which kind of facility. The law leaves it to each
city."""

from collections.abc import Mapping
from uuid import UUID

from audit.core.actors import Actor
from audit.routing.actions import choose_route
from audit.routing.rules import Route, Scope

FIELDS: Mapping[str, tuple[str, ...]] = {
    "housing": ("building", "residential", "parking"),
    "transport": ("bus_stop", "vehicle"),
    "urban": ("road", "crossing", "bridge", "toilet", "park"),
    "digital": ("website", "app", "kiosk", "service"),
    "tourism": ("event",),
}
WHY = "示例：按各部门的职责分工；实际归谁由各地自己定。"


def set_routes(organisations: Mapping[str, UUID], actor: Actor) -> None:
    for department, kinds in FIELDS.items():
        for kind in kinds:
            choose_route(Scope(kind=kind), Route(organisations[department]), WHY, actor)
