"""Addresses of the record pages."""

from __future__ import annotations

from django.urls import path

from anze.web.records import entry, ledger, sealing, views

app_name = "records"
urlpatterns = [
    path("", ledger.ledger, name="ledger"),
    path("export.csv", ledger.export, name="export"),
    path("kinds/", entry.kinds, name="kinds"),
    path("new/", entry.new, name="new"),
    path("<int:record_id>/", views.record, name="record"),
    path("<int:record_id>/print/", views.printed, name="print"),
    path("<int:record_id>/attachments/<int:attachment_id>/", views.attachment, name="attachment"),
    path("<int:record_id>/edit/", entry.edit, name="edit"),
    path("<int:record_id>/discard/", entry.discard, name="discard"),
    path("<int:record_id>/seal/", sealing.seal, name="seal"),
    path("<int:record_id>/void/", sealing.void, name="void"),
    path("<int:record_id>/revise/", sealing.revise, name="revise"),
]
