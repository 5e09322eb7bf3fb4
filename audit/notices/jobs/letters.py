"""What a mail or a short message says, in the language of its reader."""

import html
from collections import Counter
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from audit.core.settings import Settings
from audit.core.text import Text

from ..actions import Parcel
from ..rules import TOPICS, plain_line

LONGEST_SMS = 300
QUESTION_DAYS = 7
HELLO = Text("您好：", "Hello,")
OPEN = Text("登录后查看：", "Sign in to see more: ")
WHY = Text(
    "这封邮件由系统自动发出，请不要回复。要少收或不收，请在“我的消息”里改通知方式。",
    "This mail was sent automatically; please do not reply. To receive fewer or none, choose so "
    "under Messages.",
)
OPEN_OUTSIDE = Text("请打开：", "Please open: ")
WHY_OUTSIDE = Text(
    "这封邮件由系统自动发出，请不要回复。里面的链接不用账号就能打开，请只交给办理的人。",
    "This mail was sent automatically; please do not reply. The link in it opens without an "
    "account: give it only to whoever deals with the matter.",
)
DIGEST = Text("{count} 条新消息", "New messages: {count}")
QUESTION = Text("请确认您的邮箱", "Please confirm your mail address")
ASKED = Text(
    "有人在 {city}无障碍监督平台 填了这个邮箱来收通知。如果是您，请先登录，再打开下面的地址确认，"
    "七天内有效。如果不是您，请不必理会。",
    "Somebody entered this mail address on {city}'s accessibility platform to receive messages. If "
    "it was you, sign in and open the address below within seven days. If not, ignore this mail.",
)


@dataclass(frozen=True)
class Letter:
    """`plain` and `rich` say the same."""

    subject: str
    plain: str
    rich: str


def letter_for(parcel: Parcel, settings: Settings) -> Letter:
    language = parcel.language
    base = settings.public_url.rstrip("/")
    if not parcel.items:
        city = settings.city_name_en if language == "en" else settings.city_name
        token = signer(settings).dumps([str(parcel.user_id), parcel.to])
        parts = [(ASKED.in_(language).format(city=city), "", f"{base}/messages/confirm/{token}")]
        return _written(QUESTION.in_(language), parts, language, (OPEN, WHY))
    parts = [(one.subject, one.body, base + one.address) for one in parcel.items]
    words = (OPEN_OUTSIDE, WHY_OUTSIDE) if parcel.outside else (OPEN, WHY)
    whole = DIGEST.in_(language).format(count=len(parts))
    return _written(parts[0][0] if len(parts) == 1 else whole, parts, language, words)


def _written(
    subject: str, parts: list[tuple[str, str, str]], language: str, words: tuple[Text, Text]
) -> Letter:
    lines, boxes = [HELLO.in_(language), ""], []
    leads, why = (one.in_(language) for one in words)
    for title, body, url in parts:
        lines += [title, *([body] if body else []), leads + url, ""]
        said = "".join(f"<p>{html.escape(line)}</p>" for line in (body.split("\n") if body else []))
        boxes.append(
            f"<h2>{html.escape(title)}</h2>{said}"
            f'<p><a href="{html.escape(url)}">{html.escape(leads + url)}</a></p>'
        )
    tag = "en" if language == "en" else "zh-CN"
    rich = (
        f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8">'
        f"<title>{html.escape(subject)}</title></head><body><p>{HELLO.in_(language)}</p>"
        f"{''.join(boxes)}<p><small>{html.escape(why)}</small></p></body></html>"
    )
    return Letter(plain_line(subject), "\n".join([*lines, why]), rich)


def short_text(parcel: Parcel, settings: Settings) -> str:
    """One message in its words; several as counts by topic. Of a link nothing is cut off."""
    language = parcel.language
    if parcel.outside:
        url = settings.public_url.rstrip("/") + parcel.items[0].address
        said = f"{parcel.items[0].subject} {parcel.items[0].body}"
        return f"{plain_line(said, LONGEST_SMS - len(url) - 1)} {url}"
    if len(parcel.items) == 1:
        return plain_line(f"{parcel.items[0].subject} {parcel.items[0].body}", LONGEST_SMS)
    counts = Counter(one.topic for one in parcel.items)
    comma, colon = ("，", " ") if language != "en" else (", ", ": ")
    named = [f"{TOPICS[topic].in_(language)}{colon}{counts[topic]}" for topic in TOPICS
             if counts[topic]]  # fmt: skip
    whole = DIGEST.in_(language).format(count=len(parcel.items))
    return plain_line(f"{whole}{comma}{comma.join(named)}", LONGEST_SMS)


def signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key(), salt="mail address")


def read_question(token: str, settings: Settings) -> tuple[str, str] | None:
    """Whose address is confirmed, and which; None for a token that is forged or too old."""
    try:
        user_id, mail = signer(settings).loads(token, max_age=QUESTION_DAYS * 24 * 3600)
    except (BadSignature, ValueError):
        return None
    return str(user_id), str(mail)
