"""Sentences that the offline pages put together by themselves; `{name}` is filled in there."""

from flask_babel import gettext as _


def texts() -> dict[str, str]:
    """In the language of the page."""
    return {**_states(), **_notes(), **_pictures()}


def _states() -> dict[str, str]:
    return {
        "draft": _("草稿，已答 {done} 项，照片 {photos} 张"),
        "queued": _("等待发送"),
        "sending": _("正在发送表单…"),
        "photos": _("表单已收到，照片 {here} / {of}"),
        "problems": _("服务器收下了草稿，有 {count} 处要改"),
        "refused": _("服务器没有收下：{reason}"),
        "conflict": _("与先前提交的内容不同，已留给残联核对：{reason}"),
        "filed": _("已提交：不合格 {failed} 项，需复核 {unsure} 项"),
        "now": _("{number} {title}：{state}"),
        "again": _("网络不通，{seconds} 秒后再试"),
        "sign_in": _("登录已过期。登录后自动接着发送，内容都还在。"),
    }


def _notes() -> dict[str, str]:
    return {
        "title": _("现场采集"),
        "inspect": _("检查：{place}"),
        "recheck": _("复查：{place}"),
        "recheck_of": _("复查 {number}：{title}"),
        "saved": _("已存在本机"),
        "queued_now": _("已放进待发送。有网络时会自己发出去。"),
        "offline": _("没有网络。可以照常填写，内容存在这台设备里。"),
        "online": _("网络已接通。"),
        "fetched": _("资料更新于 {when}：设施 {places} 处，待复查 {rechecks} 项"),
        "left_out": _("设施太多，只带上前 {count} 处（共 {total} 处）。"),
        "fetch_failed": _("资料没有更新成功，仍用上次的资料。"),
        "never_fetched": _("这台设备还没有资料。请在有网络时打开这一页。"),
        "found": _("找到 {count} 处"),
        "nothing_found": _("没有找到。请换个词，或者连上网络更新资料。"),
        "metres": _("约 {metres} 米"),
        "no_list": _("这张检查表还没有存到这台设备里。请在有网络时打开一次。"),
        "insecure": _("离线采集需要 HTTPS。请用 https:// 开头的网址打开，或请管理员设置。"),
        "not_started": _("离线采集没有打开：{reason}。请换一个浏览器，或退出无痕模式后再试。"),
        "others": _("{names} 在这台设备里还有检查没有发送。请本人登录后打开这一页，会接着发送。"),
        "comma": _("、"),
        "old": _("有草稿已经放了 {days} 天。浏览器可能会清理久不打开的页面，请尽快发送。"),
        "full": _("这台设备留给浏览器的空间只剩 {mb} MB。请先发送已填好的检查，再拍照片。"),
        "not_kept": _("没有存下来：{reason}。请先不要关闭这一页。"),
        "delete": _("删除这份草稿和它的 {photos} 张照片？删掉就找不回来了。"),
        "leave": _(
            "这台设备里还有 {count} 份没有传完的检查。退出会把它们删掉，找不回来。仍要退出吗？"
        ),
        "step": _("第 {number} 题，共 {total} 题"),
        "errors": _("有 {count} 处要改"),
        "reload": _("有新版本。存好的内容不受影响。"),
        "found_before": _("这一项已有未销号的问题 {number}；再次发现会并入它。"),
        "moved": _("检查表已换成 {edition} 版，填过的内容还在。请再看一遍，然后发送。"),
    }


def _pictures() -> dict[str, str]:
    return {
        "photo": _("照片 {number}"),
        "photo_remove": _("移除照片 {number}"),
        "photo_count": _("已有 {count} 张照片，存在本机"),
        "photo_most": _("每项最多 {most} 张，多出的没有加入。"),
        "photo_twice": _("这张照片已经用在这次检查里，没有再加。"),
        "photo_bad": _("这个文件打不开，没有加入。请用 JPEG、PNG 或 WebP 照片。"),
        "photo_gone": _("有一张照片已经不在这台设备里。请打开这份检查，移除它，然后再发送。"),
        "photo_busy": _("正在处理照片…"),
    }
