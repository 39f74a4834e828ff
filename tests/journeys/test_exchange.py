"""An institution lets a program in and has events sent; the examples of docs/api do the rest, as they are printed."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from lms import clock, worker
from lms.parts import Parts
from lms.services import jobs
from tests.support.cast import PASSWORD, Cast
from tests.support.programs import started
from tests.support.site import ON_POSTGRESQL, fits, phone, sign_in
from tests.support.swift import free_port

pytestmark = ON_POSTGRESQL

EXAMPLES = Path(__file__).parents[2] / "docs/api"


def work(parts: Parts) -> None:
    """What the worker would do by now."""
    worker.place_changes(parts)
    with parts.database.transaction(write=False) as session:
        due = jobs.list_due(session, worker.OUTWARD, now=clock.now())
    for each in due:
        worker.run(parts, each)


def run(command: list[str], **environment: str) -> str:
    """What a program prints; it must end well."""
    whole = {**os.environ, **environment}
    done = subprocess.run(command, env=whole, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def new_token(page: Page) -> str:
    page.goto("/institution/services/")
    page.fill("input[name=name]", "人事系统")
    page.click("main button:has-text('建立')")
    for scope in ("read:cohorts", "read:completion", "write:enrollments"):
        page.check(f"input[value='{scope}']")
    page.click("main button:has-text('发令牌')")
    expect(page.locator("main")).to_contain_text("只显示这一次")
    fits(page)  # however long a secret is
    return page.locator(".alert code").inner_text()


def new_webhook(page: Page, address: str) -> str:
    page.goto("/institution/webhooks/")
    page.fill("input[name=address]", address)
    page.check("input[value='enrollment.created']")
    page.click("main button:has-text('建立')")
    secret = page.locator(".alert code")
    expect(secret).to_have_text(re.compile(r"^\s*whsec_\S+\s*$"))
    return secret.inner_text()


def test_a_program_is_let_in_pulls_enrols_and_is_told(
    browser: Browser, office: str, parts: Parts, cast: Cast, tmp_path: Path
) -> None:
    port, heard, copy = free_port(), tmp_path / "heard.txt", tmp_path / "copy.json"
    with phone(browser, office) as page:
        sign_in(page, cast.phones["zhoumin"], PASSWORD)
        token = new_token(page)
        pull = [sys.executable, str(EXAMPLES / "pull.py"), office, str(copy)]
        assert run(pull, KANGXUE_TOKEN=token) == "1 enrollments, 0 complete\n"
        work(parts)
        secret = new_webhook(page, f"http://127.0.0.1:{port}/hook")
        told = {**os.environ, "WEBHOOK_SECRET": secret}
        receive = [sys.executable, str(EXAMPLES / "receive.py"), str(port)]
        with heard.open("w") as out, started(receive, told, stdout=out):
            wait_for(port)
            enroll = [
                "sh",
                str(EXAMPLES / "enroll.sh"),
                office,
                str(cast.cohort),
                "张秀英",
                "219999196503024529",
                "19900000088",
            ]
            first, again = (run(enroll, KANGXUE_TOKEN=token) for _ in range(2))
            assert first.splitlines()[-1] == again.splitlines()[-1]  # the same bytes, after a list that has grown
            assert str(cast.cohort) in first
            work(parts)
            said = heard.read_text()
        assert said.startswith("enrollment.created")
        assert said.count("\n") == 1
        assert "张秀英" not in said
        assert run(pull, KANGXUE_TOKEN=token) == "2 enrollments, 0 complete\n"
        assert "219999196503024529" not in copy.read_text()
        assert json.loads(copy.read_text())["changed_since"]
        page.goto("/institution/webhooks/")
        page.click("main table a")
        expect(page.locator("main table")).to_contain_text("已送达")
        page.click("main button:has-text('再发一次')")
        expect(page.locator("body")).to_contain_text("正在再发一次")
        work(parts)
        page.reload()
        expect(page.locator("main table")).to_contain_text("连不上对方")
        page.goto("/institution/services/")
        page.click("main table a")
        page.click("main tbody button:has-text('停用')")
        expect(page.locator("main table")).to_contain_text("已停用")
    refused = subprocess.run(
        pull, env={**os.environ, "KANGXUE_TOKEN": token}, capture_output=True, text=True, check=False
    )
    assert refused.stderr.startswith("401")


def wait_for(port: int) -> None:
    """Until somebody listens."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("nobody listens")
