"""Addresses of a company's assessments, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.assessments import binder, certificates, items, papers, quizzes, samples, self_reports, views

urlpatterns = [
    path("assessments/", views.index, name="assessments"),
    path("assessments/certificates/", certificates.certificates, name="certificates"),
    path("assessments/reports/", self_reports.index, name="self_reports"),
    path("assessments/notice/", self_reports.notice, name="assessment_notice"),
    path("assessments/<int:assessment_id>/", views.overview, name="assessment"),
    path("assessments/<int:assessment_id>/items/<str:item>/", items.item, name="assessment_item"),
    path("assessments/<int:assessment_id>/photos/<int:photo_id>/", items.photo, name="assessment_photo"),
    path("assessments/<int:assessment_id>/samples/", samples.samples, name="assessment_samples"),
    path("assessments/<int:assessment_id>/quizzes/", quizzes.quizzes, name="assessment_quizzes"),
    path("assessments/<int:assessment_id>/review/", views.review, name="assessment_review"),
    path("assessments/<int:assessment_id>/binder/", binder.binder, name="assessment_binder"),
    path("assessments/<int:assessment_id>/table/", papers.table, name="assessment_table"),
    path("assessments/<int:assessment_id>/table.docx", papers.word, name="assessment_word"),
    path("assessments/<int:assessment_id>/table.xlsx", papers.excel, name="assessment_excel"),
    path("assessments/<int:assessment_id>/report/", papers.report, name="assessment_report"),
    path("assessments/<int:assessment_id>/corrections/", views.corrections, name="assessment_corrections"),
]
