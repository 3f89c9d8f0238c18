"""What a column is about, from its heading in English or Chinese."""

# ruff: noqa: E501 - Chinese letters are counted double
from __future__ import annotations

import re

from migration.rules import folded

#: meaning -> (type, headings). The first that fits wins; headings are compared without case, blanks and signs.
MEANINGS: dict[str, tuple[str, str]] = {
    "employee_no": ("id", "Employee number|Employee no|Employee ID|EmpID|Emp ID|Emp no|Staff ID|Staff no|Worker ID|Person ID|Employee code|Emp code|Staff code|Personalnummer|EEID|EE ID|Payroll number|Payroll no|Personalnr|Personal-Nr|Mitarbeiternummer|Mitarbeiter-Nr|Worker number|Associate ID|工号|员工号|员工编号|员工工号|工號|員工編號|人员编号|职工号|编号|员工ID"),
    "manager_no": ("id", "Manager ID|Manager no|Manager number|Supervisor ID|Reports to ID|上级工号|主管工号|经理工号|直属上级工号"),
    "record_no": ("id", "ID|Record ID|Record no|Applicant ID|Candidate ID|Application ID|Source ID|Student ID|学号|记录编号|流水号|记录号|成绩编号|应聘编号|准考证号|enrollee id|No|No.|Serial no|序号"),
    "id_number": ("idnumber", "ID number|ID card|ID card number|Identity card|National ID|Citizen ID|身份证|身份证号|身份证号码|证件号|证件号码"),
    "birth_date": ("date", "Birth date|Birthdate|Date of birth|DOB|Birthday|Born|Geburtsdatum|Geburtstag|出生日期|生日|出生年月|出生年月日"),
    "hire_date": ("date", "Hire date|Hired|Hired on|Date of hire|Date hired|Start date|Join date|Joining date|Date of joining|DOJ|Joined|Date joined|Employment date|Eintrittsdatum|Eintritt|入职日期|入职时间|进厂日期|入司日期|参加工作日期|报到日期|到职日|到职日期|到職日|到職日期|入職日期"),
    "exit_date": ("date", "Exit date|Exit|Term date|Termdate|Last working day|Last day|Last day worked|Departure date|Date of leaving|Date left|Quit date|Date of exit|Relieving date|Leaving date|Leave date|Termination date|Date of termination|Date terminated|End date|Resignation date|Separation date|Austrittsdatum|Austritt|离职日期|离职时间|最后工作日|辞职日期|离职日|離職日|離職日期"),
    "happened_on": ("date", "Training date|Completed on|Completion date|Exam date|Date of exam|Test date|Date of test|Date of training|Date of course|Course date|Survey date|Date|Day|Attended on|培训日期|完成日期|学习日期|考试日期|发生日期|培训时间|日期"),
    "applied_on": ("date", "Application date|Applied on|Date applied|应聘日期|申请日期|投递日期"),
    "assignment_start": ("date", "Assignment start|In position since|Effective date|Valid from|From|任职日期|任职开始日期|现岗位日期|生效日期|开始日期|起始日期|起薪日期"),
    "end_date": ("date", "End|To|Until|Valid until|Contract end|Contract end date|结束日期|终止日期|截止日期|失效日期|合同到期日期|合同到期日"),
    "first_name": ("name", "First name|Given name|Forename|Vorname|名"),
    "last_name": ("name", "Last name|Surname|Family name|Nachname|Familienname|姓"),
    "name": ("name", "Name|Full name|Employee name|Emp name|Staff name|Applicant name|Preferred name|Legal name|Display name|Worker name|Candidate name|姓名|员工姓名|名字|学员|学员姓名"),
    "manager_name": ("name", "Manager|Manager name|Supervisor|Supervisor name|Reports to|Line manager|上级|直属上级|主管|主管姓名|经理"),
    "trainer_name": ("name", "Trainer|Instructor|Teacher|Lecturer|讲师|培训人|培训师|老师"),
    "gender": ("gender", "Gender|Sex|Gender code|Geschlecht|性别|性別"),
    "marital": ("category", "Marital status|Marital desc|Marital|Familienstand|婚姻状况|婚姻"),
    "email": ("email", "E-mail|Email|Mail|Email address|AD email|Work email|Email ID|Mail ID|邮箱|电子邮箱|邮件|电子邮件"),
    "phone": ("phone", "Phone|Phone number|Mobile|Mobile number|Telephone|Tel|Cell|Cell phone|Contact|Contact number|Contact phone|Telefon|Telefonnummer|Handy|Mobil|手机|手机号|手机号码|电话|联系电话|联系方式"),
    "postal_code": ("id", "Zip code|Zip|Postal code|Postcode|PLZ|Postleitzahl|PIN code|Pincode|邮编|邮政编码"),
    "location_code": ("id", "Location code"),
    "bank_account": ("id", "Bank account|Account number|IBAN|银行卡号|银行账号|工资卡号|卡号"),
    "social_no": ("id", "SSN|Social security number|社保号|社保账号"),
    "status": ("category", "Employee status|Employment status|Emp status|Status of employment|在职状态|员工状态|人员状态|状态|是否在职"),
    "age": ("number", "Age|Alter|年龄|周岁"),
    "salary": ("number", "Salary|Monthly salary|Base salary|Annual salary|Pay|Pay rate|Amount|Monthly pay|Monthly income|Income|Wage|Wages|Desired salary|Training cost|Cost|Bonus|Gehalt|Bruttogehalt|Monatsgehalt|Jahresgehalt|Bruttolohn|Lohn|CTC|Base pay|Basic pay|Gross pay|Hourly rate|Daily rate|Monthly rate|薪资|薪資|工资|月薪|基本工资|薪酬|金额|年薪|奖金|底薪|应发工资|实发工资|培训费用|费用"),
    "duration": ("number", "Hours|Training hours|Training time|Duration|Duration hours|Study hours|Training duration|Training duration days|Minutes|Days|Years of experience|Years at company|Tenure|Wochenstunden|Stunden|学时|课时|时长|小时|培训学时|学习时长|培训时长|工龄|司龄|天数"),
    "count": ("number", "Count|Times|Number of times|Absences|Headcount|次数|数量|场次|缺勤|缺勤天数"),
    "score": ("number", "Score|Points scored|Mark|Marks|Result score|KPI|KPI score|Engagement score|Satisfaction score|Work life balance score|Rating|Current employee rating|Performance rating|Grade points|Average|成绩|分数|得分|考试成绩|考核得分|评分|绩效得分|绩效分数|平均成绩|平均分|总评"),
    "truth": ("truth", "Passed|Is head|Over time|Overtime|Attrition|Over 18|Termd|Left|Promoted|Is promoted|是否通过|是否合格|是否负责人|是否离职|是否在编|是否党员"),
    "department": ("category", "Department|Abteilung|Dept|Department name|Department type|部门|部門|所属部门|部门名称|单位|单位/部门"),
    "position": ("category", "Position|Job title|Job|Post|Title|Job role|岗位|职位|职务|职称|職稱|岗位名称"),
    "level": ("category", "Level|Grade|Job level|Rank|职级|级别|职等"),
    "education": ("category", "Education|Degree|Education level|学历|文化程度|最高学历"),
    "course": ("category", "Course|Course name|Training program name|Training program|Training|Program|课程|课程名称|培训项目|培训课程|培训名称"),
    "activity": ("category", "Activity|Training type|积分项|活动|培训类型|学习形式|培训形式"),
    "outcome": ("category", "Training outcome|Outcome|Result|结果|考试结果"),
    "city": ("name", "City|Town|Ort|Stadt|城市"),
    "address": ("text", "Address|Street|住址|地址|家庭住址"),
    "currency": ("category", "Currency|币种|货币"),
    "reason": ("text", "Reason|Remark|Remarks|Note|Notes|Comment|Comments|备注|原因|说明"),
}  # fmt: skip
_KNOWN: dict[str, str] = {}
for _meaning, (_type, _headings) in MEANINGS.items():
    for _heading in (_meaning, *_headings.split("|")):
        _KNOWN.setdefault(folded(_heading), _meaning)

#: endings that say enough where the whole heading is not known
_ENDINGS = (
    (re.compile(r"(身份证)"), "id_number"),
    (re.compile(r"(birth|出生|geburtsdatum)", re.IGNORECASE), "birth_date"),
    (re.compile(r"(dateofhire|hiredate|eintrittsdatum)", re.IGNORECASE), "hire_date"),
    (re.compile(r"(terminationdate|dateoftermination|exitdate|austrittsdatum)", re.IGNORECASE), "exit_date"),
    (re.compile(r"(e-?mail(id|address)?|邮箱)$", re.IGNORECASE), "email"),
    (re.compile(r"(phone|mobile|手机|电话)", re.IGNORECASE), "phone"),
    (
        re.compile(
            r"(rating|score|成绩|得分|分数|总分|评分|satisfaction|engagement|survey|involvement|满意度|敬业度)$",
            re.IGNORECASE,
        ),
        "score",
    ),
    (re.compile(r"(salary|income|工资|薪)$", re.IGNORECASE), "salary"),
    (re.compile(r"^(gender|sex|性别)|(gender|性别)$", re.IGNORECASE), "gender"),
)
#: whose it is, in front of what it is: 员工电话, Emp_Status
_WHOSE = re.compile(
    r"^(employees?|emp|staff|worker|candidate|applicant|员工|員工|职工|雇员|人员|应聘者|候选人|应聘人|学员)"
)
#: amounts of money, whatever else their heading says
_MONEY_WORD = re.compile(
    r"[£$€¥￥]|compensation|earnings|remuneration|stipend|(?<![a-z])(pay|salary|salaries|wages?|bonus|budget|benefits?|allowances?|deductions?|tax|costs?|amount|price|fees?|revenue|sales|turnover|"
    r"gehalt|lohn|kosten|betrag|umsatz)(?![a-z])|金额|工资|薪|费用|预算|销售额|补贴|津贴|奖金|公积金|（元）|\(元\)",
    re.IGNORECASE,
)
#: between the words of TotalPay
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: not candidates, updates, mandates and what was earned to date
_DATE_WORD = re.compile(
    r"(?<!candi)(?<!up)(?<!man)(?<!vali)(?<!to )(?<!to_)date|datum|fecha|timestamp|日期|时间|_(dt|on|at)$",
    re.IGNORECASE,
)
_ID_WORD = re.compile(r"([a-z ]ID|_id|\bid|编号|号码|代码|code|[Nn]umber|\b[Nn][or]\.?|nummer)$")
#: what somebody did on a day, or how often, or whether at all: the cells tell
_DAY_OF = re.compile(
    r"(born|hired|joined|left|enrolled|started|completed|finished|passed|certified|issued|expires|expired|terminated)",
    re.IGNORECASE,
)
#: how people are addressed: a column Title of these is no position
_ADDRESS = re.compile(r"(mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau)\.?|先生|女士|小姐", re.IGNORECASE)
_PERCENT_WORD = re.compile(r"(percent|percentage|pct|ratio|率|%)", re.IGNORECASE)


#: what forms say of a column beside its heading
_MUST = re.compile(
    r"\s*[*＊※]+\s*|\s*[(（\[]\s*(required|optional|mandatory|必填项?|选填项?|可选|pflichtfeld|optional field)\s*[)）\]]\s*",
    re.IGNORECASE,
)


def bare_heading(heading: str) -> str:
    """Without the marks of what has to be filled in: Name* and Name (required) are Name."""
    return _MUST.sub("", heading) or heading


def is_usual(heading: str) -> bool:
    """Whether a whole heading is a usual one, and not only by its ending."""
    return folded(bare_heading(heading)) in _KNOWN


def meaning_of(heading: str) -> str:
    """The meaning of a heading; empty where it says nothing."""
    heading = bare_heading(heading)
    key = folded(heading)
    last = re.split(r"[/／]", heading)[-1]
    if found := _KNOWN.get(key) or _KNOWN.get(folded(last)):
        return found
    if found := _KNOWN.get(_WHOSE.sub("", key)):
        return found
    for pattern, meaning in _ENDINGS:
        if pattern.search(key) and not (meaning in ("score", "salary") and _PERCENT_WORD.search(heading)):
            return meaning
    return "percent" if _PERCENT_WORD.search(heading) else ""


def may_be_day(heading: str) -> bool:
    """Whether a heading names what happens on a day, without a word for one."""
    return bool(_DAY_OF.fullmatch(heading.strip()))


def is_address(text: str) -> bool:
    """Whether a text is a form of address, such as Mrs."""
    return bool(_ADDRESS.fullmatch(text.strip()))


def is_money(heading: str, meaning: str) -> bool:
    """Whether a column counts money: no amount has three decimals."""
    return meaning == "salary" or (meaning in ("", "count") and bool(_MONEY_WORD.search(_CAMEL.sub(" ", heading))))


def type_of(heading: str, meaning: str) -> str:
    """The type that a heading suggests; empty where it says nothing."""
    if meaning in MEANINGS:
        return MEANINGS[meaning][0]
    if meaning == "percent":
        return "number"
    if _DATE_WORD.search(heading.strip()):
        return "date"
    if _ID_WORD.search(heading.strip()):
        return "id"
    return ""
