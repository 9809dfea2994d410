// The workflow that `casemate init` writes for GitHub: the statements hold, the linter finds nothing, and a pull request
// gives nobody more without somebody saying so.

/** Where a workflow is, from the root of a repository. */
export const workflowPath = '.github/workflows/casemate.yml'

/** The text of the workflow for a policy; the path begins at the root of the repository, with `/` between folders. */
export function workflowText(policy: string): string {
  const isCode = policy.endsWith('.ts')
  // A word of the shell that begins and ends with quotes, in a line of YAML that does not end early.
  const quoted = JSON.stringify(policy).replaceAll('$', '\\$').replaceAll('`', '\\`')
  return `# Checks the access policy of every pull request.
name: casemate
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  policy:
    runs-on: ubuntu-latest
    env:
      BASE: \${{ github.base_ref }}
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 22
      - run: npm ci
      - name: Nothing that is valid and not likely meant
        run: |
          npx casemate lint ${quoted} --max-warnings 0 --github
      - name: Every statement holds
        run: |
          npx casemate test --policy ${quoted} --reporter github
      - name: Nobody gains anything
        if: github.event_name == 'pull_request'
        # Where new access is what a change is for, somebody has to say so: take this step out of what is required.${isCode ? codeNote : ''}
        run: |
          if git cat-file -e "origin/$BASE":${quoted} 2>/dev/null; then
            npx casemate diff "origin/$BASE":${quoted} ${quoted}${isCode ? '' : ' --no-code'} --no-new-access
          fi
`
}

const codeNote = `
        # A policy in TypeScript is run, also at the base; in YAML or JSON \`--no-code\` would run nothing.`
