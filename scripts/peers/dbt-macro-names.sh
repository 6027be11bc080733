#!/usr/bin/env bash
# Prints the names of the macros of dbt-adapters, dbt-duckdb and dbt-postgres, which every project may call and
# override; test/work/model/macros/dbt-macro-names.txt holds what it printed:
# bash scripts/peers/dbt-macro-names.sh > test/work/model/macros/dbt-macro-names.txt
set -euo pipefail
python=$(bash "$(dirname "$0")/install-python.sh" dbt-duckdb)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m pip download --quiet --no-deps --no-binary :none: --dest "$work" dbt-postgres >&2
(cd "$work" && for wheel in *.whl; do unzip -q "$wheel" 'dbt/include/postgres/macros/*'; done)
include=$("$python" -c 'import dbt.adapters.duckdb, os; print(os.path.abspath(os.path.join(os.path.dirname(dbt.adapters.duckdb.__file__), "../../include")))')
names() {
  find "$2" -name '*.sql' -print0 | xargs -0 grep -hoE '\{%-?\s*(macro|test|materialization)\s+[^(%]+' | sed -E '
    s/\{%-?\s*//; s/[[:space:]-]+$//; s/, *supported_languages=.*//; s/, *adapter=.([a-z]+)./ \1/; s/, *default/ default/
    s/^macro +//; s/^test +/test_/; s/^materialization +([a-z_]+) +([a-z]+)/materialization_\1_\2/' | sort -u | sed "s/^/$1 /"
}
names dbt "$include/global_project"
names dbt_duckdb "$include/duckdb/macros"
names dbt_postgres "$work/dbt/include/postgres/macros"
