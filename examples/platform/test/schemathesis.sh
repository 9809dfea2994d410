#!/bin/sh
# Starts the example on a database of its own and has Schemathesis look for answers that its OpenAPI document does not
# describe, for so many seconds (60 unless told). `pip install schemathesis` first; SCHEMATHESIS names another command.
set -eu

seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
command=${SCHEMATHESIS:-schemathesis}
scratch=$(mktemp -d)
printed=$scratch/printed

command -v "$command" >/dev/null || { echo "no $command: pip install schemathesis" >&2; exit 2; }

PORT=0 node_modules/.bin/jiti "$here/../src/main.ts" >"$printed" &
service=$!
trap 'kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; rm -rf "$scratch"' EXIT

# The last thing that it prints is a request to send.
until grep -q 'keys/tokens' "$printed"; do
  kill -0 "$service" 2>/dev/null || { echo 'the example did not start' >&2; exit 2; }
  sleep 1
done
api=$(sed -n 's/.* API=\([^ ]*\) .*/\1/p' "$printed")
SESSION=$(sed -n 's/.* SESSION=\([^ ]*\)$/\1/p' "$printed")
export SESSION

# Where it keeps what it found, which is of no use to another database.
cd "$scratch"
"$command" --config-file "$here/schemathesis.toml" run "${api%/api/v2}/openapi.json" --max-time "$seconds"
