#!/usr/bin/env bash
# Installs one Python peer of the tests and benches into a virtual environment of its own and prints that environment's Python.
# Safe to run again: it does nothing when the pinned packages are there.
#   usage: install-python.sh dlt | pyspark | polars | duckdb | deltalake | dbt-duckdb | dbt-artifacts-parser | great-expectations
set -euo pipefail

peer=${1:?usage: install-python.sh PEER}
home="${MILLRACE_CACHE:-$HOME/.cache/millrace}/peers/$peer"
python="$home/bin/python"
no_deps=()
case "$peer" in
  dlt) packages=('dlt[deltalake,filesystem,parquet,sql_database]==1.31.0' 'sqlalchemy<2.1' 'psycopg2-binary==2.9.11' 'pyarrow==21.0.0' 'numpy<3' 'pandas<3') ;;
  pyspark) packages=('pyspark==4.2.0') ;;
  polars) packages=('polars==2.1.0') ;;
  duckdb) packages=('duckdb==1.5.5' 'duckdb-extension-postgres-scanner==1.5.5') ;;
  deltalake) packages=('deltalake==1.6.6' 'pyarrow==21.0.0') ;;
  # dbt-core's experimental parser is fetched from elsewhere than PyPI, so its requirements are named one by one.
  dbt-duckdb)
    no_deps=('dbt-core==1.12.6' 'dbt-duckdb==1.11.1')
    packages=('duckdb==1.5.5' agate click 'dbt-adapters<2' 'dbt-common<2' 'dbt-extractor<1' 'dbt-semantic-interfaces'
      'dbt-protos' jinja2 jsonschema 'mashumaro[msgpack]' networkx packaging pathspec protobuf pydantic pytz pyyaml
      requests snowplow-tracker sqlparse typing-extensions daff 'metricflow<1' 'python-dotenv') ;;
  dbt-artifacts-parser) packages=('dbt-artifacts-parser==0.15.0') ;;
  great-expectations) packages=('great-expectations==1.24.0' 'pandas<3' 'pyarrow==21.0.0' 'sqlalchemy<2.1') ;;
  *) echo "install-python: no peer $peer" >&2; exit 2 ;;
esac

stamp="$home/.installed"
want="${packages[*]} ${no_deps[*]:-}"
mkdir -p "$(dirname "$home")"
# Two installs at once would build one environment over the other.
if command -v flock >/dev/null; then
  exec 9>"$home.lock"
  flock 9
fi
if [ -x "$python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
  echo "$python"
  exit 0
fi
command -v python3 >/dev/null || { echo 'install-python: python3 (3.10 or newer) was not found' >&2; exit 1; }
rm -rf "$home"
python3 -m venv "$home"
pip=("$python" -m pip install --quiet --disable-pip-version-check)
[ ${#no_deps[@]} -eq 0 ] || "${pip[@]}" --no-deps "${no_deps[@]}" >&2
"${pip[@]}" "${packages[@]}" >&2
printf '%s' "$want" >"$stamp"
echo "$python"
