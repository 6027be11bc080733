# Sourced by the start-*.sh beside it: where a test server keeps its data, and as whom it runs.
# The caller sets `service` (its name), `port` and, when the server refuses to run as root, `account`.
# shellcheck shell=bash
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

say() { printf 'start-%s: %s\n' "$service" "$*" >&2; }
die() {
  say "$*"
  exit 1
}

[[ $port =~ ^[0-9]+$ ]] || die "the port is not a number: $port"
case ${1:-start} in start | stop) ;; *) die "usage: start-$service.sh [start|stop]" ;; esac

# Carries out a command as the server's account when we are root, as ourselves otherwise.
as_account() {
  if [[ $EUID -eq 0 && -n ${account:-} ]]; then
    setpriv --reuid="$account" --regid="$account" --init-groups -- env HOME="$home" "$@"
  else
    "$@"
  fi
}

# install_debian COMMAND-THAT-IS-MISSING PACKAGE...
install_debian() {
  local missing=$1
  shift
  [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null || die "$missing was not found; run as root: apt-get install $*"
  say "$missing was not found; installing $*"
  # Debian's packages would start a server of their own on the usual port.
  local policy=/usr/sbin/policy-rc.d ours=
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && ours=1
  fi
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2 ||
    { [[ -z $ours ]] || rm -f "$policy"; die "installing $* did not work"; }
  [[ -z $ours ]] || rm -f "$policy"
}

# Sets `home`, the folder of this server (one a port), owned by its account.
make_home() {
  local cache=${MILLRACE_CACHE:-$HOME/.cache/millrace}
  mkdir -p "$cache/services"
  home=/
  # Root's own folder is closed to other accounts.
  if ! as_account test -x "$cache/services"; then
    cache=/var/cache/millrace
    mkdir -p "$cache/services"
  fi
  home=$cache/services/$service-$port
  mkdir -p "$home"
  [[ $EUID -ne 0 || -z ${account:-} ]] || chown "$account" "$home"
}

# Only one start at a time; a server must be started with 9>&- or it would hold the lock for as long as it lives.
take_turn() {
  exec 9>"$home/.lock"
  flock -w 120 9 || die "another start holds $home/.lock"
}

refuse_taken_port() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then die "port $port is taken by another program"; fi
  # The number may have been lent to somebody's outgoing connection, and is blocked for a minute after that.
  local bind='socket(S, PF_INET, SOCK_STREAM, 0); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
    exit !bind(S, sockaddr_in(shift, inet_aton("127.0.0.1")))'
  command -v perl >/dev/null || return 0
  for _ in {1..140}; do
    ! perl -MSocket -e "$bind" "$port" || return 0
    sleep 0.5
  done
  die "port $port is held by a connection of another program"
}

# For servers of one process, whose number is in $pid_file. The caller sets `pattern`, what its command line holds, and
# defines `answers`: whether a server of this kind answers on the port.

# The number on file may have been given to another process since.
ours() { [[ -s $pid_file ]] && { tr "\0" " " <"/proc/$(<"$pid_file")/cmdline"; } 2>/dev/null | grep -q -- "$pattern"; }

stop_process() {
  ours || return 0
  local pid
  pid=$(<"$pid_file")
  kill "$pid"
  for _ in {1..100}; do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$pid"
}

# start_process COMMAND...: unless it runs, or one that somebody else started serves as well; waits until it answers.
start_process() {
  if ! ours && ! answers; then
    refuse_taken_port
    setsid "$@" >"$home/server.log" 2>&1 9>&- </dev/null &
    echo $! >"$pid_file"
    for _ in {1..300}; do
      ! answers || break
      kill -0 "$(<"$pid_file")" 2>/dev/null || { tail -n 20 "$home/server.log" >&2; die 'the server did not start'; }
      sleep 0.2
    done
  fi
  answers || die "the server does not answer; see $home/server.log"
}
