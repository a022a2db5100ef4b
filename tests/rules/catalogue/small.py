"""A catalogue just large enough to hold every construct, as texts that a test can break."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "instruments/list.yaml": """\
id: list
name: 岗位清单
issuer: 某部
layer: national
verified: 甲，对照原文
""",
    "instruments/law.yaml": """\
id: law
name: 某法
number: 第1号
issuer: 某机关
published: 2020-06-01
in_force: 2020-09-01
layer: national
verified: false
""",
    "evidence/kinds.yaml": """\
kinds:
  meeting:
    name: 会议
    prefix: HY
    fields:
      - {id: type, name: 类型, type: choice, required: true, choices: {regular: 例会, special: 专题会}}
      - {id: hours, name: 时长, type: hours, required: true}
      - {id: about, name: 议题, type: choices, required: false, choices: {law: 法规, cases: 案例}}
    roles: {chair: 主持人, participant: 参会人}
    attendance: true
    retention: {months: 36, cite: "law#1", verified: false}
  accident:
    name: 事故
    prefix: SG
    fields: []
    roles: {recorder: 接报人}
    subjects: [vehicle]
    event: true
    retention: {months: 60, cite: "law#1", verified: false}
  period:
    name: 时段
    prefix: SD
    fields:
      - {id: begins, name: 开始, type: date, required: true}
    roles: {recorder: 登记人}
    event: true
    starts: begins
    retention: {months: 36, cite: "law#1", verified: false}
  plate:
    name: 行驶证
    prefix: XS
    fields:
      - {id: class, name: 车型, type: choice, required: true, choices: {bus: 客车, car: 轿车}}
    roles: {recorder: 登记人}
    subjects: [vehicle]
    retention: {months: 36, cite: "law#1", verified: false}
  certificate:
    name: 证明
    prefix: ZS
    fields:
      - {id: until, name: 有效期至, type: date, required: true, hint: 最后一天}
      - {id: score, name: 分数, type: number, required: false}
    roles: {subject: 持证人}
    attachment_required: true
    expires: until
    retention: {months: 36, cite: ["law#1", "law#2"], verified: false}
    hint: 换证另建一条
""",
    "positions/coach.yaml": """\
trade: coach
name: 客运
positions:
  boss:
    number: 1
    name: 负责人
    description: 全面负责
    single_holder: true
    source: "list#1.负责人"
""",
    "duties/coach/boss.yaml": """\
position: coach.boss
lines: {responsibilities: 1, duties: 3, records: 1}
skipped: {duties: [3]}
responsibilities:
  - number: 1
    text: 1.全面负责。
    see: [d1]
duties:
  - number: 1
    text: 1.每季度开会。
    requirements:
      - part: a
        text: 每季度开会
        kind: quota
        owed_by: post
        deputy: true
        proof: [{kind: meeting, role: chair, minima: {hours: 1.5}, where: {type: [regular]}}]
        terms:
          2021-01-01: {every: quarter, times: 1, cite: printed, verified: 甲，对照原文}
          2024-01-01: {every: quarter, times: 2, cite: ["law#3", printed], verified: false}
      - part: b
        text: 持证
        kind: standing
        owed_by: holder
        deputy: false
        cite: "law#4"
        proof: [{kind: certificate, role: subject}]
        terms:
          2021-01-01: {within: 6 months, cite: printed, verified: false}
      - part: c
        text: 定期开专题会
        kind: committed
        asks: frequency
        owed_by: post
        deputy: true
        proof: [{kind: meeting, role: chair}]
        floor: {every: year, cite: "law#5", verified: false}
  - number: 2
    text: 2.报告事故，参加会议。
    repair: 原文缺一字
    requirements:
      - part: a
        text: 一小时内报告
        kind: on_event
        owed_by: post
        deputy: false
        triggers: [accident]
        proof: [{kind: meeting}]
        terms:
          2021-01-01: {within: 1 hour, cite: printed, verified: false}
        ends: 2030-01-01
      - part: b
        text: 按时参加
        kind: invitation
        owed_by: holder
        deputy: true
        triggers: [meeting]
        proof: [{kind: meeting, role: participant}]
        terms:
          2021-01-01: {cite: printed, verified: false}
      - part: c
        text: 及时处理
        kind: committed
        asks: limit
        owed_by: post
        deputy: true
        triggers: [accident]
        proof: [{kind: meeting, role: chair}]
        floor: {within: 3 days, cite: "law#5", verified: false}
      - part: d
        text: 事前教育
        kind: on_event
        owed_by: post
        deputy: false
        triggers: [period]
        proof: [{kind: meeting}]
        terms:
          2021-01-01: {before: 2 days, cite: printed, verified: false}
  - number: 4
    text: 4.其他。
    requirements:
      - part: a
        text: 其他
        kind: attested
        reason: 无从判断
        owed_by: holder
        deputy: false
        proof: [{kind: meeting, role: chair}]
        terms:
          2021-01-01: {every: year, cite: printed, verified: false}
      - part: b
        text: 每车事故登记
        kind: per_subject
        subject: vehicle
        owed_by: post
        deputy: true
        proof: [{kind: accident}]
        terms:
          2021-01-01: {every: month, cite: printed, verified: false}
records:
  - number: 1
    text: 1.会议记录。
    kinds: [meeting]
""",
    "overlays/place.yaml": """\
id: place
name: 某市
areas: ["3302"]
trades: [coach]
terms:
  coach.boss.d1.a:
    2022-01-01: {every: month, cite: "law#6", verified: false}
""",
    "calendar/2025.yaml": """\
year: 2025
cite: "law#7"
verified: false
holidays: [2025-01-01, 2025-01-28..2025-02-04]
workdays: [2025-01-26]
""",
    "key-periods/2025.yaml": """\
year: 2025
periods:
  flood:
    number: 1
    name: 汛期
    type: flood
    begins: 2025-04-15
    ends: 2025-10-15
    opens: 10 days
    areas: ["33"]
    trades: [coach]
    cite: "law#9"
    verified: false
  holiday:
    {number: 2, name: 国庆, type: golden_week, begins: 2025-10-01, ends: 2025-10-08, opens: 5 days,
     cite: "law#9", verified: false}
""",
    "limits/weather.yaml": """\
id: weather
name: 天气预警
cite: "law#10"
verified: false
warnings: {typhoon: 台风, fog: 大雾}
stops: {typhoon: [orange, red]}
""",
    "limits/certificates.yaml": """\
id: certificates
name: 会到期的证件
certificates:
  proof:
    name: 证明
    group: licence
    kind: certificate
    asked: {posts: [boss], trades: [coach], drivers: true}
    terms:
      2020-01-01: {warns: 30, lasts: 12, cite: "law#11", verified: false}
  wheels:
    name: 行驶证
    group: licence
    kind: plate
    where: {class: [bus]}
    asked: {classes: [bus]}
    terms:
      2020-01-01: {warns: 30, cite: "law#11", verified: 甲，对照原文}
""",
    "limits/vehicles.yaml": """\
id: vehicles
name: 车型
kind: plate
choice: class
classes:
  bus:
    name: 客车
    tests:
      2020-01-01: {warns: 30, bands: [{until: 60, every: 12}, {every: 6}], cite: "law#12", verified: false}
    upkeep:
      second:
        2020-01-01: {warns: 10, days: 120, kilometres: 50000, cite: "law#13", verified: false}
    scraps:
      2020-01-01: {warns: 12, years: 15, kilometres: 800000, cite: "law#14", verified: false}
  car:
    name: 轿车
    tests:
      2020-01-01: {warns: 30, bands: [{every: 12}], cite: "law#12", verified: false}
    upkeep: {}
    scraps:
      2020-01-01: {warns: 12, cite: "law#14", verified: false}
""",
    "limits/training.yaml": """\
id: training
name: 培训时间
hours:
  yearly:
    name: 每年培训
    asked: {everybody: true}
    kinds: [meeting]
    unit: hours
    terms:
      2020-01-01: {every: year, least: 1.5, cite: "law#15", verified: false}
topics:
  yearly:
    name: 每年必讲
    asked: {everybody: true}
    field: about
    kinds: ["meeting"]
    terms:
      2020-01-01: {every: year, asks: [law, cases], cite: "law#15", verified: false}
""",
    "limits/changes.yaml": """\
id: changes
name: 入职、离职要办的事
changes:
  hired:
    name: 入职证明
    on: joined
    asked: {everybody: true}
    areas: ["33"]
    kind: meeting
    where: {type: [regular]}
    terms:
      2020-01-01: {within: 0 days, early: 30, least: 24, away: 180, cite: "law#16", verified: false}
      2021-01-01: {within: 1 month, cite: "law#16", verified: false}
statutory:
  boss: {trades: [coach], cite: "law#17", verified: false}
""",
    "limits/points.yaml": """\
id: points
name: 记分
terms:
  2020-01-01: {months: 12, full: 12, warns: 9, cite: "law#18", verified: false}
""",
    "limits/hiring.yaml": """\
id: hiring
name: 不得聘用的情形
kind: certificate
bars:
  late:
    name: 一年内有过
    asked: {drivers: true}
    field: until
    terms:
      2020-01-01: {months: 12, cite: "law#19", verified: false}
  often:
    name: 三次以上
    asked: {drivers: true}
    field: score
    terms:
      2020-01-01: {months: 12, least: 3, cite: "law#19", verified: false}
""",
    "limits/recording.yaml": """\
id: recording
name: 补录期限
terms:
  2021-01-01: {within: 7 workdays, cite: "law#8", verified: false}
""",
}


def written(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """The files under root; `changes` replaces, adds or (None) leaves out files."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return root


def edited(name: str, old: str, new: str) -> dict[str, str | None]:
    """One file with its only occurrence of `old` replaced."""
    assert FILES[name].count(old) == 1, f"{name}: {old!r} occurs {FILES[name].count(old)} times"
    return {name: FILES[name].replace(old, new)}
