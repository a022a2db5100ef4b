"""A scheme just large enough to hold every construct, beside the small catalogue."""

from __future__ import annotations

from pathlib import Path

from tests.rules.catalogue.small import written

SCHEME, GRADES = "schemes/small.yaml", "limits/grades.yaml"
SCHEME_FILES = {
    SCHEME: """\
scheme: small
name: 小标准
trade: coach
code: "11"
source: "list#表"
points: 100
verified: 甲，对照原文
repairs: [原文缺字]
samples:
  people: {name: 人员, of: employee, bands: [{share: 10%}]}
  cars:
    name: 车辆
    of: vehicle
    bands:
      - {up_to: 10, share: 100%}
      - {up_to: 100, count: 10}
      - {up_to: 500, share: 5%, instead: 10%, repair: 存疑}
      - {share: 5%}
missing: {categories: [3], points: 40, why: 原文未印, verified: false}
categories:
  - number: 1
    name: 会议
    text: 一、会议40分
    points: 40
    missing: {points: 10, why: 原文中断, verified: false}
    headings:
      - number: 1
        name: 例会
        text: 1.例会
        items:
          - part: a
            text: 开会
            methods:
              - {method: documents, label: 查资料, lines: [记录], repair: 缺字}
              - {method: asking, label: 询问, lines: [人员]}
            points: 10
            deductions:
              - number: 1
                text: 1.没有会议的,不得分;少1次扣2分;
                rules:
                  - deduct: all
                    text: 没有会议的
                    method: documents
                    answers:
                      - {test: none, proof: [{kind: meeting}], look: ever}
                  - deduct: per
                    text: 少1次扣2分
                    points: 2
                    unit: occasion
                    method: documents
                    answers: [{test: fewer, times: 1, every: month, proof: [{kind: meeting}], look: 6 months}]
                    one_way: true
              - number: 2
                text: 2.有1人不清扣1分,扣至5分止;
                rules: [{deduct: per, points: 1, unit: person, most: 5, method: asking, sample: people}]
              - {number: 3, text: 3.抽查车辆数同上。, sample: cars, repair: 缺字}
            notes: [{text: 注, sample: people}]
            fulfilled: 没有会议的
            veto:
              text: 申请二级的
              binds: [second]
              answers: [{test: unanswered, triggers: [accident], proof: [{kind: meeting}]}]
              one_way: true
              repair: 缺字
            repair: 缺字
          - {part: b, text: 带星, points: 10, stars: [first]}
          - part: c
            text: 制度
            methods: [{method: documents, label: 查资料, lines: [制度]}]
            points: 10
            deductions:
              - number: 1
                text: 1.扣4分;
                rules: [{deduct: fixed, points: 4,
                  answers: [{test: uncovered, subject: vehicle, proof: [{kind: accident}]}]}]
              - number: 2
                text: 2.每缺1项扣1分。
                rules:
                  - deduct: per
                    points: 1
                    unit: system
                    matters: {one: {name: 甲}, two: {name: 乙, elsewhere: 1.1.c.r1}}
          - {part: d, text: 中断, repair: 原文中断}
  - {number: 2, name: 证件, text: 二、证件20分, points: 20, missing: {points: 20, why: 未分, verified: false}}
""",
    GRADES: """\
id: grades
name: 等级
terms:
  2012-01-01:
    points: 1000
    scores: {first: 900, second: 700, third: 600}
    upward: true
    full_marks: true
    rescale: false
    cite: "law#1"
    verified: false
  2020-01-01:
    points: 1000
    scores: {first: 950, second: 800, third: 700}
    upward: true
    full_marks: true
    rescale: true
    cite: "law#2"
    verified: false
""",
}


def scheme_written(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    return written(root, {**SCHEME_FILES, **(changes or {})})


def scheme_edited(name: str, old: str, new: str) -> dict[str, str | None]:
    """One file with its only occurrence of `old` replaced."""
    assert SCHEME_FILES[name].count(old) == 1, f"{old!r} occurs {SCHEME_FILES[name].count(old)} times"
    return {name: SCHEME_FILES[name].replace(old, new)}
