"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import path

from anze.web.signin import code, views

app_name = "signin"
urlpatterns = [
    path("signin/", views.SignIn.as_view(), name="signin"),
    path("signin/code/", code.code, name="code"),
    path("signout/", views.SignOut.as_view(), name="signout"),
]
