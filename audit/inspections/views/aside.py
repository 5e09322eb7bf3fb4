"""What came under the number of a filed inspection afterwards, and says something else."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from audit.checklists.rules import Answer, AnswerState, Item
from audit.core.language import current_language

from ..forms import parse_inspection
from ..models import InspectionReceipt
from ..queries import receipts_of
from ..rules import Receipt
from .result import ResultPage, said


@dataclass(frozen=True)
class Difference:
    """The question, what stands, and what came; "" where nothing was answered."""

    question: str
    stands: str
    came: str


@dataclass(frozen=True)
class Aside:
    receipt: InspectionReceipt
    differences: Sequence[Difference]


def kept_aside(page: ResultPage) -> list[Aside]:
    """The earliest first."""
    kept = receipts_of(page.inspection.id)
    return [_aside(page, one) for one in kept if one.outcome is Receipt.CONFLICT]


def _aside(page: ResultPage, receipt: InspectionReceipt) -> Aside:
    typed = MultiDict(receipt.content.get("typed", {}))
    came = parse_inspection(typed, page.checklist.items).answers
    stands = {line.item.id: line.said for line in page.lines}
    words = {item_id: _words(page.checklist.item(item_id), one) for item_id, one in came.items()}
    return Aside(
        receipt,
        [
            Difference(item.ask.in_(current_language()), stands.get(item.id, ""), new)
            for item in page.checklist.items
            if (new := words.get(item.id, "")) != stands.get(item.id, "")
        ],
    )


def _words(item: Item, answer: Answer) -> str:
    try:
        return said(item, answer.value) if answer.state is AnswerState.ANSWERED else ""
    except ValueError:  # nothing that the item knows
        return str(answer.value)
