"""Addresses of imports and of the workbooks that they take."""

from __future__ import annotations

from django.urls import path

from anze.web.imports import batch, lists, repairs, views

app_name = "imports"
urlpatterns = [
    path("", views.index, name="index"),
    path("batch/", batch.batch, name="batch"),
    path("new/", views.new, name="new"),
    path("template.xlsx", lists.template, name="template"),
    path("records.xlsx", lists.records, name="records"),
    path("people.xlsx", lists.people, name="people"),
    path("vehicles.xlsx", lists.vehicles, name="vehicles"),
    path("<int:import_id>/", views.preview, name="preview"),
    path("<int:import_id>/commit/", views.commit, name="commit"),
    path("<int:import_id>/discard/", views.discard, name="discard"),
    path("<int:import_id>/marked.xlsx", lists.marked, name="marked"),
    path("<int:import_id>/rows/<int:number>/", repairs.row, name="row"),
    path("<int:import_id>/rows/<int:number>/drop/", repairs.drop, name="drop"),
]
