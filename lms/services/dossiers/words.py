"""The words of a dossier. It is one official document in Chinese, whoever asks for it, so they stand here."""

from collections.abc import Mapping

HIDDEN = "（已隐去）"
YES, NO = "是", "否"

APPLICATION, PLAN = "00-开班备案/1-申报内容.csv", "00-开班备案/2-培训计划.csv"
ACTS, VERSIONS = "00-开班备案/3-办理经过.csv", "00-开班备案/4-历版花名册.csv"
ROSTER_CHANGES, FILED = "00-开班备案/5-花名册变动.csv", "00-开班备案/申报内容"
ROSTER, LESSONS, TIMETABLE = "01-花名册.csv", "02-教学计划.csv", "03-线下课课表.csv"
MARKS, LISTS, LEAVES, BOOK = "04-签到签退.csv", "05-纸质签到表.csv", "06-请假.csv", "07-出勤簿.csv"
INTERVALS, HOURS = "08-学习明细", "09-学时汇总.csv"
QUIZZES, EXAMS = "10-小测验.csv", "11-理论考试.csv"
SHEETS, PICTURES, PICTURE_FILES = "12-实操打分单.csv", "13-实操照片.csv", "13-实操照片"
SCORES, RECORDS, CORRECTIONS = "14-成绩册.csv", "15-结业记录.csv", "16-学时更正.csv"
IDENTITY = "16-姓名证件更正.csv"
CASES, CHANGES, POLICY = "17-核实单.csv", "18-操作记录.csv", "19-政策.json"
CHECKPOINT, ENTRIES, PROOF = "20-证据/检查点.txt", "20-证据/条目.txt", "20-证据/证明.txt"
CLAIM_LINES, CLAIM_STEPS = "21-补贴/1-申请明细.csv", "21-补贴/2-办理经过.csv"
CLAIM_STEP_FILES, CLAIM_NOTICES, PAYMENTS = "21-补贴/办理内容", "21-补贴/3-公示.csv", "21-补贴/4-拨付.csv"

WORDS: Mapping[str, Mapping[str, str]] = {
    "document": {
        "resident_id": "居民身份证",
        "residence_permit": "港澳台居民居住证",
        "permanent_resident": "外国人永久居留身份证",
        "hk_macao_permit": "港澳居民来往内地通行证",
        "taiwan_permit": "台湾居民来往大陆通行证",
        "passport": "护照",
        "": "",
    },
    "change": {"name": "姓名", "number": "证件号码", "document": "增加证件"},
    "roster": {"add": "加入", "remove": "移出"},
    "way": {"online": "线上", "in_person": "线下"},
    "act": {
        "draft": "开始填写",
        "file": "提交申报",
        "return": "退回修改",
        "approve": "批准",
        "close": "结课",
        "archive": "归档",
    },
    "filing": {
        "draft": "草稿，还没有申报",
        "filed": "已申报，等审核",
        "returned": "退回修改",
        "approved": "已批准",
        "running": "培训中",
        "closed": "已结课",
        "archived": "已归档",
    },
    "field": {
        "name": "班期名称",
        "days": "开班和结课日期",
        "training_kind": "培训类型",
        "occupation": "培训职业（工种）",
        "level": "等级",
        "certificate": "证书类型",
        "size": "人数",
        "place": "培训地点",
        "manager": "负责人",
        "phone": "负责人电话",
        "materials": "教材",
        "resources": "场地、设备和平台",
        "exam_plan": "考核方案",
        "plan": "培训计划",
        "teachers": "师资",
        "roster": "学员花名册",
        "organisation": "机构",
        "credit_code": "统一社会信用代码",
        "course": "课程",
        "policy": "政策版本",
        "programme": "培训项目",
    },
    "level": {
        "": "",
        "none": "不分等级",
        "5": "五级（初级工）",
        "4": "四级（中级工）",
        "3": "三级（高级工）",
        "2": "二级（技师）",
        "1": "一级（高级技师）",
    },
    "certificate": {
        "": "",
        "vocational": "职业资格证书",
        "skill_level": "职业技能等级证书",
        "special_skill": "专项职业能力证书",
        "training": "培训合格证书",
        "none": "没有证书",
    },
    "lesson": {
        "video": "视频",
        "reading": "阅读",
        "quiz": "小测验",
        "practice": "动手练习",
        "file": "资料",
        "class": "线下课",
    },
    "content": {"theory": "理论课", "practice": "实操课"},
    "mark": {"in": "签到", "out": "签退"},
    "method": {"qr": "扫码", "paper": "手签"},
    "state": {
        "expected": "还没到",
        "inside": "在课",
        "attended": "出勤",
        "unsigned": "未签退",
        "leave": "请假",
        "absent": "缺课",
    },
    "decision": {"": "等核对", "approved": "通过", "rejected": "没有通过"},
    "class": {
        "online": "在线",
        "gap": "断网补记",
        "offline": "离线下载学习",
        "attended": "面授",
        "imported": "导入",
    },
    "check": {"confirmed": "已确认", "waiting": "等抽验", "missed": "抽验没答上", "nothing": "没有计入"},
    "verdict": {
        "credited": "全部计入",
        "credited_in_part": "只计入一部分",
        "already_credited": "以前学过，已经计过",
        "faster_than_clock": "比钟表走得快，多出来的不算",
        "nothing_played": "没有播放",
        "lease_lost": "换到另一部手机学习了",
        "seq_gap": "手机发来的记录中间缺了一条",
        "nonce_mismatch": "手机发来的记录和服务器的对不上",
        "heartbeat_changed": "同一条记录有两份不同的内容",
        "range_outside_lesson": "位置超出这一节的长度",
        "cohort_not_open": "还没有开班",
        "cohort_closed": "已经结课",
        "daily_cap": "当天已满",
        "gap_too_long": "断网超过 10 分钟",
        "outside_window": "不在离线学习的有效时间里",
        "wall_time_used": "同一时间在别处已经计过",
        "offline_daily_cap": "当天离线学习已满",
    },
    "mode": {"online": "线上", "oral": "口试"},
    "cause": {"handed_in": "交卷", "time_up": "时间到", "": "没有交卷"},
    "sitting": {"exam": "实操考核", "workplace": "岗位签字"},
    "conclusion": {
        "passed": "合格",
        "failed": "不合格",
        "resit": "不合格，可补考",
        "disputed": "等待复核",
        "open": "还没有考完",
    },
    "correction": {"void": "减去学时", "credit": "补记学时"},
    "record": {"valid": "有效", "superseded": "已被新的记录代替", "revoked": "已撤销", "expired": "已过有效期"},
    "step": {
        "opened": "开始核实",
        "flagged": "系统注意到",
        "words": "学员说明",
        "decision": "结论",
        "appeal": "学员申诉",
        "appeal_decision": "申诉结论",
    },
    "subsidy": {"training": "职业培训补贴", "living": "生活费（含交通费）补贴", "appraisal": "评价（鉴定）补贴"},
    "claim_state": {
        "draft": "草稿",
        "filed": "已提交，等初审",
        "returned": "已退回，等修改",
        "first": "初审完，等复审",
        "notice": "复审通过，公示中",
        "owed": "公示结束，等拨付",
        "refused": "不予补贴",
        "withdrawn": "机构已撤回",
    },
    "claim_act": {
        "make": "汇总成申请",
        "refresh": "重新汇总",
        "leave_out": "一位学员不申请",
        "file": "承诺属实并提交",
        "withdraw": "撤回申请",
        "return": "退回修改",
        "return_line": "一行退回更正",
        "refuse_line": "一行不予补贴",
        "admit_line": "一行恢复申请",
        "sample": "抽取回访名单",
        "call": "电话回访",
        "pass_first": "初审完成",
        "pass_second": "复审完成",
        "refuse": "整份不予补贴",
        "owe": "公示结束，转入待拨付",
        "strike": "异议成立，取消",
        "pay_line": "一行已拨付",
        "owe_again": "一行退票，等重付",
        "claw_back": "一行已追回",
    },
    "posting": {"paid": "已付", "returned": "退票", "repaid": "重付", "clawback": "追回"},
    "case_verdict": {
        "": "",
        "unfounded": "没有问题",
        "noted": "情况属实，记下来",
        "needs_correction": "需要更正学时",
    },
}


def said(kind: str, code: str) -> str:
    """A code in Chinese; the code itself where nobody worded it."""
    return WORDS[kind].get(code, code)


def yes(value: bool) -> str:
    """是 or 否."""
    return YES if value else NO
