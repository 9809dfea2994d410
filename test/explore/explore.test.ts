// What a page of the explorer is made of: rows and cells that say what the policy says, comparisons and keys that add
// nothing, and a text that is one file.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiledOf } from '../../src/compile/compile.js'
import { CellMemory, relationsOf } from '../../src/explore/cells.js'
import { compare } from '../../src/explore/compare.js'
import { exploreData, explorePage } from '../../src/explore/index.js'
import { keyRows, leastScopes } from '../../src/explore/key.js'
import { matrixFor } from '../../src/explore/matrix.js'
import { askerNames, askersOf } from '../../src/explore/rows.js'
import { compile, parsePolicy, parseRequest } from '../../src/index.js'
import { fileOf, toCompiled } from '../../src/policy/to-compiled.js'
import { subjectOf } from '../../src/verify/space/requests.js'
import { matrixOf, runSuite } from '../../src/verify/index.js'
import { expectationOf } from '../../src/explore/request.js'
import { writePages } from '../../scripts/page.js'
import { casemate } from '../support/cli.js'

const document = parsePolicy({
  name: 'notes </script><script>alert(1)</script> \u202e',
  resources: {
    note: { acl: true, actions: { read: 'see it', write: 'change it' } },
    tag: { org: 'never', actions: { read: '' } }
  },
  options: { open: { values: [true, false], default: false } },
  orgOptions: { strict: { values: ['no', 'yes'], default: 'no' } },
  roles: {
    author: {
      kind: 'site',
      grants: { user: { allow: { note: '*' } } },
      variants: [{ when: { open: true }, grants: { site: { allow: { note: ['read'] } } } }]
    },
    editor: {
      kind: 'org',
      grants: { org: { allow: { note: ['read', 'write'] } } },
      variants: [{ when: { strict: 'yes' }, grants: { org: { deny: { note: ['write'] } } } }]
    },
    banned: { kind: 'site', grants: { site: { deny: { note: ['write'] } } } }
  },
  systemSubjects: { sweeper: { grants: { site: { allow: { tag: ['read'] } } } } },
  scopes: { reading: { allow: { note: ['read'] }, public: true } }
})
const policy = compile(document)
const compiled = compiledOf(policy)
const askers = askersOf(compiled, { together: [['author', 'banned']] })

describe('a row', () => {
  it('is only there for options that a variant about the resource reads', () => {
    const settingsOf = (resource: string): readonly object[] =>
      askersOf(compiled, { resource, only: 'author' }).map(({ settings }) => settings)
    expect(settingsOf('note')).toEqual([{}, { open: true }])
    expect(settingsOf('tag')).toEqual([{}])
    // What is left out says the same as the row before it.
    const memory = new CellMemory()
    for (const asker of askersOf(compiled, { only: 'author' }))
      expect(memory.reach(asker, 'tag', 'read').says).toBe(memory.reach(askers[0]!, 'tag', 'read').says)
    expect(askersOf(compiled, { only: 'system:sweeper' }).map(({ name }) => name)).toEqual(['system:sweeper'])
    expect(askersOf(compiled, { only: 'nobody' })).toEqual([])
  })

  it('is there for every role, every value of a setting, roles together and services', () => {
    expect(askers.map(({ name, settings }) => [name, settings])).toEqual([
      ['author', {}],
      ['author', { open: true }],
      ['editor', {}],
      ['editor', { strict: 'yes' }],
      ['banned', {}],
      ['author + banned', {}],
      ['author + banned', { open: true }],
      ['system:sweeper', {}]
    ])
  })
})

describe('a cell', () => {
  const memory = new CellMemory()

  it('says the same as a matrix page, where that has a row', () => {
    const { resources } = matrixOf(policy)
    for (const { resource, actions, rows } of resources)
      for (const { subject, cells } of rows) {
        const asker = askers.find(
          ({ name, settings }) => name === subject && Object.keys(settings).length === 0
        )
        if (asker === undefined) continue
        expect(actions.map(({ name }) => memory.reach(asker, resource, name).says)).toEqual(cells)
      }
  })

  it('names the levels that deny, which a matrix page leaves out', () => {
    const [banned] = askers.filter(({ name }) => name === 'banned')
    expect(memory.reach(banned!, 'note', 'write')).toMatchObject({ says: 'no', denied: ['site'] })
    expect(memory.reach(banned!, 'note', 'read')).toMatchObject({ says: 'no', denied: [] })
  })

  it('gives a question that the policy answers as the cell says', () => {
    for (const asker of askers)
      for (const resource of compiled.catalogue.resources.values())
        for (const action of resource.actions.keys())
          for (const cell of [
            memory.reach(asker, resource.name, action),
            ...relationsOf(compiled, resource).map((one) =>
              memory.relation(asker, resource.name, action, one)
            )
          ]) {
            if (cell.example === undefined) continue
            const under = compile(document, { options: asker.options })
            const parsed = parseRequest(under, cell.example, { allowSystem: true })
            if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join())
            const { subject, action: asked, object } = parsed.value
            expect(subject.can(asked, object)).toBe(cell.says !== 'no')
          }
  })
})

describe('a matrix', () => {
  const memory = new CellMemory()
  const together = [['author', 'banned']]

  it('of a resource has everybody, but for a setting that changes nothing there', () => {
    for (const resource of compiled.catalogue.resources.values()) {
      const matrix = matrixFor(compiled, { resource: resource.name, by: undefined, together })
      if ('role' in matrix) throw new Error('asked for a resource')
      const left = askers.filter((asker) => !matrix.rows.some((row) => isSame(row.asker, asker)))
      const cellsOf = (asker: (typeof askers)[number]): unknown[] =>
        matrix.columns.map((action) => {
          const { says, denied } = memory.reach(asker, resource.name, action)
          return { says, denied }
        })
      for (const { asker: shown, cells } of matrix.rows) {
        const asker = askers.find((one) => isSame(shown, one))!
        expect(cells.map(({ says, denied }) => ({ says, denied }))).toEqual(cellsOf(asker))
      }
      for (const asker of left)
        expect(cellsOf(asker)).toEqual(cellsOf(askers.find(({ name }) => name === asker.name)!))
      expect(new Set(matrix.rows.map(({ asker: { name } }) => name))).toEqual(
        new Set([...askerNames(document), 'author + banned'])
      )
    }
  })

  it('is plain data, whatever it is asked for, also for what is not there', () => {
    for (const question of [
      { resource: 'note', by: 'read', together },
      { resource: 'nothing', by: 'nothing', together: [['nobody', '__proto__']] },
      { role: 'author' },
      { role: '__proto__' }
    ]) {
      const matrix = matrixFor(compiled, question)
      expect(structuredClone(matrix)).toEqual(matrix)
    }
    expect(matrixFor(compiled, { role: '__proto__' })).toMatchObject({ columns: [] })
    expect(matrixFor(compiled, { resource: 'nothing', by: undefined, together: [] })).toMatchObject({
      resource: 'note'
    })
  })
})

function isSame(
  a: { readonly name: string; readonly settings: object },
  b: { readonly name: string; readonly settings: object }
): boolean {
  return a.name === b.name && JSON.stringify(a.settings) === JSON.stringify(b.settings)
}

describe('a comparison', () => {
  it('is the other way round for the two the other way round', () => {
    const [author, , editor] = askers
    const swapped = { first: 'second', second: 'first', differ: 'differ', both: 'both', neither: 'neither' }
    expect(compare(compiled, editor!, author!).map(({ who }) => who)).toEqual(
      compare(compiled, author!, editor!).map(({ who }) => swapped[who])
    )
    expect(compare(compiled, author!, author!).every(({ who }) => who === 'both' || who === 'neither')).toBe(
      true
    )
  })
})

describe('a key', () => {
  const person = subjectOf(compiled, { id: 'u1', roles: ['author'] })

  it('lets through what its scopes have, and never more than the roles', () => {
    const key = subjectOf(compiled, { id: 'u1', roles: ['author'], scopes: ['reading'] })
    const of = (rows: ReturnType<typeof keyRows>): string[][] =>
      rows.map(({ permission, roles, key: through }) => [permission, roles, through])
    expect(of(keyRows(compiled, person, key))).toEqual([
      ['note:read', 'some', 'some'],
      ['note:write', 'some', 'no'],
      ['tag:read', 'no', 'no']
    ])
    expect(keyRows(compiled, person, person).every(({ roles, key: through }) => roles === through)).toBe(true)
  })

  it('has the least scopes for a task', () => {
    expect(leastScopes(compiled, ['note:read'], true)).toMatchObject({ scopes: ['reading'], excess: [] })
    expect(leastScopes(compiled, ['note:write'], true)).toMatchObject({
      scopes: [],
      uncovered: ['note:write']
    })
  })
})

describe('the page', () => {
  it('decides by the file that `casemate compile` writes', () => {
    expect(fileOf(compiled)).toEqual(toCompiled(policy))
  })

  it('is one text: its own script and style by their hashes, and the data as nothing but data', async () => {
    const text = await explorePage(exploreData(policy), {
      script: 'if (1</script>/.test) 0',
      style: 'a{}',
      firstView: () => ''
    })
    expect(text).toMatch(
      /default-src 'none'; script-src 'sha256-[\w+/]+=*' 'sha256-[\w+/]+=*'; style-src 'sha256-[\w+/]+=*'; base-uri/
    )
    expect(text.match(/<script/g)).toHaveLength(3)
    expect(text.match(/<\/script/g)).toHaveLength(3)
    expect(text).not.toContain('\u202e')
    const data = /id="data">([^]*?)<\/script>/.exec(text)?.[1] ?? ''
    expect(JSON.parse(data)).toMatchObject({ document: { name: document.name }, options: { open: false } })
  })

  it('knows the lines of a file', () => {
    const { lines } = exploreData(policy, { file: 'p.yaml', locate: (at) => ({ line: at.length }) })
    expect(lines['roles.author.grants.user.allow.note']).toBe(6)
    expect(lines['roles.author.variants[0].grants.site.allow.note']).toBe(8)
  })
})

describe('what is copied as an expectation', () => {
  it('is one that a run of tests takes and that holds', () => {
    const asked = { subject: { id: 'u1', roles: ['author'] }, action: 'read', object: { type: 'note' } }
    const under = compile(document, { options: { open: true } })
    const allowed = under.subject(asked.subject).can('read', asked.object)
    const text = JSON.stringify(expectationOf(asked, allowed, { open: true }))
    const { statements, problems } = runSuite(under, [{ name: 'copied.ndjson', text }])
    expect([statements.map(({ ok }) => ok), problems]).toEqual([[true], []])
  })
})

describe('casemate explore', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'casemate-explore-'))
    await writePages('dist/explore')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('writes the page into a file, with the difference to an older policy', async () => {
    const out = join(folder, 'page.html')
    const args = ['explore', 'policies/saas/index.ts', '--against', 'policies/saas/index.ts', '-o', out]
    expect(await casemate(args)).toEqual({ status: 0, stdout: '', stderr: '' })
    const text = await readFile(out, 'utf8')
    expect(text).toContain('"against":"index.ts","newAccess":[]'.slice(0, 20))
  })

  it('refuses a log on standard input, which can be read only once', async () => {
    const { status, stderr } = await casemate(['explore', 'policies/saas/index.ts', '--log', '-'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('give a file')])
  })

  it.each([
    [['--watch', '-o', 'x.html'], '--watch serves the page'],
    [['--edit', '-o', 'x.html'], '--edit serves the page'],
    [['--port', '1'], '--port without --watch or --edit']
  ])('refuses %j, which say two things', async (args, message) => {
    const { status, stdout, stderr } = await casemate(['explore', 'policies/saas/index.ts', ...args])
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)])
  })
})
