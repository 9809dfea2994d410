// Scope templates with parameters of their own making, for statements about "whoever has this scope": every parameter
// an id that nothing else in the template is, so that each list entry matches what it names and nothing more.
import { isUuid } from '../document/ids.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledTemplate } from '../compile/scopes.js'
import type { TemplateScope } from '../types.js'

/** Which optional parameters and flags of a template are given; the required ones always are. */
export type Given = ReadonlySet<string>

/** The template as a scope of a subject, with an id for each parameter. */
export function fillExample(engine: CompiledPolicy, template: CompiledTemplate, given: Given): TemplateScope {
  const { document } = template
  const literals = new Set((document.allowList ?? []).map((entry) => entry.slice(entry.indexOf(':') + 1)))
  const params: [string, string | boolean][] = []
  let number = 0
  for (const [name, need] of Object.entries(document.params)) {
    if (need === 'flag') {
      if (given.has(name)) params.push([name, true])
      continue
    }
    number = nextNumber(engine, number, literals)
    if (need === 'required' || given.has(name)) params.push([name, exampleId(engine, number)])
  }
  return { template: template.name, params: Object.fromEntries(params) }
}

/** Every way to give or leave out a template's optional parameters and flags, the fewest given first. */
export function waysToGive({ document }: CompiledTemplate): Given[] {
  const free = Object.entries(document.params).flatMap(([name, need]) => (need === 'required' ? [] : [name]))
  let ways: string[][] = [[]]
  for (const name of free) ways = ways.flatMap((way) => [way, [...way, name]])
  return ways.sort((a, b) => a.length - b.length).map((way) => new Set(way))
}

function nextNumber(engine: CompiledPolicy, number: number, literals: ReadonlySet<string>): number {
  let next = number + 1
  while (hasLiteral(literals, exampleId(engine, next))) next++
  return next
}

function hasLiteral(literals: ReadonlySet<string>, id: string): boolean {
  return isUuid(id) ? [...literals].some((literal) => literal.toLowerCase() === id) : literals.has(id)
}

function exampleId(engine: CompiledPolicy, number: number): string {
  return engine.document.ids === 'uuid'
    ? `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    : `id${number}`
}
