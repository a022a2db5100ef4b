"""Addresses of the record pages."""

from __future__ import annotations

from django.urls import path

from anze.web.records import entry, ledger, prints, sealing, views

app_name = "records"
urlpatterns = [
    path("", ledger.ledger, name="ledger"),
    path("export.csv", ledger.export, name="export"),
    path("list/", prints.listing, name="list_print"),
    path("list.docx", prints.listing_word, name="list_word"),
    path("list.pdf", prints.listing_pdf, name="list_pdf"),
    path("blank/<str:kind>/", prints.blank, name="blank"),
    path("blank/<str:kind>/form.docx", prints.blank_word, name="blank_word"),
    path("blank/<str:kind>/form.pdf", prints.blank_pdf, name="blank_pdf"),
    path("kinds/", entry.kinds, name="kinds"),
    path("new/", entry.new, name="new"),
    path("<int:record_id>/", views.record, name="record"),
    path("<int:record_id>/print/", prints.record, name="print"),
    path("<int:record_id>/record.docx", prints.record_word, name="word"),
    path("<int:record_id>/record.pdf", prints.record_pdf, name="pdf"),
    path("<int:record_id>/attachments/<int:attachment_id>/", views.attachment, name="attachment"),
    path("<int:record_id>/edit/", entry.edit, name="edit"),
    path("<int:record_id>/discard/", entry.discard, name="discard"),
    path("<int:record_id>/seal/", sealing.seal, name="seal"),
    path("<int:record_id>/void/", sealing.void, name="void"),
    path("<int:record_id>/revise/", sealing.revise, name="revise"),
]
