"""From a code of the rules to a sentence for people: one table, in Chinese, translated like any page."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

SENTENCES = {
    "http_400": _("这个请求我们看不懂。请返回上一页再试一次。"),
    "http_401": _("请先登录。"),
    "http_403": _("您没有打开这个页面的权限。"),
    "http_404": _("没有找到这个页面。可能地址不对，也可能它不属于您。"),
    "http_405": _("这个地址不支持这种操作。"),
    "http_413": _("上传的内容太大了。"),
    "http_415": _("不支持这种内容格式。"),
    "http_422": _("提交的内容有误，请检查后再试。"),
    "http_500": _("我们这边出错了，您的记录没有丢失。请过一会儿再试。"),
    "not_found": _("没有找到。可能地址不对，也可能它不属于您。"),
    "sign_in_needed": _("请先登录。"),
    "role_needed": _("您没有打开这个页面的权限。"),
    "too_many_requests": _("操作太频繁了，请等一分钟再试。"),
    "csrf_failed": _("页面放得太久，已经失效。请刷新页面，再试一次。"),
    "changed_meanwhile": _("内容刚刚被改动过。请刷新页面，再试一次。"),
    "busy": _("系统正忙，什么都没有丢失。请过几秒再试。"),
    "lease_lost": _("您已经在另一部手机上继续学习。"),
    "session_closed": _("这次学习已经结束，请重新打开本节。"),
    "seq_gap": _("学习记录的次序不对，请重新打开本节。"),
    "nonce_mismatch": _("学习记录对不上，请重新打开本节。"),
    "range_outside_lesson": _("报告的位置超出了本节的长度。"),
    "chain_forked": _("断网期间的学习记录前后对不上，这一批没有计入。"),
    "chain_too_long": _("断网期间的学习记录太长了，最多 %(longest)s 段。"),
    "part_time_backwards": _("断网期间的学习记录时间顺序不对。"),
    "lesson_not_in_pass": _("这一节不在您下载的课程里，没有计入。"),
    "check_closed": _("这道题已经答过，或者时间已过。学时还在，可以到“我的学时”补答一题。"),
    "nothing_to_confirm": _("没有要补答的题，您的学时都已确认。"),
    "no_tries_left": _("这段学习已经补答过 3 次，不能再补。接着学，下一次抽验答对就会确认后面的学时。"),
    "challenge_too_soon": _("刚答过一题，请等 %(retry_after_seconds)s 秒再试。"),
    "day_not_over": _("%(day)s 还没有过完，数字还可能变。"),
    "study_clock_elsewhere": _("学习时钟正由另一台服务器掌管，请过半分钟再试。"),
    "gap_too_long": _("断网超过 10 分钟，后面的部分没有计入"),
    "outside_window": _("不在允许离线学习的时间里，没有计入"),
    "wall_time_used": _("这段时间已经用在别的学习上，同一时间只计一次"),
    "daily_cap": _("当天计入的学时已到上限"),
    "offline_daily_cap": _("当天离线学习计入的学时已到上限"),
    "heartbeat_changed": _("同一次学习记录收到了两份不同的内容，以第一份为准。"),
    "lesson_not_for_study": _("测验不记学习时间，直接作答就可以。"),
    "video_not_ready": _("“%(title)s”的视频还在制作中"),
    "bad_json": _("提交的内容不完整或格式不对。"),
    "job_not_failed": _("这项任务没有失败，不用重试。"),
    "job_taken_over": _("这项任务已由另一个进程接手。"),
    "policy_not_in_force": _("%(day)s 还没有生效的培训政策。"),
    "policy_unknown": _("找不到政策 %(policy)s。"),
    "course_empty": _("课程里还没有内容。"),
    "lesson_time_missing": _("“%(title)s”还差 %(missing)s"),
    "quiz_not_tried": _("“%(title)s”还没有作答"),
    "quiz_not_passed": _("“%(title)s”得了 %(score)s 分，%(pass_mark)s 分及格"),
    "answer_unknown_question": _("答案里有一道不属于这份测验的题，请刷新页面重新作答。"),
    "answer_unknown_option": _("答案里有一个不存在的选项，请刷新页面重新作答。"),
    "answer_one_option_only": _("有一道单选题选了不止一个答案，请只选一个。"),
    "ffmpeg_missing": _("这台机器上没有 ffmpeg，视频做不了。请管理员安装后再试。"),
    "media_codec": _("这个视频的编码方式不支持，请用手机自带的相机重新录，或转成 MP4（H.264）再传。"),
    "media_frame_rate": _("这个视频每秒的画面数不正常，请重新导出后再传。"),
    "media_frame_too_big": _("画面太大了，请导出成 4K 以下再传。"),
    "media_frame_too_small": _("画面太小，看不清楚，请换一个视频。"),
    "media_link_expired": _("这个播放地址已经过期，请刷新页面。"),
    "media_not_a_video": _("这不是一个视频文件。"),
    "media_not_found": _("没有找到这个视频。"),
    "media_playlist": _("这是一个播放列表，不是视频本身，不能上传。"),
    "media_too_large": _("视频文件太大了，请压缩或分成几段再传。"),
    "media_too_long": _("视频太长了，请分成几段再传。"),
    "media_too_many_tracks": _("这个文件里的画面或声音轨道太多，请重新导出后再传。"),
    "media_too_short": _("视频太短了。"),
    "media_took_too_long": _("处理这个视频用的时间太长，已经停下。请压缩后再传。"),
    "media_truncated": _("视频文件不完整，可能没有传完。请重新上传。"),
    "media_unreadable": _("这个视频读不出来，可能已经损坏。请重新导出后再传。"),
    "media_without_picture": _("这个文件里没有画面。"),
    "storage_key": _("文件名不合规则。"),
    "storage_unavailable": _("文件存储暂时连不上，什么都没有丢失。请过一会儿再试。"),
    "voice_missing": _("这台机器上没有语音合成程序，旁白做不了。"),
    "credited": _("已计入"),
    "credited_in_part": _("这一段只计入一部分：看过的不重复计，放快了按钟表时间计"),
    "already_credited": _("这一段以前已经计入"),
    "faster_than_clock": _("放得太快了，按钟表时间计，这一段没有计入"),
    "nothing_played": _("这段时间没有播放"),
    "organisation_name_length": _("请填写机构名称，最多 %(longest)s 个字。"),
    "organisation_name_taken": _("已经有名叫“%(name)s”的机构了。"),
    "cohort_name_length": _("请填写班期名称，最多 %(longest)s 个字。"),
    "cohort_name_strange_sign": _("班期名称里有看不见的特殊符号，请重新输入。"),
    "cohort_name_taken": _("已经有名叫“%(name)s”的班期了，请换一个名称。"),
    "cohort_closes_before_opening": _("结课日期不能早于开班日期。"),
    "cohort_already_over": _("结课日期已经过去了，请选今天或以后的日期。"),
    "cohort_not_open": _("这个班期 %(day)s 才开班，到时候再来学。"),
    "person_has_other_phone": _("这位学员登记的是另一个手机号。请核对号码；真的换了号码，请联系平台管理员。"),
    "idempotency_key_reused": _("同一个请求编号已经用在另一节课上。"),
    "cohort_closed": _("这个班期已在 %(day)s 结课。"),
    "already_enrolled": _("这位学员已经在这个班里了。"),
    "learner_has_study": _("这位学员已经有学习记录，不能移出班期。学习记录要保留，作为补贴的凭证。"),
    "export_purpose_missing": _("请写明这份完整名单的用途。"),
    "export_purpose_too_long": _("用途最多 %(longest)s 个字。"),
    "export_purpose_personal": _("用途里不要写手机号或证件号码。"),
    "mobile_shape": _("手机号是 11 位数字，请检查一下。"),
    "name_missing": _("请填写姓名。"),
    "name_too_long": _("姓名最多 %(longest)s 个字。"),
    "name_strange_sign": _("姓名里有看不见的特殊符号，请重新输入。"),
    "document_shape": _("证件号码是 18 位，最后一位可以是 X，请检查一下。"),
    "document_wrong_type": _("这个号码和选的证件种类对不上。"),
    "document_check_digit": _("证件号码有一位写错了，请对着证件再看一遍。"),
    "document_birth_date": _("证件号码里的出生日期不对，请对着证件再看一遍。"),
    "person_name_differs": _("这个证件号码登记的是另一个姓名，请核对姓名和号码。"),
    "phone_of_another_person": _("这个手机号已是另一位学员的，请换一个手机号。"),
    "sign_in_wrong": _("手机号或密码不对。忘了密码可以用短信验证码登录。"),
    "sign_in_cooling": _("密码输错太多次了。请过 %(minutes)s 分钟再试，或者用短信验证码登录。"),
    "code_too_often": _("验证码发得太多了，请过 %(minutes)s 分钟再试。"),
    "code_wrong": _("验证码不对，请看看最新一条短信。"),
    "code_expired": _("这个验证码已经失效，请点“再发一次”。"),
    "account_disabled": _("这个账号已停用，请联系您的机构。"),
    "current_password_wrong": _("现在的密码不对。"),
    "password_too_short": _("密码太短，至少 %(shortest)s 个字。"),
    "password_too_long": _("密码最多 %(longest)s 个字。"),
    "password_too_common": _("这个密码太容易被猜到，请换一个。"),
    "staff_already": _("这个手机号已经在这个机构做这项工作了。"),
    "inspector_day_past": _("最后一天不能早于今天。"),
    "inspector_day_too_far": _("最长 %(longest)s 天，请选近一点的日子。"),
    "inspector_works_there": _("这个手机号是这家机构的工作人员，不能检查自己的机构。"),
    "own_account": _("不能停用自己的账号。"),
    "words_length": _("请写 %(shortest)s 到 %(longest)s 个字。"),
    "words_personal": _("这里不要写手机号或证件号码，也不要有看不见的符号。"),
    "correction_own": _("不能更正自己的学时。"),
    "correction_second_person": _("提出更正的人不能自己核对，请让另一位工作人员来。"),
    "correction_decided": _("这份更正已经有结论了。"),
    "correction_nothing_chosen": _("请至少选一段。"),
    "correction_segments_changed": _("选的时段已经被别的更正减去了。请刷新页面，重新看一遍。"),
    "correction_class": _("请选择是面授还是导入。"),
    "correction_range": _("内容的起止要在这一节里面，终点要在起点之后。"),
    "correction_wall_short": _("上课的时间比学的内容还短。一分钟的内容至少要一分钟。"),
    "correction_future": _("上课的时间还没有过去。"),
    "correction_outside_cohort": _("上课的日子要在班期里：%(from)s 到 %(to)s。"),
    "correction_wall_used": _("这位学员那时在学“%(title)s”（%(from)s 到 %(to)s）。一分钟不能当两分钟用。"),
    "attachment_missing": _("请附上证明材料，例如签到表的照片。"),
    "attachment_kind": _("材料只能是 PDF、JPEG 或 PNG。"),
    "attachment_too_large": _("材料不能超过 %(megabytes)s MB。"),
    "case_own": _("不能核实自己的事。"),
    "case_second_person": _("作出结论的人不能复核申诉，请让另一位工作人员来。"),
    "case_decided": _("这件事已经有结论了。"),
    "case_no_appeal": _("现在没有可以申诉或复核的结论。"),
    "case_appeal_late": _("申诉要在结论以后 %(days)s 天以内提出。"),
    "sms_unavailable": _("短信暂时发不出去，请过一会儿再试。"),
}


def sentence(code: str, values: Mapping[str, object] | None = None) -> str:
    """The sentence for a code in the reader's language; KeyError for a code nobody worded."""
    shown = dict(values or {})
    if "missing_ms" in shown:
        shown["missing"] = duration_up(int(str(shown["missing_ms"])))
    return str(SENTENCES[code]) % shown if shown else str(SENTENCES[code])


def duration(milliseconds: int) -> str:
    """Credited time as people say it, 12 分 5 秒, rounded down: never more than was studied."""
    return _in_words(milliseconds // 1000)


def duration_up(milliseconds: int) -> str:
    """Missing time as people say it, rounded up: what is missing is never rounded away."""
    return _in_words(-(-milliseconds // 1000))


def _in_words(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return str(gettext("%(seconds)s 秒", seconds=rest))
    if not rest:
        return str(gettext("%(minutes)s 分钟", minutes=minutes))
    return str(gettext("%(minutes)s 分 %(seconds)s 秒", minutes=minutes, seconds=rest))
