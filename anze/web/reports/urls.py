"""Addresses of the monthly reports, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.reports import views

urlpatterns = [
    path("reports/", views.index, name="reports"),
    path("reports/<str:month>/", views.report, name="report"),
    path("reports/<str:month>/report.docx", views.word, name="report_word"),
    path("reports/<str:month>/report.pdf", views.pdf, name="report_pdf"),
]
