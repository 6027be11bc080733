#!/usr/bin/env bash
# Starts the blob service of Azurite, Microsoft's stand-in for Azure Storage that the tests use, on the loopback, from a
# folder of its own that is filled from npm when there is none. What is stored in it lives in its memory.
# Safe to run again. Prints the URL as its last line. `start-azurite.sh stop` stops it.
#   MILLRACE_AZURITE_PORT   55100; each port is a server of its own
#   MILLRACE_CACHE          ~/.cache/millrace
service=azurite
port=${MILLRACE_AZURITE_PORT:-55100}
account=
# shellcheck source=scripts/services/service.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/service.sh"

version=3.37.0
make_home
pid_file=$home/server.pid
environment=$(dirname "$home")/azurite-$version
program=$environment/node_modules/.bin/azurite-blob
url=http://127.0.0.1:$port/devstoreaccount1

pattern="azurite-blob.* --blobPort $port"
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /devstoreaccount1?comp=list HTTP/1.0\r\n\r\n' >&3 && head -c 80 <&3 | grep -q Azurite) 2>/dev/null; }

if [[ ${1:-start} == stop ]]; then
  stop_process
  exit 0
fi
take_turn

if [[ ! -x $program ]]; then
  rm -rf -- "$environment"
  mkdir -p "$environment"
  npm install --prefix "$environment" --no-save --no-audit --no-fund --ignore-scripts "azurite@$version" >&2 ||
    { rm -rf -- "$environment"; die 'installing azurite from npm did not work'; }
fi

start_process "$program" --blobHost 127.0.0.1 --blobPort "$port" --inMemoryPersistence --skipApiVersionCheck --silent
printf '%s\n' "$url"
