"""The pages of one's own company. The bureau includes the same pages below each of its companies."""

from __future__ import annotations

from django.urls import include, path

from anze.web.assessments import acts, planning, quizzes, self_reports
from anze.web.choices.views import end_waiver, tailor
from anze.web.company import views
from anze.web.demands.views import add, end
from anze.web.handovers.views import draw_up
from anze.web.obligations.views import waive
from anze.web.rosters.views import index as rosters
from anze.web.signatures.views import sign
from anze.web.trips import views as trips
from anze.web.uplink.views import alert

app_name = "own"
urlpatterns = [
    path("company/", views.matrix, name="company"),
    path("", include("anze.web.posts.urls")),
    path("", include("anze.web.obligations.urls")),
    path("", include("anze.web.signatures.urls")),
    path("", include("anze.web.handovers.urls")),
    path("", include("anze.web.reports.urls")),
    path("", include("anze.web.packs.urls")),
    path("", include("anze.web.tracks.urls")),
    path("", include("anze.web.uplink.urls")),
    path("uplink/alert/", alert, name="question_alert"),
    path("", include("anze.web.dossiers.urls")),
    path("", include("anze.web.items.urls")),
    path("", include("anze.web.letters.urls")),
    path("", include("anze.web.documents.urls")),
    path("", include("anze.web.key_periods.urls")),
    path("", include("anze.web.choices.urls")),
    path("assessments/new/", planning.new, name="plan_assessment"),
    path("assessments/reports/<int:year>/draft/", self_reports.draft, name="draft_report"),
    path("assessments/kept/", planning.kept, name="kept"),
    path("assessments/questions/", quizzes.questions, name="quiz_questions"),
    path("assessments/quizzes/<int:quiz_id>/", quizzes.quiz, name="quiz"),
    path("", include("anze.web.assessments.urls")),
    path("assessments/<int:assessment_id>/shares/", planning.shares, name="shares"),
    path("assessments/<int:assessment_id>/acts/<str:act>/", acts.do, name="assessment_act"),
    path("choices/<str:demand>/", tailor, name="tailor"),
    path("demands/new/", add, name="add_demand"),
    path("demands/<int:demand_id>/end/", end, name="end_demand"),
    path("waivers/<int:waiver_id>/end/", end_waiver, name="end_waiver"),
    path("rosters/", rosters, name="rosters"),
    path("trips/", trips.index, name="trips"),
    path("trips/check/", trips.check, name="trip_check"),
    path("", include("anze.web.search.urls")),
    path("", include("anze.web.year.urls")),
    path("handovers/new/<int:holding_id>/", draw_up, name="draw_up"),
    path("posts/<str:position>/sign/", sign, name="sign"),
    path("obligations/<int:obligation_id>/waive/", waive, name="waive"),
]
