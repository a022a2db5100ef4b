"""Mail, by Django's own backend and the installation's server."""

from __future__ import annotations

import contextlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from anze.jobs.channels.problems import NotSent
from anze.records.reminders.outbox import Outgoing

REFUSED_FOR_GOOD = 500


def send(message: Outgoing) -> None:
    """The message's mark is its Message-ID, the same at each attempt: mail programs drop doubles by it."""
    connection = get_connection()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "anze.invalid"
    letter = EmailMessage(
        subject=message.title,
        body=message.text,
        to=[message.to],
        connection=connection,
        headers={"Message-ID": f"<{message.mark}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        for_good = bool(codes) and min(codes) >= REFUSED_FOR_GOOD
        raise NotSent(f"邮件服务器不接受这个收件地址（{min(codes, default=0)}）", for_good=for_good) from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent("邮件服务器不接受本系统的账号或密码") from None
    except smtplib.SMTPResponseException as refusal:
        raise NotSent(f"邮件服务器拒收（{refusal.smtp_code}）") from None
    except (smtplib.SMTPException, OSError):
        raise NotSent("无法连接邮件服务器，或连接中断") from None
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()  # a refused password leaves it open
