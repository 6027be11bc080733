"""A pytest plug-in that lets dbt's own test suites run on `millrace dbt`.

dbt's suites call dbt by `dbtRunner.invoke`. Here that starts our command line in a process of its own, and what it
leaves behind (exit code, output, target/*.json) is turned into the objects that the tests look at. Everything else of
the suite (projects, profiles, SQL that a test runs between two commands) stays as it is.

Load it with `pytest -p millrace_dbt` and this folder in PYTHONPATH; MILLRACE_BIN names the launcher, bin/millrace.js of
a built clone, and MILLRACE_NODE the Node it runs on. The tests need a database in a file: `dbt_profile_target` with `path`. Without MILLRACE_BIN the plug-in does nothing,
so that the same tests run on dbt itself.
"""

import gc
import inspect
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest

LAUNCHER = os.environ.get("MILLRACE_BIN")
NODE = os.environ.get("MILLRACE_NODE", "node")
ARTIFACTS = {"run", "build", "test", "seed", "snapshot", "compile", "run-operation", "clone", "show", "retry"}
# The words of the last command, for `run_dbt_and_capture`.
_output = []


def pytest_configure(config):
    if LAUNCHER:
        _install()


def _install():
    import dbt.cli.main as cli
    import dbt.tests.util as util

    cli.dbtRunner.invoke = invoke
    util.get_manifest = manifest_of
    util.run_dbt_and_capture = run_dbt_and_capture


def run_dbt_and_capture(args=None, expect_pass=True):
    from dbt.tests.util import run_dbt

    _output.clear()
    result = run_dbt(args, expect_pass=expect_pass)
    return result, "".join(_output)


def invoke(self, args, **kwargs):
    from dbt.cli.main import dbtRunnerResult

    release_database()
    keep_flags()
    words = [str(word) for word in args]
    for name, value in kwargs.items():
        words += flag(name, value)
    before = time.time_ns()
    environment = {**os.environ, **clock()}
    done = subprocess.run(
        [NODE, LAUNCHER, "dbt", *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    print(done.stdout)
    print(done.stderr, file=sys.stderr)
    said = done.stdout + done.stderr
    _output.append(said)
    folder = target_folder(words)
    try:
        if done.returncode not in (0, 1):
            return dbtRunnerResult(success=False, exception=refusal(said))
        return dbtRunnerResult(success=done.returncode == 0, result=result_of(words, done.stdout, folder, before))
    finally:
        adopt_macros(folder)


def keep_flags():
    """A test may have set dbt's flags without those of a project, which reading a manifest asks for."""
    from dbt.flags import get_flags

    if not hasattr(get_flags(), "state_modified_compare_more_unrendered_values"):
        object.__setattr__(get_flags(), "state_modified_compare_more_unrendered_values", True)


def flag(name, value):
    word = "--" + name.replace("_", "-")
    if value is True:
        return [word]
    if value is False:
        return ["--no-" + name.replace("_", "-")]
    if isinstance(value, (list, tuple)):
        return [word, *map(str, value)]
    return [word, json.dumps(value) if isinstance(value, dict) else str(value)]


def clock():
    """A clock that a test has stopped or moved, told to the process: microbatch ends at it."""
    from dbt.materializations.incremental.microbatch import MicrobatchBuilder

    patched = MicrobatchBuilder.build_end_time
    if not isinstance(patched, mock.Mock):
        return {}
    at = int(patched.return_value.timestamp() * 1000)
    code = (
        f"const R=Date,d={at}-R.now();globalThis.Date=class extends R{{constructor(...a)"
        "{a.length?super(...a):super(R.now()+d)}static now(){return R.now()+d}}"
    )
    from urllib.parse import quote

    return {"NODE_OPTIONS": f"--import=data:text/javascript,{quote(code)}"}


def release_database():
    """One process at a time has the database file."""
    from dbt.adapters.factory import FACTORY

    for adapter in FACTORY.adapters.values():
        adapter.cleanup_connections()
        adapter.cache.clear()
    try:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager as manager
    except ImportError:
        return
    if manager._ENV is not None:
        try:
            manager._ENV.close()
        except Exception:
            pass
        manager._ENV = None
    gc.collect()


def argument(words, *names):
    for at, word in enumerate(words):
        if word in names:
            return words[at + 1]
        for name in names:
            if word.startswith(name + "="):
                return word[len(name) + 1 :]
    return None


def target_folder(words):
    root = Path(argument(words, "--project-dir") or os.environ.get("DBT_PROJECT_DIR") or os.getcwd())
    said = argument(words, "--target-path") or os.environ.get("DBT_TARGET_PATH")
    if said is None:
        file = root / "dbt_project.yml"
        found = re.search(r"^target-path:\s*['\"]?([^'\"\n]+)", file.read_text(), re.M) if file.exists() else None
        said = found.group(1).strip() if found and "{{" not in found.group(1) else "target"
    return root / said


def manifest_of(project_root):
    return manifest_in(Path(str(project_root)) / "target")


def manifest_in(folder):
    from dbt.artifacts.schemas.manifest import WritableManifest
    from dbt.contracts.graph.manifest import Manifest

    path = folder / "manifest.json"
    if not path.exists():
        return None
    manifest = Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(str(path)))
    # The written form has them by node; the suite asks the manifest of a running dbt.
    manifest.files = {}
    return manifest


def adopt_macros(folder):
    """After a command, the suite's adapter knows the project's macros, as after dbt's own."""
    from dbt.adapters.factory import FACTORY

    try:
        manifest = manifest_in(folder)
    except Exception:
        return
    for adapter in FACTORY.adapters.values():
        resolver = adapter.get_macro_resolver()
        if manifest and resolver is not None:
            for id, macro in manifest.macros.items():
                if macro.package_name not in ("dbt", "dbt_duckdb", "dbt_postgres"):
                    resolver.macros[id] = macro


def command_of(words):
    known = {"docs", "source"} | ARTIFACTS | {"ls", "list", "parse", "deps", "clean", "debug", "init"}
    named = [at for at, word in enumerate(words) if word in known and not (at and words[at - 1] in ("--select", "-s"))]
    if not named:
        return ""
    first = words[named[0]]
    return f"{first} {words[named[0] + 1]}" if first in ("docs", "source") else first


def result_of(words, stdout, folder, before):
    command = command_of(words)
    if command in ("ls", "list"):
        return [line for line in stdout.splitlines() if line.strip()]
    if command == "parse":
        return manifest_in(folder)
    if command == "docs generate":
        from dbt.artifacts.schemas.catalog import CatalogArtifact

        return CatalogArtifact.read_and_check_versions(str(folder / "catalog.json"))
    if command in ("source freshness", "source snapshot-freshness"):
        return freshness_results(Path(argument(words, "-o", "--output") or folder / "sources.json"), folder)
    if command in ARTIFACTS:
        return run_results(command, folder, stdout, before)
    return True


def run_results(command, folder, stdout, before):
    from dbt.artifacts.schemas.run import RunExecutionResult, RunResult, RunResultsArtifact

    path = folder / "run_results.json"
    if not path.exists() or path.stat().st_mtime_ns < before - 5_000_000:
        return None
    artifact = RunResultsArtifact.read_and_check_versions(str(path))
    if command == "run-operation":
        return artifact
    manifest = manifest_in(folder)
    results = []
    for one in artifact.results:
        node = manifest.expect(one.unique_id) if one.unique_id not in manifest.unit_tests else manifest.unit_tests[one.unique_id]
        if one.compiled and hasattr(node, "compiled_code"):
            node.compiled_code = one.compiled_code
        results.append(
            RunResult(
                status=one.status, timing=one.timing, thread_id=one.thread_id, execution_time=one.execution_time,
                adapter_response=one.adapter_response, message=one.message, failures=one.failures, node=node,
                batch_results=one.batch_results,
            )
        )
    if command == "show":
        results = shown(stdout, manifest, results)
    made = RunExecutionResult(results=results, elapsed_time=artifact.elapsed_time, args=artifact.args)
    return made


def shown(stdout, manifest, results):
    import agate

    lines = [line for line in stdout.splitlines() if line.startswith("|")]
    if not lines:
        return results
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    table = agate.Table([row for row in cells[2:]], [name for name in cells[0]])
    found = re.search(r"Previewing node '(.*)'", stdout)
    node = next((n for n in manifest.nodes.values() if found and n.name == found.group(1)), None)
    from dbt.artifacts.schemas.results import RunStatus
    from dbt.artifacts.schemas.run import RunResult

    made = RunResult.from_node(node or next(iter(manifest.nodes.values()), None), RunStatus.Success, "OK")
    made.agate_table = table
    return [made]


def freshness_results(path, folder):
    from dbt.artifacts.schemas.freshness import FreshnessExecutionResultArtifact

    artifact = FreshnessExecutionResultArtifact.read_and_check_versions(str(path))
    manifest = manifest_in(folder)
    for one in artifact.results:
        one.node = manifest.sources[one.unique_id]
    artifact.__class__ = type("Freshness", (FreshnessExecutionResultArtifact,), SEQUENCE)
    return artifact


# dbt's own results are a sequence, those of an artifact are not.
SEQUENCE = {
    "__len__": lambda self: len(self.results),
    "__iter__": lambda self: iter(self.results),
    "__getitem__": lambda self, at: self.results[at],
}

_refusal = None


def refusal(said):
    """One error that is caught by whichever class a test expects: the classes are dbt's, the text is ours."""
    global _refusal
    if _refusal is None:
        import click
        from dbt_common.exceptions import DbtRuntimeError
        import dbt.exceptions as core
        import dbt.adapters.exceptions as adapters
        import dbt_common.exceptions as common
        from dbt_common.dataclass_schema import ValidationError
        from dbt.cli.exceptions import DbtUsageException

        found = []
        for module in (core, adapters, common):
            for _, one in inspect.getmembers(module, inspect.isclass):
                if issubclass(one, Exception) and one.__module__.startswith("dbt") and one not in found:
                    found.append(one)
        found += [DbtUsageException]
        leaves = [one for one in found if not any(other is not one and issubclass(other, one) for other in found)]

        class Refused(Exception):
            def __init__(self, text):
                Exception.__init__(self, text)
                self.msg = text

            def __str__(self):
                return self.msg

        bases = (Refused,)
        for leaf in leaves:
            try:
                type("Refused", (*bases, leaf), {"__str__": Refused.__str__})
                bases = (*bases, leaf)
            except TypeError:
                continue
        _refusal = type(
            "MillraceRefused", bases, {"__init__": Refused.__init__, "__str__": Refused.__str__, "__repr__": Refused.__str__,
                                       "message": property(lambda self: self.msg)}
        )
    return _refusal(said)
