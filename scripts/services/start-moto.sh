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

# The number on file may have been given to another process since.
ours() { [[ -s $pid_file ]] && { tr "\0" " " <"/proc/$(<"$pid_file")/cmdline"; } 2>/dev/null | grep -q "moto_server.* -p $port"; }
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /moto-api/ HTTP/1.0\r\n\r\n' >&3 && head -c 12 <&3 | grep -q ' 200') 2>/dev/null; }

if [[ ${1:-start} == stop ]]; then
  ours || exit 0
  pid=$(<"$pid_file")
  kill "$pid"
  for _ in {1..100}; do
    kill -0 "$pid" 2>/dev/null || exit 0
    sleep 0.1
  done
  kill -KILL "$pid"
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

# A moto that somebody else started serves as well.
if ! ours && ! answers; then
  refuse_taken_port
  setsid "$environment/bin/moto_server" -H 127.0.0.1 -p "$port" >"$home/server.log" 2>&1 9>&- </dev/null &
  echo $! >"$pid_file"
  for _ in {1..300}; do
    ! answers || break
    kill -0 "$(<"$pid_file")" 2>/dev/null || { tail -n 20 "$home/server.log" >&2; die 'the server did not start'; }
    sleep 0.2
  done
fi
answers || die "the server does not answer; see $home/server.log"
printf '%s\n' "$url"
