"""Mail by the server that the settings name."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from audit.core.clock import now
from audit.core.settings import Settings

from ..actions import Parcel
from .letters import letter_for
from .outside import NotSent

PATIENCE_S = 20.0
REFUSED = 500  # what the server will say again tomorrow


def send(parcel: Parcel, settings: Settings) -> None:
    """Raises `NotSent`."""
    if not settings.smtp_host:
        raise NotSent("no mail server is set", for_good=True)
    message = compose(parcel, settings)
    try:
        with _connected(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise NotSent(f"{code} {_plain(words)}", for_good=code >= REFUSED) from None
    except smtplib.SMTPResponseException as refused:
        hopeless = refused.smtp_code >= REFUSED and not isinstance(
            refused, smtplib.SMTPAuthenticationError
        )  # a wrong password is mended by the administrator
        raise NotSent(
            f"{refused.smtp_code} {_plain(refused.smtp_error)}", for_good=hopeless
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from None


def compose(parcel: Parcel, settings: Settings) -> EmailMessage:
    """Plain text and the same as HTML. It bears the same number at every try, so that one which
    arrived unnoticed is known by the reader's mail program."""
    letter = letter_for(parcel, settings)
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = parcel.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{parcel.ids[0]}@{settings.mail_from.split('@')[1]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "en" if parcel.language == "en" else "zh-CN"
    message.set_content(letter.plain)
    message.add_alternative(letter.rich, subtype="html")
    return message


def _connected(settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    host, port = settings.smtp_host, settings.smtp_port
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=PATIENCE_S, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE_S)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _plain(words: object) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
