"""Routes of training."""

from django.urls import path

from training.views import completion

app_name = "training"
urlpatterns = [
    path("completion/", completion.completion, name="completion"),
    path("completion/<int:pk>/", completion.completion_branch, name="completion_branch"),
    path("completion/remind/", completion.send_reminders, name="remind"),
]
