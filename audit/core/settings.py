"""Every setting, its default and what it does. A default is right for production.

Read from environment variables (`TANTU_…`) and from `var/settings.env`.
"""

import re
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol, Self

from flask import current_app
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="TANTU_", env_file_encoding="utf-8", extra="forbid"
    )

    var_dir: Path = Field(ROOT / "var", description="运行数据（数据库、照片、密钥）所在目录")
    database_url: str = Field("", description="数据库地址；留空为 var 目录中的 SQLite")
    public_url: str = Field("http://127.0.0.1:8000", description="公众看到的网址")
    tls_certificate: str = Field("", description="HTTPS 证书（PEM，含中间证书）的完整路径")
    tls_key: str = Field("", description="HTTPS 证书私钥的完整路径")
    hsts: bool = Field(True, description="用 HTTPS 打开过以后，让浏览器一年内只用 HTTPS")
    behind_proxy: bool = Field(False, description="前面有反向代理时，信任它的 X-Forwarded 头")
    city_name: str = Field("资阳市", description="城市名称，显示在页眉")
    city_name_en: str = Field("Ziyang", description="城市英文名")
    number_prefix: str = Field("ZY", pattern=r"^[A-Z]{2,4}$", description="问题编号的字头")
    default_language: str = Field("zh", pattern="^(zh|en)$", description="默认语言")
    contact: str = Field("", description="登录页、帮助和无障碍声明中的联系方式")

    idle_minutes: int = Field(120, ge=5, description="多久不操作后需要重新登录（分钟）")
    session_hours: int = Field(12, ge=1, description="一次登录最长有效时间（小时）")
    code_days: int = Field(14, ge=1, le=90, description="一次性密码的有效天数")
    login_tries: int = Field(5, ge=3, le=50, description="登录失败几次以后要等待，越等越久")

    link_days: int = Field(60, ge=1, le=365, description="整改通知的链接有效天数；建议值")
    receipt_days: int = Field(2, ge=1, le=30, description="整改通知几个工作日内应签收；建议值")

    signers_kept_days: int = Field(
        180, ge=0, description="签收人姓名电话在链接失效后保存天数；0 为一直保存"
    )

    photo_max_mb: int = Field(15, ge=1, le=50, description="单张照片上限（MB）")
    photo_max_mpx: int = Field(50, ge=1, description="单张照片像素上限（百万）")
    photos_per_item: int = Field(6, ge=1, description="每个检查项最多几张照片")
    originals_kept_years: int = Field(
        0, ge=0, le=100, description="照片原件保存年数，到期销毁；0 为一直保存"
    )

    photo_storage: Literal["folder", "s3"] = Field(
        "folder", description="照片存在哪里：folder 为数据目录，s3 为对象存储"
    )
    s3_endpoint: str = Field("", description="对象存储的地址，如 https://s3.example.gov.cn")
    s3_bucket: str = Field("", description="存储桶名称；桶不得公开")
    s3_region: str = Field("us-east-1", description="对象存储的区域")
    s3_key_id: str = Field("", description="对象存储的访问密钥编号")
    s3_key_secret: SecretStr = Field(SecretStr(""), description="对象存储的访问密钥")
    s3_path_style: bool = Field(True, description="桶名写在路径里（自建存储通常如此）")

    slope_tolerance: float = Field(0.2, ge=0, description="坡度测量容差（百分点）；本系统建议值")
    length_tolerance_mm: float = Field(0, ge=0, description="长度测量容差（毫米）")
    # nearer says nothing: a phone drifts by tens of metres, a site reaches further than its point
    recheck_far_m: int = Field(200, ge=50, description="复查位置离设施多远（米）就提示核对；建议值")
    recheck_by_other_inspector: bool = Field(True, description="复查人不得是首次检查人")

    duplicates_hour: int = Field(2, ge=0, le=23, description="每天几点以后查找疑似重复的问题")

    # days after a full visit; ours. Within the four years after which good answers have aged
    revisit_road: int = Field(365, ge=0, le=1460, description="城市道路复查间隔（天），0 为无")
    revisit_crossing: int = Field(
        365, ge=0, le=1460, description="过街路口多少天复查一次；0 为不定期"
    )
    revisit_bridge: int = Field(
        365, ge=0, le=1460, description="天桥、地道多少天复查一次；0 为不定期"
    )
    revisit_toilet: int = Field(
        180, ge=0, le=1460, description="公共厕所多少天复查一次；0 为不定期"
    )
    revisit_building: int = Field(
        365, ge=0, le=1460, description="公共建筑多少天复查一次；0 为不定期"
    )
    revisit_bus_stop: int = Field(
        365, ge=0, le=1460, description="公交站多少天复查一次；0 为不定期"
    )
    revisit_parking: int = Field(365, ge=0, le=1460, description="停车场复查间隔（天），0 为无")
    revisit_park: int = Field(
        365, ge=0, le=1460, description="公园、广场多少天复查一次；0 为不定期"
    )
    revisit_residential: int = Field(
        730, ge=0, le=1460, description="居住区多少天复查一次；0 为不定期"
    )
    revisit_vehicle: int = Field(
        365, ge=0, le=1460, description="公共交通车辆多少天复查一次；0 为不定期"
    )
    revisit_website: int = Field(365, ge=0, le=1460, description="网站复查间隔（天），0 为无")
    revisit_app: int = Field(365, ge=0, le=1460, description="手机应用复查间隔（天），0 为无")
    revisit_kiosk: int = Field(180, ge=0, le=1460, description="自助终端复查间隔（天），0 为无")
    revisit_service: int = Field(
        365, ge=0, le=1460, description="服务大厅多少天复查一次；0 为不定期"
    )

    tiles_url: str = Field("", description="底图瓦片地址模板；留空则只画轮廓")
    tiles_attribution: str = Field("", description="底图来源与审图号，显示在地图上")
    tiles_subdomains: str = Field("", description="底图子域，如 01234567")
    map_approval: str = Field("", description="审图号，显示在每张地图下方")

    scan_contact: str = Field("", description="扫描网站时写进 User-Agent 的联系方式")
    scan_allow: str = Field("", description="允许扫描的内网地址（主机或主机:端口，逗号分隔）")
    scan_pictures_days: int = Field(
        730, ge=0, description="扫描截图保存天数，每个网站最近一次扫描的除外；0 为一直保存"
    )
    scan_pages: int = Field(10, ge=1, le=500, description="每次扫描默认页数")
    smtp_host: str = Field("", description="发邮件的服务器；留空则不发邮件")
    smtp_port: int = Field(587, ge=1, le=65535, description="发邮件的端口")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="发邮件的加密方式；none 只用于本机或内网"
    )
    smtp_user: str = Field("", description="发邮件的用户名；留空则不登录")
    smtp_password: SecretStr = Field(SecretStr(""), description="发邮件的密码")
    mail_from: str = Field("", description="发件地址，如 tantu@example.gov.cn")
    sms_url: str = Field("", description="短信网关的地址；留空则不发短信")
    sms_method: Literal["POST", "GET"] = Field("POST", description="短信网关的请求方法")
    sms_format: Literal["json", "form"] = Field("json", description="短信网关的请求格式")
    sms_template: str = Field(
        '{"phone": "{phone}", "text": "{text}"}',
        description="短信网关的请求内容；{phone}、{text}、{secret} 会被替换",
    )
    sms_header: str = Field("", description="短信网关的请求头，如 Authorization: Bearer {secret}")
    sms_secret: SecretStr = Field(SecretStr(""), description="短信网关的密钥")
    sms_success: str = Field("", description="短信网关成功时回答中有的文字；留空则只看状态码")
    notice_allow: str = Field(
        "", description="短信网关和推送可以用的内网地址（主机或主机:端口，逗号分隔）"
    )
    notices_read_days: int = Field(180, ge=0, description="读过的消息保存天数；0 为一直保存")
    notices_unread_days: int = Field(730, ge=0, description="没有读的消息保存天数；0 为一直保存")
    deliveries_kept_days: int = Field(
        183, ge=0, description="邮件、短信和推送的记录保存天数；0 为一直保存"
    )
    show_gallery: bool = Field(False, description="在 /gallery 显示全部页面组件，供开发者查看")
    webdriver_url: str = Field("", description="远程 WebDriver 地址；留空用本机 Chromium")

    @field_validator("var_dir")
    @classmethod
    def _is_a_full_path(cls, folder: Path) -> Path:
        """Commands, workers and scripts run in different folders and must mean the same one."""
        if not folder.is_absolute():
            raise ValueError(f"write the full path of a folder, as /srv/tantu, not {folder}")
        return folder

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> Self:
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("HTTPS needs both TANTU_TLS_CERTIFICATE and TANTU_TLS_KEY")
        return self

    @property
    def is_https(self) -> bool:
        """Whether people open us by HTTPS, from here or from a proxy in front."""
        return bool(self.tls_certificate) or self.public_url.startswith("https://")

    @model_validator(mode="after")
    def _bucket_is_whole(self) -> Self:
        if self.photo_storage == "s3":
            self.check_bucket()
        return self

    @model_validator(mode="after")
    def _channels_are_whole(self) -> Self:
        if self.smtp_host and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", self.mail_from):
            raise ValueError("mail also needs TANTU_MAIL_FROM, as tantu@city.gov.cn")
        if any(sign in self.sms_header for sign in "\r\n") or (
            self.sms_header and ":" not in self.sms_header
        ):
            raise ValueError("TANTU_SMS_HEADER is one line, as Authorization: Bearer {secret}")
        return self

    def check_bucket(self) -> None:
        """Raises `ValueError`, which says what is missing for pictures to lie in a bucket."""
        needed = {
            "TANTU_S3_ENDPOINT": self.s3_endpoint,
            "TANTU_S3_BUCKET": self.s3_bucket,
            "TANTU_S3_KEY_ID": self.s3_key_id,
            "TANTU_S3_KEY_SECRET": self.s3_key_secret.get_secret_value(),
        }
        if missing := [name for name, value in needed.items() if not value]:
            raise ValueError(f"pictures in a bucket also need {', '.join(missing)}")
        if not re.fullmatch(r"https?://[^/?#@\s]+/?", self.s3_endpoint):
            raise ValueError("TANTU_S3_ENDPOINT is the address of a server, as https://s3.city.cn")

    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var_dir / 'tantu.db'}"

    def secret_key(self) -> str:
        """The key that signs cookies, made at the first start, readable by us alone."""
        return _key_file(self.var_dir / "keys" / "secret.key").get_secret_value()

    def sealing_key(self) -> str:
        """The key that seals personal data in the database, made when first needed."""
        return _key_file(self.var_dir / "keys" / "sealing.key").get_secret_value()


def _key_file(path: Path) -> SecretStr:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its key is everybody's
            path.hardlink_to(fresh)
        fresh.unlink()
    return SecretStr(path.read_text().strip())


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    var_dir = Settings().var_dir
    return Settings(_env_file=var_dir / "settings.env")


def settings() -> Settings:
    """The settings of the running application: the server's own, and what was chosen on screen
    laid over them."""
    own: Settings = current_app.config["SETTINGS"]
    policy: Overlay | None = current_app.extensions.get("policy")
    return own if policy is None else policy.over(own)


class Overlay(Protocol):
    """What a higher room knows of choices made on screen."""

    def over(self, base: Settings) -> Settings: ...
