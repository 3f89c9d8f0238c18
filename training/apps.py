from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Training")

    def ready(self) -> None:
        # models must be loaded first
        from people.services import changes  # noqa: PLC0415
        from training.services.work import queue_points_for_people  # noqa: PLC0415

        # a transfer, an entry or a departure changes the points of that person
        changes.listen(queue_points_for_people)
