"""Addresses of roll calls and of catching up."""

from __future__ import annotations

from django.urls import path

from anze.web.attendance import phone, views

app_name = "attendance"
urlpatterns = [
    path("", views.waiting, name="waiting"),
    path("scan/<str:code>/", phone.scan, name="scan"),
    path("sign/", phone.sign, name="sign"),
    path("<int:record_id>/", views.roll, name="roll"),
    path("<int:record_id>/rows/", views.rows, name="rows"),
    path("<int:record_id>/screen/", views.screen, name="screen"),
    path("<int:record_id>/code/", views.code, name="code"),
    path("<int:record_id>/catch-up/", views.catch_up, name="catch_up"),
]
