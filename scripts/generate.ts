// Writes the files that are generated from policies/coder, those of an example too, or with `--check` says which of them are not up to date.
import { runProgram } from '../src/cli/program.js'

const policy = ['--policy', 'policies/coder/index.ts']
const folder = 'policies/coder/generated'
const migrations = 'examples/platform/migrations'
const scopes = ['sql', ...policy, '--enum', 'api_key_scope']
const fromBefore = [...scopes, '--from', 'policies/coder/before-boundary-log.json']

const commands = [
  ['types', ...policy, '-o', `${folder}/types.ts`],
  ['json', ...policy, '-o', `${folder}/policy.json`],
  ['openapi', ...policy, '-o', `${folder}/openapi.yaml`],
  [...scopes, '-o', `${folder}/api_key_scope.sql`],
  [...fromBefore, '-o', `${folder}/boundary_log_scopes.up.sql`],
  [...fromBefore, '--down', '-o', `${folder}/boundary_log_scopes.down.sql`],
  ['docs', ...policy, '-o', `${folder}/docs`],
  ['rls', ...policy, '--tables', `${migrations}/tables.json`, '-o', `${migrations}/row-policies.sql`],
  ['store', '--ids', 'uuid', '-o', `${migrations}/stored-roles.sql`]
]

for (const command of commands) await runProgram(['generate', ...command, ...process.argv.slice(2)], '')
