"""Addresses of the posts, below whichever company is at hand."""

from __future__ import annotations

from django.urls import path

from anze.web.posts import views

urlpatterns = [
    path("posts/", views.index, name="posts"),
    path("posts/<str:position>/", views.post, name="post"),
    path("posts/<str:position>/print/", views.printed, name="post_print"),
    path("posts/<str:position>/list.docx", views.word, name="post_word"),
    path("posts/<str:position>/list.pdf", views.pdf, name="post_pdf"),
]
