// A file of `casemate compile` → a policy that decides and explains. It checks the file's version and that nothing was
// lost or changed on the way, and trusts the rest: the policy was checked before it was compiled.
import type { Permission } from '../compile/catalogue.js'
import { compileDocument, type CompiledPolicy } from '../compile/compile.js'
import { checksumOf, fileVersion, type CompiledContent } from '../compile/compiled-file.js'
import { addRoles } from '../compile/role-index.js'
import { findPermission, subjectState, systemSubjectState } from '../decide/ask.js'
import { DecidingSubject } from '../decide/subject.js'
import type { Names } from '../document/index.js'
import { PolicyError } from '../errors.js'
import { isRecord } from '../request-problems.js'
import type { RuntimePolicy } from './types.js'

/**
 * Loads a policy compiled ahead of time, from the value that `JSON.parse` gives. It keeps a copy; it decides and
 * explains exactly as the policy that was compiled does. `fromCompiled<NamesOf<typeof policy>>` knows its names.
 *
 * @throws PolicyError for a file of another version, or one that is damaged; the problem's path says where.
 */
export function fromCompiled<N extends Names>(json: unknown): RuntimePolicy<N>
export function fromCompiled(json: unknown): RuntimePolicy {
  const engine = readFile(json)
  function permission<R extends string, A extends string>(resource: R, action: A): Permission<R, A>
  function permission(resource: string, action: string): Permission {
    return findPermission(engine, action, resource)
  }
  return Object.freeze<RuntimePolicy>({
    name: engine.document.name,
    subject: (input) => new DecidingSubject(subjectState(engine, input)),
    systemSubject: (name) => new DecidingSubject(systemSubjectState(engine, name)),
    permission
  })
}

function readFile(json: unknown): CompiledPolicy {
  if (!isRecord(json) || json['casemate'] === undefined)
    throw refusal('casemate', 'not a policy that `casemate compile` wrote', json)
  if (json['casemate'] !== fileVersion)
    throw refusal('casemate', `compiled for another version; this one reads ${fileVersion}`, json['casemate'])
  const text = JSON.stringify(json['content'] ?? null)
  if (json['checksum'] !== checksumOf(text))
    throw refusal(
      'checksum',
      'the content is not what was compiled: cut, or changed by hand',
      json['checksum']
    )
  // The checksum says that this is what `toCompiled` wrote.
  const { document, siteRoles, orgRoles } = JSON.parse(text) as CompiledContent
  const engine = compileDocument(document)
  let roles = addRoles(engine.roles, siteRoles, undefined, engine.context)
  for (const [org, added] of Object.entries(orgRoles)) roles = addRoles(roles, added, org, engine.context)
  return { ...engine, roles }
}

function refusal(path: string, what: string, value: unknown): PolicyError {
  return new PolicyError([{ code: 'invalid_file', path, value, message: `${path}: ${what}` }])
}
