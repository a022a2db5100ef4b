"""Addresses of a company's assessments, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.assessments import items, views

urlpatterns = [
    path("assessments/", views.index, name="assessments"),
    path("assessments/<int:assessment_id>/", views.overview, name="assessment"),
    path("assessments/<int:assessment_id>/items/<str:item>/", items.item, name="assessment_item"),
    path("assessments/<int:assessment_id>/photos/<int:photo_id>/", items.photo, name="assessment_photo"),
]
