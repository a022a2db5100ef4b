"""The WSGI application that Granian serves."""

from __future__ import annotations

import gc
import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anze.config.settings")
application = get_wsgi_application()


def _read_ahead() -> None:
    """The catalogue, while nobody waits for it; then never looked through for cycles: that holds up pages."""
    from anze.records.lawbook import lawbook

    lawbook()
    gc.collect()
    gc.freeze()


Thread(target=_read_ahead, daemon=True).start()
