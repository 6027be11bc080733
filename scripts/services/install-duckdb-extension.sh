#!/usr/bin/env bash
# Puts signed extensions of DuckDB (from PyPI) where the tests find them: install-duckdb-extension.sh httpfs …
# Prints the folder for DuckDB's extension_directory. Safe to run again: what is there is left alone.
set -euo pipefail

version=1.5.5
home="${MILLRACE_CACHE:-$HOME/.cache/millrace}/duckdb-extensions"
(($# > 0)) || {
  echo 'usage: install-duckdb-extension.sh NAME... (such as httpfs)' >&2
  exit 1
}
command -v python3 >/dev/null || {
  echo 'install-duckdb-extension: python3 was not found; install Python 3.10 or newer with its venv module' >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
for name in "$@"; do
  [[ $name =~ ^[a-z_]+$ ]] || {
    echo "install-duckdb-extension: not the name of an extension: $name" >&2
    exit 1
  }
  compgen -G "$home/v$version/*/$name.duckdb_extension" >/dev/null && continue
  [[ -x $work/venv/bin/pip ]] || python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$work/$name" \
    "duckdb-extension-${name//_/-}==$version" >&2
  found=$(find "$work/$name" -name "$name.duckdb_extension" | head -n 1)
  [[ -n $found ]] || {
    echo "install-duckdb-extension: the package holds no $name.duckdb_extension" >&2
    exit 1
  }
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux_amd64 ;;
    Linux-aarch64) platform=linux_arm64 ;;
    Darwin-arm64) platform=osx_arm64 ;;
    *) platform=osx_amd64 ;;
  esac
  mkdir -p "$home/v$version/$platform"
  mv "$found" "$home/v$version/$platform/$name.duckdb_extension"
done
echo "$home"
