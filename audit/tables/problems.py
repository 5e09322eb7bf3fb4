"""Why a file of rows is refused, in words for the person who sent it. Pure."""

from enum import Enum


class Fault(Enum):
    """Each with its sentence in both languages; `{detail}` is filled in by the reader."""

    TOO_BIG = ("文件过大，最多 {detail} MB。", "The file is too big; at most {detail} MB.")
    EMPTY = (
        "文件里没有数据：第一行应为表头，从第二行起是数据。",
        "There is nothing in the file: the first row names the columns, data begin in the second.",
    )
    UNKNOWN = (
        "只能读取 CSV 和 XLSX 表格。旧的 XLS 请在表格软件中另存为 XLSX。",
        "Only CSV and XLSX tables can be read. Save an old XLS as XLSX in a spreadsheet program.",
    )
    ENCODING = (
        "文字编码无法识别，请另存为 UTF-8 编码的 CSV，或存为 XLSX。",
        "The text cannot be decoded. Save it as CSV in UTF-8, or as XLSX.",
    )
    NOT_CSV = (
        "第 {detail} 行附近的引号不配对，无法拆分成列。请检查后再传，或存为 XLSX。",
        "Near line {detail} a quotation mark has no partner, so the row cannot be split into "
        "columns. Mend it, or save the table as XLSX.",
    )
    NOT_XLSX = (
        "这个 XLSX 文件已损坏，或加了密码。请在表格软件中打开后重新保存。",
        "This XLSX file is broken or has a password. Open it in your spreadsheet program and save "
        "it again.",
    )
    SWELLS = (
        "这个 XLSX 文件展开后过大，没有读取。请只保留需要的工作表，或存为 CSV。",
        "This XLSX file unpacks to too much and was not read. Keep only the sheet that is needed, "
        "or save it as CSV.",
    )
    TOO_LONG = ("行数过多，最多 {detail} 行。请分成几个文件。",
                "There are too many rows, at most {detail}. Split the file.")  # fmt: skip
    TOO_WIDE = ("列数过多，最多 {detail} 列。", "There are too many columns, at most {detail}.")
    NO_HEADER = (
        "表头第 {detail} 列没有名称。请在第一行写上每一列的名称。",
        "Column {detail} has no name. The first row must name every column.",
    )

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en


class TableRefusedError(Exception):
    """The whole file is refused; nothing of it is kept."""

    def __init__(self, fault: Fault, detail: object = "") -> None:
        super().__init__(fault.name)
        self.fault, self.detail = fault, detail

    def in_(self, language: str) -> str:
        text = self.fault.en if language == "en" else self.fault.zh
        return text.format(detail=self.detail)
