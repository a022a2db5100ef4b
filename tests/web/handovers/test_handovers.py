"""A sheet is drawn up, read, signed by each, confirmed, and printed."""

from __future__ import annotations

import re

from django.test import Client

from anze.records.handovers.models import Handover
from anze.records.people import queries as people
from tests.cast import Cast
from tests.web.conftest import Browse


def text(response) -> str:
    return response.content.decode()


def drawn(cast: Cast, manager: Client, **changes: str) -> str:
    with cast.acts("safety_manager"):
        (held,) = people.holdings(person_id=cast.a.principal)
    given = {"receiver": str(cast.a.clerk), "until": "2026-11-30", "remarks": "公章"} | changes
    response = manager.post(f"/handovers/new/{held.id}/", given)
    assert response.status_code == 302, text(response)
    return response["Location"]


def digest(cast: Cast, url: str) -> str:
    with cast.acts("safety_manager"):
        return Handover.objects.get(pk=int(url.rstrip("/").rpartition("/")[2])).digest


def test_from_drawing_up_to_done(decided: Cast, manager: Client, browse: Browse) -> None:
    url = drawn(decided, manager)
    agreed = {"digest": digest(decided, url), "read": "1"}
    page = text(manager.get(url))
    assert "还差：移交人 赵甬、接收人 冯甬、监交人" in page
    assert "以监交人身份签署" not in page
    for member, part in (("principal", "移交人"), ("clerk", "接收人"), ("safety_manager", "监交人")):
        client = browse(member)
        assert "请签署“主要负责人”交接单" in text(client.get("/"))
        assert f"以{part}身份签署" in text(client.get(url))
        assert "已签署。" in text(client.post(url, agreed, follow=True))
    done = text(manager.get(url))
    assert "已交接" in done
    assert "公章" in done
    assert agreed["digest"] in done
    assert "重新编制</a>" not in done


def test_what_is_not_read_is_not_signed(decided: Cast, manager: Client, browse: Browse) -> None:
    url = drawn(decided, manager)
    principal = browse("principal")
    for given, says in (
        ({"digest": digest(decided, url)}, "请先勾选"),
        ({"read": "1"}, "页面内容不完整"),
        ({"read": "1", "digest": "0" * 64}, "已重新编制，本次没有签署"),
    ):
        response = principal.post(url, given)
        assert response.status_code == 422
        assert says in text(response)
    newer = drawn(decided, manager)
    old = text(principal.get(url))
    assert "不再有效" in old
    assert newer in old


def test_each_item_may_have_its_own_receiver(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        (held,) = people.holdings(person_id=decided.a.principal)
    url = f"/handovers/new/{held.id}/"
    key = text(manager.get(url)).split('name="for_')[1].split('"')[0]
    sheet = drawn(decided, manager, **{f"for_{key}": str(decided.a.monitor)})
    assert "冯甬、郑甬" in text(manager.get(sheet)) or "接收人 郑甬" in text(manager.get(sheet))
    refused = manager.post(url, {"receiver": "", f"for_{key}": "99999"})
    assert refused.status_code == 422
    assert "请选择。" in text(refused)
    assert "请从列表中选择。" in text(refused)


def test_a_page_names_everybody_once(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        (held,) = people.holdings(person_id=decided.a.principal)
    url = f"/handovers/new/{held.id}/"
    page = text(manager.get(url))
    keys = re.findall(r'name="for_([a-z0-9-]+)"', page)
    option = f'<option value="{decided.a.monitor}"'
    assert len(keys) > 5
    assert page.count(option) == 1
    assert page.count('data-options-of="id_receiver"') == len(keys)
    chosen = {f"for_{keys[0]}": str(decided.a.monitor), "until": "不是日期"}
    refused = text(manager.post(url, chosen))
    assert refused.count(f"{option} selected") == 1


def test_the_list_says_what_is_left(decided: Cast, manager: Client, browse: Browse) -> None:
    assert "没有未交接的岗位" in text(manager.get("/handovers/"))
    with decided.acts("safety_manager"):
        (held,) = people.holdings(person_id=decided.a.principal)
    manager.post(f"/people/holdings/{held.id}/end/", {"until": "2026-11-20"})
    page = text(manager.get("/handovers/"))
    assert f'href="/handovers/new/{held.id}/"' in page
    assert browse("clerk").get("/handovers/").status_code == 403
    seen = text(browse("officer").get(f"/bureau/companies/{decided.a.id}/"))
    assert "未交接" in seen
    assert "编制交接单" not in seen


def test_the_bureau_reads_the_sheets_of_its_companies_and_signs_none(
    decided: Cast, manager: Client, browse: Browse
) -> None:
    own = drawn(decided, manager)
    base, officer = f"/bureau/companies/{decided.a.id}", browse("officer")
    assert f'href="{base}/handovers/"' in text(officer.get(f"{base}/"))
    listed = text(officer.get(f"{base}/handovers/"))
    assert f'href="{base}{own}"' in listed
    assert "等待签署" in listed
    assert "编制交接单" not in listed
    sheet = text(officer.get(f"{base}{own}"))
    assert "还差：移交人 赵甬、接收人 冯甬、监交人" in sheet
    assert "身份签署" not in sheet
    agreed = {"digest": digest(decided, own), "read": "1"}
    assert officer.post(f"{base}{own}", agreed).status_code == 403
    assert officer.get(f"/bureau/companies/{decided.b.id}{own}").status_code == 404
    assert browse("stranger_officer").get(f"{base}/handovers/").status_code == 404


def test_what_waits_for_hands_leads_the_bureau_to_its_sheet(
    decided: Cast, manager: Client, browse: Browse
) -> None:
    own = drawn(decided, manager)
    with decided.acts("safety_manager"):
        (held,) = people.holdings(person_id=decided.a.principal)
    manager.post(f"/people/holdings/{held.id}/end/", {"until": "2026-11-20"})
    base = f"/bureau/companies/{decided.a.id}"
    page = text(browse("officer").get(f"{base}/"))
    assert "交接单等待签署" in page
    assert f'href="{base}{own}"' in page
    assert 'href="/handovers/' not in page
