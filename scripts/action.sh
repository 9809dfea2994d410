#!/usr/bin/env bash
# A step of action.yml: lint, test or diff. Its inputs are variables of the environment, never parts of a command.
set -euo pipefail

run() {
  if [ -x node_modules/.bin/casemate ]; then node_modules/.bin/casemate "$@"; else npx --yes "casemate@$VERSION" "$@"; fi
}

case "$1" in
  lint)
    run lint "$POLICY" --max-warnings "$MAX_WARNINGS" --github
    ;;
  test)
    words=(--policy "$POLICY" --reporter github)
    if [ -n "$THRESHOLD" ]; then words+=(--coverage-threshold "$THRESHOLD"); fi
    while IFS= read -r file; do
      if [ -n "$file" ]; then words+=("$file"); fi
    done <<< "$STATEMENTS"
    run test "${words[@]}"
    ;;
  diff)
    if [ -z "$BASE" ]; then exit 0; fi
    git fetch --quiet --depth=1 origin "$BASE"
    if ! git cat-file -e "FETCH_HEAD:$POLICY" 2> /dev/null; then
      echo "there is no $POLICY in $BASE: nothing to compare with"
      exit 0
    fi
    words=()
    # A policy that is code is run, so only the repository's own workflows may compare one.
    case "$POLICY" in *.json | *.yaml | *.yml) words+=(--no-code) ;; esac
    if [ "$NEW_ACCESS" != true ]; then words+=(--no-new-access); fi
    run diff "$(git rev-parse FETCH_HEAD):$POLICY" "$POLICY" "${words[@]}"
    ;;
esac
