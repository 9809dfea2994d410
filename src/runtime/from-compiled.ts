// A file of `casemate compile` → a policy that decides and explains. It checks the version, that nothing was lost or
// changed, and that the content is a policy, so that an accepted file cannot fail later or mean something else.
import type { Permission } from '../compile/catalogue.js'
import { compileDocument, type CompiledPolicy } from '../compile/compile.js'
import { checksumOf, fileVersion } from '../compile/compiled-file.js'
import { addRoles } from '../compile/role-index.js'
import { resolvePermission, subjectState, systemSubjectState } from '../request/ask.js'
import { DecidingSubject } from '../decide/subject.js'
import type { Names } from '../document/index.js'
import { ownField, withoutPrototypes } from '../problems/own-fields.js'
import { checkContent } from './check-content.js'
import { refusal } from './read-content.js'
import type { RuntimePolicy } from './types.js'
import { isRecord } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'

/**
 * Loads a policy compiled ahead of time, from the value that `JSON.parse` gives. It keeps a copy. The result decides
 * and explains exactly as the compiled policy does. `fromCompiled<NamesOf<typeof policy>>` knows its names.
 *
 * @throws PolicyError for a file of another version, or one that is damaged; the problem's path says where.
 */
export function fromCompiled<N extends Names>(json: unknown): RuntimePolicy<N>
export function fromCompiled(json: unknown): RuntimePolicy {
  const compiled = readFile(json)
  function permission<R extends string, A extends string>(resource: R, action: A): Permission<R, A>
  function permission(resource: string, action: string): Permission {
    return resolvePermission(compiled, action, resource)
  }
  return Object.freeze<RuntimePolicy>({
    name: compiled.document.name,
    subject: (input) => new DecidingSubject(subjectState(compiled, input)),
    systemSubject: (name) => new DecidingSubject(systemSubjectState(compiled, name)),
    permission
  })
}

function readFile(json: unknown): CompiledPolicy {
  const file = isRecord(json) ? json : {}
  const field = (key: string): unknown => ownField(file, key)
  if (field('casemate') === undefined)
    throw refusal(['casemate'], 'not a policy that `casemate compile` wrote', json)
  if (field('casemate') !== fileVersion)
    throw refusal(
      ['casemate'],
      `compiled for version ${quoteValue(field('casemate'))}, and this release reads version ${fileVersion}: make a new file with \`casemate compile\``,
      field('casemate')
    )
  const content = readContent(field('content') ?? null, field('checksum'))
  checkContent(content)
  const { document, siteRoles, orgRoles, containerRoles } = content
  const compiled = compileDocument(document)
  let roles = addRoles(compiled.roles, siteRoles, undefined, compiled.context)
  for (const [kind, places] of [['org', orgRoles] as const, ...Object.entries(containerRoles)])
    for (const [place, added] of Object.entries(places))
      roles = addRoles(roles, added, place, compiled.context, kind)
  return { ...compiled, roles }
}

/** A copy of the content, if the checksum fits. */
function readContent(content: unknown, checksum: unknown): unknown {
  let text: unknown
  try {
    text = JSON.stringify(content)
  } catch {
    // A cycle, or nested too deep for `JSON.stringify`.
  }
  if (typeof text !== 'string') throw refusal(['content'], 'not plain data', content)
  if (checksum !== checksumOf(text))
    throw refusal(['checksum'], 'the content is not what was compiled: cut, or changed by hand', checksum)
  try {
    return withoutPrototypes(JSON.parse(text))
  } catch {
    throw refusal(['content'], 'not plain data', content)
  }
}
