"""Address of the register of documents."""

from __future__ import annotations

from django.urls import path

from anze.web.documents import views

app_name = "documents"
urlpatterns = [path("", views.index, name="index")]
