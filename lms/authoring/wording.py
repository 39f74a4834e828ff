"""The sentence for each problem code: Chinese, then English."""

WORDING: dict[str, tuple[str, str]] = {
    # files
    "file_missing": ("找不到文件 {name}", "file {name} is missing"),
    "file_not_listed": ("这个文件没有列在 course.yaml 里", "this file is not listed in course.yaml"),
    "file_unreadable": (
        "读不了：不是普通文件，或没有权限",
        "cannot be read: not a regular file, or not permitted",
    ),
    "file_too_big": ("文件超过 {most} 字节", "the file is over {most} bytes"),
    "file_not_utf8": ("这里不是 UTF-8 文字，请另存为 UTF-8", "not UTF-8 here; save the file as UTF-8"),
    "file_control_character": (
        "有看不见的控制字符 {character}",
        "there is an invisible control character {character}",
    ),
    "archive_broken": ("这个 zip 文件坏了，打不开", "this zip is broken and cannot be opened"),
    "archive_too_big": ("zip 文件超过 {most} MB", "the zip is over {most} MB"),
    "archive_bomb": (
        "zip 解开后太大，或者内容互相重叠，没有打开",
        "the zip would swell without measure; it was not opened",
    ),
    "archive_many_folders": ("zip 里有几个文件夹，只能放一门课", "the zip holds several folders; one course at a time"),
    "archive_entry_unwelcome": (
        "zip 里的 {name} 不是课程包的文件（只能有 course.yaml、lessons、quizzes、practices、captions、assets）",
        "{name} in the zip is no file of a course (course.yaml, lessons, quizzes, practices, captions, assets)",
    ),
    "archive_entry_twice": ("zip 里的 {name} 出现了两次", "{name} stands twice in the zip"),
    "archive_entry_link": ("zip 里的 {name} 是链接，不能用", "{name} in the zip is a link, which is refused"),
    "archive_entry_locked": ("zip 里的 {name} 加了密码", "{name} in the zip is locked with a password"),
    "archive_entry_too_big": ("zip 里的 {name} 太大", "{name} in the zip is too big"),
    "package_too_many_files": ("文件太多，最多 {most} 个", "too many files, {most} at most"),
    "path_leaves_package": ("路径 {path} 指到了课程文件夹外面", "path {path} leads out of the package"),
    "path_is_link": ("{path} 是链接，请放真正的文件", "{path} is a link; put the real file there"),
    "path_shape": (
        "{path} 的写法不对，应为 lessons/01-name.md、quizzes/01-name.yaml 或 practices/01-name.yaml",
        "{path} should look like lessons/01-name.md, quizzes/01-name.yaml or practices/01-name.yaml",
    ),
    "asset_shape": (
        "{path} 的写法不对，应为 assets/name.png（也可以是 jpg、webp、pdf；只用小写英文字母、数字和连字符）",
        "{path} should look like assets/name.png (or jpg, webp, pdf; lower-case letters, digits and hyphens)",
    ),
    "asset_other_type": ("{path} 里的内容和它的后缀不一样", "what is in {path} is not what its ending says"),
    "asset_not_shown": ("没有哪一节用到这个文件", "no lesson uses this file"),
    "captions_line": (
        "字幕这里写得不对（WebVTT：第一行 WEBVTT，时间写成 00:01.000 --> 00:03.500）",
        "no WebVTT here (first line WEBVTT, times as 00:01.000 --> 00:03.500)",
    ),
    "include_missing": (
        "找不到课程 {slug}，或者它自己有问题",
        "there is no course {slug}, or it has problems of its own",
    ),
    "include_collides": ("课程 {slug} 里的 {name} 和这门课的重名", "{name} of course {slug} is taken in this course"),
    # YAML
    "yaml_broken": ("YAML 写法有误：{detail}", "broken YAML: {detail}"),
    "yaml_empty": ("这里没有内容", "there is nothing here"),
    "yaml_alias": ("不能用 YAML 锚点和别名（& 和 *）", "YAML anchors and aliases (& and *) are not allowed"),
    "yaml_too_large": ("YAML 嵌套太深或内容太多", "the YAML is nested too deeply or holds too much"),
    "key_unknown": ("不认识的项目 {key}", "unknown key {key}"),
    "key_twice": ("{key} 写了两次", "{key} is given twice"),
    "key_missing": ("缺少 {key}", "{key} is missing"),
    "not_fields": ("{key} 应写成“名称: 内容”的形式", "{key} should be a mapping of keys to values"),
    "not_a_list": ("{key} 应是列表", "{key} should be a list"),
    "not_text": ("{key} 应是一段文字", "{key} should be text"),
    "not_a_whole_number": ("{key} 应是整数", "{key} should be a whole number"),
    "not_true_or_false": ("{key} 应是 true 或 false", "{key} should be true or false"),
    "number_outside": ("{key} 应在 {least} 到 {most} 之间", "{key} should be between {least} and {most}"),
    "text_empty": ("{key} 是空的", "{key} is empty"),
    "text_too_long": ("{key} 超过 {most} 个字", "{key} is over {most} characters"),
    "list_empty": ("{key} 至少要有一项", "{key} needs at least one entry"),
    "list_too_long": ("{key} 最多 {most} 项", "{key} may have {most} entries at most"),
    "entry_twice": ("{key} 里 {entry} 重复了", "{entry} stands twice in {key}"),
    "value_unknown": (
        "{key} 不能是 {value}，可以是：{allowed}",
        "{key} cannot be {value}; it can be: {allowed}",
    ),
    "slug_shape": (
        "{key} 只能用小写英文字母、数字和连字符，不超过 60 个：{value}",
        "{key} takes lower-case letters, digits and hyphens, 60 at most: {value}",
    ),
    "already_used": ("{key} {value} 已经用过", "{key} {value} is already used"),
    "link_not_http": (
        "链接要以 http:// 或 https:// 开头：{link}",
        "links start with http:// or https://: {link}",
    ),
    "reference_unknown": ("course.yaml 里没有 {value}（{key}）", "course.yaml declares no {value} ({key})"),
    # lessons
    "front_matter_missing": (
        "文件要以 --- 开头，先写小节信息",
        "the file should begin with --- and its front matter",
    ),
    "front_matter_open": ("小节信息后面少了结束的 ---", "the front matter lacks its closing ---"),
    "body_empty": ("正文是空的", "the body is empty"),
    "body_too_long": ("正文超过 {most} 个字符", "the body is over {most} characters"),
    "minutes_far_from_text": (
        "写的是 {minutes} 分钟，按字数算约 {measured} 分钟，相差超过 40%",
        "{minutes} minutes planned, but the text takes about {measured}: more than 40 % apart",
    ),
    "markdown_html": ("不能写 HTML：{html}", "raw HTML is not allowed: {html}"),
    "markdown_image": ("幻灯片里不能放图片", "pictures are not allowed in slides"),
    "picture_without_words": (
        "图片 {picture} 没有说明，看不见的人不知道画了什么：![说明](…)",
        "picture {picture} has no words for who cannot see it: ![words](…)",
    ),
    "upload_shape": (
        "upload 只用于视频，写文件的 SHA-256（64 个字符）",
        "upload belongs to videos and is the SHA-256 of the file (64 characters)",
    ),
    "markdown_table": ("不能用表格，请改成列表", "tables are not allowed; write a list"),
    "markdown_code": (
        "不能用代码块（行首不要空四格）",
        "code blocks are not allowed (no four blanks at the start)",
    ),
    "markdown_bold": (
        "** 没有成对生效，请把标点放到加粗外面：{text}",
        "** did not take effect; put punctuation outside the bold: {text}",
    ),
    "markdown_link": (
        "链接没有生效，应写成 [文字](https://…)：{text}",
        "broken link, write [text](https://…): {text}",
    ),
    "heading_level": ("标题用 ## 或 ###", "headings are ## or ###"),
    # slides
    "slides_missing": (
        "视频课要用 ## 标题 分成幻灯片",
        "a video lesson is a sequence of slides, each begun by ## title",
    ),
    "slide_before_title": ("第一个 ## 标题之前不能有内容", "nothing may stand before the first ## title"),
    "slide_title_empty": ("幻灯片没有标题", "the slide has no title"),
    "slide_block": (
        "幻灯片里只能有 ## 标题、- 要点和旁白段落",
        "a slide holds a ## title, - points and paragraphs only",
    ),
    "slide_points_too_many": (
        "一张幻灯片最多 {most} 条要点，这里有 {found} 条",
        "{most} points a slide at most, not {found}",
    ),
    "slide_point_empty": ("这条要点是空的", "this point is empty"),
    "slide_point_too_long": (
        "要点超过 {most} 个汉字：{point}",
        "the point is over {most} Chinese characters: {point}",
    ),
    "slide_narration_missing": ("幻灯片“{title}”没有旁白", "slide “{title}” has no narration"),
    # quizzes
    "options_count": (
        "应有 {least} 到 {most} 个选项，不是 {found} 个",
        "{least} to {most} options are needed, not {found}",
    ),
    "options_true_false": (
        "判断题的选项应是“对”和“错”两个",
        "a true-false question has the two options 对 and 错",
    ),
    "options_none_correct": ("没有正确选项", "no option is correct"),
    "options_one_correct": (
        "这种题只能有一个正确选项",
        "this type of question has exactly one correct option",
    ),
    "options_some_correct": (
        "多选题至少要有两个正确选项和一个错误选项",
        "a multiple-choice question has at least two correct options and a wrong one",
    ),
    "question_objective": ("测验的 objectives 里没有 {value}", "the objectives of the quiz lack {value}"),
    # practice
    "steps_count": (
        "应有 {least} 到 {most} 个步骤，不是 {found} 个",
        "{least} to {most} steps are needed, not {found}",
    ),
    "steps_points": ("各步骤的分数加起来应是 {all}，不是 {found}", "the points of the steps sum to {found}, not {all}"),
    # the course as a whole
    "exam_objective": (
        "考试里的学习目标 {value} 不在课程里",
        "the exam asks for objective {value}, which the course lacks",
    ),
    "objective_not_asked": (
        "没有一道题考查学习目标 {objective}",
        "no quiz question asks about objective {objective}",
    ),
    "module_without_quiz": ("模块 {module} 没有测验", "module {module} has no quiz"),
}
