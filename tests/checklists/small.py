"""A small list that breaks no rule; tests of the linter break one rule each."""

from audit.checklists.lint import parse
from audit.checklists.reading import content_hash

SMALL = """\
id = "small"
edition = "2026.1"
kinds = ["toilet"]
prefix = "sm"
title = { zh = "小表", en = "Small list" }

[[section]]
id = "all"
title = { zh = "全部", en = "All" }

[[item]]
id = "sm-form"
section = "all"
ask = { zh = "哪一种？", en = "Which form?" }
problem = { zh = "只有台阶", en = "Steps only" }
how = { zh = "看一看。", en = "Look." }
why = { zh = "进不去。", en = "Nobody gets in." }
type = "choice"
options = [
  { id = "level", zh = "平坡", en = "Level" },
  { id = "steps", zh = "台阶", en = "Steps" },
]
groups = ["mobility"]
severity = "S2"
photo = "always"
defect = "systemic"
fault = "works"
force = "M1"
conf = "A"
cite = ["GB55019 2.4.1"]

  [[item.limit]]
  op = "is"
  values = ["level"]

  [[item.example]]
  answer = "level"
  expect = "pass"

  [[item.example]]
  answer = "steps"
  facts = { built_on = 2023-05-01 }
  expect = "fail"
  outcome = "breach"

[[item]]
id = "sm-width"
section = "all"
ask = { zh = "多宽？", en = "How wide?" }
problem = { zh = "宽度不足", en = "Too narrow" }
how = { zh = '''
用卷尺量。
[[item]] 这一行只是文字。
''', en = "Use a tape." }
why = { zh = "过不去。", en = "Nobody passes." }
type = "number"
unit = "mm"
relevant = [
  { item = "sm-form", is = ["level"] },
]
groups = ["mobility"]
severity = "S2"
photo = "on_fail"
defect = "functional"
fault = "works"
force = "M1"
conf = "B"
cite = ["GB55019 2.3.2"]

  [[item.limit]]   # a comment does not hide a header
  op = ">="
  value = 1200

  [[item.example]]
  answer = 1200
  expect = "pass"

  [[item.example]]
  answer = 1199
  expect = "fail"
  outcome = "below"

[[item]]
id = "sm-bays"
section = "all"
ask = { zh = "几个？", en = "How many?" }
problem = { zh = "数量不足", en = "Too few" }
how = { zh = "数一数。", en = "Count." }
why = { zh = "不够用。", en = "There are too few." }
type = "group"
fields = [
  { id = "total", type = "count", label = { zh = "总数", en = "Total" } },
  { id = "ours", type = "count", label = { zh = "无障碍", en = "Accessible" } },
]
groups = ["mobility"]
severity = "S3"
photo = "never"
defect = "functional"
fault = "works"
force = "M2"
conf = "C"
cite = ["GB50763 8.10.1"]

  [[item.limit]]
  field = "ours"
  op = "share"
  percent = 2
  of = "total"
  at_least = 1

  [[item.example]]
  answer = { total = 120, ours = 3 }
  expect = "pass"

  [[item.example]]
  answer = { total = 120, ours = 2 }
  expect = "fail"
"""


def line_of(text: str) -> int:
    """The number of the first line of the small list that holds the text."""
    return next(n for n, line in enumerate(SMALL.splitlines(), 1) if text in line)


def edition_hash(text: str) -> str:
    """What the lock file would say of a list."""
    return content_hash(parse(text))
