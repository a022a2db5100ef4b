"""Addresses of reminders."""

from __future__ import annotations

from django.urls import path

from anze.web.reminders import outbox, views

app_name = "reminders"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("superiors/", views.superiors, name="superiors"),
    path("contact/", views.contact, name="contact"),
    path("outbox/", outbox.index, name="outbox"),
    path("outbox/<int:message_id>/resend/", outbox.resend, name="resend"),
    path("<str:channel>/robot/", views.robot, name="robot"),
    path("<str:channel>/remove/", views.remove, name="remove"),
    path("<str:channel>/test/", outbox.test, name="test"),
]
