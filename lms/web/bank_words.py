"""Sentences about questions of the bank: kinds, what is wrong with one, why a file was refused."""

from flask_babel import lazy_gettext as _

from lms.domain.bank import ItemType
from lms.domain.bank_statistics import Remark

TYPES = {
    ItemType.SINGLE: _("单选题"),
    ItemType.MULTIPLE: _("多选题"),
    ItemType.TRUE_FALSE: _("判断题"),
    ItemType.ORDERING: _("排序题"),
    ItemType.MATCHING: _("匹配题"),
    ItemType.FILL: _("填空题"),
    ItemType.CASE: _("案例题"),
}
PLACES = {
    "type": _("题型"),
    "stem": _("题干"),
    "options": _("选项"),
    "feedback": _("反馈"),
    "answer": _("答案"),
    "explanation": _("解析"),
    "difficulty": _("难度"),
    "objective": _("知识点"),
    "tags": _("标签"),
    "picture": _("图片"),
    "parts": _("小题"),
}
REMARKS = {
    Remark.FEW: _("作答太少，还不能下结论"),
    Remark.MISLEADING: _("考得好的人反而错得多，请检查答案和题干"),
    Remark.WEAK: _("分不出会和不会"),
    Remark.TOO_EASY: _("太容易"),
    Remark.TOO_HARD: _("太难"),
    Remark.WORN: _("考得太多，容易传开，该添新题了"),
}
STATES = {"checked": _("已检查，还没有导入"), "imported": _("已导入"), "undone": _("已撤销")}
ACTS = {"create": _("新建"), "import": _("导入"), "edit": _("修改")}

SENTENCES = {
    "bank_empty": _("这里不能空着。"),
    "bank_too_long": _("太长了，最多 %(most)s 个字。"),
    "bank_too_many": _("太多了，最多 %(most)s 个。"),
    "bank_objective_missing": _("没有写知识点（学习目标）。"),
    "bank_objective_unknown": _("课程里没有这个知识点：%(objective)s"),
    "bank_difficulty": _("难度要在 %(least)s 到 %(most)s 之间。"),
    "bank_difficulty_unclear": _("看不懂这个难度：%(words)s。请写 1 到 5，或者易、中、难。"),
    "bank_count": _("要有 %(least)s 到 %(most)s 个，现在有 %(found)s 个。"),
    "bank_same_twice": _("有两个是一样的。"),
    "bank_true_false": _("判断题的选项只能是“对”和“错”。"),
    "bank_none_correct": _("没有正确答案。"),
    "bank_one_correct": _("只能有一个正确答案。"),
    "bank_several_correct": _("多选题至少要有两个正确答案。"),
    "bank_blanks": _("题干里要有空格，用 %(blank)s 表示，最多 %(most)s 个。"),
    "bank_blank_answers": _("题干里有 %(blanks)s 个空，答案却有 %(answers)s 个。"),
    "bank_blank_empty": _("有一个空没有答案。"),
    "bank_parts": _("案例要有 %(least)s 到 %(most)s 道小题，现在有 %(found)s 道。"),
    "bank_part_type": _("小题不能再是案例，也不能带图片。"),
    "bank_answer_missing": _("没有答案。"),
    "bank_answer_unclear": _("看不懂这个答案：%(words)s"),
    "bank_answer_option": _("答案是 %(option)s，可是只有 %(options)s 个选项。"),
    "bank_answer_order": _("排序题的答案要把每个选项正好写一次，例如 BACD。"),
    "bank_pair": _("匹配题的每一行要写成“左边 => 右边”：%(words)s"),
    "bank_type_unknown": _("没有这种题型：%(words)s"),
    "bank_type_for_people": _("简答、论述一类的题要人来评分，题库里放不了。"),
    "bank_type_moodle": _("Moodle 的这种题型放不了：%(kind)s"),
    "bank_numeric_range": _("允许误差的数值题放不了；只有一个准确数字的可以。"),
    "bank_wildcard": _("答案里用 * 代表任何文字，放不了。请写出可以接受的答案。"),
    "bank_cloze": _("文中有下拉选择或数值的空，放不了；只有文字的空可以。"),
    "bank_gift_no_answer": _("没有花括号里的答案，这是说明文字，不是题目。"),
    "bank_gift_brackets": _("花括号不成对。"),
    "bank_gift_unclear": _("看不懂花括号里的答案。"),
    "bank_aiken_no_answer": _("少了 ANSWER: 这一行。"),
    "bank_picture_missing": _("题干要用图片，可是文件里没有这张图片。"),
    "bank_pictures_many": _("一道题只能有一张图片。"),
    "bank_picture_in_option": _("选项里的图片放不了，图片只能在题干旁边。"),
    "bank_picture_unknown": _("本单位的题库里没有这张图片，请导入以后再加。"),
    "bank_partial_credit": _("部分得分没有保留：全对才得分"),
    "bank_feedback_left": _("对某个答案的反馈没有保留"),
    "bank_changed": _("您打开以后，别人改过这道题。请看看现在的样子，再改一次。"),
    "bank_batch_done": _("这个文件已经导入或撤销过了，请刷新页面。"),
    "bank_file_missing": _("请选择一个文件。"),
    "bank_file_empty": _("这个文件是空的。"),
    "bank_file_kind": _("不认识这种文件。请用 Excel（.xlsx）、Word（.docx）、文本、GIFT、Aiken 或 Moodle XML。"),
    "bank_not_moodle": _("这不是 Moodle 的题库 XML。"),
    "bank_no_header": _("没有找到表头。表头里要有“题干”和“答案”等列名。"),
    "bank_no_questions": _("文件里没有找到题目。题目前面要有编号，例如“1.”。"),
    "bank_document_too_long": _("这个文档太长了，请分成几个。"),
    "bank_too_many_questions": _("一个文件最多 %(most)s 道题，请分成几个文件。"),
}
