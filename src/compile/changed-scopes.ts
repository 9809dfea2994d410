// The scopes of a document that differs from a compiled one in few of them: those that are the same objects in both are
// shared, and what lists all of them is made when it is first asked for. So a change of one among thousands is cheap.
import type { ScopeDocument } from '../document/types.js'
import type { CompiledPolicy } from './compile.js'
import {
  compileScope,
  compileScopes,
  compileTemplate,
  lowLevelScope,
  type CompiledScope,
  type CompiledTemplate,
  type ScopeIndex,
  type ScopeSource
} from './scopes.js'

/** What `compileScopes` gives for a document with the same resources as the compiled one. */
export function compileChangedScopes(document: ScopeSource, compiled: CompiledPolicy): ScopeIndex {
  const { scopes: index, lists, document: before } = compiled
  const { scopes: old = {}, publicScopes } = before
  const { scopes = {} } = document
  const names = Object.keys(scopes)
  const isShared = names.length === index.declared.length && names.every((name) => Object.hasOwn(old, name))
  if (!isShared || publicScopes !== document.publicScopes) return compileScopes(document, lists)

  const publicNames = new Set(publicScopes)
  const changed = names.filter((name) => old[name] !== scopes[name])
  const made = new Map<string, CompiledScope | undefined>()
  // A name that a changed scope had may mean nothing now.
  for (const name of changed)
    for (const one of aliasesOf(old[name])) made.set(one, lowLevelScope(one, publicNames, lists.catalogue))
  for (const name of changed) {
    const scope = scopes[name]
    if (scope === undefined) continue
    const compiledScope = compileScope(name, scope, publicNames, lists.catalogue)
    for (const one of [name, ...aliasesOf(scope)]) made.set(one, compiledScope)
  }
  const find = (name: string): CompiledScope | undefined =>
    made.has(name) ? made.get(name) : index.find(name)
  let declared: readonly CompiledScope[] | undefined
  const listDeclared = (): readonly CompiledScope[] =>
    (declared ??= names.flatMap((name) => find(name) ?? []))
  return Object.freeze({
    find,
    get declared() {
      return listDeclared()
    },
    list: () => [...listDeclared(), ...index.list().filter(({ kind }) => kind === 'low-level')],
    names: () => compileScopes(document, lists).names(),
    templates: changedTemplates(document, compiled)
  })
}

function changedTemplates(
  { scopeTemplates = {} }: ScopeSource,
  { document, scopes, lists }: CompiledPolicy
): ReadonlyMap<string, CompiledTemplate> {
  const old = document.scopeTemplates ?? {}
  if (scopeTemplates === document.scopeTemplates) return scopes.templates
  const templates = Object.entries(scopeTemplates).map(([name, template]) => {
    const isSame = Object.hasOwn(old, name) && old[name] === template
    const shared = isSame ? scopes.templates.get(name) : undefined
    return [name, shared ?? compileTemplate(name, template, lists)] as const
  })
  return new Map(templates)
}

function aliasesOf(scope: ScopeDocument | undefined): readonly string[] {
  return scope?.aliases ?? []
}
