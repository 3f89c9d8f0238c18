"""Routes of migration."""

from django.urls import path

from migration import views

app_name = "migration"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<int:pk>/", views.detail, name="detail"),
    path("imports/<int:pk>/problems/", views.problems, name="problems"),
    path("imports/<int:pk>/refused/", views.refused, name="refused"),
    path("imports/<int:pk>/proof/", views.proof, name="proof"),
    path("imports/<int:pk>/undo/", views.undo, name="undo"),
    path("upload/", views.upload, name="upload"),
    path("upload/confirm/", views.confirm, name="confirm"),
]
