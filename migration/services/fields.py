"""What the rows of each kind of file may state, and the headings that are known for it in English and Chinese."""

# ruff: noqa: E501 - Chinese letters are counted double
from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import get_language

from migration.models import Kind
from people.models import Attribute
from people.selectors import attributes_of


class Type(StrEnum):
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    WHOLE = "whole"
    HOURS = "hours"
    MINUTES = "minutes"
    TRUTH = "truth"
    GENDER = "gender"


@dataclass(frozen=True)
class Field:
    """``headings`` are compared without case, blanks and signs. A required field needs a value in every row."""

    name: str
    type: Type
    headings: tuple[str, ...]
    required: bool = False
    attribute: Attribute | None = None

    def known(self) -> list[str]:
        """Usual headings in the reader's language, the most usual first."""
        own = [one for one in self.headings[1:] if one.isascii() != is_chinese()]
        return own or [self.name]


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _field(name: str, type_: Type, headings: str, *, required: bool = False) -> Field:
    return Field(name, type_, (name, *headings.split("|")), required)


_NUMBER = (
    "Employee number|Employee no|Employee ID|EmpID|Emp no|Employee|Staff ID|Worker ID|User ID|Learner ID|Payroll number|Payroll no|工号|员工号|"
    # the last one may only count the rows
    "员工编号|员工工号|员工编码|学员工号|学员编号|职工号|职工编号|人员编号|编号"
)
_EMPLOYEE = _field("employee_no", Type.TEXT, _NUMBER, required=True)
_DEPARTMENT = _field(
    "department", Type.TEXT, "Department|Dept|Department code|Department name|部门|所属部门|部门名称|部门编码"
)
_POSITION = _field(
    "position", Type.TEXT, "Position|Job title|Job titles|Job|Post|Position code|岗位|职位|职务|岗位名称|岗位编码"
)
_LEVEL = _field("level", Type.TEXT, "Level|Grade|Job level|Rank|Level code|职级|级别|职等|职级编码")
_HEAD = _field(
    "is_head", Type.TRUTH, "Head|Is head|Head of department|Department head|Manager|部门负责人|是否负责人|负责人|主管"
)
_TITLE = _field("title", Type.TEXT, "Title|Topic|Subject|Remark|Note|主题|标题|名称|备注|内容")
_SOURCE = _field("source", Type.TEXT, "Source|Source system|System|来源|来源系统|系统")
_SOURCE_ID = _field("source_id", Type.TEXT, "Source ID|Record ID|Record no|ID|记录编号|来源编号|流水号|记录号|成绩编号")
_COURSE = _field(
    "course",
    Type.TEXT,
    "Course|Course code|Course name|Course title|Learning content|Training name|Training|Program|课程|课程名称|课程编码|培训项目|培训课程|培训名称",
)
_HAPPENED = _field(
    "happened_on", Type.DATE,
    "Happened on|Date|Day|Training date|Completed on|Completion date|Completed date|Date completed|Completed at|Exam date|Date of exam|Test date|Date of test|Date of training|Date of course|日期|培训日期|完成日期|学习日期|考试日期|发生日期",
    required=True,
)  # fmt: skip
_SCORE = "Score|Points scored|Mark|Marks|Result score|Final score|Score (%)|Final grade|Final grade (%)|Grade|成绩|分数|得分|考试成绩|考核得分|评分|绩效得分"
_PASSED = _field(
    "passed", Type.TRUTH, "Passed|Pass|Pass/Fail|Result|Outcome|是否通过|是否合格|结果|考试结果|考核结果|通过"
)
_START = "Start date|Start|From|Effective date|Effective from|Valid from|开始日期|生效日期|任职日期|起始日期|起薪日期"

FIELDS: dict[str, tuple[Field, ...]] = {
    Kind.EMPLOYEES: (
        _EMPLOYEE,
        _field("name", Type.TEXT, "Name|Full name|Employee name|姓名|员工姓名|名字"),
        _field("hire_date", Type.DATE, "Hire date|Hired|Hired on|Date of hire|Start date|Joined|入职日期|入职时间|进厂日期|入司日期|入司时间"),
        _field("exit_date", Type.DATE, "Exit date|Last working day|Leaving date|Termination date|离职日期|离职时间|最后工作日"),
        _field("gender", Type.GENDER, "Gender|Sex|性别"),
        _field("birth_date", Type.DATE, "Birth date|Date of birth|DOB|Birthday|出生日期|生日|出生年月"),
        _field("email", Type.TEXT, "E-mail|Email|Mail|Email address|邮箱|电子邮箱|邮件|电子邮件"),
        _field("education", Type.TEXT, "Education|Degree|Education level|学历|文化程度|最高学历"),
        _DEPARTMENT,
        _POSITION,
        _LEVEL,
        _HEAD,
        _field("parent_department", Type.TEXT, "Parent department|Parent|Belongs to|上级部门|父部门"),
        _field("band", Type.TEXT, "Band|Job band|职层|层级|人员类别"),
        _field("assignment_start", Type.DATE, "Assignment start|Assigned since|In position since|Post start|Start of post|Start date|任职开始日期|现岗位日期|任现职日期"),
    ),
    Kind.ASSIGNMENTS: (
        _EMPLOYEE,
        _DEPARTMENT,
        _POSITION,
        _LEVEL,
        _HEAD,
        _field("start_date", Type.DATE, _START),
        _field("end_date", Type.DATE, "End date|End|To|Until|Valid until|结束日期|终止日期|截止日期|失效日期"),
    ),
    Kind.LEAVES: (
        _EMPLOYEE,
        _field("kind", Type.TEXT, "Kind|Leave kind|Kind of leave|Leave type|Type|假别|请假类型|休假类型|类型", required=True),
        _field("start_date", Type.DATE, "Start date|Start|From|First day|Leave start|开始日期|起始日期", required=True),
        _field("end_date", Type.DATE, "End date|End|To|Until|Last day|Leave end|结束日期|终止日期|截止日期"),
        _field("reason", Type.TEXT, "Reason|Remark|Note|原因|备注|说明"),
    ),
    Kind.RECORDS: (
        # a row without is a team's
        replace(_EMPLOYEE, required=False),
        _field("team", Type.TEXT, "Team|Team department|团队|团队部门"),
        _field("activity", Type.TEXT, "Activity|Activity code|Type|Training type|Kind|积分项|活动|类型|培训类型|学习形式|培训形式"),
        _COURSE,
        _HAPPENED,
        _field("hours", Type.HOURS, "Hours|Training hours|Credit hours|Duration in hours|Duration (hours)|Duration (h)|Duration (hrs)|Duration|Study hours|学时|课时|时长|小时|培训学时|学习时长|时长小时"),
        _field("minutes", Type.MINUTES, "Minutes|Duration in minutes|Duration (minutes)|Duration (min)|Duration (mins)|分钟|时长分钟|学习分钟"),
        _field("count", Type.WHOLE, "Count|Times|Number of times|次数|数量|场次"),
        _field("score", Type.NUMBER, _SCORE),
        _PASSED,
        _TITLE,
        _SOURCE,
        _SOURCE_ID,
    ),
    Kind.SCORES: (
        _EMPLOYEE,
        _field("activity", Type.TEXT, "Activity|Activity code|Type|积分项|类型"),
        _field("course", Type.TEXT, "Course|Course code|课程|课程编码|课程名称"),
        _HAPPENED,
        _field("score", Type.NUMBER, f"{_SCORE}|Exam score|Test score|Exam mark"),
        _PASSED,
        _field("title", Type.TEXT, "Title|Exam|Exam name|Subject|Topic|考试|考试名称|科目|考试科目|试卷|主题|备注"),
        _SOURCE,
        _field("source_id", Type.TEXT, "Source ID|Record ID|Exam ID|Score ID|ID|成绩编号|考试编号|记录编号|流水号"),
    ),
    Kind.KPI: (
        _EMPLOYEE,
        _field("cycle", Type.TEXT, "Cycle|Appraisal cycle|Period|Year|考核周期|周期|年度|考核年度"),
        _field("part", Type.TEXT, "Part|Appraisal part|Item|考核项|考核部分|指标|项目"),
        _field("score", Type.NUMBER, f"KPI|KPI score|Performance score|KPI得分|KPI分数|{_SCORE}", required=True),
    ),
    Kind.RATINGS: (
        _EMPLOYEE,
        _field("rating", Type.TEXT, "Rating|Performance rating|Performance score|Appraisal rating|Appraisal grade|Appraisal result|Current employee rating|Final rating|Grade|绩效等级|考核等级|考核结果|绩效结果|绩效评级|考评等级|考评结果|年度考核结果|评级|等级", required=True),
        _field("cycle", Type.TEXT, "Cycle|Appraisal cycle|Period|Year|Appraisal year|Review period|考核周期|周期|年度|考核年度|考评年度|考核期间"),
        _field("rated_on", Type.DATE, "Rated on|Review date|Last performance review date|Appraisal date|Date of review|Rating date|考核日期|评定日期|考评日期"),
        _field("comment", Type.TEXT, "Comment|Comments|Remark|Note|Reviewer comment|评语|备注|考核评语"),
    ),
    Kind.SALARIES: (
        _EMPLOYEE,
        _field("amount", Type.NUMBER, "Amount|Salary|Monthly salary|Base salary|Pay|Monthly pay|薪资|工资|月薪|基本工资|薪酬|金额", required=True),
        _field("start_date", Type.DATE, f"{_START}|Pay date|Payment date|发放日期|发薪日期", required=True),
        _field("currency", Type.TEXT, "Currency|币种|货币"),
        _field("reason", Type.TEXT, "Reason|Remark|Note|原因|调薪原因|备注"),
    ),
    Kind.COURSES: (
        _field("code", Type.TEXT, "Course code|Course ID|Course no|Code|课程编码|课程编号|课程代码|编码"),
        _field("name", Type.TEXT, "Course name|Course|Course title|Name|课程名称|课程|名称", required=True),
        _field("activity", Type.TEXT, "Activity|Activity code|Type|Course type|Training type|Kind|积分项|类型|课程类型|培训类型|学习形式"),
        _field("hours", Type.HOURS, "Hours|Duration (hours)|Duration (h)|Duration (hrs)|Duration|Study hours|学时|课时|时长|课程时长|小时"),
        _field("minutes", Type.MINUTES, "Minutes|Duration (minutes)|Duration (min)|Duration (mins)|分钟|时长分钟"),
        _field("skill", Type.TEXT, "Skill|Subject area|Competence|技能|能力"),
        _field("summary", Type.TEXT, "Summary|Description|Content|简介|课程简介|内容|说明"),
        _field("is_active", Type.TRUTH, "On offer|Active|Available|是否开放|是否启用|有效"),
    ),
    Kind.DEPARTURES: (
        _EMPLOYEE,
        _field("exit_date", Type.DATE, "Exit date|Last working day|Last day|Leaving date|Termination date|Date of leaving|离职日期|离职时间|最后工作日", required=True),
        _field("reason", Type.TEXT, "Reason|Exit reason|Reason for leaving|Termination reason|Term reason|Leaving reason|离职原因|原因|离职类型|备注"),
    ),
    Kind.CANDIDATES: (
        _field("candidate_no", Type.TEXT, "Candidate number|Candidate no|Candidate ID|Applicant ID|Applicant no|Applicant number|应聘编号|候选人编号|应聘者编号|简历编号|应聘者ID|候选人ID"),
        _field("name", Type.TEXT, "Name|Full name|Candidate|Candidate name|Applicant|Applicant name|姓名|候选人|候选人姓名|应聘者|应聘者姓名|应聘人", required=True),
        _field("gender", Type.GENDER, "Gender|Sex|性别"),
        _field("birth_date", Type.DATE, "Birth date|Date of birth|DOB|Birthday|出生日期|生日|出生年月"),
        _field("email", Type.TEXT, "E-mail|Email|Mail|Email address|邮箱|电子邮箱|邮件|电子邮件"),
        _field("phone", Type.TEXT, "Phone|Phone number|Mobile|Mobile number|Telephone|手机|手机号|手机号码|电话|联系电话|联系方式"),
        _field("source", Type.TEXT, "Source|Recruitment source|Recruiting source|Channel|Heard of us|招聘渠道|应聘渠道|简历来源|来源|渠道"),
        _field("education", Type.TEXT, "Education|Education level|Degree|学历|文化程度|最高学历"),
        _field("experience_years", Type.NUMBER, "Years of experience|Experience|Experience years|Work experience|工作年限|工作经验|从业年限"),
        _field("skills", Type.TEXT, "Skills|Skill|Key skills|Competences|技能|专业技能|技能特长"),
        _field("job_title", Type.TEXT, "Applied for|Job title|Position|Job|Post|Position applied for|Vacancy|Role|应聘岗位|应聘职位|岗位|职位|申请职位|申请岗位"),
        _DEPARTMENT,
        _field("applied_on", Type.DATE, "Applied on|Application date|Date applied|Date of application|应聘日期|申请日期|投递日期|投递时间|应聘时间"),
        _field("stage", Type.TEXT, "Status|Stage|Application status|Candidate status|Recruiting stage|状态|应聘状态|招聘状态|候选人状态|阶段|招聘阶段|面试状态|当前状态"),
        _field("closed_reason", Type.TEXT, "Reason|Rejection reason|Rejected because|Reason for rejection|淘汰原因|拒绝原因|未录用原因"),
        _field("desired_salary", Type.NUMBER, "Desired salary|Expected salary|Salary expectation|期望薪资|期望月薪|期望工资|期望薪酬"),
        _field("offered_salary", Type.NUMBER, "Offered salary|Offer salary|Offer|录用薪资|Offer薪资|定薪"),
        _field("hired_as", Type.TEXT, "Hired as|Employee number|Employee ID|Employee no|入职工号|工号|员工编号"),
    ),
}  # fmt: skip

OWNERS = {
    Kind.EMPLOYEES: Attribute.Owner.EMPLOYEE,
    Kind.RECORDS: Attribute.Owner.RECORD,
    Kind.SCORES: Attribute.Owner.RECORD,
}
_TYPES = {
    Attribute.Type.NUMBER: Type.NUMBER,
    Attribute.Type.DATE: Type.DATE,
    Attribute.Type.BOOLEAN: Type.TRUTH,
}


def called(column: str, name: str) -> str:
    """What people call the field ``name`` where ``column`` is a field that no column of the file serves."""
    known = {one.name: one for own in FIELDS.values() for one in own}
    return known[name].known()[0] if column in known and name in known else column


def fields_of(kind: str) -> tuple[Field, ...]:
    """What a file of this kind may state, custom attributes last."""
    own = FIELDS[kind]
    if kind not in OWNERS:
        return own
    # what the suite has a field for is kept there, and policies find it there
    names = {one.name for one in own}
    declared = [one for one in attributes_of(OWNERS[Kind(kind)]).values() if one.code not in names]
    return own + tuple(
        Field(one.code, _TYPES.get(Attribute.Type(one.type), Type.TEXT), (one.code, one.name), attribute=one)
        for one in declared
    )


#: words for values that every file may use
GENDERS = {
    "female": "female", "f": "female", "woman": "female", "w": "female", "女": "female", "女性": "female",
    "male": "male", "m": "male", "man": "male", "男": "male", "男性": "male",
    "other": "other", "o": "other", "其他": "other",
}  # fmt: skip
