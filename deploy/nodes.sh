#!/usr/bin/env bash
# Two nodes over PostgreSQL and NATS as plain processes on one machine: what compose.yaml says, without containers.
#
#   deploy/nodes.sh DIRECTORY        ports: NODE_PORTS="8787 8788", PG_PORT=5433, NATS_PORT=4223
#
# Needs Debian's postgresql and nats-server. Store and journal are two databases of one private cluster in DIRECTORY; for
# more than a rehearsal put the journal on another disk. Chunks lie in DIRECTORY/data, which both nodes see, unless S3_…
# variables are set. Everything ends with Ctrl-C or SIGTERM, nodes first.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: deploy/nodes.sh DIRECTORY" >&2; exit 1; }
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"; dir=$(cd "$1" && pwd)
read -r -a node_ports <<< "${NODE_PORTS:-8787 8788}"
pg_port=${PG_PORT:-5433}; nats_port=${NATS_PORT:-4223}
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)

# PostgreSQL refuses to run as root; its own user must be able to reach DIRECTORY.
as_user=(); if [ "$(id -u)" = 0 ]; then as_user=(setpriv --reuid=postgres --regid=postgres --clear-groups); fi
pids=()
stop() {
  trap - EXIT TERM INT
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill -TERM "${pids[i]}" 2>/dev/null || true; wait "${pids[i]}" 2>/dev/null || true; done
}
trap stop EXIT
trap 'exit 0' TERM INT

mkdir -p "$dir/postgres"; [ ${#as_user[@]} -eq 0 ] || chown postgres: "$dir/postgres"
cd "$dir/postgres"
[ -e data/PG_VERSION ] || "${as_user[@]}" "$bin/initdb" -D "$dir/postgres/data" -U lomme -A trust -E UTF8 > /dev/null
"${as_user[@]}" "$bin/postgres" -D "$dir/postgres/data" -c port="$pg_port" -c listen_addresses=127.0.0.1 \
  -c unix_socket_directories= > "$dir/postgres.log" 2>&1 &
pids+=($!)
nats-server -a 127.0.0.1 -p "$nats_port" > "$dir/nats.log" 2>&1 &
pids+=($!)

until "$bin/pg_isready" -q -h 127.0.0.1 -p "$pg_port"; do sleep 0.1; done
for name in store journal; do "$bin/createdb" -h 127.0.0.1 -p "$pg_port" -U lomme "$name" 2>/dev/null || true; done

cd "$root"
for port in "${node_ports[@]}"; do
  PORT=$port DATA_DIR="$dir/data" NATS_URL="nats://127.0.0.1:$nats_port" \
    DATABASE_URL="postgres://lomme@127.0.0.1:$pg_port/store" \
    JOURNAL_DATABASE_URL="postgres://lomme@127.0.0.1:$pg_port/journal" \
    node_modules/.bin/node --initial-old-space-size=64 sync-server/main.ts &
  pids+=($!)
done
# Ends when any of them does, and takes the others along.
wait -n
