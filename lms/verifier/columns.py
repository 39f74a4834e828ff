"""The tables that the evidence decides: the key before the bar, after it every column that is compared."""

TOLD = """
study_intervals: id | person_id enrollment_id lesson_id evidence_class source_id number part from_ms to_ms
    studied_on verdict rule policy_code credited_ms entry recorded_ms recorded_at
study_segments: id | person_id enrollment_id lesson_id interval_id from_ms to_ms wall_from_ms wall_to_ms
    evidence_class studied_on entry recorded_at
study_heartbeats: session_id seq | body_hash received_ms received_at
study_passes: id | person_id enrollment_id lesson_ids issued_ms issued_at expires_ms
study_chains: source_id after_seq | evidence_class person_id enrollment_id seed_hash head count anchor_ms
    window_from_ms window_to_ms committed_ms committed_at settled settled_leaf cursor_ms
presence_checks: id | person_id enrollment_id lesson_id kind from_entry to_entry issued_ms issued_at due_ms entry
presence_outcomes: check_id | person_id outcome picked from_entry to_entry recorded_ms recorded_at entry
corrections: id | person_id enrollment_id lesson_id kind evidence_class segment_ids from_ms to_ms wall_from_ms
    wall_to_ms attachment_hash proposed_by proposed_at
correction_decisions: correction_id | decision before_ms after_ms decided_by decided_at entry
study_voids: segment_id | correction_id entry recorded_at
attendance_marks: id | meeting_id enrollment_id kind method stands_from_ms ticket list_id late_ms recorded_by
    recorded_ms recorded_at entry
exam_sittings: id | enrollment_id person_id number mode examiner_id paper_hash watermark policy_code pass_percent
    opened_ms opened_at due_ms entry
exam_closings: sitting_id | cause answers_hash closed_ms closed_at entry
exam_grades: sitting_id number | scores score_percent passed ruling_id graded_at entry
practice_sittings: id | enrollment_id lesson_id kind number examiners policy_code opened_by opened_ms opened_at entry
practice_sheets: id | sitting_id account_id marks points critical_missed minutes submitted_ms submitted_at entry
lesson_progress: enrollment_id lesson_id | covered credited_ms by_class confirmed_ms position_ms
study_leases: person_id | entries last_leaf open_check_id closed_entry
person_links: person_id | living_id change_id
"""


def _read(text: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found = {}
    for line in text.strip().replace("\n    ", " ").splitlines():
        table, _, names = line.partition(": ")
        key, _, rest = names.partition(" | ")
        found[table] = (tuple(key.split()), tuple(rest.split()))
    return found


COLUMNS = _read(TOLD)
"""Table → (key, the other columns that the evidence decides)."""
