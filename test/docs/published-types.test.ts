// The types as a user meets them: the packed package under every TypeScript that we support. What the compiler says of a
// mistake, what an editor offers and shows, and what is written into a user's own declarations.
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { largePolicySource } from '../fixtures/document/large-policy.js'
import { openEditor, type Editor } from '../support/language-service.js'
import { packageFor, project, unpack } from '../support/packed.js'

const run = promisify(execFile)

/** By their names in `node_modules`. */
const compilers = ['typescript-5.5', 'typescript-5.9', 'typescript', 'typescript-7'] as const

const policy = `import { compile, definePolicy } from 'casemate'
export const document = definePolicy({
  name: 'typed',
  resources: {
    doc: { actions: { read: 'see it', write: 'change it' } },
    host: { org: 'never', actions: { read: '', ping: '' } },
    note: { org: 'required', acl: true, actions: { read: '', write: '', pin: '' } }
  },
  options: { mode: { values: ['open', 'closed'], default: 'open' } },
  roles: { owner: { kind: 'site' }, admin: { kind: 'org' } },
  systemSubjects: { cleaner: {} },
  scopes: { 'notes:all': { allow: { note: '*' }, aliases: ['notes'] } },
  scopeTemplates: { pinned: { params: { note: 'required' }, allow: {} } }
})
export const policy = compile(document)
export const custom = policy.withRoles({ reader: { kind: 'site' } })
export const subject = policy.subject({ id: 'ada' })
`

/** A composite project, whose declarations a second project reads that writes all of its own types down. */
const declared: Readonly<Record<string, string>> = {
  'declared/policy.ts': policy,
  'declared/default.ts': `import { definePolicy } from 'casemate'
export default definePolicy({
  name: 'small',
  resources: { doc: { actions: { read: 'see it' } } },
  roles: { owner: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } } }
})
`,
  'declared/compiled.ts': `import { compile, definePolicy } from 'casemate'
export const policy = compile(definePolicy({ name: 'bare', resources: { doc: { actions: { read: '' } } } }))
`,
  'declared/answers.ts': `import { abilityFor } from 'casemate/casl'
import { guard } from 'casemate/guard'
import { custom, policy, subject } from './policy.js'
export const pinned = policy.scopes.template('pinned', { note: 'n1' })
export const permission = policy.permission('doc', 'read')
export const [resources, scopes, roles] = [policy.resources.list(), policy.scopes.list(), policy.roles.list()]
export const [narrowed, cleaner] = [subject.within({ scopes: ['notes'] }), policy.systemSubject('cleaner')]
export const [actions, assignable] = [subject.actionsOn({ type: 'doc' }), subject.assignableRoles()]
export const answers = subject.canEach({ one: { action: 'read', object: { type: 'doc' } } })
export const rows = subject.filter('read', [{ type: 'doc', title: 'a' }] as const)
export const [decision, grant] = [subject.explain('read', { type: 'doc' }), subject.explainGrant({ kind: 'site' })]
export const customSubject = custom.subject({ id: 'ada', roles: ['reader'] })
export const ability = abilityFor(subject)
export const guarded = guard(policy, { count: (owner: string) => owner.length }, { count: 'public' })
`,
  'declared/tsconfig.json': JSON.stringify({
    compilerOptions: { ...settings('out'), composite: true, declaration: true },
    include: ['*.ts']
  }),
  'isolated/app.ts': `import { compile, type PolicyOf, type SubjectOf } from 'casemate'
import small from '../declared/default.js'
import { document } from '../declared/policy.js'
export const policy: PolicyOf<typeof document> = compile(document)
export const custom: PolicyOf<typeof document, 'custom'> = policy.withRoles({}, { org: 'acme' })
export const smallPolicy: PolicyOf<typeof small> = compile(small)
export function mayPin(subject: SubjectOf<typeof document>, org: string): boolean {
  return subject.can('pin', { type: 'note', org })
}
export function rolesOf(any: PolicyOf<typeof document, 'custom'>): number {
  return any.roles.list().length
}
export const count: number = rolesOf(policy) + rolesOf(custom)
export const pinned: boolean = mayPin(policy.subject({ id: 'ada', roles: ['owner'] }), 'acme')
// @ts-expect-error: the declarations know the roles
policy.subject({ id: 'ada', roles: ['ownre'] })
// @ts-expect-error: and the actions
smallPolicy.subject({ id: 'ada' }).can('write', { type: 'doc' })
`,
  'isolated/tsconfig.json': JSON.stringify({
    compilerOptions: { ...settings('out'), composite: true, isolatedDeclarations: true },
    references: [{ path: '../declared' }],
    include: ['*.ts']
  })
}

/** A mistake, and what the compiler says: all of these words, in its first error on that line. */
const mistakes: readonly (readonly [code: string, ...words: string[]])[] = [
  [
    `subject.can('raed', { type: 'doc' })`,
    `'"raed"' is not assignable`,
    `'"read" | "write" | Permission<"doc"`
  ],
  [`subject.explain('ping', { type: 'doc' })`, `'"ping"' is not assignable`, `"read" | "write"`],
  [`subject.can('read', { type: 'docs' })`, `'"docs"'`, `'"doc" | "host" | "note"'`, `Did you mean '"doc"'?`],
  [`subject.can('read', { type: 'note' })`, `Property 'org' is missing in type '{ type: "note"; }'`],
  [`subject.can('read', { type: 'note', id: 'n1', owner: 'ada' })`, `Property 'org' is missing`],
  [`subject.can('read', { type: 'doc', onwer: 'ada' })`, `'onwer' does not exist`, `'owner'`],
  [
    `subject.can('read', { type: 'host', org: 'acme' })`,
    `'string' is not assignable to type 'NoOrganization`
  ],
  [`subject.canSome('raed', 'doc')`, `'"raed"'`, `'"read" | "write"'`],
  [`subject.canSome('read', 'docs')`, `'"docs"'`, `'"doc" | "host" | "note"'`],
  [`policy.permission('doc', 'raed')`, `'"raed"'`, `'"read" | "write"'`],
  [`policy.permission('docs', 'read')`, `'"docs"'`, `'"doc" | "host" | "note"'`],
  [`policy.subject({ id: 'ada', roles: ['ownre'] })`, `'"ownre"'`, `Did you mean '"owner"'?`],
  [
    `policy.subject({ id: 'ada', roles: [{ role: 'admin' }] })`,
    `Property 'org' is missing in type '{ role: "admin"; }'`
  ],
  [`custom.subject({ id: 'ada' }).can('raed', { type: 'doc' })`, `'"raed"'`, `"read" | "write"`],
  [inRole(`site: { allow: { doc: ['raed'] } }`), `'"raed"' is not assignable to type '"read" | "write"'`],
  [inRole(`site: { allow: { '*': ['raed'] } }`), `'"raed"' is not assignable to type '"read" | "write"'`],
  [inRole(`site: { allow: { docs: ['read'] } }`), `'docs' does not exist in type`],
  [inRole(`site: { alow: { doc: ['read'] } }`), `'alow' does not exist in type`, `'allow'`],
  [inPolicy(`publicScopes: ['doc:raed']`), `'"doc:raed"'`, `"doc:read" | "doc:write"`, `"doc:read"'?`],
  [inPolicy(`assignPermissions: { site: 'docs:read' }`), `'"docs:read"'`, `"doc:read"`],
  [
    inProject(`roles: { lead: { kind: 'projct' } }`),
    `'"projct"' is not assignable`,
    `Did you mean '"project"'?`
  ],
  [inProject('', `implies: { write: ['raed'] }`), `'"raed"' is not assignable to type '"read" | "write"'`],
  [inProject('', `in: { projct: 'optional' }`), `'projct' does not exist in type`, `'project'`],
  [
    inProject(`roles: { lead: { kind: 'project', grants: { project: { allow: { doc: ['raed'] } } } } }`),
    `'"raed"' is not assignable to type '"read" | "write" |`
  ],
  [
    inProject(`scopes: { all: { allow: { doc: { actions: '*', where: { status: 'drft' } } } } }`),
    `'"drft"' is not assignable to type '"d`
  ]
]

/** The same in a policy with containers and attributes. */
function inProject(part: string, resource = ''): string {
  return `definePolicy({ name: 'x', containers: [{ name: 'project' }, { name: 'folder' }], resources: { doc: {
    attributes: { status: { values: ['draft', 'done'] }, locked: { values: [true, false] } },
    actions: { read: '', write: '' }, ${resource} } }, ${part} })`.replaceAll(/\n\s*/g, ' ')
}
function inPolicy(part: string): string {
  return `definePolicy({ name: 'x', resources: { doc: { actions: { read: '', write: '' } } }, ${part} })`
}
function inRole(grants: string): string {
  return inPolicy(`roles: { owner: { kind: 'site', grants: { ${grants} } } }`)
}

const wrong: Readonly<Record<string, string>> = {
  'wrong/policy.ts': policy,
  'wrong/mistakes.ts': [
    `import { definePolicy } from 'casemate'; import { custom, policy, subject } from './policy.js'`,
    ...mistakes.map(([code]) => code)
  ].join('\n'),
  'wrong/tsconfig.json': JSON.stringify({
    compilerOptions: { ...settings('out'), noEmit: true },
    include: ['*.ts']
  })
}

/** A place in a program, and everything that is offered there. */
const completions: readonly (readonly [code: string, ...names: string[]])[] = [
  [`subject.can('read', { type: '§' })`, 'doc', 'note', 'host'],
  [`subject.can('pin', { type: '§' })`, 'doc', 'note', 'host'],
  [`custom.subject({ id: 'ada' }).can('read', { type: '§' })`, 'doc', 'note', 'host'],
  [`subject.can('§', { type: 'note', org: 'acme' })`, 'read', 'write', 'pin'],
  [`subject.can('read', { type: 'note', § })`, 'acl', 'anyOrg', 'id', 'org', 'owner'],
  [`subject.canSome('read', '§')`, 'doc', 'note', 'host'],
  [
    `policy.withRoles({ x: { kind: 'site', grants: { site: { allow: { § } } } } })`,
    '"*"',
    'doc',
    'host',
    'note'
  ],
  [
    `policy.withRoles({ x: { kind: 'site', grants: { site: { allow: { note: ['§'] } } } } })`,
    'read',
    'write',
    'pin'
  ],
  [`subject.canGrant({ kind: 'org', grants: { org: { deny: { note: ['§'] } } } })`, 'read', 'write', 'pin'],
  [inRole(`site: { allow: { § } }`), '"*"', 'doc'],
  [inRole(`site: { deny: { doc: ['§'] } }`), 'read', 'write'],
  [inProject(`roles: { lead: { kind: '§' } }`), 'site', 'org', 'project', 'folder'],
  [inProject(`roles: { lead: { kind: 'project', grants: { § } } }`), 'project', 'projectMember'],
  [
    inProject(
      `roles: { a: { kind: 'org' }, b: { kind: 'project' }, c: { kind: 'project', includes: ['§'] } }`
    ),
    'b',
    'c'
  ],
  [inProject(`scopes: { all: { allow: { doc: { actions: '*', where: { § } } } } }`), 'status', 'locked'],
  [
    inProject(`scopes: { all: { allow: { doc: { actions: '*', where: { status: '§' } } } } }`),
    'draft',
    'done'
  ],
  [inProject('', `in: { § }`), 'project', 'folder'],
  [inProject('', `implies: { write: ['§'] }`), 'read', 'write'],
  [inProject('', `acl: { requires: '§' }`), 'read', 'write'],
  [inProject('', `acl: { levels: { viewer: ['§'] } }`), 'read', 'write']
]

/** One of everything: each key that is not a name of the author's own says what it means. */
const everyKey = `import { definePolicy } from 'casemate'
definePolicy({
  $schema: './policy.schema.json', name: 'x', description: '', ids: 'uuid',
  containers: [{ name: 'Team', description: '' }],
  resources: {
    Log: {
      description: '', org: 'required', in: { Team: 'optional' }, actions: { Read: '' }, implies: { Read: [] },
      attributes: { Status: { values: ['a', 'b'], default: 'a', description: '' } },
      acl: { levels: { Viewer: { except: ['Read'] } }, members: true, requires: 'Read', overridesDeny: true }
    }
  },
  options: { Exec: { values: [true, false], default: true, description: '' } },
  orgOptions: { Size: { values: [1, 2], default: 1, description: '' } },
  roles: {
    Owner: {
      title: '', kind: 'site', description: '', includes: [], assigns: ['*'], assignable: true,
      grants: { site: { allow: { Log: { except: ['Read'] } }, deny: {} }, user: { allow: {}, deny: {} } },
      variants: [{ when: { Exec: false }, grants: {} }]
    },
    Lead: { kind: 'Team', grants: { Team: { allow: {}, deny: {} } } },
    Admin: { kind: 'org', grants: { org: { allow: {}, deny: {} }, orgMember: { allow: {}, deny: {} } } }
  },
  assignPermissions: { site: 'Log:Read', org: 'Log:Read' },
  unassignPermissions: { site: 'Log:Read', org: 'Log:Read' },
  systemSubjects: { Clerk: { title: '', description: '', id: '', grants: { site: {} }, assigns: [] } },
  scopes: { All: { title: '', description: '', allow: {}, aliases: ['Any'], public: true } },
  publicScopes: ['Log:Read'],
  defaultScopes: ['All'],
  scopeTemplates: {
    Agent: {
      title: '', description: '', params: { Quiet: 'flag' }, allow: {}, allowList: [],
      variants: [{ when: { Quiet: true }, allow: {} }]
    }
  },
  invariants: [
    { name: '', description: '', permissions: ['Log:Read'], only: [], always: [], relation: '', scope: 'All', acl: false }
  ],
  lint: { ignore: [{ rule: '', path: '', reason: '' }] }
})
`

let folder = ''
beforeAll(() => {
  folder = unpack()
  for (const [name, text] of Object.entries({ ...declared, ...wrong })) {
    for (const compiler of compilers) {
      const path = join(folder, compiler, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  }
}, 300_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('`tsc` is that of the project; where it is not, `npm rebuild typescript` puts it back', () => {
  const modules = join(project, 'node_modules')
  expect(realpathSync(join(modules, '.bin/tsc'))).toBe(realpathSync(join(modules, 'typescript/bin/tsc')))
})

it('no declaration shows how a policy is compiled', () => {
  const dist = join(packageFor(folder), 'dist')
  const declarations = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.d\.c?ts$/.test(name)
  )
  expect(declarations.length).toBeGreaterThan(20)
  const inside =
    /\b(?:Grid|Unions?|PersistentMap|Compiled(?:Policy|Role|Scope|Permission)|SubjectState|RoleTable)\b/
  for (const name of declarations) expect(readFileSync(join(dist, name), 'utf8'), name).not.toMatch(inside)
})

describe.each(compilers)('the declarations of a user of %s', (compiler) => {
  let said = ''
  beforeAll(async () => {
    // All projects at once: they share what is read of the package and of the compiler's own declarations.
    said = await tsc(compiler, '--build', 'isolated', 'wrong')
  }, 120_000)

  it('name the types of policies, and keep the names that are in them', () => {
    expect(
      said.split('\n').filter((line) => /^\S/.test(line) && !line.startsWith('wrong/mistakes.ts('))
    ).toEqual([])
    const written = (name: string): string =>
      readFileSync(join(folder, compiler, 'declared/out', name), 'utf8').replaceAll(/\s+/g, ' ')
    expect(written('compiled.d.ts')).toBe(
      'export declare const policy: import("casemate").Policy<{ readonly resources: { readonly doc: { ' +
        'readonly actions: "read"; readonly org: "optional"; readonly in: {}; readonly attributes: {}; ' +
        'readonly defaults: never; readonly acl: false; readonly levels: never; }; }; readonly containers: never; ' +
        'readonly siteRoles: never; readonly orgRoles: never; readonly containerRoles: {}; readonly scopes: never; ' +
        'readonly templates: {}; readonly systemSubjects: never; readonly options: {}; readonly orgOptions: {}; }>; '
    )
    expect(written('default.d.ts')).toContain('import("casemate").PolicyDocument<{ readonly resources:')
    expect(written('policy.d.ts')).toContain('custom: import("casemate").Policy<')
    expect(written('policy.d.ts')).toContain('readonly siteRoles: string;')
    expect(written('policy.d.ts')).toContain('subject: import("casemate").Subject<')
    expect(written('policy.d.ts')).not.toMatch(/casemate\/|change it/)
  })

  it('are checked with messages that name the mistake', () => {
    const byLine = new Map<number, string>()
    for (const [, line, message] of said.matchAll(/mistakes\.ts\((\d+),\d+\): error (TS[^]*?)(?=\n\S|$)/g)) {
      const index = Number(line) - 2
      byLine.set(index, byLine.get(index) ?? message ?? '')
    }
    for (const [index, [code, ...words]] of mistakes.entries())
      for (const word of words) expect(byLine.get(index), code).toContain(word)
    expect(byLine.size).toBe(mistakes.length)
  })
})

/** What editors show is ours to get right for the oldest, the present and the next; 5.9 lies between the first two. */
const editors = compilers.filter((name) => name !== 'typescript-5.9')

describe.each(editors)('an editor with %s', (compiler) => {
  let editor: Editor
  const programs = completions.map(
    ([code]) =>
      `import { definePolicy } from 'casemate'; import { custom, policy, subject } from './policy.js'\n${code}\n`
  )
  const texts: Readonly<Record<string, string>> = {
    'policy.ts': policy,
    'keys.ts': everyKey,
    'can.ts': `import { subject } from './policy.js'\nsubject.can('read', { type: 'doc' })\n`,
    'large.ts': `${largePolicySource({ resources: 48, actions: 10, roles: 2 })}
import { compile } from 'casemate'
compile(policy).subject({ id: 'ada' }).can('action_1', { type: 'resource_1' })
`,
    ...Object.fromEntries(programs.map((text, index) => [`at-${String(index)}.ts`, text.replace('§', '')]))
  }
  beforeAll(async () => {
    const place = join(folder, compiler, 'editor')
    mkdirSync(place)
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: settings('out') }))
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(place, name), text)
    editor = await openEditor(compiler, place, texts)
  }, 120_000)
  afterAll(() => {
    editor.close()
  })

  it('completes the names of the policy', async () => {
    for (const [index, [code, ...names]] of completions.entries()) {
      const offered = await editor.completions(`at-${String(index)}.ts`, programs[index]?.indexOf('§') ?? -1)
      expect([...offered].sort(), code).toEqual([...names].sort())
    }
  }, 120_000)

  it('shows `can` on one screen, for a large policy too', async () => {
    const hoverOfCan = (name: string): Promise<string> =>
      editor.hover(name, (texts[name] ?? '').indexOf('.can(') + 2)
    const shown = await hoverOfCan('can.ts')
    expect(shown).toContain('.can<"doc">(action: "read" | "write" | Permission<"doc", string>, object: ')
    expect(shown).toContain('Whether the subject may do this')
    for (const text of [shown, await hoverOfCan('large.ts')]) {
      expect(text).toContain('.can<')
      expect(text.split('\n').length).toBeLessThan(14)
      expect(text.length).toBeLessThan(1_200)
    }
  }, 120_000)

  it('says of every key of a policy what it means', async () => {
    // A text ends with a full stop, and the type before it does not.
    const silent: string[] = []
    const keys = [...everyKey.matchAll(/[$a-z]\w*(?=: )/gi)].filter(({ 0: key }) => !/^[A-Z]/.test(key))
    expect(keys.length).toBeGreaterThan(80)
    for (const { 0: key, index } of keys)
      if (!/\.$/.test(await editor.hover('keys.ts', index + 1))) silent.push(key)
    expect(silent).toEqual([])
  }, 120_000)
})

function settings(outDir: string): object {
  const shared = { target: 'es2022', lib: ['es2022'], module: 'nodenext', strict: true }
  return { ...shared, skipLibCheck: true, types: [], outDir }
}

/** What a compiler prints in its own copy of the projects. */
async function tsc(compiler: string, ...args: string[]): Promise<string> {
  const path = join(project, 'node_modules', compiler, 'bin/tsc')
  // In several threads it checks in each what all of them need.
  const threads = compiler === 'typescript-7' ? ['--singleThreaded'] : []
  try {
    const { stdout } = await run(process.execPath, [path, ...args, ...threads, '--pretty', 'false'], {
      cwd: join(folder, compiler)
    })
    return stdout
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout)
    throw error
  }
}
