#!/usr/bin/env bash
# Starts the PostgreSQL server that the tests use, making it when there is none: loopback only, superuser
# millrace/millrace, database millrace, logical decoding, TLS by a certificate authority of its own.
# Safe to run again. Prints the URL as its last line. `start-postgres.sh stop` stops it.
#   MILLRACE_POSTGRES_PORT   55432; each port is a server of its own
#   MILLRACE_CACHE           ~/.cache/millrace; data is kept in services/ in it
# Accounts for tests of connecting, all with the password millrace: millrace_cert (a client certificate, no
# password), millrace_plain (refused over TLS), millrace_tls (refused without).
service=postgres
port=${MILLRACE_POSTGRES_PORT:-55432}
account=postgres
# shellcheck source=scripts/services/service.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/service.sh"

bin() { find /usr/lib/postgresql /usr/pgsql-* -maxdepth 2 -path "*/bin" -type d 2>/dev/null | sort -V | tail -n 1 || true; }
[[ -x $(bin)/initdb ]] || command -v initdb >/dev/null || install_debian initdb postgresql
pg=$(bin)
[[ -n $pg ]] || pg=$(dirname "$(command -v initdb)")
command -v openssl >/dev/null || install_debian openssl openssl
make_home
data=$home/data
log=$home/server.log

control() { as_account "$pg/pg_ctl" -D "$data" "$@"; }
running() { control status >/dev/null 2>&1; }

if [[ ${1:-start} == stop ]]; then
  ! running || control -m fast -w stop >/dev/null
  exit 0
fi
take_turn

if [[ ! -s $data/PG_VERSION ]]; then
  rm -rf -- "$data" "$data.new"
  password=$(mktemp "$home/.password.XXXXXX")
  trap 'rm -f -- "$password"' EXIT
  printf 'millrace\n' >"$password"
  [[ $EUID -ne 0 ]] || chown "$account" "$password"
  as_account "$pg/initdb" -D "$data.new" -U millrace --pwfile="$password" --auth=scram-sha-256 \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$home/initdb.log" 2>&1 ||
    { tail -n 20 "$home/initdb.log" >&2; die 'initdb did not work'; }
  # Under its final name only when it is whole.
  mv -- "$data.new" "$data"
fi

tls=$home/tls
if [[ ! -s $tls/done ]]; then
  rm -rf -- "$tls"
  as_account mkdir "$tls"
  issue() { # issue NAME SUBJECT EXTENSIONS
    as_account openssl req -new -newkey rsa:2048 -nodes -keyout "$tls/$1.key" -subj "$2" -out "$tls/$1.csr"
    printf '%s\n' "$3" | as_account tee "$tls/$1.ext" >/dev/null
    as_account openssl x509 -req -in "$tls/$1.csr" -CA "$tls/ca.crt" -CAkey "$tls/ca.key" -CAcreateserial \
      -days 3650 -extfile "$tls/$1.ext" -out "$tls/$1.crt"
  }
  {
    as_account openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tls/ca.key" -subj '/CN=Millrace test authority' \
      -days 3650 -addext basicConstraints=critical,CA:true -out "$tls/ca.crt"
    # 127.0.0.1 is left out, so that the certificate fits the name and not the address.
    issue server /CN=localhost subjectAltName=DNS:localhost
    issue client /CN=millrace_cert extendedKeyUsage=clientAuth
    as_account openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tls/stranger.key" -subj '/CN=Another authority' \
      -days 3650 -out "$tls/stranger.crt"
  } >"$home/tls.log" 2>&1 || { tail -n 20 "$home/tls.log" >&2; die 'openssl did not work'; }
  echo yes | as_account tee "$tls/done" >/dev/null
fi

# Not in UTC, so that a client that leaves the time zone to the server is found out.
cat >"$data/millrace.conf" <<CONF
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$home'
wal_level = logical
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
timezone = 'Europe/Berlin'
ssl = on
ssl_ca_file = '$tls/ca.crt'
ssl_cert_file = '$tls/server.crt'
ssl_key_file = '$tls/server.key'
CONF
grep -qxF "include = 'millrace.conf'" "$data/postgresql.conf" || printf "include = 'millrace.conf'\n" >>"$data/postgresql.conf"
cat >"$data/pg_hba.conf" <<'HBA'
hostssl   all          millrace_cert  127.0.0.1/32  cert
hostssl   all          millrace_plain 127.0.0.1/32  reject
hostnossl all          millrace_tls   127.0.0.1/32  reject
host      all          all            127.0.0.1/32  scram-sha-256
host      replication  all            127.0.0.1/32  scram-sha-256
local     all          all                          scram-sha-256
HBA
[[ $EUID -ne 0 ]] || chown "$account" "$data/millrace.conf" "$data/postgresql.conf" "$data/pg_hba.conf"

if running; then
  control reload >/dev/null
else
  refuse_taken_port
  control -l "$log" -w -t 60 start >/dev/null 9>&- || { tail -n 20 "$log" >&2; die 'the server did not start'; }
fi

export PGPASSWORD=millrace
query() { "$pg/psql" -XAtq -h 127.0.0.1 -p "$port" -U millrace -d postgres -v ON_ERROR_STOP=1 "$@"; }
[[ $(query -c "select count(*) from pg_database where datname = 'millrace'") == 1 ]] || query -c 'create database millrace'
for role in millrace_cert millrace_plain millrace_tls; do
  [[ $(query -c "select count(*) from pg_roles where rolname = '$role'") == 1 ]] ||
    query -c "create role $role login password 'millrace'"
done
printf 'postgresql://millrace:millrace@127.0.0.1:%s/millrace\n' "$port"
