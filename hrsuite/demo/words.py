"""Names of the case company in English and Chinese. Codes are the same in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Unit:
    """A department: code, names, parent, how many middle managers, supervisors and staff, and its staff position."""

    code: str
    en: str
    zh: str
    parent: str
    middle: int = 0
    supervisors: int = 0
    staff: int = 0
    position: str = "OFFICE"


#: 80 middle managers, 70 supervisors, 344 staff and 6 of the board: 500
UNITS = (
    Unit("HQ", "Northwind Instruments", "北风仪器", ""),
    Unit("RD", "Research and development", "研发中心", "HQ", 2, 1, 4, "ENGINEER"),
    Unit("RD-PLAT", "Platform", "平台研发部", "RD", 4, 4, 18, "ENGINEER"),
    Unit("RD-APP", "Applications", "应用研发部", "RD", 4, 4, 18, "ENGINEER"),
    Unit("RD-HW", "Hardware", "硬件研发部", "RD", 4, 3, 16, "ENGINEER"),
    Unit("RD-LAB", "Laboratory", "实验室", "RD", 2, 2, 8, "ENGINEER"),
    Unit("RD-QA", "Test and verification", "测试验证部", "RD", 3, 3, 14, "TESTER"),
    Unit("SALES", "Sales", "销售中心", "HQ", 2, 1, 3, "REP"),
    Unit("SALES-N", "Sales north", "华北销售部", "SALES", 4, 4, 20, "REP"),
    Unit("SALES-E", "Sales east", "华东销售部", "SALES", 5, 4, 24, "REP"),
    Unit("SALES-S", "Sales south", "华南销售部", "SALES", 4, 4, 20, "REP"),
    Unit("SALES-KEY", "Key accounts", "大客户部", "SALES", 3, 2, 8, "REP"),
    Unit("PROD", "Production", "生产中心", "HQ", 2, 1, 3, "OPERATOR"),
    Unit("PROD-1", "Plant 1", "一车间", "PROD", 5, 7, 46, "OPERATOR"),
    Unit("PROD-2", "Plant 2", "二车间", "PROD", 5, 7, 44, "OPERATOR"),
    Unit("PROD-QC", "Quality control", "质检部", "PROD", 4, 4, 18, "INSPECTOR"),
    Unit("PROD-LOG", "Logistics", "物流部", "PROD", 4, 4, 20, "OPERATOR"),
    Unit("MKT", "Marketing", "市场部", "HQ", 4, 3, 12, "OFFICE"),
    Unit("CS", "Customer service", "客户服务部", "HQ", 4, 4, 20, "AGENT"),
    Unit("BUY", "Purchasing", "采购部", "HQ", 3, 2, 8, "OFFICE"),
    Unit("FIN", "Finance", "财务部", "HQ", 4, 2, 8, "OFFICE"),
    Unit("HR", "Human resources", "人力资源部", "HQ", 4, 2, 6, "OFFICE"),
    Unit("IT", "Information technology", "信息技术部", "HQ", 4, 2, 6, "ENGINEER"),
)
BOARD = 6

#: code -> (English, Chinese)
POSITIONS = {
    "BOARD": ("Board member", "高管"),
    "MANAGER": ("Department manager", "部门经理"),
    "LEAD": ("Team lead", "主管"),
    "ENGINEER": ("Engineer", "工程师"),
    "TESTER": ("Test engineer", "测试工程师"),
    "REP": ("Sales representative", "销售代表"),
    "OPERATOR": ("Operator", "操作工"),
    "INSPECTOR": ("Inspector", "质检员"),
    "AGENT": ("Service agent", "客服专员"),
    "OFFICE": ("Specialist", "专员"),
}
#: code -> (English, Chinese, band, rank, monthly pay from, to)
LEVELS = {
    "S1": ("Staff 1", "员工一级", "staff", 10, 5_000, 8_000),
    "S2": ("Staff 2", "员工二级", "staff", 20, 7_000, 12_000),
    "L1": ("Supervisor", "主管级", "supervisor", 30, 10_000, 16_000),
    "M1": ("Manager", "经理级", "middle", 40, 16_000, 26_000),
    "M2": ("Senior manager", "高级经理级", "middle", 50, 22_000, 34_000),
    "E1": ("Executive", "高管级", "senior", 60, 40_000, 70_000),
}
#: activity code -> (English, Chinese); as the old files call them and as the policy is named
ACTIVITIES = {
    "online": ("Online course", "在线课程"),
    "workshop": ("Workshop", "线下研讨会"),
    "exam": ("Exam", "考试"),
    "lecture": ("Internal lecture", "内部授课"),
    "mentoring": ("Mentoring a subordinate's training", "指导下属培训"),
    "project": ("Technical project", "技术项目"),
}
#: names inside examples/case_company/policy.yaml
POLICY = {
    "Training points of the case company": "培训积分制度",
    "What training earns, and what every band needs in a year.": "各项培训的积分标准与各职级年度目标。",
    "Online courses": "在线课程",
    "Exams": "考试",
    "Sharing": "分享",
    "Workshops": "线下研讨会",
    "Middle managers": "中层管理者",
    "Supervisors": "主管",
    "Staff": "员工",
    **dict(ACTIVITIES.values()),
}
#: code -> (activity, English, Chinese, minutes, skill in English, in Chinese)
COURSES = {
    "C01": ("online", "Leading with goals", "目标管理", 120, "Leadership", "领导力"),
    "C02": ("online", "Difficult conversations", "高难度沟通", 90, "Communication", "沟通"),
    "C03": ("online", "Reading a balance sheet", "财务报表解读", 180, "Finance", "财务"),
    "C04": ("online", "Lean production (精益生产)", "精益生产", 240, "Production", "生产"),
    "C05": ("online", "Project management basics", "项目管理基础", 180, "Project management", "项目管理"),
    "C06": ("online", "Data analysis with spreadsheets", "表格数据分析", 150, "Data", "数据分析"),
    "C07": ("online", "Information security", "信息安全", 60, "Security", "信息安全"),
    "C08": ("online", "Selling to key accounts", "大客户销售", 120, "Sales", "销售"),
    "C09": ("online", "Systems engineering", "系统工程", 240, "Engineering", "工程"),
    "W01": ("workshop", "Coaching your team", "团队教练", 420, "Leadership", "领导力"),
    "W02": ("workshop", "Root cause analysis", "根因分析", 420, "Production", "生产"),
    "W03": ("workshop", "Negotiation", "商务谈判", 420, "Sales", "销售"),
    "W04": ("workshop", "Design review", "设计评审", 240, "Engineering", "工程"),
    "E01": ("exam", "Management essentials", "管理基础考试", 60, "Leadership", "领导力"),
    "E02": ("exam", "Safety at work", "安全生产考试", 45, "Safety", "安全"),
    "E03": ("exam", "Quality system", "质量体系考试", 60, "Quality", "质量"),
}
SHARED = {
    "lecture": (("How we win back a customer", "Lessons of a recall", "Our platform in an hour"),
                ("赢回客户的方法", "一次召回的教训", "一小时了解我们的平台")),
    "mentoring": (("Training plan of a new colleague", "Preparing a colleague for the exam"),
                  ("新同事培养计划", "辅导同事备考")),
    "project": (("Sensor platform 3", "Automatic calibration"), ("第三代传感器平台", "自动校准")),
}  # fmt: skip

FIRST_EN = (
    "Ada Adam Aisha Alan Alex Amy Andrew Anna Ben Beth Boris Carla Chen Chloe Chris Clara Daniel Diana David Elena Emil "
    "Emma Eric Eva Fatima Felix Fiona Frank George Grace Hana Hannah Henry Hugo Ines Irene Ivan Jack James Jana Jin Joan "
    "John Julia Karl Kate Kenji Laura Lena Leo Lily Linda Lucas Lucy Maria Mark Marta Mei Mia Michael Mina Nadia Nina Noah "
    "Nora Olga Oliver Omar Oscar Paula Peter Priya Rachel Raj Rosa Ruth Sam Sara Simon Sofia Stefan Tara Thomas Tom Vera "
    "Victor Wei Yara Yusuf Zoe"
).split()
LAST_EN = (
    "Adams Ahmed Bauer Becker Bell Brown Chan Chen Clark Costa Cruz Davies Diaz Evans Fischer Fox Garcia Gomez Grant Green "
    "Gupta Hall Hansen Hill Hughes Ito Ivanov Jones Kaur Keller Khan Kim King Klein Kumar Larsen Lee Lewis Li Lopez Martin "
    "Meyer Miller Moore Mori Morris Nguyen Novak Olsen Owen Park Patel Perez Price Reed Rossi Roy Russo Ryan Sato Schmidt "
    "Scott Shah Silva Singh Smith Stone Suzuki Tan Taylor Torres Turner Vega Walker Wang Ward Weber White Wong Wood Wright "
    "Wu Yang Young Zhang Zhou"
).split()
LAST_ZH = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN_ZH = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 涛 明 超 秀英 霞 平 刚 桂英 晨曦 子涵 雨欣 浩然 思远 佳怡 志强 建国 文静 晓东 海燕 "
    "立新 国华 春梅 嘉豪 雪梅 俊杰 婷婷 宇航 欣怡 博文 梦洁 天宇 玉兰 振华 慧敏 鹏飞 书瑶 一鸣"
).split()


@dataclass(frozen=True)
class Words:
    """Picks the language once: ``words("Online course", "在线课程")`` gives one of the two."""

    chinese: bool

    def __call__(self, english: T, chinese: T) -> T:
        return chinese if self.chinese else english
