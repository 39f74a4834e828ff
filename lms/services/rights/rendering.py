"""A person's export as files: data.json for programs, data.html for her to read. In two languages, without a server."""

import html
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

Sections = Mapping[str, Any]
MOST_ROWS = 2000
TITLES = {
    "person": "我是谁 · Who I am",
    "other_persons": "我也登记为 · I am also on record as",
    "person_documents": "我的证件 · My documents",
    "document_checks": "权威核验 · Checks with an authority",
    "person_names": "我用过的姓名 · My names",
    "identity_changes": "身份信息的修改 · Changes of who I am",
    "identity_decisions": "修改的结论 · What was decided",
    "person_links": "合并的登记 · Records that are one person",
    "enrollment_details": "花名册上写的 · What rosters told",
    "roster_changes": "备案后换人 · Changes of a filed roster",
    "qualifications": "别处的证书 · Certificates from elsewhere",
    "qualification_words": "证书的核对 · What is known of them",
    "group_evidence": "人员类别的证明 · Evidence of groups",
    "group_words": "证明的核对 · What is known of it",
    "payee_accounts": "收补贴的账户 · Accounts for subsidies",
    "public_notice_rows": "公示里关于我的一行 · My rows in public notices",
    "notice_objections": "我对公示的异议 · My objections",
    "objection_steps": "异议的处理 · What was done about them",
    "payee_steps": "账户的改动 · What was done with them",
    "claim_lines": "补贴申请里的一行 · Lines of subsidy claims",
    "claim_omissions": "没有申请补贴的原因 · Why no subsidy was asked for",
    "fund_payments": "补贴的发放 · Subsidies paid",
    "reveals": "谁看过完整号码 · Who saw whole numbers",
    "classes": "我的班 · My classes",
    "rules": "按什么规定保存 · Kept under which rule",
    "enrollments": "报名 · Enrolments",
    "enrollment_departures": "移出的班期 · Classes left before studying",
    "activations": "激活 · Activation",
    "consents": "告知和同意 · Notices and consents",
    "rights_requests": "我提出的请求 · What I asked",
    "restrictions": "限制处理 · Restriction",
    "personal_exports": "我的下载 · My downloads",
    "monthly_statements": "每月对账单 · Monthly statements",
    "login_sessions": "登录的设备 · Devices",
    "lesson_progress": "每一节的进度 · Progress",
    "study_sessions": "学习时段 · Study sessions",
    "study_intervals": "每一段学习和结论 · Each stretch and its verdict",
    "study_segments": "计入的时间 · Credited time",
    "study_passes": "离线学习 · Offline passes",
    "study_parts": "补传的记录 · What was sent later",
    "presence_checks": "抽验 · Presence checks",
    "presence_outcomes": "抽验结果 · Outcomes of checks",
    "quiz_attempts": "测验 · Quizzes",
    "quiz_reviews": "错题本 · Notebook",
    "exam_sittings": "考试 · Exams",
    "exam_answers": "考试作答 · Answers",
    "exam_closings": "交卷 · Handing in",
    "exam_grades": "考试成绩 · Grades",
    "practice_sittings": "实操考核 · Practicals",
    "practice_sheets": "打分单 · Sheets",
    "practice_pictures": "照片和录像 · Pictures",
    "attendance_marks": "签到签退 · Attendance",
    "attendance_leaves": "请假 · Leave",
    "records": "结业记录 · Completion records",
    "record_holders": "结业记录上的姓名 · Names on records",
    "record_states": "结业记录的状态 · States of records",
    "record_proposals": "撤销和重新生成结业记录 · Proposals about records",
    "validities": "有效期 · How long records hold",
    "renewal_reminders": "复训提醒 · Reminders",
    "papers": "纸质证书 · Certificates on paper",
    "shares": "分享的链接 · Links you shared",
    "share_records": "链接里的记录 · Records behind the links",
    "flags": "系统注意到的 · What was noticed",
    "cases": "核实 · Cases",
    "case_steps": "核实经过 · Steps of cases",
    "outside_matches": "外部名单上有我 · Lists from outside that I am on",
    "outside_words": "名单核对经过 · What was said of it",
    "pattern_persons": "等待核实的班级情况 · Patterns of classes that wait",
    "corrections": "学时更正 · Corrections",
    "correction_decisions": "更正结论 · Decisions",
    "evidence_entries": "证据 · Evidence",
    "looks": "检查员看过 · Looks of inspectors",
    "acts": "我做过的操作 · What I did",
}
STYLE = (
    "body{font:18px/1.6 sans-serif;margin:1em;max-width:70em}table{border-collapse:collapse;font-size:15px}"
    "td,th{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top;word-break:break-all}"
    "details{margin:.6em 0}summary{font-weight:bold;padding:.4em 0}"
)


def pack(sections: Sections, made_at: str) -> bytes:
    """The zip: both files hold the same, but that the page shows at most MOST_ROWS rows of a section."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps({"made_at": made_at, **sections}, ensure_ascii=False, indent=1))
        archive.writestr("data.html", page(sections, made_at))
    return out.getvalue()


def page(sections: Sections, made_at: str) -> str:
    """Everything as one page without script, that opens on a phone without a network."""
    body = "".join(_section(name, found) for name, found in sections.items())
    title = "我的全部信息 · All my data"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    return (
        f'<!doctype html><html lang="zh-Hans"><head>{head}<style>{STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>{html.escape(made_at)}</p>{body}</body></html>"
    )


def _section(name: str, found: Any) -> str:
    rows = found if isinstance(found, list) else [found]
    if not rows:
        return ""
    shown = _table(rows[:MOST_ROWS])
    more = "" if len(rows) <= MOST_ROWS else "<p>其余的在 data.json 里 · The rest is in data.json</p>"
    opened = " open" if name in ("person", "classes", "rules") else ""
    return f"<details{opened}><summary>{TITLES.get(name, name)} ({len(rows)})</summary>{shown}{more}</details>"


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    heads = "".join(f"<th>{html.escape(name)}</th>" for name in rows[0])
    lines = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row.values()) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return html.escape(told)
