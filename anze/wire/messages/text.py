"""Words for the driver: texts, and (until 2013) events, questions, information, telephone.

2019 removes 0x0301–0x0303 and 0x8301–0x8304; terminals of 2011 and 2013 still speak them.
"""

from __future__ import annotations

from anze.wire.fields import BYTE, WORD, Listed, Prefixed, Text, since_2019
from anze.wire.tables import Message, Nested, Table, column, message, table


@message(0x8300, "文本信息下发", "8.23")
class TextMessage(Message):
    flags: int = column(BYTE, "标志：位 0 紧急 位 2 终端显示 位 3 TTS 播读 位 4 广告屏 位 5 CAN 故障码")
    kind: int | None = column(since_2019(BYTE), "文本类型：1 通知 2 服务", default=None)
    text: str = column(Text(), "文本信息")


@table
class EventChoice(Table):
    event_id: int = column(BYTE, "事件 ID")
    content: str = column(Prefixed(BYTE, Text()), "事件内容")


@message(0x8301, "事件设置", "8.24")
class Events(Message):
    order: int = column(BYTE, "设置类型：0 删除全部 1 更新 2 追加 3 修改 4 删除几项")
    events: tuple[EventChoice, ...] = column(Listed(Nested(EventChoice)), "事件项列表")


@message(0x0301, "事件报告", "8.25")
class EventReport(Message):
    event_id: int = column(BYTE, "事件 ID")


@table
class Answer(Table):
    answer_id: int = column(BYTE, "答案 ID")
    content: str = column(Prefixed(WORD, Text()), "答案内容")


@message(0x8302, "提问下发", "8.26")
class Question(Message):
    flags: int = column(BYTE, "标志：位 0 紧急 位 3 TTS 播读 位 4 广告屏")
    question: str = column(Prefixed(BYTE, Text()), "问题")
    answers: tuple[Answer, ...] = column(Listed(Nested(Answer), None), "候选答案列表")


@message(0x0302, "提问应答", "8.27", answers=(0x8302,))
class QuestionAnswer(Message):
    serial: int = column(WORD, "应答流水号")
    answer_id: int = column(BYTE, "答案 ID")


@table
class Topic(Table):
    kind: int = column(BYTE, "信息类型")
    name: str = column(Prefixed(WORD, Text()), "信息名称")


@message(0x8303, "信息点播菜单设置", "8.28")
class Topics(Message):
    order: int = column(BYTE, "设置类型：0 删除全部 1 更新 2 追加 3 修改")
    topics: tuple[Topic, ...] = column(Listed(Nested(Topic)), "信息项列表")


@message(0x0303, "信息点播/取消", "8.29")
class TopicChoice(Message):
    kind: int = column(BYTE, "信息类型")
    wanted: int = column(BYTE, "点播/取消：0 取消 1 点播")


@message(0x8304, "信息服务", "8.30")
class Information(Message):
    kind: int = column(BYTE, "信息类型")
    content: str = column(Prefixed(WORD, Text()), "信息内容")


@message(0x8400, "电话回拨", "8.31")
class CallBack(Message):
    listening: int = column(BYTE, "标志：0 普通通话 1 监听")
    phone: str = column(Text(), "电话号码")


@table
class Contact(Table):
    direction: int = column(BYTE, "标志：1 呼入 2 呼出 3 呼入/呼出")
    phone: str = column(Prefixed(BYTE, Text()), "电话号码")
    name: str = column(Prefixed(BYTE, Text()), "联系人")


@message(0x8401, "设置电话本", "8.32")
class PhoneBook(Message):
    order: int = column(BYTE, "设置类型：0 删除全部 1 更新 2 追加 3 修改")
    contacts: tuple[Contact, ...] = column(Listed(Nested(Contact)), "联系人项")
