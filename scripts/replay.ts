// One change to a real policy, replayed: what it means for everybody, what it makes of the database, which enumerations
// change, and the matrix of the new resource, proved. Everything is computed from the two documents.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { enumerationsOf, generateSql } from '../src/generate/index.js'
import { loadPolicy } from '../src/node/index.js'
import { compile } from '../src/policy/create.js'
import { checkMatrix, printMatrix } from '../src/verify/index.js'
import { diffPolicies, printDiff } from '../src/diff/index.js'
import type { Policy } from '../src/policy/types/index.js'

const folder = fileURLToPath(new URL('../policies/coder/', import.meta.url))

/** The four parts as one text, and whether every cell of the matrix holds. */
export async function replay(): Promise<{ readonly text: string; readonly holds: boolean }> {
  const before = compile(await loadPolicy(`${folder}before-boundary-log.json`))
  const after = compile(await loadPolicy(`${folder}index.ts`))
  const matrix = checkMatrix(after, await readFile(`${folder}boundary_log.md`, 'utf8'), {
    resource: 'boundary_log'
  })
  const parts = [
    ['Who gains and who loses what', printDiff(diffPolicies(before, after))],
    ['The migration of the database', generateSql(after, { name: 'api_key_scope', from: before }).trimEnd()],
    ['The changed enumerations', enumerations(before, after).join('\n')],
    ['The matrix, proved', printMatrix(matrix)]
  ]
  return {
    text: parts.map(([title = '', body = '']) => `# ${title}\n\n${body}`).join('\n\n'),
    holds: matrix.wrong === 0 && matrix.problems.length === 0
  }
}

function enumerations(before: Policy, after: Policy): string[] {
  const old = new Map<string, readonly string[]>(Object.entries(enumerationsOf(before)))
  return Object.entries(enumerationsOf(after)).flatMap(([name, values]: [string, readonly string[]]) => {
    const known = old.get(name) ?? []
    const changes = [
      ...values.filter((value) => !known.includes(value)).map((value) => `+ ${value}`),
      ...known.filter((value) => !values.includes(value)).map((value) => `- ${value}`)
    ]
    return changes.length === 0 ? [] : [`${name}: ${changes.join(', ')}`]
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, holds } = await replay()
  process.stdout.write(`${text}\n`)
  if (!holds) process.exitCode = 1
}
