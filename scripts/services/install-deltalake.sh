#!/usr/bin/env bash
# Installs deltalake (delta-rs, from PyPI) into a private virtual environment, where the tests use it to read
# the tables that Millrace writes. Prints the environment's Python. Safe to run again: it does nothing then.
set -euo pipefail

home="${MILLRACE_CACHE:-$HOME/.cache/millrace}/deltalake"
python="$home/bin/python"
packages=(deltalake==1.6.6 pyarrow)

if [ -x "$python" ] && "$python" -c 'import deltalake, pyarrow; assert deltalake.__version__ == "1.6.6"' 2>/dev/null; then
  echo "$python"
  exit 0
fi

command -v python3 >/dev/null || {
  echo 'install-deltalake: python3 was not found; install Python 3.10 or newer with its venv module' >&2
  exit 1
}
mkdir -p "$(dirname "$home")"
# An environment cannot be moved, so a broken one is removed and made anew.
rm -rf "$home"
python3 -m venv "$home"
"$python" -m pip install --quiet --disable-pip-version-check "${packages[@]}" >&2 || {
  rm -rf "$home"
  exit 1
}
echo "$python"
