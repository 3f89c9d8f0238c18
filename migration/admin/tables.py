"""Which tables operations staff see, and which of them take files."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export.fields import Field

from migration.admin.base import FileAdmin, ReadOnlyAdmin
from migration.admin.files import FileResource
from migration.models import ImportBatch, Kind
from migration.selectors import visible_batches
from payroll.models import Salary
from people.models import Assignment, Attribute, Department, Employee, Leave, Level, Position
from performance.models import AppraisalPart, CyclePart, Rating
from recruitment.models import Application, Candidate
from training.models import Activity, BookingBatch, Category, Course, LearningRecord, LedgerEntry, PointsYear

NUMBER = "employee__employee_no"
WHO = ["employee__employee_no", "employee__name"]


def _column(path: str, name: str) -> Field:
    """A column of an export under the name that the import recognises."""
    return Field(attribute=path, column_name=name, readonly=True)


class _Export(FileResource):
    """Values as they are: dates as dates, numbers as numbers."""

    def export_resource(self, instance: Any, selected_fields: Any = None, **kwargs: Any) -> list[Any]:
        return [field.get_value(instance) for field in self.get_export_fields(selected_fields)]


class EmployeeResource(_Export):
    kind = Kind.EMPLOYEES

    class Meta:
        model = Employee
        name = _("Employees")
        fields = ("employee_no", "name", "gender", "birth_date", "email", "education", "hire_date", "exit_date")


class EmployeePlainResource(EmployeeResource):
    """Without custom attributes, for those who may not see them."""

    has_attributes = False


class AssignmentResource(_Export):
    kind = Kind.ASSIGNMENTS
    employee_no = _column(NUMBER, "employee_no")
    department = _column("department__code", "department")
    position = _column("position__code", "position")
    level = _column("level__code", "level")

    class Meta:
        model = Assignment
        name = _("Assignments")
        fields = ("employee_no", "department", "position", "level", "is_head", "start_date", "end_date")
        export_order = fields


class LeaveResource(_Export):
    kind = Kind.LEAVES
    employee_no = _column(NUMBER, "employee_no")

    class Meta:
        model = Leave
        name = _("Long leaves")
        fields = ("employee_no", "kind", "start_date", "end_date", "reason")
        export_order = fields


class RecordResource(_Export):
    kind = Kind.RECORDS
    employee_no = _column(NUMBER, "employee_no")
    activity = _column("activity__code", "activity")
    course = _column("course__code", "course")

    class Meta:
        model = LearningRecord
        name = _("Learning records")
        fields = (
            "employee_no", "activity", "course", "happened_on", "minutes", "count", "score", "passed", "title",
            "source", "source_id",
        )  # fmt: skip
        export_order = fields


class ExamResource(_Export):
    kind = Kind.SCORES

    class Meta:
        model = LearningRecord
        name = _("Exam scores")
        fields = ()


class KpiResource(_Export):
    kind = Kind.KPI
    employee_no = _column("appraisal__employee__employee_no", "employee_no")
    cycle = _column("appraisal__cycle__name", "cycle")
    part = _column("part__code", "part")

    class Meta:
        model = AppraisalPart
        name = _("KPI scores")
        fields = ("employee_no", "cycle", "part", "score")
        export_order = fields


class RatingResource(_Export):
    kind = Kind.RATINGS
    employee_no = _column(NUMBER, "employee_no")
    cycle = _column("period", "cycle")
    rating = _column("grade", "rating")

    class Meta:
        model = Rating
        name = _("Ratings")
        fields = ("employee_no", "cycle", "rating", "rated_on", "comment")
        export_order = fields


class CandidateResource(_Export):
    kind = Kind.CANDIDATES
    candidate_no = _column("candidate__number", "candidate_no")
    name = _column("candidate__name", "name")
    gender = _column("candidate__gender", "gender")
    birth_date = _column("candidate__birth_date", "birth_date")
    email = _column("candidate__email", "email")
    phone = _column("candidate__phone", "phone")
    source = _column("candidate__source", "source")
    education = _column("candidate__education", "education")
    experience_years = _column("candidate__experience_years", "experience_years")
    skills = _column("candidate__skills", "skills")
    department = _column("department__code", "department")
    stage = _column("status", "stage")
    hired_as = _column("employee__employee_no", "hired_as")

    class Meta:
        model = Application
        name = pgettext_lazy("recruiting", "Candidates")
        fields = (
            "candidate_no", "name", "gender", "birth_date", "email", "phone", "source", "education", "experience_years",
            "skills", "job_title", "department", "applied_on", "stage", "closed_reason", "desired_salary",
            "offered_salary", "hired_as",
        )  # fmt: skip
        export_order = fields


class SalaryResource(_Export):
    kind = Kind.SALARIES
    employee_no = _column(NUMBER, "employee_no")

    class Meta:
        model = Salary
        name = _("Salaries")
        fields = ("employee_no", "amount", "start_date", "currency", "reason")
        export_order = fields


@admin.register(Employee)
class EmployeeAdmin(FileAdmin):
    resource_classes = [EmployeeResource]
    permission = "people.view_people"
    employee_path = "pk"
    list_display = ("employee_no", "name", "gender", "hire_date", "exit_date")
    search_fields = ("employee_no", "name", "email")
    list_filter = ("gender",)
    exclude = ("user", "attributes")
    attributes_of = Attribute.Owner.EMPLOYEE

    def shows_attributes(self, request: HttpRequest) -> bool:
        """As on the page of the employee: they are for those who keep the record."""
        return request.user.has_perm("people.change_people")

    def get_export_resource_classes(self, request: HttpRequest) -> list[type[FileResource]]:
        return (
            super().get_export_resource_classes(request) if self.shows_attributes(request) else [EmployeePlainResource]
        )


@admin.register(Assignment)
class AssignmentAdmin(FileAdmin):
    resource_classes = [AssignmentResource]
    permission = "people.view_people"
    employee_path = "employee"
    list_display = ("employee", "department", "position", "level", "is_head", "start_date", "end_date")
    list_select_related = ("employee", "department", "position", "level")
    search_fields = WHO
    list_filter = ("level", "is_head")


@admin.register(Leave)
class LeaveAdmin(FileAdmin):
    resource_classes = [LeaveResource]
    # why somebody is on leave is for those who keep the record
    permission = "people.change_people"
    employee_path = "employee"
    list_display = ("employee", "kind", "start_date", "end_date")
    list_select_related = ("employee",)
    search_fields = [*WHO, "kind"]
    raw_id_fields = ("employee",)


@admin.register(Attribute)
class AttributeAdmin(ReadOnlyAdmin):
    permission = "people.view_people"
    list_display = ("code", "name", "owner", "type", "is_active")
    list_filter = ("owner", "type", "is_active")
    search_fields = ("code", "name")


@admin.register(LearningRecord)
class RecordAdmin(FileAdmin):
    resource_classes = [RecordResource, ExamResource]
    permission = "training.view_records"
    employee_path = "employee"
    list_display = ("employee", "activity", "title", "happened_on", "minutes", "score", "passed", "status", "source")
    list_select_related = ("employee", "activity")
    search_fields = [*WHO, "source_id", "title"]
    list_filter = ("activity", "status")
    exclude = ("attributes",)
    raw_id_fields = ("employee", "course", "supersedes", "created_by")
    attributes_of = Attribute.Owner.RECORD


@admin.register(AppraisalPart)
class KpiAdmin(FileAdmin):
    resource_classes = [KpiResource]
    permission = "performance.view_appraisals"
    employee_path = "appraisal__employee"
    list_display = ("employee", "cycle", "part", "state", "score", "is_locked")
    list_select_related = ("appraisal__employee", "appraisal__cycle", "part")
    search_fields = ("appraisal__employee__employee_no", "appraisal__employee__name")
    list_filter = ("state",)
    raw_id_fields = ("appraisal",)

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[AppraisalPart]:
        """Points are pulled, not imported: an export that can be imported again leaves them out."""
        return super().get_export_queryset(request).filter(part__source=CyclePart.Source.TYPED, score__isnull=False)

    @admin.display(description=_("employee"))
    def employee(self, part: AppraisalPart) -> str:
        return str(part.appraisal.employee)

    @admin.display(description=_("cycle"))
    def cycle(self, part: AppraisalPart) -> str:
        return str(part.appraisal.cycle)


@admin.register(Rating)
class RatingAdmin(FileAdmin):
    resource_classes = [RatingResource]
    permission = "performance.view_appraisals"
    employee_path = "employee"
    list_display = ("employee", "period", "grade", "rated_on", "comment")
    list_select_related = ("employee",)
    search_fields = WHO
    list_filter = ("period", "grade")
    raw_id_fields = ("employee",)


@admin.register(Application)
class ApplicationAdmin(FileAdmin):
    resource_classes = [CandidateResource]
    permission = "recruitment.view_candidates"
    list_display = ("candidate", "job_title", "department", "applied_on", "stage", "closed_as")
    list_select_related = ("candidate", "department")
    search_fields = ("candidate__name", "candidate__number", "candidate__email", "job_title")
    list_filter = ("stage", "closed_as")
    raw_id_fields = ("candidate", "position", "department", "employee")


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    permission = "recruitment.view_candidates"
    list_display = ("name", "number", "email", "source", "created_at")
    search_fields = ("name", "number", "email", "phone")


@admin.register(Salary)
class SalaryAdmin(FileAdmin):
    resource_classes = [SalaryResource]
    permission = "payroll.view_salaries"
    employee_path = "employee"
    list_display = ("employee", "amount", "currency", "start_date", "end_date", "reason")
    list_select_related = ("employee",)
    search_fields = WHO
    raw_id_fields = ("employee", "created_by")


@admin.register(Department, Position)
class PlaceAdmin(ReadOnlyAdmin):
    permission = "people.view_people"
    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(Level)
class LevelAdmin(ReadOnlyAdmin):
    permission = "people.view_people"
    list_display = ("code", "name", "band", "rank")


@admin.register(Activity, Course)
class CatalogueAdmin(ReadOnlyAdmin):
    permission = "training.view_courses"
    list_display = ("code", "name", "is_active")
    search_fields = ("code", "name")


@admin.register(Category)
class CategoryAdmin(ReadOnlyAdmin):
    permission = "training.view_courses"
    list_display = ("code", "name", "parent")
    list_select_related = ("parent",)


@admin.register(PointsYear)
class YearAdmin(ReadOnlyAdmin):
    permission = "training.view_records"
    list_display = ("name", "start_date", "end_date", "status")


@admin.register(LedgerEntry)
class LedgerAdmin(ReadOnlyAdmin):
    permission = "training.view_records"
    employee_path = "employee"
    list_display = ("employee", "year", "category", "kind", "amount", "full_amount", "batch")
    list_select_related = ("employee", "year", "category", "batch")
    search_fields = WHO
    raw_id_fields = ("employee", "record", "rule_version", "batch")


@admin.register(BookingBatch)
class BatchAdmin(ReadOnlyAdmin):
    permission = "training.view_records"
    list_display = ("cause", "actor", "created_at", "entries", "points")
    list_select_related = ("actor",)


@admin.register(ImportBatch)
class ImportAdmin(ReadOnlyAdmin):
    permission = "migration.view_imports"
    list_display = ("file_name", "kind", "created_at", "actor", "rows", "created", "changed", "unchanged", "refused")
    list_filter = ("kind",)
    exclude = ("problems",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        found = super().get_queryset(request) & visible_batches(request.user).select_related(None)
        return found.defer("problems", "refused_sealed")
