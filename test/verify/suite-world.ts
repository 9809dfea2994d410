// Generated policies with tests that hold: pages written from the policy, expectations of what it answers, invariants
// that are proved of it. What is drawn decides how much of the policy they look at.
import { parsePolicy, parseRequest, type Policy } from 'casemate'
import type { InvariantDocument } from '../../src/document/types.js'
import { matrixOf, matrixToMarkdown, verify, type SuiteFile } from '../../src/verify/index.js'
import type { Case, Dice } from '../arbitraries/index.js'
import type { World } from '../model.js'
import { policyOf } from '../support/engine.js'

export interface TestedWorld {
  readonly world: World
  readonly policy: Policy
  readonly files: readonly SuiteFile[]
}

export function withTests(dice: Dice, world: World, cases: readonly Case[]): TestedWorld {
  const invariants = provedInvariants(dice, world)
  const tested: World = { ...world, document: { ...world.document, invariants } }
  const policy = policyOf(tested)
  const pages = dice.some(Object.keys(world.document.resources), 0, 3).map((resource, index) => ({
    name: `page-${index}.md`,
    text: matrixToMarkdown(matrixOf(policy, { resource }))
  }))
  const lines = cases.flatMap(({ question }) => expectationLine(policy, question) ?? [])
  const expectations = lines.length === 0 ? [] : [{ name: 'cases.ndjson', text: lines.join('\n') }]
  return { world: tested, policy, files: [...pages, ...expectations] }
}

function expectationLine(policy: Policy, question: unknown): string | undefined {
  if (typeof question !== 'object' || question === null) return undefined
  const { subject, action, object } = question as Record<string, unknown>
  const request: unknown = JSON.parse(JSON.stringify({ subject, action, object }))
  const parsed = parseRequest(policy, request, { allowSystem: true })
  if (!parsed.ok) return JSON.stringify({ request, error: parsed.problems[0]?.code })
  const { allowed, reason } = parsed.value.subject.explain(parsed.value.action, parsed.value.object)
  return JSON.stringify({ request, allowed, reason })
}

function provedInvariants(dice: Dice, world: World): InvariantDocument[] {
  const { document } = world
  const names = [
    ...Object.keys(document.roles ?? {}),
    ...Object.keys(document.systemSubjects ?? {}).map((name) => `system:${name}`)
  ]
  // A name may be a scope's and a template's at once, and is then no name for an invariant.
  const declared = Object.entries(document.scopes ?? {}).flatMap(([name, { aliases = [] }]) => [
    name,
    ...aliases
  ])
  const templates = Object.keys(document.scopeTemplates ?? {})
  const scopes = [...declared, ...templates].filter(
    (name, _, all) => all.indexOf(name) === all.lastIndexOf(name)
  )
  const tried = Array.from({ length: 6 }, (_, index): InvariantDocument => {
    const [type, resource] = dice.pick(Object.entries(document.resources))
    const isAlways = dice.chance(40)
    const holders = dice.some(names, isAlways ? 1 : 0, isAlways ? 1 : names.length)
    return {
      name: `i${index}`,
      permissions: dice.chance(30) ? [`${type}:*`] : [`${type}:${dice.pick(Object.keys(resource.actions))}`],
      ...(isAlways && holders.length > 0 ? { always: holders } : { only: holders }),
      ...(dice.chance(50) ? { relation: dice.pick(['own', 'other, own org', 'own org', 'no org']) } : {}),
      ...(dice.chance(30) && scopes.length > 0 ? { scope: dice.pick(scopes) } : {}),
      ...(!isAlways && dice.chance(50) ? { acl: false as const } : {})
    }
  })
  const results = verify(policyOf({ ...world, document: parsePolicy({ ...document, invariants: tried }) }))
  return results.invariants.filter(({ ok, isEmpty }) => ok && !isEmpty).map(({ invariant }) => invariant)
}
