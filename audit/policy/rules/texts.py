"""What the city says in its own words, in letters and on pages, and the words as shipped. Pure.

The shipped words are ours, from no law or form; a text may be left empty and is then left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.core.text import Text

LONGEST = 1000
TEXT = "text:"  # and then one of `CityText`: the name under which a choice is kept


class CityText(StrEnum):
    OFFICE = "office"
    NOTICE_OPENING = "notice_opening"
    NOTICE_CLOSING = "notice_closing"
    ADVICE_OPENING = "advice_opening"
    ADVICE_CLOSING = "advice_closing"
    COMPLAINT = "complaint"
    THANKS = "thanks"
    HOURS = "hours"


@dataclass(frozen=True)
class Wording:
    """`place`: where it is read. `lines`: of several paragraphs."""

    title: Text
    place: Text
    shipped: Text
    lines: bool = True


WORDINGS: Mapping[CityText, Wording] = {
    CityText.OFFICE: Wording(
        Text("落款的单位名称", "Name of the office in letters"),
        Text("写在通知、建议等文书的落款处。", "Stands at the foot of notices and letters."),
        Text("残疾人联合会", "Disabled Persons' Federation"),
        lines=False,
    ),
    CityText.NOTICE_OPENING: Wording(
        Text("整改通知的开头", "Opening of a notice to an organisation"),
        Text("写在通知里问题清单的前面。", "Stands before the list of findings in a notice."),
        Text(
            "我们检查了由贵单位负责的无障碍设施，发现下列问题，请按期整改。"
            "每个问题都写明了量得的值、要求和依据。",
            "We have inspected accessibility facilities for which you are responsible and found "
            "the following. Please put it right in time. Each finding states what was measured, "
            "what is required and on what ground.",
        ),
    ),
    CityText.NOTICE_CLOSING: Wording(
        Text("整改通知的结尾", "Closing of a notice to an organisation"),
        Text("写在通知里问题清单的后面。", "Stands after the list of findings in a notice."),
        Text(
            "改好以后，请填写整改情况并附上照片，我们会派另一位监督员到现场复查。"
            "不由贵单位负责，或者需要更多时间的，也请及时告诉我们。",
            "When it is put right, please describe what was done and add photos; another "
            "supervisor will come to re-check. If it is not yours to fix, or you need more time, "
            "please tell us soon.",
        ),
    ),
    CityText.ADVICE_OPENING: Wording(
        Text("建议书的开头", "Opening of a letter of advice"),
        Text("写在建议书里清单的前面。", "Stands before the list in a letter of advice."),
        Text(
            "检查中有下列几处可以改进。这些是建议，不是责令改正。",
            "Our inspection found the following to improve. This is advice, not an order.",
        ),
    ),
    CityText.ADVICE_CLOSING: Wording(
        Text("建议书的结尾", "Closing of a letter of advice"),
        Text("写在建议书里清单的后面。", "Stands after the list in a letter of advice."),
        Text(
            "采纳与否，请告诉我们；需要办法或者例子，可以和我们联系。",
            "Please tell us whether you will take it up, and ask us for ways and examples.",
        ),
    ),
    CityText.COMPLAINT: Wording(
        Text("申辩的权利", "The right to object"),
        Text(
            "写在通知里，也显示在帮助页。",
            "Stands in notices, and on the help page.",
        ),
        Text(
            "对认定的问题有异议的，可以陈述和申辩：请写明理由，附上照片或材料。"
            "我们会核对并答复；提出异议不会加重处理。",
            "Whoever disagrees with a finding may object: please give the reason and add photos or "
            "papers. We will check and answer; an objection never makes matters worse.",
        ),
    ),
    CityText.THANKS: Wording(
        Text("提交检查后的感谢", "Thanks after an inspection"),
        Text("显示在检查结果页。", "Shown on the page of an inspection's result."),
        Text(
            "谢谢您到现场检查。您记下的每一处，都会有人去看。",
            "Thank you for going there. Somebody will look at everything that you noted.",
        ),
    ),
    CityText.HOURS: Wording(
        Text("对外的电话和时间", "Public telephone and hours"),
        Text(
            "显示在帮助页和无障碍声明，跟在联系方式后面。默认不填。",
            "Shown after the contact on the help and accessibility pages. Empty as shipped.",
        ),
        Text("", ""),
    ),
}
