// A declared rename: two names are one for the comparison, whatever their grants.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, type Policy, type PolicyData } from 'casemate'
import { diffPolicies, diffToMarkdown, printDiff, type PolicyDiff } from 'casemate/diff'
import { casemate } from '../support/cli.js'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

function policy(change: Partial<PolicyData>): Policy {
  return compile(
    definePolicy({
      name: 'notes',
      resources: { note: { actions: { read: 'Read', write: 'Write', drop: 'Drop' } } },
      ...change
    } as never) as never
  )
}

const read = { site: { allow: { note: ['read'] } } }
const readAndWrite = { site: { allow: { note: ['read', 'write'] } } }
const old = policy({
  roles: { editor: { kind: 'site', grants: read }, reader: { kind: 'site', grants: read } },
  systemSubjects: { purge: { grants: read } },
  scopes: { notes: { allow: { note: ['read'] } } }
})
const current = policy({
  roles: { writer: { kind: 'site', grants: readAndWrite }, reader: { kind: 'site', grants: read } },
  systemSubjects: { cleanup: { grants: readAndWrite } },
  scopes: { pages: { allow: { note: ['read', 'write'] } } }
})
const renamed = { editor: 'writer', 'system:purge': 'system:cleanup', notes: 'pages' }

/** Who gains or loses what. */
function told({ gained, lost }: PolicyDiff): string[] {
  const tell = (sign: string) => (one: PolicyDiff['gained'][number]) =>
    `${sign} ${one.subject} ${one.permission}`
  return [...gained.map(tell('+')), ...lost.map(tell('-'))].sort()
}

describe('a declared rename', () => {
  it('leaves what differs between the two', () => {
    const diff = diffPolicies(old, current, { renamed })
    expect(told(diff)).toEqual([
      '+ scope:pages note:write',
      '+ system:cleanup note:write',
      '+ writer note:write'
    ])
    expect(diff.renamed).toEqual([
      { kind: 'role', from: 'editor', to: 'writer', isDeclared: true },
      { kind: 'system', from: 'purge', to: 'cleanup', isDeclared: true },
      { kind: 'scope', from: 'notes', to: 'pages', isDeclared: true }
    ])
  })

  it('is what the comparison would say if the names had stayed', () => {
    const kept = policy({
      roles: { editor: { kind: 'site', grants: readAndWrite }, reader: { kind: 'site', grants: read } },
      systemSubjects: { purge: { grants: readAndWrite } },
      scopes: { notes: { allow: { note: ['read', 'write'] } } }
    })
    const names: Readonly<Record<string, string>> = {
      editor: 'writer',
      'system:purge': 'system:cleanup',
      'scope:notes': 'scope:pages'
    }
    const expected = told(diffPolicies(old, kept)).map((line) => {
      const [sign = '', subject = '', permission = ''] = line.split(' ')
      return `${sign} ${names[subject] ?? subject} ${permission}`
    })
    expect(told(diffPolicies(old, current, { renamed }))).toEqual(expected.sort())
  })

  it('is not guessed, and without it the new name gains everything', () => {
    expect(told(diffPolicies(old, current))).toContain('- editor note:read')
  })

  it('wins over a guess', () => {
    const moved = policy({
      roles: { same: { kind: 'site', grants: read }, other: { kind: 'site', grants: readAndWrite } }
    })
    const before = policy({ roles: { editor: { kind: 'site', grants: read } } })
    expect(diffPolicies(before, moved).renamed).toEqual([{ kind: 'role', from: 'editor', to: 'same' }])
    const diff = diffPolicies(before, moved, { renamed: { editor: 'other' } })
    expect(diff.renamed).toEqual([{ kind: 'role', from: 'editor', to: 'other', isDeclared: true }])
    expect(told(diff)).toEqual(['+ other note:write', '+ same note:read'])
  })

  it.each([
    [{ editr: 'writer' }, 'unknown_role', 'renamed.editr', 'editor'],
    [{ editor: 'writr' }, 'unknown_role', 'renamed.editor', 'writer'],
    [{ 'system:purg': 'system:cleanup' }, 'unknown_system_subject', 'renamed["system:purg"]', 'purge'],
    [{ notes: 'page' }, 'unknown_scope', 'renamed.notes', 'pages'],
    [{ reader: 'writer' }, 'invalid_request', 'renamed.reader', undefined],
    [{ editor: 'reader' }, 'invalid_request', 'renamed.editor', undefined]
  ])('%j is refused', (given, code, path, hint) => {
    const refused = (): PolicyDiff => diffPolicies(old, current, { renamed: given })
    expect(refused).toThrow(expect.objectContaining({ code, path, hint }))
  })

  it('is told apart from one that was found', () => {
    const diff = diffPolicies(old, current, { renamed })
    expect(printDiff(diff)).toContain('Renamed, as declared\n')
    expect(diffToMarkdown(diff)).toContain('Renamed, as declared')
    expect(printDiff(diff)).not.toContain('with the same grants')
  })

  it('is said on the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'casemate-renamed-'))
    try {
      const [before, after] = [join(folder, 'old.json'), join(folder, 'new.json')]
      writeFileSync(before, JSON.stringify(old.document))
      writeFileSync(after, JSON.stringify(current.document))
      const said = Object.entries(renamed).flatMap(([from, to]) => ['--renamed', `${from}=${to}`])
      const { stdout, status } = await casemate(['diff', before, after, ...said, '--json'])
      expect(status).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        renamed: [{ from: 'editor', to: 'writer', isDeclared: true }, {}, {}]
      })
      const wrong = await casemate(['diff', before, after, '--renamed', 'editr=writer'])
      expect(wrong.status).toBe(2)
      expect(wrong.stderr).toContain('unknown role `editr`; did you mean `editor`?')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
