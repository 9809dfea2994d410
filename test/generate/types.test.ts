// The generated module and data: a client without the policy sees the same names, and none that a compiler or a program
// would take for anything else.
import { compile, parsePolicy, type Policy } from 'casemate'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import coderDocument from '../../policies/coder/index.js'
import { generateJson, generateTypes } from '../../src/generate/index.js'
import { hostilePolicy } from '../fixtures/hostile-policy.js'

const coder: Policy = compile(coderDocument)
const hostile = compile(hostilePolicy)
/** Descriptions that would tell a compiler what to do, about the line after them. */
const directives = compile(
  parsePolicy({
    name: '@ts-nocheck',
    resources: {
      doc: { description: '@ts-expect-error', actions: { read: '@ts-ignore' } },
      note: { description: '/*  @ts-expect-error: really', actions: {} }
    },
    roles: { reader: { kind: 'site', description: ' @ts-expect-error' } }
  })
)
const policies = { directives, coder, hostile, empty: compile(parsePolicy({ name: 'empty', resources: {} })) }

/** What the compiler says about each of these files; all in one program, which is what takes time. */
function diagnose(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    skipLibCheck: true,
    isolatedDeclarations: true,
    declaration: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    types: []
  }
  const standard = ts.createCompilerHost(options)
  const host: ts.CompilerHost = {
    ...standard,
    fileExists: (name) => files.has(name) || standard.fileExists(name),
    getSourceFile: (name, ...rest) => {
      const text = files.get(name)
      if (text === undefined) return standard.getSourceFile(name, ...rest)
      return ts.createSourceFile(name, text, rest[0])
    }
  }
  const found = new Map([...files.keys()].map((name) => [name, [] as string[]]))
  const program = ts.createProgram([...files.keys()], options, host)
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program))
    found.get(file?.fileName ?? '')?.push(ts.flattenDiagnosticMessageText(messageText, '\n'))
  return found
}

const right = `
  export const permission: Permission = 'boundary_log:create'
  export const action: Action<'boundary_log'> = 'read'
  export const roles: Role[] = ['owner', 'organization-admin']
  export const scopes: Scope[] = ['boundary_log:*', 'coder:all', 'no_user_data']
  export const publicScope: PublicScope = 'workspace:*'`
const wrong = {
  'a permission': "Permission = 'boundary_log:update'",
  'an action': "Action<'boundary_log'> = 'update'",
  'a role': "Role = 'organization-owner'",
  'a scope': "Scope = 'boundary_log:update'",
  'an alias, which is not stored,': "Scope = 'all'",
  'an internal scope as a public one': "PublicScope = 'boundary_log:read'"
}
const useOf = (code: string): string =>
  `import type { Action, Permission, PublicScope, Role, Scope } from './coder.js'\n${code}`

const diagnostics = diagnose(
  new Map([
    ...Object.entries(policies).map(([name, policy]) => [`/${name}.ts`, generateTypes(policy)] as const),
    ['/right.ts', useOf(right)] as const,
    ...Object.entries(wrong).map(
      ([what, code]) => [`/${what}.ts`, useOf(`export const wrong: ${code}`)] as const
    )
  ])
)

interface Generated {
  readonly actions: Readonly<Record<string, readonly string[]>>
  readonly siteRoles: Readonly<Record<string, { title: string; assignable: boolean }>>
  readonly orgRoles: Readonly<Record<string, { title: string; assignable: boolean }>>
  readonly scopes: readonly string[]
  readonly publicScopes: readonly string[]
  readonly scopeAliases: Readonly<Record<string, string>>
}

/** Runs the module as a program would that imports it. */
async function run(module: string): Promise<Generated> {
  const { outputText } = ts.transpileModule(module, { compilerOptions: { module: ts.ModuleKind.ESNext } })
  const imported: unknown = await import(`data:text/javascript,${encodeURIComponent(outputText)}`)
  return imported as Generated
}

const sorted = (names: Iterable<string>): string[] => [...names].sort()
const isPublic = (policy: Policy): string[] => policy.scopes.list({ public: true }).map(({ name }) => name)

describe.each(Object.entries(policies))('the module of the policy %s', (name, policy) => {
  const module = generateTypes(policy)

  it('compiles under strict settings, and imports nothing', () => {
    expect(diagnostics.get(`/${name}.ts`)).toEqual([])
    expect(module).not.toMatch(/^import|require\(/m)
  })

  it('has exactly the names of the policy', async () => {
    const { actions, siteRoles, orgRoles, scopes, publicScopes, scopeAliases } = await run(module)
    expect(Object.fromEntries(Object.entries(actions).map(([name, list]) => [name, sorted(list)]))).toEqual(
      Object.fromEntries(
        policy.resources
          .list()
          .map(({ name, actions: list }) => [name, sorted(list.map((action) => action.name))])
      )
    )
    const roles = policy.roles.list()
    const named = (kind: string): string[] =>
      roles.filter((role) => role.kind === kind).map(({ name }) => name)
    expect(sorted(Object.keys(siteRoles))).toEqual(sorted(named('site')))
    expect(sorted(Object.keys(orgRoles))).toEqual(sorted(named('org')))
    for (const { name, title, isAssignable } of roles) {
      const generated = Object.hasOwn(siteRoles, name) ? siteRoles[name] : orgRoles[name]
      expect(generated).toEqual({ title: title ?? name, assignable: isAssignable })
    }
    expect(sorted(scopes)).toEqual(sorted(policy.scopes.list().map(({ name }) => name)))
    expect(sorted(publicScopes)).toEqual(sorted(isPublic(policy)))
    const aliases = policy.scopes.list().flatMap((scope) => scope.aliases.map((alias) => [alias, scope.name]))
    expect(Object.entries(scopeAliases).sort()).toEqual(aliases.sort())
  })

  it('has nothing that a reader cannot see', () => {
    expect(module.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})

describe('the types of the module', () => {
  it('take every name of the policy', () => {
    expect(diagnostics.get('/right.ts')).toEqual([])
  })

  it.each(Object.keys(wrong))('refuse %s that the policy does not have', (what) => {
    expect(diagnostics.get(`/${what}.ts`)).toEqual([expect.stringMatching(/not assignable|Did you mean/)])
  })
})

describe.each(Object.entries(policies))('the data of the policy %s', (_name, policy) => {
  it('says what the policy says', () => {
    const data = JSON.parse(generateJson(policy)) as Record<string, { name: string }[]>
    const names = (key: string): string[] => data[key]!.map(({ name }) => name)
    expect(data['policy']).toBe(policy.name)
    expect(sorted(names('resources'))).toEqual(sorted(policy.resources.list().map(({ name }) => name)))
    expect(sorted(names('roles'))).toEqual(sorted(policy.roles.list().map(({ name }) => name)))
    expect(sorted(names('scopeTemplates'))).toEqual(sorted(Object.keys(policy.document.scopeTemplates ?? {})))
    expect(sorted(data['publicScopes'] as unknown as string[])).toEqual(sorted(isPublic(policy)))
    for (const scope of data['scopes'] as unknown as {
      name: string
      public: boolean
      permissions: string[]
    }[]) {
      const known = policy.scopes.get(scope.name)!
      expect(scope).toMatchObject({ kind: known.kind, public: known.isPublic, aliases: known.aliases })
      expect(scope.permissions).toEqual(sorted(known.permissions))
    }
  })

  it('has nothing that a reader cannot see', () => {
    expect(generateJson(policy).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})

describe('equal policies', () => {
  it('give equal files, however their documents are ordered', () => {
    const { document } = coder
    const reversed = <T>(record: Readonly<Record<string, T>> = {}): Record<string, T> =>
      Object.fromEntries(Object.entries(record).reverse())
    const other = compile(
      parsePolicy({
        ...document,
        resources: reversed(
          Object.fromEntries(
            Object.entries(document.resources).map(([name, facts]) => [
              name,
              { ...facts, actions: reversed(facts.actions) }
            ])
          )
        ),
        roles: reversed(document.roles),
        scopes: reversed(document.scopes),
        scopeTemplates: reversed(document.scopeTemplates),
        systemSubjects: reversed(document.systemSubjects),
        publicScopes: [...(document.publicScopes ?? [])].reverse()
      })
    )
    expect(generateTypes(other)).toBe(generateTypes(coder))
    expect(generateJson(other)).toBe(generateJson(coder))
  })
})
