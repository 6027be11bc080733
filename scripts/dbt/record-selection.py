"""Records what dbt's own `ls` answers to the selections of test/work/model/golden-selection.

    python="$(bash scripts/peers/install-python.sh dbt-duckdb)"
    "$python" scripts/dbt/record-selection.py

The project is built and its sources are checked before it is changed, so that there are results and a state to
compare with. What is kept: the manifests (without what no selection looks at), results, source times, answers.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
from dbt.cli.main import dbtRunner

os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
GOLDEN = Path(__file__).resolve().parents[2] / "test/work/model/golden-selection"
UNREAD = {"created_at", "compiled_code", "compiled", "compiled_path", "build_path", "extra_ctes", "extra_ctes_injected", "docs", "doc_blocks", "time_spine"}


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(GOLDEN / "project", folder, dirs_exist_ok=True)
    os.chdir(folder)
    dbt("deps")
    load("2024-01-01 00:00:00")
    dbt("build", "--no-partial-parse", quiet=True)
    dbt("source", "freshness", quiet=True)
    before = folder / "before"
    shutil.copytree("target", before, ignore=shutil.ignore_patterns("compiled", "run", "*.msgpack"))
    shutil.copytree(GOLDEN / "changed", folder, dirs_exist_ok=True)
    for name in (GOLDEN / "removed.txt").read_text().split():
        (folder / name).unlink()
    load("2024-01-02 00:00:00")
    dbt("parse", "--no-partial-parse", quiet=True)
    dbt("source", "freshness", quiet=True)
    manifest = dbtRunner().invoke(["--quiet", "parse", "--profiles-dir", "."]).result
    answers = [answer(line, manifest) for line in (GOLDEN / "selections.txt").read_text().splitlines()]
    keep("before/manifest.json", reduced(before / "manifest.json"))
    keep("before/run_results.json", results(before / "run_results.json"))
    keep("before/sources.json", results(before / "sources.json"))
    keep("after/manifest.json", reduced(folder / "target/manifest.json"))
    keep("after/sources.json", results(folder / "target/sources.json"))
    lines = ",\n".join(json.dumps(entry, sort_keys=True) for entry in answers)
    (GOLDEN / "answers.json").write_text(f"[\n{lines}\n]\n")
    shutil.rmtree(folder)
    print(f"{len(answers)} selections, {sum(entry['ids'] is None for entry in answers)} of them refused")


def load(moment: str) -> None:
    with duckdb.connect("shop.duckdb") as database:
        database.execute("create schema if not exists other")
        database.execute(f"create or replace table orders as select 1 as id, 1 as customer_id, 300 as amount, timestamp '2024-01-01' as ordered_at, timestamp '{moment}' as loaded_at")
        database.execute("create or replace table customers as select 1 as id, 'a' as name, timestamp '2024-01-01' as loaded_at")


def dbt(*words: str, quiet: bool = False):
    options = ["--quiet"] if quiet else []
    return dbtRunner().invoke([*options, *words, "--profiles-dir", "."])


def answer(line: str, manifest) -> dict:
    words = ["--quiet", "ls", "--output", "json", "--output-keys", "unique_id", "--profiles-dir", "."]
    done = dbtRunner(manifest=manifest).invoke([*words, *line.split()])
    if done.exception is not None or done.result is None:
        print(f"refused: {line}: {str(done.exception)[:100]}", file=sys.stderr)
        return {"line": line, "ids": None}
    return {"line": line, "ids": sorted(json.loads(one)["unique_id"] for one in done.result)}


def reduced(file: Path) -> dict:
    manifest = json.loads(file.read_text())
    parts = ["nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries", "unit_tests", "functions"]
    kept = {part: {key: trimmed(node) for key, node in sorted(manifest[part].items())} for part in parts}
    own = {key: macro for key, macro in manifest["macros"].items() if macro["package_name"] in ("shop", "extra")}
    kept["macros"] = {key: {"unique_id": key, "resource_type": "macro", "name": macro["name"], "macro_sql": macro["macro_sql"], "depends_on": macro["depends_on"]} for key, macro in sorted(own.items())}
    kept["parent_map"] = dict(sorted(manifest["parent_map"].items()))
    kept["selectors"] = manifest["selectors"]
    kept["metadata"] = {"project_name": manifest["metadata"]["project_name"]}
    return kept


def trimmed(node: dict) -> dict:
    return {key: value for key, value in node.items() if key not in UNREAD}


def results(file: Path) -> dict:
    kept = ("unique_id", "status", "max_loaded_at")
    every = json.loads(file.read_text())["results"]
    return {"results": sorted(({key: one[key] for key in kept if key in one} for one in every), key=lambda one: one["unique_id"])}


def keep(name: str, data: dict) -> None:
    file = GOLDEN / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(data, sort_keys=True, separators=(",", ":")) + "\n")


main()
