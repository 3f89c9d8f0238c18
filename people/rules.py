"""Roles and what each may do: the one table that views, admin and the access test read."""

from __future__ import annotations

import datetime as dt
import ipaddress

HR_ADMIN = "hr_admin"
PAYROLL = "payroll"
RECRUITER = "recruiter"
OPERATIONS = "operations"
AUDITOR = "auditor"
MANAGER = "manager"
EMPLOYEE = "employee"

#: given by hand (a Django group of this name); manager and employee follow from the personnel record
GRANTED_ROLES = (HR_ADMIN, PAYROLL, RECRUITER, OPERATIONS, AUDITOR)
ROLES = (*GRANTED_ROLES, MANAGER, EMPLOYEE)

SELF = frozenset(
    {
        "people.view_own_profile",
        "training.view_own_points",
        "training.view_ranking",
        "training.view_courses",
        "performance.view_own_appraisal",
        "payroll.view_own_pay",
    }
)

HR_TRAINING = frozenset(
    {
        "training.view_dashboard",
        "training.view_completion",
        "training.send_reminders",
        "training.view_records",
        "training.add_records",
        "training.change_records",
        "training.adjust_points",
        "training.view_policies",
        "training.change_policies",
        "training.view_courses",
        "training.change_courses",
        "training.view_appeals",
        "training.decide_appeals",
        "training.view_paths",
        "training.change_paths",
        "training.view_years",
        "training.change_years",
    }
)

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    EMPLOYEE: SELF,
    MANAGER: SELF
    | {
        "people.view_people",
        "training.view_completion",
        "training.send_reminders",
        "training.view_records",
        "training.view_policies",
        "training.view_paths",
        "performance.view_appraisals",
        "performance.change_appraisals",
        "performance.view_titles",
        # own subtree only, never oneself: managers endorse what payroll decides
        "payroll.view_reviews",
    },
    HR_ADMIN: HR_TRAINING
    | {
        "people.view_people",
        "people.change_people",
        "people.change_organisation",
        "people.view_history",
        "training.view_ranking",
        "performance.view_appraisals",
        "performance.change_appraisals",
        "performance.change_cycles",
        "performance.view_titles",
        "performance.change_titles",
        "performance.view_insights",
        "payroll.view_reviews",
        "payroll.change_reviews",
        "migration.import_people",
        "migration.import_records",
        "migration.import_scores",
        "migration.import_candidates",
        "migration.view_imports",
        "recruitment.view_candidates",
        "recruitment.change_candidates",
        "admin.use",
    },
    PAYROLL: frozenset(
        {
            "people.view_people",
            "payroll.view_reviews",
            "payroll.change_reviews",
            "payroll.decide_raises",
            "payroll.view_salaries",
            "migration.import_pay",
            "migration.view_imports",
            "admin.use",
        }
    ),
    RECRUITER: frozenset(
        {
            "training.view_courses",
            "recruitment.view_candidates",
            "recruitment.change_candidates",
            "migration.import_candidates",
            "migration.view_imports",
        }
    ),
    OPERATIONS: frozenset(
        {
            "people.view_people",
            "training.view_records",
            "training.view_courses",
            "migration.import_people",
            "migration.import_records",
            "migration.import_scores",
            "migration.view_imports",
            "admin.use",
        }
    ),
    AUDITOR: frozenset(
        {
            "people.view_people",
            "people.view_history",
            "training.view_dashboard",
            "training.view_completion",
            "training.view_ranking",
            "training.view_records",
            "training.view_policies",
            "training.view_courses",
            "training.view_appeals",
            "training.view_paths",
            "training.view_years",
            "performance.view_appraisals",
            "performance.view_titles",
            "performance.view_insights",
            "payroll.view_reviews",
            "payroll.view_salaries",
            "migration.view_imports",
        }
    ),
}

PERMISSIONS = frozenset().union(*ROLE_PERMISSIONS.values())

#: roles that see every employee; the others see their own subtree or themselves
SEES_EVERYONE = frozenset({HR_ADMIN, PAYROLL, OPERATIONS, AUDITOR})


def permissions_of(roles: set[str]) -> frozenset[str]:
    """Union of the permissions of ``roles``; unknown roles add nothing."""
    return frozenset().union(*(ROLE_PERMISSIONS.get(role, frozenset()) for role in roles))


#: names that conditions of policies know by themselves: no custom attribute may have them
RESERVED_ATTRIBUTES = {
    "employee": frozenset(
        {
            "number", "employee_no", "name", "department", "position", "level", "band", "hire_date", "exit_date",
            "service_years", "service_months",
        }
    ),
    "record": frozenset(
        {
            "activity", "category", "course", "skill", "title", "source", "source_id", "happened_on", "month",
            "minutes", "hours", "count", "score", "passed", "nth", "nth_ever", "rule", "employee", "employee_no",
            "any", "all", "not",
        }
    ),
}  # fmt: skip


# --- signing in -------------------------------------------------------------------------------------------------------
#: wrong passwords in a row that cost nothing
FREE_FAILURES = 4
FAILURES_FORGOTTEN_AFTER = dt.timedelta(hours=1)
LONGEST_LOCK = dt.timedelta(minutes=15)


def lock_time(failures: int) -> dt.timedelta:
    """How long to wait after that many wrong passwords: none up to four, then 1, 2, 4, 8 and 15 minutes."""
    if failures <= FREE_FAILURES:
        return dt.timedelta(0)
    return min(dt.timedelta(minutes=2 ** min(failures - FREE_FAILURES - 1, 10)), LONGEST_LOCK)


def address_block(address: str) -> str:
    """The network that a guesser can easily move in: /24 of IPv4, /56 of IPv6. Text that is no address stays itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 56}", strict=False))
