#!/usr/bin/env bash
# Installs dbt-core with dbt-postgres (both from PyPI) into a private virtual environment, where
# test/work/model/golden-postgres/record.ts asks them what they answer. Prints the path of `dbt`. Safe to run
# again: it does nothing then.
#
# dbt-core 1.12 asks for an experimental parser that is not on PyPI as a wheel and that it runs without; so its
# own requirements are installed without that one.
set -euo pipefail

home="${MILLRACE_CACHE:-$HOME/.cache/millrace}/dbt-postgres"
python="$home/bin/python"
versions='dbt-core 1.12.6 dbt-postgres 1.11.0'

if [ -x "$home/bin/dbt" ] && [ "$(cat "$home/versions" 2>/dev/null)" = "$versions" ]; then
  echo "$home/bin/dbt"
  exit 0
fi

command -v python3 >/dev/null || {
  echo 'install-dbt-postgres: python3 was not found; install Python 3.10 or newer with its venv module' >&2
  exit 1
}
pip() { "$python" -m pip install --quiet --disable-pip-version-check "$@" >&2; }
mkdir -p "$(dirname "$home")"
# An environment cannot be moved, so a broken one is removed and made anew.
rm -rf "$home"
trap 'rm -rf "$home"' ERR
python3 -m venv "$home"
pip --no-deps dbt-core==1.12.6 dbt-postgres==1.11.0
requirements="$home/requirements.txt"
"$python" - >"$requirements" <<'PYTHON'
from importlib.metadata import requires

for package in ('dbt-core', 'dbt-postgres'):
    for requirement in requires(package) or ():
        if not requirement.startswith(('dbt-core-experimental-parser', 'dbt-core<')) and 'extra ==' not in requirement:
            print(requirement)
PYTHON
pip -r "$requirements"
# dbt-adapters and the like ask for dbt-core's parser through dbt-core only, so nothing else is left out.
echo "$versions" >"$home/versions"
echo "$home/bin/dbt"
