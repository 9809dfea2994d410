// The reference of errors has a row for each code, in the section of its type, and no row for anything else. The other
// pages of the reference are generated: `npm run reference -- --check` is their test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { project } from '../support/packed.js'
import { textOf } from '../support/pages.js'

/** The words of a union of literals, from the source: at run time there is nothing of it. */
function codesOf(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(project, file), 'utf8'), ts.ScriptTarget.Latest)
  const alias = source.statements.find(
    (statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === name
  )
  const { type } = alias as ts.TypeAliasDeclaration
  return (type as ts.UnionTypeNode).types.flatMap((one) =>
    ts.isLiteralTypeNode(one) && ts.isStringLiteral(one.literal) ? [one.literal.text] : []
  )
}

/** The codes in the first column of a section's table; every row has a cause and a mend. */
function rowsOf(heading: string): string[] {
  const section = textOf('docs/reference/errors.md').split(/^## /m)
  const rows = section.find((text) => text.startsWith(`${heading}\n`))?.match(/^\| `.*$/gm) ?? []
  return rows.map((row) => {
    const [, code] = /^\| `(\w+)` \| [^|]+\. \| [^|]+\. \|$/.exec(row) ?? []
    return code ?? row
  })
}

describe('docs/reference/errors.md', () => {
  it.each([
    ['Questions', codesOf('src/errors.ts', 'RequestErrorCode')],
    ['Everything else that is thrown', codesOf('src/errors.ts', 'ErrorCode')],
    ['Stored roles and keys', codesOf('src/errors.ts', 'StoreErrorCode')],
    ['Policy documents', codesOf('src/errors.ts', 'ProblemCode')],
    ['Pages of matrices', codesOf('src/verify/matrix/problem.ts', 'MatrixProblemCode')],
    ['Files of expectations', ['invalid_expectation', 'no_expectations']],
    ['Token requests', codesOf('src/scopes/tokens/token-problems.ts', 'TokenProblemCode')]
  ])('%s has a row for each code and no other', (heading, codes) => {
    expect(codes.length).toBeGreaterThan(1)
    expect(rowsOf(heading)).toEqual(codes)
  })
})
