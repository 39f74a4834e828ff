"""How long it takes to tell what stands under a city: a recursive walk against a kept path, on both databases.

    python bench/organisations.py [--institutions 4000] [--database postgresql+psycopg://…]

Prints for the whole city, one district and one institution: rows found, and the median of 50 runs in ms.
"""

import argparse
import statistics
import time
import uuid
from collections.abc import Callable

from sqlalchemy import Connection, create_engine, text

DISTRICTS, BRANCHES, RUNS = 20, 2, 50
WALK = """WITH RECURSIVE under(id) AS (
    SELECT id FROM bench_nodes WHERE id = :top UNION
    SELECT n.id FROM bench_nodes n JOIN under u ON n.parent_id = u.id)
  SELECT count(*), min(id) FROM bench_nodes WHERE id IN (SELECT id FROM under)"""
PATH = """SELECT count(*), min(id) FROM bench_nodes
  WHERE path >= (SELECT path FROM bench_nodes WHERE id = :top)
    AND path < (SELECT path || 'g' FROM bench_nodes WHERE id = :top)"""


def fill(connection: Connection, institutions: int) -> dict[str, str]:
    """A city, its districts, institutions and branches; the paths are of hexadecimal ids."""
    connection.execute(text("DROP TABLE IF EXISTS bench_nodes"))
    collated = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
    columns = f"id CHAR(32) PRIMARY KEY, parent_id CHAR(32), path VARCHAR(140){collated}"
    connection.execute(text(f"CREATE TABLE bench_nodes ({columns})"))
    city = (uuid.uuid4().hex, None, "")
    rows = [(city[0], None, city[0])]
    districts = [_below(rows[0]) for _ in range(DISTRICTS)]
    bodies = [_below(districts[number % DISTRICTS]) for number in range(institutions)]
    branches = [_below(body) for body in bodies for _ in range(BRANCHES)]
    rows += districts + bodies + branches
    told = [{"id": id_, "parent": parent, "path": path} for id_, parent, path in rows]
    connection.execute(text("INSERT INTO bench_nodes VALUES (:id, :parent, :path)"), told)
    connection.execute(text("CREATE INDEX bench_parent ON bench_nodes (parent_id)"))
    connection.execute(text("CREATE INDEX bench_path ON bench_nodes (path)"))
    connection.execute(text("ANALYZE bench_nodes" if connection.dialect.name == "postgresql" else "ANALYZE"))
    return {"city": rows[0][0], "district": districts[0][0], "institution": bodies[0][0]}


def _below(above: tuple[str, str | None, str]) -> tuple[str, str, str]:
    made = uuid.uuid4().hex
    return made, above[0], above[2] + made


def median_ms(act: Callable[[], object]) -> float:
    """Of `RUNS` calls."""
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Prints the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--institutions", type=int, default=4000)
    asked.add_argument("--database", default="sqlite://")
    told = asked.parse_args()
    with create_engine(told.database).connect() as connection:
        for name, top in fill(connection, told.institutions).items():
            for kind, query in (("walk", WALK), ("path", PATH)):
                found = connection.execute(text(query), {"top": top}).one()[0]
                taken = median_ms(lambda query=query, top=top: connection.execute(text(query), {"top": top}).all())
                print(f"{connection.dialect.name:<11} {name:<12} {kind}  {found:>6} rows  {taken:8.3f} ms")
        connection.rollback()


if __name__ == "__main__":
    main()
