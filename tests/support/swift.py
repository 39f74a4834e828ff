"""OpenStack Swift from PyPI as an S3 service of our own: a real distributed store, shrunk to one disk on loopback."""

import os
import pwd
import socket
import subprocess
import sys
import sysconfig
import time
import uuid
from pathlib import Path

import boto3
import pytest

from lms.adapters.storage import StorageSettings

SERVERS = ("object", "container", "account", "proxy")
ACCESS_KEY, SECRET_KEY = "test:tester", "testing"
PROXY = """
[pipeline:main]
pipeline = catch_errors s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
cors_preflight_allow_origin = *
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Swift:
    """One device, one replica, four servers; ends only what it started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {server: free_port() for server in SERVERS}
        self.endpoint = f"http://127.0.0.1:{self.ports['proxy']}"
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        (self.folder / "disk" / "d1").mkdir(parents=True)
        (self.folder / "swift.conf").write_text(
            "[swift-hash]\nswift_hash_path_prefix = tests\nswift_hash_path_suffix = tests\n"
            "[storage-policy:0]\nname = one\ndefault = yes\n"
        )
        for server in SERVERS[:3]:
            self.build_ring(server)
        for server in SERVERS:
            self.launch(server)
        for server in SERVERS:
            self.wait_for(server)

    def build_ring(self, server: str) -> None:
        """In a process of its own: importing Swift patches the standard library (eventlet)."""
        script = (
            "import sys; from swift.common.ring import RingBuilder; b = RingBuilder(1, 1, 0);"
            "b.add_dev(dict(id=0, region=1, zone=1, ip='127.0.0.1', port=int(sys.argv[1]),"
            " replication_ip='127.0.0.1', replication_port=int(sys.argv[1]), device='d1', weight=1.0, meta=''));"
            "b.rebalance(); b.get_ring().save(sys.argv[2])"
        )
        ring = self.folder / f"{server}.ring.gz"
        subprocess.run([sys.executable, "-c", script, str(self.ports[server]), str(ring)], check=True)

    def launch(self, server: str) -> None:
        head = (
            f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {self.ports[server]}\nworkers = 0\n"
            f"user = {pwd.getpwuid(os.getuid()).pw_name}\nswift_dir = {self.folder}\n"
            f"devices = {self.folder}/disk\nmount_check = false\ndisable_fallocate = true\n"
            "cors_allow_origin = *\n"
            f"log_level = WARNING\nlog_address = {self.folder}/nowhere\n"
        )
        simple = f"[pipeline:main]\npipeline = {server}-server\n[app:{server}-server]\nuse = egg:swift#{server}\n"
        settings = self.folder / f"{server}.conf"
        settings.write_text(head + (PROXY if server == "proxy" else simple))
        program = Path(sysconfig.get_path("scripts")) / f"swift-{server}-server"
        with self.log(server).open("wb") as log:
            command = [sys.executable, str(program), str(settings)]
            self.running.append(
                subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder)
            )

    def log(self, server: str) -> Path:
        return self.folder / f"{server}.log"

    def wait_for(self, server: str) -> None:
        deadline = time.monotonic() + 180
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.ports[server]), 1).close()
            except OSError:
                if time.monotonic() > deadline:
                    pytest.fail(f"swift {server} did not start: {self.log(server).read_text()[-2000:]}")
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        for server in self.running:
            server.terminate()
        for server in self.running:
            server.wait(20)

    def settings(self, bucket: str) -> StorageSettings:
        return StorageSettings(
            kind="s3",
            folder=self.folder,
            bucket=bucket,
            endpoint=self.endpoint,
            access_key=ACCESS_KEY,
            secret_key=SECRET_KEY,
        )

    def environment(self, bucket: str) -> dict[str, str]:
        """The settings of an installation that stores there."""
        told = self.settings(bucket)
        return {
            "LMS_STORAGE": "s3",
            "LMS_S3_BUCKET": told.bucket,
            "LMS_S3_ENDPOINT": told.endpoint,
            "LMS_S3_ACCESS_KEY": told.access_key,
            "LMS_S3_SECRET_KEY": told.secret_key,
        }

    def new_bucket(self) -> str:
        name = f"b-{uuid.uuid4().hex[:12]}"
        boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        ).create_bucket(Bucket=name)
        return name
