// The policies of the gallery and the one of tenants: valid from outside, proved, clean, and usable by everything that
// reads a policy.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  compile,
  parsePolicy,
  type ObjectRef,
  type PolicyDocument,
  type RoleHeld,
  type SubjectInput
} from 'casemate'
import { abilityFor } from 'casemate/casl'
import { lint } from 'casemate/lint'
import { toCompiled } from 'casemate/node'
import { fromCompiled } from 'casemate/runtime'
import { checkMatrix, printMatrix, printVerify, verify } from 'casemate/verify'
import gitea from '../../policies/gallery/gitea/index.js'
import grafana from '../../policies/gallery/grafana/index.js'
import harbor from '../../policies/gallery/harbor/index.js'
import kubernetes from '../../policies/gallery/kubernetes/index.js'
import mattermost from '../../policies/gallery/mattermost/index.js'
import sentry from '../../policies/gallery/sentry/index.js'
import saas from '../../policies/saas/index.js'

const gallery = readdirSync('policies/gallery', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const ports: Record<string, PolicyDocument> = { gitea, grafana, harbor, kubernetes, mattermost, sentry }
const shipped: [folder: string, document: PolicyDocument][] = [
  ['policies/saas', saas],
  ...Object.entries(ports).map(([name, port]): [string, PolicyDocument] => [`policies/gallery/${name}`, port])
]

describe.each(shipped)('%s', (folder, document) => {
  const policy = compile(document)

  it('is the same document after it has been JSON', () => {
    expect(parsePolicy(JSON.parse(JSON.stringify(document)))).toEqual(document)
  })

  it('has invariants, and each is proved', () => {
    const result = verify(policy)
    expect(printVerify(result)).not.toContain('✗')
    expect(result.ok).toBe(true)
    expect(result.invariants.length).toBeGreaterThanOrEqual(3)
    expect(result.invariants.filter(({ isEmpty }) => isEmpty)).toEqual([])
  })

  it('has a page of which every cell holds, and which is about nothing else', () => {
    const result = checkMatrix(policy, readFileSync(`${folder}/matrix.md`, 'utf8'))
    expect(result.problems).toEqual([])
    expect(printMatrix(result, { wrongOnly: true })).toBe(`all ${result.cells} cells hold`)
  })

  it('gives the linter nothing to find that has no reason', () => {
    expect(lint(policy).findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([])
  })

  it('answers a holder of any role alike from its compiled file and as an ability', () => {
    const loaded = fromCompiled(JSON.parse(JSON.stringify(toCompiled(policy))))
    for (const role of holdings(document)) {
      const user: SubjectInput = { id: 'u1', roles: [role] }
      const subject = policy.subject(user)
      const ability = abilityFor(subject)
      const copy = loaded.subject(user)
      for (const [action, object] of questions(document)) {
        const isAllowed = subject.can(action, object)
        const asked = `${JSON.stringify(role)} ${action} ${JSON.stringify(object)}`
        expect(`${asked} ${copy.can(action, object)}`).toBe(`${asked} ${isAllowed}`)
        expect(`${asked} ${ability.can(action, object as never)}`).toBe(`${asked} ${isAllowed}`)
      }
    }
  })
})

describe('the list of the gallery', () => {
  it('has every folder', () => {
    expect(gallery).toEqual(Object.keys(ports))
  })

  const list = readFileSync('policies/gallery/README.md', 'utf8')

  it('has every policy, with as many lines as its document has', () => {
    const rows = [
      ...list.matchAll(/^\| \[(\w+)\]\(\1\/matrix\.md\) +\| \S.*?\S +\| (\d+) +\| (\d+) +\| \d+ +\|$/gm)
    ]
    expect(rows.map(([, name, all, grants]) => [name, Number(all), Number(grants)])).toEqual(
      gallery.map((name) => {
        const lines = readFileSync(`policies/gallery/${name}/index.ts`, 'utf8').trimEnd().split('\n')
        return [
          name,
          lines.length,
          ['roles', 'systemSubjects', 'scopes'].flatMap((key) => part(lines, key)).length
        ]
      })
    )
  })

  it("adds up the product's own lines, each with its commit", () => {
    const sums = new Map<string, number>()
    let product = ''
    for (const [, name, count] of list.matchAll(
      /^\| (\w*) +\| `[\w-]+\/[\w-]+`, `[0-9a-f]{12}` +\| `\S+` +\| .+ \| (\d+) +\|$/gm
    )) {
      if (name) product = name.toLowerCase()
      sums.set(product, (sums.get(product) ?? 0) + Number(count))
    }
    expect(sums).toEqual(
      new Map(
        [...list.matchAll(/^\| \[(\w+)\].* (\d+) +\|$/gm)].map(([, name, count]) => [name, Number(count)])
      )
    )
  })

  it('tells of each policy what its page leaves out', () => {
    for (const name of gallery)
      expect(readFileSync(`policies/gallery/${name}/matrix.md`, 'utf8')).toMatch(
        /\n## What this leaves out\n\n\S[^#]+\n$/
      )
  })
})

/** The lines of one key of a document, without empty ones. */
function part(lines: readonly string[], key: string): string[] {
  const from = lines.indexOf(`  ${key}: {`)
  const to = lines.indexOf('  },', from)
  return from < 0 ? [] : lines.slice(from, to + 1).filter((line) => line.trim() !== '')
}

/** Each role of a document, held in one place. */
function holdings({ roles = {} }: PolicyDocument): RoleHeld[] {
  return Object.entries(roles).map(([role, { kind }]) =>
    kind === 'site' ? { role } : { role, [kind]: 'here' }
  )
}

/** For each action: an object here and one elsewhere, the subject's own and another's, with each value of an attribute. */
function questions({ resources }: PolicyDocument): [action: string, object: ObjectRef][] {
  return Object.entries(resources).flatMap(([type, resource]) => {
    const places = ['here', 'elsewhere'].map((place) => ({
      ...(resource.org === 'never' ? {} : { org: place }),
      ...Object.fromEntries(
        Object.entries(resource.in ?? {})
          .filter(([, where]) => where !== 'never')
          .map(([container]) => [container, place])
      )
    }))
    const attributes = Object.entries(resource.attributes ?? {}).reduce<object[]>(
      (sets, [name, { values }]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
      [{}]
    )
    const objects = places.flatMap((place) =>
      attributes.flatMap((set) => ['u1', 'u2'].map((owner) => ({ type, owner, ...place, ...set })))
    )
    return Object.keys(resource.actions).flatMap((action) =>
      objects.map((object): [string, ObjectRef] => [action, object])
    )
  })
}
