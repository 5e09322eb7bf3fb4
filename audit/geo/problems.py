"""What can be wrong with a file of places, in words for the person who sent it."""

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """Each with its sentence in both languages; `{detail}` is filled in by the reader."""

    TOO_BIG = ("文件过大，最多 {detail} MB。", "The file is too big; at most {detail} MB.")
    NOT_UTF8 = ("文件不是 UTF-8 文本。", "The file is not UTF-8 text.")
    NOT_JSON = ("文件不是有效的 JSON：{detail}", "The file is not valid JSON: {detail}")
    NOT_FINITE = (
        "坐标必须是普通数字，不能是 NaN 或无穷大。",
        "Numbers must be finite; NaN and infinity are not allowed.",
    )
    TOO_DEEP = ("文件嵌套层数过多。", "The file is nested too deeply.")
    NOT_GEOJSON = (
        "不是 GeoJSON：应为 FeatureCollection、Feature 或几何对象。",
        "This is not GeoJSON: a FeatureCollection, a Feature or a geometry is expected.",
    )
    EMPTY = ("文件中没有任何图形。", "There is nothing to draw in the file.")
    OTHER_SYSTEM = (
        "坐标系为 {detail}，请转换为 WGS-84（EPSG:4326）或 CGCS2000（EPSG:4490）。",
        "The coordinates are in {detail}; convert them to WGS-84 (EPSG:4326) or "
        "CGCS2000 (EPSG:4490).",
    )
    TOO_MANY_VERTICES = (
        "顶点过多，最多 {detail} 个，请先简化图形。",
        "There are too many vertices, at most {detail}; simplify the shapes first.",
    )
    UNKNOWN_KIND = (
        "不支持的图形类型：{detail}。可用点、线和面。",
        "This kind of shape cannot be used: {detail}. Use points, lines or polygons.",
    )
    BAD_POSITION = (
        "坐标应为两个数字：经度、纬度。",
        "A position must be two numbers: longitude, latitude.",
    )
    OFF_GLOBE = (
        "坐标超出范围（经度 -180 至 180，纬度 -90 至 90）：{detail}",
        "A position is off the globe (longitude -180 to 180, latitude -90 to 90): {detail}",
    )
    SWAPPED = (
        "经度和纬度似乎写反了。可选择“交换经纬度”后重新读取。",
        "Longitude and latitude seem to be swapped. You can read the file again with them swapped.",
    )
    SHORT_LINE = ("线至少要有两个点。", "A line needs at least two points.")
    OPEN_RING = (
        "多边形的边界没有闭合：最后一点应与第一点相同，且至少四个点。",
        "A ring is not closed: it needs at least four points and the last must equal the first.",
    )
    BAD_POLYGON = ("多边形无效：{detail}", "The polygon is not valid: {detail}")
    OUTSIDE_EXPECTED = (
        "有 {detail} 个点不在四川省范围内，请核对坐标。",
        "{detail} points lie outside Sichuan; check the coordinates.",
    )

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; `where` names the feature by its number in the file (from 1), 0 is the file.

    `detail` can quote the file and is untrusted text.
    """

    fault: Fault
    where: int = 0
    detail: str = ""

    @property
    def zh(self) -> str:
        """Chinese sentence."""
        place = f"第 {self.where} 个图形：" if self.where else ""
        return place + self.fault.zh.replace("{detail}", self.detail)

    @property
    def en(self) -> str:
        """English sentence."""
        place = f"Shape {self.where}: " if self.where else ""
        return place + self.fault.en.replace("{detail}", self.detail)
