"""Sentences about files from Word, Excel and text editors that cannot be read."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "file_missing": _("请选择一个文件。"),
    "file_empty": _("这个文件是空的。"),
    "file_old": _(
        "这是旧格式或者加了密码的 Word、Excel 文件，请去掉密码，用 Word 或 Excel 另存为 .docx 或 .xlsx 再导入。"
    ),
    "file_too_big": _("文件不能超过 %(most)s MB。"),
    "file_encoding": _("读不出文件里的文字，请另存为 UTF-8 再导入。"),
    "office_broken": _("这个 Word 或 Excel 文件打不开，可能没有传完整。"),
    "office_locked": _("这个文件加了密码，请去掉密码再导入。"),
    "office_bomb": _("这个文件展开以后大得不正常，没有打开。"),
    "xml_unsafe": _("文件里有外部引用或者实体声明，不安全，没有打开。"),
    "xml_broken": _("文件里的 XML 写得不对，读不出来。"),
    "sheet_too_long": _("一张表最多 %(most)s 行。"),
    "table_kind": _("不认识这种文件。请用 Excel（.xlsx）或 CSV。"),
    "table_broken": _("这个 CSV 文件里的引号不成对，读不出来。请用 Excel 打开，另存为 .xlsx 再导入。"),
}
