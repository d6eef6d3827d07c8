#!/bin/sh
# Runs the generated Postman collection against a running dev with newman, the Postman project's own runner.
# usage: tools/postman.sh [base URL]     DATA_DIR is the folder that dev printed
set -eu
base=${1:-http://127.0.0.1:3099}
secrets=${DATA_DIR:?names the folder that dev printed}/secrets.json
secret() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$secrets"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -fsS "$base/postman/collection.json" -o "$work/collection.json"
curl -fsS "$base/postman/environment.json" -o "$work/environment.json"
npx --yes newman@6.2.2 run "$work/collection.json" -e "$work/environment.json" \
  --env-var "baseUrl=$base" --env-var "serviceApiKey=$(secret SERVICE_API_KEY)" --env-var "cronSecret=$(secret CRON_SECRET)" \
  --env-var "salesRepEmail=${SALES_REP_EMAIL:-mariana.rios@andamio.example}" --timeout-request 60000
