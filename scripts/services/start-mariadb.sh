#!/usr/bin/env bash
# Starts the MariaDB server that the tests use, making it when there is none: loopback only, user
# millrace/millrace with all rights, database millrace, binary log by row.
# Safe to run again. Prints the URL as its last line. `start-mariadb.sh stop` stops it.
#   MILLRACE_MARIADB_PORT   53306; each port is a server of its own
#   MILLRACE_CACHE          ~/.cache/millrace; data is kept in services/ in it
service=mariadb
port=${MILLRACE_MARIADB_PORT:-53306}
account=mysql
# shellcheck source=scripts/services/service.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/service.sh"

command -v mariadbd >/dev/null || install_debian mariadbd mariadb-server
make_home
data=$home/data
socket=$home/server.sock
pid_file=$home/server.pid
# A fresh server lets the account it was made by in over the socket, without a password.
admin=$(id -un)
[[ $EUID -ne 0 ]] || admin=$account
query() { as_account mariadb --no-defaults --socket="$socket" -u "$admin" --batch --skip-column-names "$@"; }
alive() { query -e 'select 1' >/dev/null 2>&1; }

if [[ ${1:-start} == stop ]]; then
  alive || exit 0
  pid=$(cat "$pid_file")
  query -e shutdown
  for _ in {1..300}; do
    kill -0 "$pid" 2>/dev/null || exit 0
    sleep 0.2
  done
  die "process $pid did not stop within a minute"
fi
take_turn

if [[ ! -d $data/mysql ]]; then
  rm -rf -- "$data" "$data.new"
  as_account mariadb-install-db --no-defaults --datadir="$data.new" --auth-root-authentication-method=socket \
    --auth-root-socket-user="$admin" --skip-test-db >"$home/init.log" 2>&1 ||
    { tail -n 20 "$home/init.log" >&2; die 'mariadb-install-db did not work'; }
  mv -- "$data.new" "$data"
fi

if ! alive; then
  refuse_taken_port
  # Another session, so that it outlives this shell.
  # Not in UTC, so that a client that leaves the time zone to the server is found out.
  as_account setsid mariadbd --no-defaults --datadir="$data" --socket="$socket" --pid-file="$pid_file" --port="$port" \
    --bind-address=127.0.0.1 --server-id=1 --log-bin=binlog --binlog-format=ROW --binlog-row-image=FULL \
    --binlog-row-metadata=FULL --expire-logs-days=2 --innodb-buffer-pool-size=256M \
    --innodb-flush-log-at-trx-commit=2 --character-set-server=utf8mb4 --default-time-zone=+02:00 \
    >"$home/server.log" 2>&1 9>&- </dev/null &
  for _ in {1..300}; do
    ! alive || break
    kill -0 $! 2>/dev/null || { tail -n 20 "$home/server.log" >&2; die 'the server did not start'; }
    sleep 0.2
  done
  alive || die "the server did not answer within a minute; see $home/server.log"
fi

for host in localhost 127.0.0.1; do
  query -e "create user if not exists millrace@'$host' identified by 'millrace';
            grant all privileges on *.* to millrace@'$host' with grant option"
done
query -e 'create database if not exists millrace'
printf 'mysql://millrace:millrace@127.0.0.1:%s/millrace\n' "$port"
