"""What the pages of the admin site share: permissions from the role table, nothing edited past the services."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ImportExportMixin
from unfold.admin import ModelAdmin
from unfold.contrib.import_export.forms import SelectableFieldsExportForm

from hrsuite.lib.errors import BadInput
from migration.admin.files import AnyFile, CsvFile, FileResource, PrivateStorage, UploadForm, XlsxFile
from migration.rules import KIND_PERMISSIONS
from migration.services.uploads import add_upload
from people.labels import attribute_text
from people.models import Attribute, User
from people.selectors import attributes_of, people_for, reaches_everyone

#: whose upload this is: import-export makes its storage without the request
IMPORTER: ContextVar[Any] = ContextVar("importer")


class ReadOnlyAdmin(ModelAdmin):
    """Look, search, filter. Changes have their own pages, with their checks."""

    #: permission to see the rows
    permission = ""
    #: path to the employee whose visibility decides, empty where rows are nobody's
    employee_path = ""
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("admin.use") and request.user.has_perm(self.permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if not request.user.has_perm(self.permission):
            return rows.none()
        if self.employee_path and not reaches_everyone(request.user, self.permission):
            return rows.filter(**{f"{self.employee_path}__in": people_for(request.user, self.permission).values("pk")})
        return rows


def _attribute_column(attribute: Attribute) -> Callable[[Any], str]:
    def column(row: Any) -> str:
        return attribute_text(row.attributes.get(attribute.code), attribute)

    column.__name__ = f"attribute_{attribute.code}"
    return admin.display(description=attribute.name, empty_value="")(column)


class FileAdmin(ImportExportMixin, ReadOnlyAdmin):
    """A list with an import button (file, preview, confirm) and exports that can be imported again."""

    resource_classes: list[type[FileResource]] = []
    #: whose custom attributes the rows state, if any
    attributes_of = ""
    import_formats = [AnyFile]
    export_formats = [XlsxFile, CsvFile]
    import_form_class = UploadForm
    export_form_class = SelectableFieldsExportForm
    tmp_storage_class = PrivateStorage
    # the list of imports and the history say more
    skip_admin_log = True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who imports without seeing the rows gets an empty list with the button."""
        return super().has_view_permission(request, obj) or (obj is None and self.has_import_permission(request))

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("admin.use") and bool(self.get_import_resource_classes(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return super().has_view_permission(request)

    def shows_attributes(self, request: HttpRequest) -> bool:
        """Whether the list has a column for every custom attribute."""
        return bool(self.attributes_of)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        if not self.shows_attributes(request):
            return columns
        return columns + [_attribute_column(one) for one in attributes_of(self.attributes_of).values()]

    def get_import_resource_classes(self, request: HttpRequest) -> list[type[FileResource]]:
        return [one for one in self.resource_classes if request.user.has_perm(KIND_PERMISSIONS[one.kind])]

    def get_export_resource_classes(self, request: HttpRequest) -> list[type[FileResource]]:
        return self.resource_classes[:1]

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.POST.get("way") == UploadForm.STEPS and (answer := self._step_by_step(request)):
            return answer
        reset = IMPORTER.set(request.user)
        try:
            answer = super().import_action(request, **kwargs)
        finally:
            IMPORTER.reset(reset)
        for note in getattr((getattr(answer, "context_data", None) or {}).get("result"), "notes", ()):
            messages.info(request, note)
        return answer

    def _step_by_step(self, request: HttpRequest) -> HttpResponse | None:
        """The file goes the way of the import pages, as rows of the kind that was chosen here."""
        form = self.create_import_form(request)
        if not form.is_valid():
            return None
        file = form.cleaned_data["import_file"]
        kind = cast(type[FileResource], self.choose_import_resource_class(form, request)).kind
        try:
            upload = add_upload(files=[(file.name, file)], actor=cast(User, request.user), kind=kind)
        except BadInput as error:
            messages.error(request, f"{error.value} – {error.message} {error.mend}")
            return self._again()
        return HttpResponseRedirect(reverse("migration:session", args=[upload.pk]))

    def get_tmp_storage_class_kwargs(self) -> dict[str, Any]:
        return {"user": IMPORTER.get()}

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        reset = IMPORTER.set(request.user)
        try:
            return super().process_import(request, **kwargs)
        except BadInput as error:
            messages.error(request, f"{error.message} {error.mend}")
            return self._again()
        finally:
            IMPORTER.reset(reset)

    def _again(self) -> HttpResponse:
        info = (self.model._meta.app_label, self.model._meta.model_name)
        return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*info)))

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """Somebody may have changed what the file relies on since the preview: then nothing was written."""
        if not result.has_errors():
            return super().process_result(result, request)
        for error in result.base_errors:
            messages.error(request, error.error)
        for row, errors in result.row_errors()[:20]:
            for error in errors:
                messages.error(request, f"{row}: {error.error}")
        return self._again()
