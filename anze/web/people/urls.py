"""Addresses of people."""

from __future__ import annotations

from django.urls import path

from anze.web.people import accounts, acts, posts, views

app_name = "people"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", acts.employ, name="employ"),
    path("<int:person_id>/", views.person, name="person"),
    path("<int:person_id>/edit/", acts.edit, name="edit"),
    path("<int:person_id>/move/", acts.move, name="move"),
    path("<int:person_id>/leave/", acts.leave, name="leave"),
    path("<int:person_id>/dismiss/", acts.dismiss, name="dismiss"),
    path("<int:person_id>/account/", accounts.account, name="account"),
    path("<int:person_id>/post/", posts.assign, name="assign"),
    path("leaves/<int:leave_id>/end/", acts.end_leave, name="end_leave"),
    path("holdings/<int:holding_id>/end/", posts.end, name="end_post"),
    path("holdings/<int:holding_id>/deputy/", posts.deputy, name="deputy"),
    path("holdings/<int:holding_id>/remit/", posts.remit, name="remit"),
    path("remits/<int:remit_id>/end/", posts.end_remit, name="end_remit"),
]
