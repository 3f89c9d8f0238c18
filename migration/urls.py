"""Routes of migration."""

from django.urls import path

from migration.views import batches

app_name = "migration"
urlpatterns = [
    path("imports/", batches.imports, name="imports"),
    path("imports/<int:pk>/", batches.detail, name="detail"),
    path("imports/<int:pk>/problems/", batches.problems, name="problems"),
    path("imports/<int:pk>/refused/", batches.refused, name="refused"),
    path("imports/<int:pk>/proof/", batches.proof, name="proof"),
    path("imports/<int:pk>/undo/", batches.undo, name="undo"),
    path("upload/", batches.upload, name="upload"),
    path("upload/confirm/", batches.confirm, name="confirm"),
]
