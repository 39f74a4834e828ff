"""README.txt of a dossier: what lies in it and how anybody checks it, in plain Chinese."""

from lms.services.dossiers import filing, words
from lms.services.dossiers.frame import Frame, at
from lms.services.log import Checkpoint

TEXT = """\
一期一档：{cohort}

机构：{organisation}
课程：{course}（第 {version} 版，内容 SHA-256 {content}）
日期：{opens} 至 {closes}
班期备案号：{filing}
学员：{learners} 人
政策版本：{policy}
截至：{as_of}（北京时间）。档案里只有这一刻以前记下的内容。
号码：{numbers}

一、里面有什么

{application}    最后一次申报的内容；{plan} 是申报的计划（不申报的班，这个文件夹里只有表头）
{acts}    谁、什么时候、提交、退回、批准，说了什么；每一步申报的全文在 {filed}/
{versions}    批准时和每次变动后固定下来的名单，姓名和号码一律隐去中间；{roster_changes} 是每次变动和原因
{roster}    花名册，每人一行；“学员编号”是证据里用的编号，不是证件号码
{lessons}    课程的每一小节，每节要学满多久
{timetable}    线下课课表，取消的也在
{marks}    每一次签到、签退；{lists} 是纸质签到表，{leaves} 是请假
{book}    出勤簿，列和官方表格一样；“教师签字”请手写
{intervals}/    每人一个文件，文件名是花名册上的序号；手机每报来一段就有一行，写明结论
{hours}    每人每节的合计，就是上面的明细相加
{quizzes}、{exams}    小测验和理论考试，每次都在
{sheets}、{pictures}    实操打分单；照片只有学员现在同意、又要了完整号码时才放进来
{scores}、{records}    成绩册、已经发出的结业记录
{corrections}、{cases}    更正（谁提出、谁核对、更正前后）和核实单
{identity}    姓名、证件改过什么，谁提出、谁核对
{changes}    和这个班有关的操作，谁、什么时候、做了什么
{policy_file}    这个班用的政策数字。没有文件规定的数字是平台自己定的，请和当地主管部门核对
20-证据/    学习证据：检查点、每一条证据、证明
{claim_lines}    申请补贴的明细，每行和汇总那天固定下来的一样；{claim_steps} 是每一步，全文在 {claim_step_files}/
{claim_notices}、{payments}    公示的内容；已付、退票、重付、追回，带银行回单号，账号只有尾号
{sums}    每个文件的 SHA-256

时间都是北京时间。毫秒是千分之一秒。学时只舍不入。表格是 UTF-8 的 CSV，用 WPS 或 Excel 打开。

二、怎么核对

最省事：在装了本系统的电脑上运行  lms dossier check 档案.zip
它只读这个文件，不连数据库，不用机构的任何东西；改过哪里，它就说哪里。
要连签名一起核对，加上  --key 公钥  ；手里有另外保存的检查点，加上  --anchors 检查点文件  。
整个文件的 SHA-256 在平台的操作记录里也有，两边一比就知道是不是同一份。

自己动手：
1. 每个文件：用  sha256sum -c {sums}  核对。
2. {entries_file}：每行三格，中间是制表符：在账目里的位置、指纹、内容。指纹就是内容的 SHA-256。
   内容里的 previous 是同一个人上一条证据的指纹；编号连着的两条必须对得上。
   位置是“-”的，签检查点时还没有排进账目。
3. {proof_file}：每行三格：从第几条、到第几条（不含）、这一段的哈希。加上第 2 步的指纹，
   按 RFC 6962 的办法从下往上算（叶子 SHA-256(00‖指纹)，节点 SHA-256(01‖左‖右)，左边取最大的 2 的整数次幂），
   得到的根必须等于检查点里的根。
4. {checkpoint_file}：第二行是条数，第三行是根（Base64），后面是签名。{signed}
5. {intervals}/ 里每一行的“证据条目”指到第 2 步里的一条，从、到、结论、当时计入必须和它一样。
6. {filed}/ 里每个文件的 SHA-256 就是 {acts} 里“申报内容 SHA-256”那一格。
   {versions}：每一版的“名单 SHA-256”是这一版各行 document_type、enrollment、name、number、person
   五格（证件类型代码、报名编号、姓名、证件号码、学员编号）写成紧凑 JSON 以后的 SHA-256。
7. {claim_lines}：“固定内容”的 SHA-256 就是旁边那一格；第一步和每次重新汇总的办理内容里也有它。
   写着“{hidden}”的，原文里有只给主管部门看的核实，在主管部门做的档案里。
   {claim_step_files}/ 里每个文件的 SHA-256 就是 {claim_steps} 里的“校验码”；
   文件里的 previous 是同一份申请上一步的校验码，第一步是空的。

三、要知道的

- 一个人在别的班、别的机构学了什么，不在这里。所以同一个人的证据编号可能不连着。
- 收回的请假、还没有学习就移出的学员、收回同意的照片，收回以后不再进档案；操作记录里看得到。
- 按规定限制处理的学员（只存档，除本人和监管部门外不给人看）不在机构做的档案里，她的记录也不在。
- 姓名按截至时的写法；证件号码、手机号、课程名、机构名按做档案时的。
- 学时、成绩由服务器记下的证据算出；班期的补贴资格要由主管部门的人决定，档案不替人下结论。
- 补贴的一行走到哪里，看办理经过和拨付；不给人看的学员，她的明细、公示、拨付也不在，办理内容里只剩编号和哈希。
"""

UNSIGNED = "签这份档案时还没有检查点，所以没有这个文件，第 3、4 步核对不了。"
SIGNED = "这个检查点是 {at} 签的，盖住 {size} 条证据。"


def readme(frame: Frame, checkpoint: Checkpoint | None) -> bytes:
    """The text, for this dossier."""
    cohort = frame.cohort
    signed = SIGNED.format(at=at(checkpoint.signed_at), size=checkpoint.size) if checkpoint else UNSIGNED
    return TEXT.format(
        cohort=cohort.name,
        organisation=frame.organisation,
        course=frame.version.title,
        version=frame.version.number,
        content=frame.version.content_hash,
        opens=cohort.opens_on,
        closes=cohort.closes_on,
        filing=filing.number_of(frame, filing.acts_of(frame)) or "没有（还没有批准，或者不申报）",
        learners=len(frame.learners),
        policy=cohort.policy_code,
        as_of=at(frame.as_of),
        numbers="证件号码和手机号已隐去中间几位" if frame.masked else "完整号码。只在写明的用途里使用，用完请删除",
        signed=signed,
        **_names(),
    ).encode()


def _names() -> dict[str, str]:
    return {
        "application": words.APPLICATION,
        "hidden": words.HIDDEN,
        "plan": words.PLAN,
        "acts": words.ACTS,
        "filed": words.FILED,
        "versions": words.VERSIONS,
        "roster_changes": words.ROSTER_CHANGES,
        "identity": words.IDENTITY,
        "roster": words.ROSTER,
        "lessons": words.LESSONS,
        "timetable": words.TIMETABLE,
        "marks": words.MARKS,
        "lists": words.LISTS,
        "leaves": words.LEAVES,
        "book": words.BOOK,
        "intervals": words.INTERVALS,
        "hours": words.HOURS,
        "quizzes": words.QUIZZES,
        "exams": words.EXAMS,
        "sheets": words.SHEETS,
        "pictures": words.PICTURES,
        "scores": words.SCORES,
        "records": words.RECORDS,
        "corrections": words.CORRECTIONS,
        "cases": words.CASES,
        "changes": words.CHANGES,
        "policy_file": words.POLICY,
        "entries_file": words.ENTRIES,
        "proof_file": words.PROOF,
        "checkpoint_file": words.CHECKPOINT,
        "claim_lines": words.CLAIM_LINES,
        "claim_steps": words.CLAIM_STEPS,
        "claim_step_files": words.CLAIM_STEP_FILES,
        "claim_notices": words.CLAIM_NOTICES,
        "payments": words.PAYMENTS,
        "sums": "SHA256SUMS",
    }
