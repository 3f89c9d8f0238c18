"""Routes of performance."""

from django.urls import path

from performance.views import appraisals, cycles, insights, ratings, titles

app_name = "performance"
urlpatterns = [
    path("my/", appraisals.my_appraisals, name="my_appraisals"),
    path("appraisals/", appraisals.appraisals, name="appraisals"),
    path("appraisals/<int:pk>/", appraisals.appraisal, name="appraisal"),
    path("appraisals/<int:pk>/sign/", appraisals.sign, name="sign"),
    path("appraisals/<int:pk>/reopen/", appraisals.reopen, name="reopen"),
    path("parts/<int:pk>/score/", appraisals.score, name="score"),
    path("parts/<int:pk>/release/", appraisals.release, name="release"),
    path("ratings/", ratings.ratings, name="ratings"),
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/new/", cycles.add_cycle, name="add_cycle"),
    path("cycles/<int:pk>/", cycles.cycle, name="cycle"),
    path("cycles/<int:pk>/sign/", cycles.sign_ready, name="sign_ready"),
    path("cycles/<int:pk>/finalise/", cycles.finalise, name="finalise"),
    path("titles/", titles.titles, name="titles"),
    path("titles/new/", titles.add_title, name="add_title"),
    path("titles/<int:pk>/", titles.title, name="title"),
    path("titles/<int:pk>/confirm/", titles.confirm, name="confirm_title"),
    path("titles/<int:pk>/reopen/", titles.reopen, name="reopen_title"),
    path("insights/", insights.insights, name="insights"),
    path("insights/<slug:kind>/<int:pk>/", insights.insight, name="insight"),
    path("promotion/", titles.promotion, name="promotion"),
]
