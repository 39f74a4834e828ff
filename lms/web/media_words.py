"""What is said of videos that cannot be taken, or not be deleted."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "media_codec": _("这个视频的编码方式不支持，请用手机自带的相机重新录，或转成 MP4（H.264）再传。"),
    "media_frame_rate": _("这个视频每秒的画面数不正常，请重新导出后再传。"),
    "media_frame_too_big": _("画面太大了，请导出成 4K 以下再传。"),
    "media_frame_too_small": _("画面太小，看不清楚，请换一个视频。"),
    "media_link_expired": _("这个播放地址已经过期，请刷新页面。"),
    "media_container": _("不支持 %(container)s 格式，请转成 MP4 再传。"),
    "media_in_use": _("有小节正在用这个视频，不能删除。已发布的版本要一直能播放。"),
    "media_in_draft": _("在写的课程“%(title)s”用到这个文件，不能删除。"),
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
}
