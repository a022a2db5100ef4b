"""Try an action behind a form: a refusal becomes an error on the form, and nothing of the attempt stays."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, OperationalError, transaction
from django.forms import BaseForm

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.web.ui.errors import is_connection_lost

RACE = "同一时间有人改动了相同的数据，本次没有保存。请刷新页面后重试。"


def attempted(form: BaseForm, act: Callable[[], object]) -> bool:
    """True when `act` went through. Missing rows and rights are not the form's matter: they go on up."""
    try:
        with transaction.atomic():
            act()
    except (NotFound, NotPermitted):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    except (IntegrityError, OperationalError) as error:
        if is_connection_lost(error):
            raise
        form.add_error(None, RACE)
        return False
    return True
