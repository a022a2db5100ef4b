"""Addresses of the account's safety."""

from __future__ import annotations

from django.urls import path

from anze.web.account import factor, views

app_name = "account"
urlpatterns = [
    path("", views.index, name="index"),
    path("password/", views.password, name="password"),
    path("factor/", factor.index, name="factor"),
    path("factor/begin/", factor.begin, name="factor_begin"),
    path("factor/codes/", factor.codes, name="factor_codes"),
    path("factor/off/", factor.switch_off, name="factor_off"),
]
