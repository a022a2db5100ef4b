"""What the heads of administration and of operations make regularly."""

# ruff: noqa: E501 -- a row of a table reads better unwrapped; a Chinese character counts as two
from __future__ import annotations

from anze.cli.demo.regulars import Regular

OFFICE, OPERATIONS = ("office",), ("operations",)

ADMIN_HEAD = (
    Regular("a-meeting", "meeting.management", "{year}年{month}月经理办公会", "month", 5,
      {"recorder": OFFICE, "chair": ("@lead",), "participant": ("vice", "vice2")},
      {"minutes": "听取经营和安全情况，研究运力、用工和安全投入。", "plan": "done", "assign": "done", "check": "done",
       "review": "done", "award": "none"}),
    Regular("a-dispatch", "office-car.dispatch", "{month}月公务车调派", "month", 14,
      {"organiser": OFFICE}, {"purpose": "去市局开会和驻点检查。", "told": "雨天减速，系好安全带。"}),
    Regular("a-car", "office-car.check", "{year}年{quarter}季度公务车安全检查", "quarter", 15,
      {"inspector": OFFICE}, {"found": "0", "findings": "轮胎、制动、灯光、灭火器合格。"}),
    Regular("a-drivers", "training.special", "{year}年{month}月公务车驾驶员安全教育", "half", 20,
      {"organiser": OFFICE, "participant": ("finance",)},
      {"occasion": "office_driver", "topic": "酒驾零容忍、超速和分神；车辆钥匙管理。", "hours": "1"}),
    Regular("a-seal", "paper.control", "{year}年{month}月印章和文档管理检查", "half", 12,
      {"inspector": OFFICE}, {"scope": "both", "findings": "用印登记41次，与审批单一致；文件按年归档。"}),
    Regular("a-journal", "publicity.item", "内部简报{year}年第{quarter}期安全专栏", "quarter", 18,
      {"organiser": OFFICE}, {"medium": "journal", "content": "制度解读、驾驶员先进事迹和典型违法案例。"}),
    Regular("a-inspection", "inspection.safety", "{year}年{quarter}季度办公区安全检查", "quarter", 19,
      {"organiser": OFFICE}, {"scope": "special", "place": "办公楼、食堂、宿舍", "found": "0",
       "findings": "用电和消防通道合格。"}),
    Regular("a-activity", "activity.safety", "{year}年{month}月办公区安全宣传活动", "half", 21,
      {"organiser": OFFICE}, {"type": "campaign", "plan": "消防疏散和用电安全。", "result": "参加21人。"}),
    Regular("a-reward", "personnel.reward", "{year}年{month}月安全奖惩", "half", 25,
      {"recorder": OFFICE, "signer": ("@lead",), "subject": ("driver2",)},
      {"type": "reward", "content": "安全行车满十年，奖励2000元。"}),
    Regular("a-assist", "review.regulations", "{year}年配合安全制度评审", "year", 21,
      {"participant": OFFICE, "organiser": ("safety-head",)}, {"scope": "system", "conclusion": "fit"}),
    Regular("a-letter", "target.letter", "{year}年综合办公室岗位责任书", "year", 18,
      {"signer": OFFICE, "subject": ("finance",)}, {"year": "{year}"}, units=("综合办公室",)),
    Regular("a-appraisal", "target.appraisal", "{year}年综合办公室岗位考核", "year", 24,
      {"chair": OFFICE}, {"scope": "posts", "result": "全部合格。"}),
    Regular("a-insurance", "insurance.injury", "{year}年工伤保险参保申报", "year", 10,
      {"recorder": OFFICE, "subject": ("@employees",)}, {"period": "{year}年度"}),
    Regular("a-checkup", "health.checkup", "{year}年职业健康体检", "year", 26,
      {"organiser": OFFICE, "subject": ("@employees",)}, {"institution": "县人民医院体检中心（演示）",
       "result": "无职业禁忌，3人建议复查并已复查。"}),
    Regular("a-files", "personnel.file", "{year}年人事档案和劳动合同核对", "year", 27,
      {"recorder": OFFICE, "subject": ("@employees",)}, {"action": "checked", "findings": "补齐2人证件复印件。"}),
)  # fmt: skip

OPERATIONS_HEAD = (
    Regular("p-inspection", "inspection.safety", "{month}月营运科安全检查", "month", 10,
      {"organiser": OPERATIONS, "participant": ("captain1", "captain3")},
      {"scope": "daily", "place": "客运中心发车区和各车队", "found": "0",
       "findings": "趟次告知、实名检票、安全带检查落实。"}),
    Regular("p-ledger", "route.ledger", "{year}年{month}月线路信息台账更新", "half", 13,
      {"organiser": OPERATIONS}, {"action": "updated", "content": "更新急弯、限速和停靠点信息11处。"}),
    Regular("p-review", "review.regulations", "{year}年营运科制度和规程审核", "year", 23,
      {"organiser": OPERATIONS}, {"scope": "department", "conclusion": "fit"}),
    Regular("p-vehicles", "vehicle.review", "{year}年客车审验", "year", 24,
      {"organiser": OPERATIONS}, {"authority": "县交通运输局（演示）", "findings": "全部合格。"}, vehicles=True),
    Regular("p-letter", "target.letter", "{year}年营运科和车队岗位责任书", "year", 19,
      {"signer": OPERATIONS, "subject": ("@drivers",)}, {"year": "{year}"}, units=("营运科",)),
    Regular("p-appraisal", "target.appraisal", "{year}年营运科岗位考核", "year", 25,
      {"chair": OPERATIONS}, {"scope": "posts", "result": "合格率100%。"}),
)  # fmt: skip
