"""What a browser calls itself, in two words that its owner recognises."""

from __future__ import annotations

# In this order: each calls itself by the names after it too.
BROWSERS = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "HarmonyOS": "鸿蒙",
    "Android": "安卓",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def device_of(agent: str) -> str:
    """Windows · Chrome"""
    found = [
        next((word for mark, word in names.items() if mark in agent), "") for names in (SYSTEMS, BROWSERS)
    ]
    return " · ".join(filter(None, found)) or "其他设备"
