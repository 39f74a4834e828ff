"""Keeps a copy of verdicts: the first run reads all of them, each later run only what changed.

    KANGXUE_TOKEN=kxs_… python3 pull.py https://study.example.cn copy.json

Standard library only. The token needs the scope read:completion.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path


def get(base: str, path: str, **query: str) -> dict:
    """One request; waits when the server says that it was too often, or busy."""
    address = f"{base}/api/v1{path}?{urllib.parse.urlencode(query)}"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {os.environ['KANGXUE_TOKEN']}"})
    for _ in range(5):
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503):
                sys.exit(f"{error.code} {error.read().decode()}")
            time.sleep(int(error.headers.get("Retry-After", "5")))
    sys.exit("the server is too busy")


def pull(base: str, kept: dict) -> dict:
    """The copy brought up to date. Changes may be told twice; they are never left out."""
    query = {"changed_since": kept["changed_since"]} if kept.get("changed_since") else {}
    start = "changed_since" if query else "cursor"
    while True:
        page = get(base, "/completion", limit="200", **query)
        for record in page["items"]:
            kept["records"][record["enrollment"]] = record
        for gone in page["removed"]:
            kept["records"].pop(gone, None)
        if page["next"] is None:
            return kept | {"changed_since": page["changed_since"]}
        query = {"cursor": page["next"]} if start == "cursor" else {"changed_since": page["changed_since"]}


def main() -> None:
    base, place = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    kept = json.loads(place.read_text()) if place.exists() else {"records": {}}
    kept = pull(base, kept)
    place.write_text(json.dumps(kept, ensure_ascii=False, indent=1))
    done = sum(record["verdict"] == "yes" for record in kept["records"].values())
    print(f"{len(kept['records'])} enrollments, {done} complete")


if __name__ == "__main__":
    main()
