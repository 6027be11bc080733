#!/usr/bin/env bash
# Starts moto, the stand-in for S3 that the tests use, on the loopback, from a private virtual environment that is
# made from PyPI when there is none. What is stored in it lives in its memory. Any key and secret are accepted.
# Safe to run again. Prints the URL as its last line. `start-moto.sh stop` stops it.
#   MILLRACE_MOTO_PORT   55000; each port is a server of its own
#   MILLRACE_CACHE       ~/.cache/millrace
service=moto
port=${MILLRACE_MOTO_PORT:-55000}
account=
# shellcheck source=scripts/services/service.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/service.sh"

version=5.2.5
make_home
pid_file=$home/server.pid
environment=$(dirname "$home")/moto-$version
url=http://127.0.0.1:$port

pattern="moto_server.* -p $port"
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /moto-api/ HTTP/1.0\r\n\r\n' >&3 && head -c 12 <&3 | grep -q ' 200') 2>/dev/null; }

if [[ ${1:-start} == stop ]]; then
  stop_process
  exit 0
fi
take_turn

if ! "$environment/bin/moto_server" --help >/dev/null 2>&1; then
  command -v python3 >/dev/null || install_debian python3 python3 python3-venv
  rm -rf -- "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check "moto[server]==$version" >&2 ||
    { rm -rf -- "$environment"; die 'installing moto from PyPI did not work'; }
fi

start_process "$environment/bin/moto_server" -H 127.0.0.1 -p "$port"
printf '%s\n' "$url"
