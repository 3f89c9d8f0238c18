"""Routes of recruitment."""

from django.urls import path

from recruitment.views import candidates

app_name = "recruitment"
urlpatterns = [
    path("candidates/", candidates.candidates, name="candidates"),
    path("candidates/<int:pk>/", candidates.candidate, name="candidate"),
    path("applications/<int:pk>/move/", candidates.move, name="move"),
    path("applications/<int:pk>/close/", candidates.close, name="close"),
    path("applications/<int:pk>/reopen/", candidates.reopen, name="reopen"),
]
