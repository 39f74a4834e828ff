"""One example of each operation: what is sent, what is answered. Made-up people; tests hold it to the description."""

from typing import Any

COHORT = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e01"
ORGANISATION = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e02"
ENROLLMENT = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e03"
LESSON = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e04"
SESSION = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e05"
UPLOAD = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e06"
COURSE = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e07"
MEETING = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e08"
CHECK = "0193a5d2-6d1f-7a40-8c3e-2f1b9a7c4e09"
LEARNER = "5f2c1a90-3b7d-5e64-9a18-c0d4e2b6f713"
SINCE = "k1:9f2c41d07be3a85614d29c70aa13e8f5c6b2"
HASH = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
TOKEN = "q3Zk…"  # noqa: S105

STANDING = {
    "credited_total_ms": 60000,
    "confirmed_total_ms": 0,
    "required_ms": 114000,
    "duration_ms": 120000,
    "position_ms": 60000,
    "lesson_done": False,
    "challenge": None,
}
CHALLENGE = {
    "id": CHECK,
    "kind": "attention",
    "stem": "这一节讲的是什么？",
    "stem_en": "What is this lesson about?",
    "options": ["翻身", "喂饭", "洗澡"],
    "respond_within_ms": 60000,
}
PART = {"j": 1, "lesson": LESSON, "a": 0, "b": 20000, "mono_start": 1000, "mono_end": 21000, "hash": HASH}
UPLOADING = {
    "upload": UPLOAD,
    "name": "翻身拍背.mp4",
    "size": 10485760,
    "part_size": 8388608,
    "state": "open",
    "have": [1],
    "next": [
        {
            "number": 2,
            "offset": 8388608,
            "size": 2097152,
            "url": f"/api/v1/uploads/{UPLOAD}/parts/2",
            "direct": False,
        }
    ],
    "media": None,
    "message": None,
}
OF_ENROLLMENT = {"enrollment": ENROLLMENT, "cohort": COHORT}


def _step(number: int, state: str, reason: str, message: str, at: str) -> dict[str, Any]:
    """A state of a completion record."""
    told = {"number": number, "state": state, "reason": reason, "message": message, "at": at}
    return told | {"link": HASH, "successor": ""}


RECORDS: dict[str, dict[str, Any]] = {
    "cohorts": {
        "cohort": COHORT,
        "organisation": ORGANISATION,
        "organisation_name": "康宁养老服务中心",
        "name": "2026年冬季一班",
        "course": COURSE,
        "course_title": "养老护理员（五级）",
        "course_version": 3,
        "opens_on": "2026-11-01",
        "closes_on": "2026-12-31",
        "state": "running",
        "policy": "blended-2023",
        "learners": 32,
    },
    "learners": {
        "learner": LEARNER,
        "organisation": ORGANISATION,
        "name": "李*",
        "document_type": "resident_id",
        "number": "219999********0026",
        "phone": "199****0001",
        "enrollments": [ENROLLMENT],
    },
    "enrollments": OF_ENROLLMENT
    | {"organisation": ORGANISATION, "learner": LEARNER, "name": "李*", "created_at": "2026-11-01T01:00:00+00:00"},
    "completion": OF_ENROLLMENT
    | {
        "policy": "blended-2023",
        "verdict": "no",
        "unmet": [
            {
                "code": "exam_not_tried",
                "message": "理论考试还没有考，还可以考 3 次。",
                "values": {"left": 3},
            }
        ],
        "unsure": [],
        "missing_ms": 0,
        "certificate_issued": False,
    },
    "study-time": OF_ENROLLMENT
    | {
        "credited_ms": 8100000,
        "confirmed_ms": 7200000,
        "in_class_ms": 2700000,
        "by_class": {"online": 5100000, "gap": 300000, "offline": 0, "attended": 2700000, "imported": 0},
        "class_hour_hundredths": 300,
        "minutes_per_class_hour": 45,
    },
    "certificates": OF_ENROLLMENT
    | {
        "code": "7K2MQ-9XW4D-H0B6T-RZ3FP",
        "issued_at": "2026-12-20T07:30:00+00:00",
        "facts_hash": HASH,
        "is_intact": True,
        "state": "valid",
    },
    "attendance": OF_ENROLLMENT
    | {
        "held": 1,
        "attended": 1,
        "on_leave": 0,
        "absent": 0,
        "attended_ms": 2700000,
        "classes": [
            {
                "class": MEETING,
                "title": "翻身与拍背",
                "starts_at": "2026-11-23T05:00:00+00:00",
                "ends_at": "2026-11-23T05:45:00+00:00",
                "state": "attended",
                "is_late": False,
                "left_early": False,
                "in_at": "2026-11-23T04:58:11+00:00",
                "out_at": "2026-11-23T05:46:02+00:00",
            }
        ],
    },
    "scores": OF_ENROLLMENT
    | {
        "quiz_score": 90,
        "quizzes": [{"lesson": LESSON, "title": "小测验：问候老人", "best_score": 90}],
        "theory": {"best_percent": 82, "is_passed": True, "tries": 1},
        "skills": [
            {
                "lesson": LESSON,
                "title": "翻身与拍背",
                "is_workplace": False,
                "outcome": "passed",
                "points": 88,
                "tries": 1,
            }
        ],
        "conclusion": "passed",
        "resits": 0,
    },
}

NEWCOMER = {
    "cohort": COHORT,
    "name": "张秀英",
    "document_type": "resident_id",
    "number": "219999196503024529",
    "phone": "19900000088",
}

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "POST /tokens": ({"phone": "19900000004", "password": "kangxue-demo-2026"}, {"token": TOKEN}),
    "POST /study/sessions": (
        {"enrollment": ENROLLMENT, "lesson": LESSON},
        STANDING | {"session": SESSION, "epoch": 4, "nonce": "b1946ac9", "next_beat_ms": 28500, "policy": "base-2023"},
    ),
    "POST /study/heartbeats": (
        {"session": SESSION, "seq": 1, "nonce": "b1946ac9", "a": 0, "b": 30000, "advisory": {"rate": 1.0}},
        STANDING
        | {
            "session": SESSION,
            "seq": 1,
            "verdict": "credited",
            "nonce": "591785b7",
            "next_beat_ms": 31200,
            "leaf": HASH,
            "receipt": "eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoi….eyJzZXNzaW9uIjoi….c2lnbmF0dXJl",
        },
    ),
    "POST /study/batches": (
        {"session": SESSION, "after_seq": 1, "head": HASH, "count": 1, "parts": [PART]},
        STANDING
        | {
            "source": SESSION,
            "after_seq": 1,
            "settled": 1,
            "count": 1,
            "parts": [{"j": 1, "verdict": "credited", "credited_ms": 20000}],
            "lessons": {LESSON: 20000},
        },
    ),
    "POST /study/passes": (
        {"enrollment": ENROLLMENT, "lessons": [LESSON]},
        {
            "pass": CHECK,
            "seed": "9ae0ea9e",
            "expires_in_ms": 259200000,
            "lessons": [{"lesson": LESSON, "duration_ms": 120000, "position_ms": 0}],
        },
    ),
    "POST /study/challenges": ({"enrollment": ENROLLMENT}, CHALLENGE),
    "POST /study/challenges/{check_id}/answers": (
        {"option": 0},
        {"outcome": "passed", "confirmed_total_ms": 60000, "recover_until": None},
    ),
    "GET /study/courses": (
        None,
        {
            "courses": [
                {
                    "enrollment": ENROLLMENT,
                    "title": "养老护理员（五级）",
                    "lessons": [
                        {
                            "lesson": LESSON,
                            "title": "问候老人",
                            "kind": "video",
                            "duration_ms": 120000,
                            "credited_ms": 60000,
                            "confirmed_ms": 0,
                            "position_ms": 60000,
                        }
                    ],
                }
            ]
        },
    ),
    "POST /exams/{sitting_id}/answers": (
        {"place": 0, "key": "answer-0-1", "fields": {"choice": ["2"]}, "seen": 0, "held_ms": 0},
        {"number": 1, "is_answered": True, "left_ms": 3540000},
    ),
    "POST /exams/{sitting_id}/closings": (None, {"closed": True}),
    "GET /verifications/{code}": (
        None,
        {
            "code": "7K2MQ-9XW4D-H0B6T-RZ3FP",
            "state": "revoked",
            "intact": True,
            "issued_at": "2026-12-20T07:30:00+00:00",
            "valid_until": "2028-12-20",
            "checked_at": "2027-03-01T01:00:00+00:00",
            "facts": {"name_masked": "李*", "course": "老年人安全移位与翻身", "hour_hundredths": 1200},
            "facts_hash": HASH,
            "states": [
                _step(1, "valid", "issued", "学习完成，系统生成", "2026-12-20T07:30:00+00:00"),
                _step(2, "revoked", "mistake", "记录的内容有错", "2027-02-11T02:00:00+00:00"),
            ],
            "log": {
                "leaf": HASH,
                "index": 41207,
                "path": [HASH],
                "size": 50000,
                "root": HASH,
                "signed_at": "2026-12-20T16:00:00+00:00",
                "note": "kangxue-log\n50000\n…\n",
            },
        },
    ),
    "POST /uploads": (
        {"name": "翻身拍背.mp4", "size": 10485760, "client_key": "file-2026-11-23-0001", "sha256": HASH},
        UPLOADING,
    ),
    "GET /uploads": (None, {"uploads": [UPLOADING]}),
    "GET /uploads/{upload_id}": (None, UPLOADING),
    "DELETE /uploads/{upload_id}": (None, {"upload": UPLOAD}),
    "PUT /uploads/{upload_id}/parts/{number}": (None, UPLOADING),
    "POST /uploads/{upload_id}/parts": ({"number": 2}, UPLOADING),
    "POST /uploads/{upload_id}/completion": (None, UPLOADING | {"state": "receiving", "have": [1, 2], "next": []}),
    "POST /enrollments": (NEWCOMER, RECORDS["enrollments"]),
    "DELETE /enrollments/{subject_id}": (None, {"enrollment": ENROLLMENT, "removed": True}),
}
for _name, _record in RECORDS.items():
    EXAMPLES[f"GET /{_name}"] = (None, {"items": [_record], "removed": [], "next": None, "changed_since": SINCE})
    EXAMPLES[f"GET /{_name}/{{subject_id}}"] = (None, _record)


def find(method: str, path: str) -> tuple[Any, Any]:
    """What is sent and what is answered; an authority's feed has the examples of the institutions'."""
    return EXAMPLES[f"{method.upper()} {path.removeprefix('/api/v1').removeprefix('/authority')}"]


REFUSAL = {"code": "not_found", "message": "没有找到。可能地址不对，也可能它不属于您。", "where": None}
