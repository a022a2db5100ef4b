"""The WSGI application that Granian serves."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anze.config.settings")
application = get_wsgi_application()

from anze.records.lawbook import lawbook  # noqa: E402 -- Django first

# Read before the first visitor comes, and never looked through again for cycles: that would hold up pages.
lawbook()
gc.collect()
gc.freeze()
