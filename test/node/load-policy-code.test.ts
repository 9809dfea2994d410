// Policies as code: where the policy is found in a module, and what becomes of code that fails.
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import coder from '../../policies/coder/index.js'
import { isPolicyDocument } from '../../src/document/index.js'
import { PolicyError } from '../../src/errors.js'
import { loadPolicy } from '../../src/node/index.js'
import { temporaryFolder } from '../support/folder.js'

// Outside the project: nothing here resolves `casemate` by its place.
const { folder, file } = temporaryFolder()

const literal = "{ name: 'x', resources: { log: { actions: { read: 'Read' } } } }"
const document = { name: 'x', resources: { log: { actions: { read: 'Read' } } } }
const define = "import { definePolicy } from 'casemate'\n"

describe('a policy in a module', () => {
  it.each([
    ['default.ts', `${define}export default definePolicy(${literal})`],
    ['named.ts', `${define}export const policy = definePolicy(${literal})`],
    [
      'typed.mts',
      `${define}enum E { A = 'x' }\nconst p: { name: E } & object = ${literal.replace("'x'", 'E.A')}\nexport default p`
    ],
    ['plain.js', `export default ${literal}`],
    ['plain.mjs', `export const policy = ${literal}`],
    [
      'awaited.mjs',
      `${define}const log = await Promise.resolve({ actions: { read: 'Read' } })\nexport default definePolicy({ name: 'x', resources: { log } })`
    ],
    ['promised.mjs', `export default Promise.resolve(${literal})`],
    [
      'exports.cjs',
      `const { definePolicy } = require('casemate')\nmodule.exports = definePolicy(${literal})`
    ],
    ['exports-plain.cjs', `module.exports = ${literal}`],
    ['exports-policy.cjs', `exports.policy = ${literal}`],
    ['exports-default.cjs', `exports.default = ${literal}`],
    ['typed.cts', `import { definePolicy } from 'casemate'\nexport = definePolicy(${literal})`],
    ['commonjs.js', `module.exports = { policy: ${literal} }`]
  ])('is found in %s', async (name, content) => {
    const loaded = await loadPolicy(file(name, content))
    expect(loaded).toEqual(document)
    expect(isPolicyDocument(loaded)).toBe(true)
  })

  it('may be put together from several files, `.js` standing for `.ts`', async () => {
    file('resources.ts', "export const resources = { log: { actions: { read: 'Read' as string } } }")
    const path = file(
      'parts.ts',
      "import { resources } from './resources.js'\nexport default { name: 'x', resources }"
    )
    expect(await loadPolicy(path)).toEqual(document)
  })

  it('is loaded anew every time, with what it imports', async () => {
    const path = file('edited.ts', `import { name } from './name.js'\nexport default { ...${literal}, name }`)
    file('name.ts', "export const name = 'before'")
    expect((await loadPolicy(path)).name).toBe('before')
    file('name.ts', "export const name = 'after'")
    expect((await loadPolicy(path)).name).toBe('after')
  })

  it('is found from a relative path, and is the real policy where that is loaded', async () => {
    const path = relative(process.cwd(), file('relative.ts', `export default ${literal}`))
    expect(await loadPolicy(path)).toEqual(document)
    expect(await loadPolicy('policies/coder/index.ts')).toEqual(coder)
  })

  it('is the same value whether it was defined or is plain: the document that was defined is not copied', async () => {
    const path = file(
      'same.cjs',
      `global.__defined = require('casemate').definePolicy(${literal})\nmodule.exports = global.__defined`
    )
    expect(await loadPolicy(path)).toBe(Reflect.get(globalThis, '__defined'))
    Reflect.deleteProperty(globalThis, '__defined')
  })
})

describe('code that gives no policy', () => {
  it.each([
    ['nothing.ts', 'export const other = 1', 'no_policy_exported', 'exports no policy'],
    ['empty.ts', '', 'no_policy_exported', 'exports no policy'],
    ['throws.ts', "throw new RangeError('not today')", 'policy_code_failed', 'not today'],
    ['throws-text.mjs', "throw 'not today'", 'policy_code_failed', 'not today'],
    [
      'rejects.mjs',
      "export default Promise.reject(new Error('not today'))",
      'policy_code_failed',
      'not today'
    ],
    ['syntax.ts', 'export default {', 'policy_code_failed', 'Unexpected token'],
    ['imports.ts', "import './nowhere.js'", 'policy_code_failed', 'nowhere']
  ])('%s', async (name, content, code, message) => {
    const path = file(name, content)
    const error = await errorOf(path)
    expect(error.problems).toMatchObject([{ code }])
    expect(error.message.startsWith(`${path}: `)).toBe(true)
    expect(error.message).toContain(message)
  })

  it('keeps what the code threw as the cause', async () => {
    const error = await errorOf(file('cause.ts', "throw new RangeError('not today')"))
    expect(error.cause).toBeInstanceOf(RangeError)
  })

  it('has the problems of what it exports, defined or plain', async () => {
    const wrong = literal.replace('read', '_read')
    const plain = await errorOf(file('wrong-plain.ts', `export default ${wrong}`))
    const defined = await errorOf(file('wrong-defined.ts', `${define}export default definePolicy(${wrong})`))
    expect(plain.problems).toMatchObject([{ code: 'invalid_name', path: 'resources.log.actions._read' }])
    const bare = ({ problems: [problem] }: PolicyError): unknown => ({
      ...problem,
      message: problem?.message.replace(`${problem.file ?? ''}: `, ''),
      file: undefined
    })
    expect(plain.problems[0]?.file).toMatch(/wrong-plain\.ts$/)
    expect(bare(defined)).toEqual(bare(plain))
  })

  it('has what looks least like a policy explained', async () => {
    const error = await errorOf(file('number.ts', 'export default 7'))
    expect(error.problems).toMatchObject([
      { code: 'invalid_type', message: `${join(folder, 'number.ts')}: expected a record, not \`7\`` }
    ])
  })

  it('is not UTF-8, in the file or in a module that it imports', async () => {
    const broken = (source: string): Buffer => Buffer.from(source.replace('?', '\xff'), 'latin1')
    const path = file('broken.ts', broken(literal.replace('Read', '?').replace('{', 'export default {')))
    expect((await errorOf(path)).problems).toMatchObject([{ code: 'syntax_error' }])
    for (const [name, from] of [
      ['part.ts', './part.js'],
      ['part.mts', './part.mjs'],
      ['part.cts', './part.cjs'],
      ['far.ts', './near.js']
    ] as const) {
      const part = file(name, broken("export const name = 'a?'"))
      file('near.ts', "export { name } from './far.js'")
      const main = `import { name } from '${from}'\nexport default { ...${literal}, name }`
      const error = await errorOf(file('broken-import.ts', main))
      expect(error.problems).toMatchObject([{ code: 'syntax_error', message: `${part}: not a UTF-8 text` }])
      // A U+FFFD that is really there is taken.
      file(name, "export const name = 'a\ufffd'")
      expect((await loadPolicy(file('whole-import.ts', main))).name).toBe('a\ufffd')
    }
  })

  it('is held to the limits', async () => {
    const path = file('limited.ts', `export default ${literal}`)
    await expect(loadPolicy(path, { maxDepth: 3 })).rejects.toMatchObject({
      problems: [{ code: 'document_too_deep' }]
    })
  })
})

async function errorOf(path: string): Promise<PolicyError> {
  try {
    await loadPolicy(path)
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error(`${path} was loaded`)
}
