"""Every page's address, by noun."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("anze.web.workbench.urls")),
    path("", include("anze.web.signin.urls")),
    path("", include("anze.web.company.urls")),
    path("account/", include("anze.web.account.urls")),
    path("amendments/", include("anze.web.amendments.urls")),
    path("attendance/", include("anze.web.attendance.urls")),
    path("bureau/", include("anze.web.bureau.urls")),
    path("confirmations/", include("anze.web.confirmations.urls")),
    path("commitments/", include("anze.web.commitments.urls")),
    path("records/", include("anze.web.records.urls")),
    path("papers/", include("anze.web.papers.urls")),
    path("people/", include("anze.web.people.urls")),
    path("units/", include("anze.web.units.urls")),
    path("fleet/", include("anze.web.fleet.urls")),
    path("imports/", include("anze.web.imports.urls")),
    path("registry/", include("anze.web.registry.urls")),
    path("tokens/", include("anze.web.tokens.urls")),
    path("reminders/", include("anze.web.reminders.urls")),
    path("go/", include("anze.web.links.urls")),
    path("health/", include("anze.web.health.urls")),
]
