"""What came up in offices, on routes and on vehicles, and how it was answered."""

# ruff: noqa: E501 -- a row of a table reads better unwrapped; a Chinese character counts as two
from __future__ import annotations

from datetime import timedelta

from anze.cli.demo.affairs import DAY, HOUR, Affair, Step

EVERY_MONTH = tuple(range(14, 0, -1))
OFFICE, HEAD, OPERATIONS, TECHNICAL = ("office",), ("safety-head",), ("operations",), ("technical",)

OFFICES = (
    Affair("paper", (14, 12, 10, 8, 6, 4, 3, 2, 1), 4,
           Step("paper.received", "上级安全文件收文（{month}月）", {"recorder": OFFICE},
                {"source": "县交通运输局", "content": "部署季节性安全工作，要求一周内落实。"}),
           (Step("paper.circulated", "文件传阅并印发", {"organiser": OFFICE, "participant": ("vice", "vice2")},
                 {"action": "both", "content": "部门负责人以上"}, 4 * HOUR),
            Step("paper.deployed", "上级要求部署落实", {"organiser": HEAD},
                 {"arrangement": "分解为4项，落实到车队。"}, 2 * DAY)), slow=(6,)),
    Affair("problem", (12, 9, 6, 3), 11,
           Step("problem.raised", "安全问题：{month}月分析会提出", {"recorder": HEAD},
                {"description": "旺季夜间加班车驾驶员轮休不足。", "owner": "营运科"}),
           (Step("problem.solved", "问题解决：调整班次和轮休", {"organiser": OPERATIONS, "participant": ("vice2",)},
                 {"measures": "增加机动驾驶员两名，轮休表每周公示。", "result": "solved"}, 8 * DAY),), slow=(6,)),
    Affair("misconduct", (11, 8, 2), 17,
           Step("misconduct.found", "发现出车前未做例检", {"recorder": HEAD, "subject": ("@driver",)},
                {"type": "procedure", "description": "未绕车检查即发车，视频查实。"}),
           (Step("misconduct.corrected", "当场纠正并补做例检", {"organiser": HEAD},
                 {"measures": "停车补检，批评教育并扣安全奖。", "result": "corrected"}, 2 * HOUR),)),
    Affair("task", (13, 10, 7, 4, 1), 5,
           Step("task.assigned", "交办：筹备季度总结材料", {"recorder": OFFICE, "signer": ("@lead",)},
                {"content": "汇总各部门季度安全总结。"}),
           (Step("task.done", "交办任务办结", {"organiser": OFFICE}, {"result": "已汇总印发。"}, 6 * DAY),),
           by="office", begins=("due", 10 * DAY), forgotten=(7,)),
    Affair("hired", (11, 9, 6, 4, 2), 3,
           Step("employee.hired", "录用登记（{month}月）", {"recorder": OFFICE},
                {"post": "客车驾驶员", "qualification": "驾驶证、从业资格证和三年无责任事故证明齐全。"}),
           (Step("training.induction", "新录用人员岗前教育", {"organiser": ("office", "safety-head")},
                 {"topic": "制度、规程、风险告知和应急。", "class_hours": "24", "exam": "合格"}, 4 * DAY),
            Step("insurance.injury", "新录用人员工伤保险申报", {"recorder": OFFICE},
                 {"period": "{year}年{month}月", "number": "1"}, 9 * DAY),
            Step("personnel.file", "建立职工档案", {"recorder": OFFICE},
                 {"action": "created", "findings": "资格条件和合同已归档。"}, 10 * DAY),
            Step("employee.contract", "签订劳动合同", {"organiser": OFFICE, "signer": ("@lead",)},
                 {"begins": "{year}-{month:02d}-10", "clause": "included", "told": "told"}, 11 * DAY)),
           by="office", begins=("begins", 14 * DAY), slow=(9,)),
    Affair("left", (10, 5), 8,
           Step("employee.left", "离岗登记（{month}月）", {"recorder": OFFICE}, {"type": "resigned"}),
           (Step("personnel.file", "离岗手续和档案转移", {"recorder": OFFICE}, {"action": "transferred"}, 6 * DAY),),
           by="office"),
    Affair("law", (11, 5), 6,
           Step("law.issued", "新标准发布登记", {"recorder": TECHNICAL},
                {"title": "营运客车安全技术条件修改单（演示）", "changes": "应急门和灭火装置要求提高。"}),
           (Step("review.regulations", "对照新标准评价制度规程", {"organiser": ("technical", "monitoring")},
                 {"scope": "department", "conclusion": "revise", "findings": "两处条文修订。"}, 20 * DAY),)),
)  # fmt: skip

ROUTES = (
    Affair("route", (10, 3), 4,
           Step("route.added", "新增旅游专线", {"recorder": OPERATIONS}, {"route": "宁海—前童古镇（演示）"}),
           (Step("route.survey", "新增线路实地考察", {"organiser": OPERATIONS, "participant": ("captain2",)},
                 {"route": "宁海—前童古镇（演示）", "findings": "急弯3处、临水1处，限速40公里。"}, 5 * DAY),
            Step("route.ledger", "新增线路登记台账", {"organiser": OPERATIONS},
                 {"action": "added", "content": "里程、站点、风险点。"}, 8 * DAY),
            Step("route.plan", "新增线路安全运行方案", {"organiser": OPERATIONS},
                 {"route": "宁海—前童古镇（演示）", "content": "限速、停靠、雨雾停运条件和联络。"}, 10 * DAY)),
           by="operations", begins=("begins", 20 * DAY)),
    Affair("transport", (8, 1), 2,
           Step("transport.task", "研学包车运输任务", {"recorder": OPERATIONS},
                {"type": "major", "content": "两所学校研学，18车次。"}),
           (Step("transport.plan", "研学运输安全运行方案", {"organiser": OPERATIONS},
                 {"content": "车辆、驾驶员、线路、监控和应急。"}, 4 * DAY),
            Step("transport.carried", "研学运输方案落实", {"organiser": OPERATIONS},
                 {"result": "逐车告知，随车安全员到位，平安完成。"}, 12 * DAY)),
           by="operations", begins=("begins", 9 * DAY)),
    Affair("contract", (12, 10, 7, 4, 2), 19,
           Step("contract.transport", "签订包车运输合同", {"recorder": OPERATIONS},
                {"party": "宁海某旅行社（演示）", "content": "旅游包车"}),
           (Step("contract.safety", "合同安全责任条款", {"organiser": OPERATIONS, "signer": ("@lead",)},
                 {"form": "agreement", "content": "双方安全责任、超时和绕行的处理。"}, timedelta(minutes=30)),),
           by="operations"),
)  # fmt: skip

VEHICLES = (
    Affair("fault", (12, 8, 6, 2), 7,
           Step("vehicle.fault", "行驶途中空调皮带断裂停驶", {"recorder": ("technician",), "subject": ("@driver",)},
                {"description": "水温升高，靠边停驶。", "place": "省道22公里处"}),
           (Step("vehicle.inquiry", "故障调查鉴定", {"organiser": TECHNICAL, "participant": ("technician",)},
                 {"cause": "皮带老化。", "appraisal": "缩短更换周期。", "same": "同车型12辆已查。"}, 3 * DAY),
            Step("vehicle.repair", "故障处理", {"organiser": TECHNICAL, "participant": ("technician",)},
                 {"measures": "更换皮带和涨紧轮。", "result": "solved"}, 2 * DAY)), vehicle=True, slow=(8,)),
    Affair("changed", EVERY_MONTH, 18,
           Step("vehicle.changed", "{month}月车辆技术信息变动", {"recorder": ("technician",)},
                {"type": "maintained", "content": "二级维护和更换制动片。"}),
           (Step("vehicle.file", "更新技术档案（{month}月）", {"recorder": ("technician",), "organiser": TECHNICAL},
                 {"action": "updated", "quality": "complete"}, 2 * DAY),),
           by="technician", vehicle=True, slow=(7,), forgotten=(4,)),
)  # fmt: skip
