"""Routes of migration."""

from django.urls import path

from migration.views import batches, dictionary, jobs, steps, uploads

app_name = "migration"
urlpatterns = [
    path("imports/", batches.imports, name="imports"),
    path("imports/<int:pk>/", batches.detail, name="detail"),
    path("imports/<int:pk>/problems/", batches.problems, name="problems"),
    path("imports/<int:pk>/refused/", batches.refused, name="refused"),
    path("imports/<int:pk>/proof/", batches.proof, name="proof"),
    path("imports/<int:pk>/undo/", batches.undo, name="undo"),
    path("imports/jobs/<int:pk>/", jobs.job, name="job"),
    path("imports/jobs/<int:pk>/cancel/", jobs.cancel, name="cancel_job"),
    path("imports/jobs/<int:pk>/proof/", jobs.proof, name="job_proof"),
    path("imports/jobs/<int:pk>/refused/<int:position>/", jobs.refused, name="job_refused"),
    path("imports/jobs/<int:pk>/undo/", jobs.undo, name="undo_job"),
    path("upload/", uploads.upload, name="upload"),
    path("upload/<int:pk>/", uploads.session, name="session"),
    path("upload/<int:pk>/unlock/", uploads.unlock, name="unlock"),
    path("upload/<int:pk>/delete/", uploads.delete, name="delete_upload"),
    path("upload/<int:pk>/look/", uploads.look, name="look"),
    path("upload/<int:pk>/map/", uploads.map_columns, name="map"),
    path("upload/<int:pk>/words/", steps.words, name="words"),
    path("upload/<int:pk>/clean/", steps.clean, name="clean"),
    path("upload/<int:pk>/check/", steps.check, name="check"),
    path("upload/<int:pk>/check/dry-run/", steps.dry_run, name="dry_run"),
    path("upload/<int:pk>/check/refused/<int:table>/", steps.refused_rows, name="check_refused"),
    path("upload/<int:pk>/import/", steps.start, name="start"),
    path("imports/terms/", dictionary.terms, name="terms"),
    path("imports/terms/<int:pk>/revoke/", dictionary.revoke, name="revoke_term"),
    path("imports/templates/", dictionary.templates, name="templates"),
    path("imports/templates/<int:pk>/delete/", dictionary.forget, name="forget_template"),
]
