"""The pages of one's own company. The bureau includes the same pages below each of its companies."""

from __future__ import annotations

from django.urls import include, path

from anze.web.company import views
from anze.web.obligations.views import waive
from anze.web.signatures.views import sign

app_name = "own"
urlpatterns = [
    path("company/", views.matrix, name="company"),
    path("", include("anze.web.posts.urls")),
    path("", include("anze.web.obligations.urls")),
    path("", include("anze.web.signatures.urls")),
    path("", include("anze.web.reports.urls")),
    path("", include("anze.web.fleet.urls")),
    path("posts/<str:position>/sign/", sign, name="sign"),
    path("obligations/<int:obligation_id>/waive/", waive, name="waive"),
]
