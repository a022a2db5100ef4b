"""What the monitoring screens showed, and how it was answered."""

# ruff: noqa: E501 -- a row of a table reads better unwrapped; a Chinese character counts as two
from __future__ import annotations

from datetime import timedelta

from anze.cli.demo.affairs import DAY, HOUR, Affair, Step

EVERY_MONTH = tuple(range(14, 0, -1))
MONITOR, DRIVER = ("monitor",), ("@driver",)
MINUTE = timedelta(minutes=1)

WARNED = (
    Step("monitoring.warning", "语音提示并纠正", {"organiser": MONITOR}, {"means": "voice", "result": "corrected"},
         2 * MINUTE),
    Step("monitoring.referral", "抄报营运科和安全科", {"organiser": MONITOR},
         {"recipient": "安全科、营运科", "content": "时间、路段、车速和视频截图。"}, 3 * HOUR),
    Step("violation.handling", "监控违法处理：约谈教育", {"organiser": ("monitor",), "subject": DRIVER},
         {"measure": "talk", "description": "约谈签字，扣当月安全奖100元。"}, 4 * DAY),
)  # fmt: skip

ALARMS = (
    Affair("speeding", EVERY_MONTH, 5,
           Step("monitoring.violation", "{month}月{day}日超速报警", {"recorder": MONITOR, "subject": DRIVER},
                {"type": "speeding", "description": "省道限速60，车速71，持续40秒。"}),
           WARNED, by="monitor", vehicle=True, slow=(10,)),
    Affair("tired", (13, 11, 9, 7, 5, 3, 1), 21,
           Step("monitoring.violation", "{month}月{day}日疲劳驾驶报警", {"recorder": MONITOR, "subject": DRIVER},
                {"type": "fatigue", "description": "连续闭眼报警，已引导进服务区休息。"}),
           WARNED, by="monitor", vehicle=True, forgotten=(3,)),
    Affair("offline", EVERY_MONTH, 12,
           Step("monitoring.offline", "{month}月{day}日车辆不在线", {"recorder": MONITOR},
                {"type": "signal", "description": "信号缺失25分钟。"}),
           (Step("monitoring.offline-check", "不在线排查", {"recorder": MONITOR, "organiser": MONITOR},
                 {"cause": "天线接头松动。", "told": "told", "result": "回场后紧固。"}, 30 * MINUTE),
            Step("monitoring.repair", "终端恢复在线", {"organiser": MONITOR},
                 {"measures": "紧固天线并试运行。", "result": "solved"}, 1 * DAY)),
           by="monitor", vehicle=True, slow=(9,), forgotten=(2,)),
    Affair("emergency", (11, 4), 14,
           Step("monitoring.emergency", "驾驶员误触紧急报警", {"recorder": MONITOR, "subject": DRIVER},
                {"description": "按下报警按钮，回拨确认车内正常。"}),
           (Step("monitoring.emergency-response", "紧急报警处置", {"organiser": MONITOR},
                 {"measures": "连线确认，核实误触。", "saved": "both", "told": "both"}, 5 * MINUTE),),
           by="monitor", vehicle=True),
    Affair("serious", (7,), 13,
           Step("monitoring.serious", "夜间连续驾驶超时", {"recorder": MONITOR, "subject": DRIVER},
                {"type": "limits", "description": "夜间连续驾驶2小时12分，轨迹和视频已存。"}),
           (Step("monitoring.referral", "上报公司领导", {"organiser": MONITOR},
                 {"recipient": "主要负责人、安全科", "content": "违反84220，附轨迹。"}, 1 * HOUR),
            Step("violation.handling", "停班学习三日", {"organiser": MONITOR, "subject": DRIVER},
                 {"measure": "suspend", "description": "停班学习三日，考核合格后上岗。"}, 5 * DAY)),
           by="monitor", vehicle=True),
    Affair("alert", EVERY_MONTH, 10,
           Step("monitoring.alert", "{month}月道路天气预警", {"recorder": MONITOR},
                {"source": "气象和交警", "content": "大雾或强降水，部分路段限速。"}),
           (Step("monitoring.push", "预警推送到车", {"recorder": MONITOR},
                 {"type": "alert", "content": "减速、开灯、保持车距。", "vehicles": "31"}, 20 * MINUTE),),
           by="monitor", slow=(12,), forgotten=(6,)),
    Affair("trouble", (12, 9, 6, 3), 15,
           Step("monitoring.fault", "平台视频回放卡顿", {"recorder": MONITOR}, {"description": "回放中断，直播正常。"}),
           (Step("monitoring.provider", "向服务商反馈", {"recorder": MONITOR},
                 {"provider": "甬安信息服务公司（演示）", "content": "视频回放故障。", "reply": "当日处理。"}, 2 * HOUR),
            Step("monitoring.repair", "平台恢复正常", {"organiser": MONITOR},
                 {"measures": "服务商重启存储节点。", "result": "solved"}, 1 * DAY)), by="monitor", slow=(6,)),
    Affair("platform", (11, 9, 6, 4, 2), 17,
           Step("monitoring.change", "驾驶员新聘，平台信息变动", {"recorder": MONITOR}, {"content": "新增驾驶员1名，绑定车辆。"}),
           (Step("monitoring.data-update", "平台数据更新", {"recorder": MONITOR}, {"content": "已录入并核对。"}, 1 * DAY),),
           by="monitor"),
)  # fmt: skip
