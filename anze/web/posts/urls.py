"""Addresses of the posts, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.posts import views

urlpatterns = [
    path("posts/", views.index, name="posts"),
    path("posts/<str:position>/", views.post, name="post"),
]
