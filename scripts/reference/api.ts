// The pages about the entry points, made from their docstrings: one page for each, in `docs/reference/api`. They have no
// line numbers and no dates, so that they change only with what is public.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Application,
  Comment,
  Converter,
  DeclarationReflection,
  ReflectionKind,
  type Context,
  type ProjectReflection,
  type Reflection,
  type TypeDocOptions
} from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'

import { entryPoints, outputName } from '../../tsup.config.js'

/** What each entry point is for, as its page begins. */
const purposes: Readonly<Record<string, string>> = {
  '.': 'Defines, checks and compiles a policy, and decides. Runs in browsers too.',
  './node': 'Loads policies from files and texts, and compiles them to a file.',
  './casl': 'A CASL ability that decides as a subject does.',
  './casl/client':
    'What a browser needs beside CASL and the rules of an ability. Has no policy and no CASL in it.',
  './sql': 'The rows of a database that a subject may act on, as a condition for its statements.',
  './scopes': 'API keys, from the request for one to the refusal of one.',
  './verify':
    'Proves statements about a whole policy: matrices, invariants, expectations, and who can do what.',
  './diff': 'Compares two policies: who may do more, who less, and what else lets somebody reach more.',
  './lint': 'Finds what is valid in a policy and yet not likely meant.',
  './mutate': 'Changes a policy a little, many times, and says which changes its tests do not notice.',
  './missing': 'The smallest changes that would allow what was refused.',
  './guard': 'A store whose every method is checked for the subject that calls it.',
  './records': 'Writes down what subjects are asked, and asks another policy the same. For Node.',
  './runtime': 'Policies that were compiled ahead of time, for browsers and edge runtimes, without zod.',
  './postgres':
    'Custom roles, assignments and keys in PostgreSQL, or another database, seen by every process.',
  './server':
    'A decision server for those who do not speak TypeScript: AuthZEN as one function of a `Request`.',
  './testing': 'Helpers and matchers for tests of your own, for any runner.',
  './testing/vitest': 'The names of `casemate/testing`, with matchers that `expect` of vitest 5 knows.',
  './testing/jest': 'The names of `casemate/testing`, with matchers that `expect` of `@jest/globals` knows.'
}

/** One page for each module, with tables in place of a heading for each property and parameter. */
const pluginOptions: PluginOptions = {
  entryFileName: 'README',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  indexFormat: 'table',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: { hideSources: true, hideModifiers: true, hideInherited: true, hideOverrides: true },
  pageTitleTemplates: { index: 'Entry points', module: ({ rawName }) => `\`${specifierOf(rawName)}\`` }
}

const typedocOptions: Partial<TypeDocOptions> = {
  plugin: ['typedoc-plugin-markdown'],
  router: 'module',
  name: 'casemate',
  readme: 'none',
  disableSources: true,
  disableGit: true,
  excludeInternal: true,
  excludeExternals: true,
  excludePrivate: true,
  groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', '*'],
  // `npm run typecheck` looks for errors.
  skipErrorChecking: true,
  // Public types may name internal ones: the reader sees the name and no link.
  validation: { notExported: false, invalidLink: true, invalidPath: true },
  logLevel: 'Warn'
}

/** The text of each page by its path in `docs/reference`. Throws where something public has no description. */
export async function apiPages(root: string): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'casemate-reference-'))
  try {
    const app = await Application.bootstrapWithPlugins({
      ...typedocOptions,
      ...(pluginOptions as object),
      entryPoints: entryPoints.map((entryPoint) => join(root, 'src', `${outputName(entryPoint)}.ts`)),
      out: folder,
      tsconfig: join(root, 'scripts/reference/tsconfig.src.json')
    })
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
      prepare(project)
    })
    const project = await app.convert()
    if (project === undefined) throw new Error('typedoc cannot read the entry points')
    app.validate(project)
    const bare = withoutDescription(project)
    if (bare.length > 0) throw new Error(`these have no description:\n${bare.join('\n')}`)
    await app.generateOutputs(project)
    if (app.logger.hasWarnings() || app.logger.hasErrors()) throw new Error('typedoc has warnings')
    return readPages(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Names the entry points as they are imported, and drops what has a symbol for a name: it is internal. */
function prepare(project: ProjectReflection): void {
  for (const reflection of Object.values(project.reflections))
    if (reflection.name.startsWith('[')) project.removeReflection(reflection)
  for (const reflection of project.getReflectionsByKind(ReflectionKind.TypeAlias)) listWords(reflection)
  for (const module of project.children ?? []) {
    const purpose = purposes[module.name === 'index' ? '.' : `./${module.name}`]
    if (purpose === undefined) throw new Error(`scripts/reference/api.ts has no purpose for ${module.name}`)
    module.comment = new Comment([{ kind: 'text', text: purpose }])
    if (module.name === 'index') module.name = 'casemate'
  }
}

/** What the docstrings inside a union of words say, as a list: the plugin leaves it out. */
function listWords(reflection: Reflection): void {
  if (!(reflection instanceof DeclarationReflection) || reflection.type?.type !== 'union') return
  const { types, elementSummaries } = reflection.type
  const lines = types.flatMap((type, index) => {
    const summary = elementSummaries?.[index] ?? []
    return type.type === 'literal' && summary.length > 0
      ? [`- \`${String(type.value)}\`: ${summary.map(({ text }) => text).join('')}`]
      : []
  })
  if (lines.length > 0) reflection.comment?.summary.push({ kind: 'text', text: `\n\n${lines.join('\n')}` })
}

function specifierOf(module: string): string {
  return module === 'casemate' ? module : `casemate/${module}`
}

const describedKinds: readonly ReflectionKind[] = [
  ReflectionKind.Class,
  ReflectionKind.Interface,
  ReflectionKind.TypeAlias,
  ReflectionKind.Variable,
  ReflectionKind.Property,
  ReflectionKind.Accessor,
  ReflectionKind.CallSignature
]

/** What is public and has no docstring; a property with one possible value says by that what it is. */
function withoutDescription(project: ProjectReflection): string[] {
  return Object.values(project.reflections)
    .filter((reflection) => describedKinds.includes(reflection.kind) && !reflection.hasComment())
    .filter((reflection) => !isInsideType(reflection) && !isConstant(reflection))
    .map((reflection) => reflection.getFullName())
}

/** Whether it is a part of a type that has no name of its own, or of a function's declaration. */
function isInsideType({ parent }: Reflection): boolean {
  if (parent === undefined) return false
  return parent.kindOf([ReflectionKind.TypeLiteral, ReflectionKind.TypeParameter]) || isInsideType(parent)
}

function isConstant(reflection: Reflection): boolean {
  if (!(reflection instanceof DeclarationReflection)) return false
  // A function's description is that of its signature.
  return reflection.signatures !== undefined || reflection.type?.type === 'literal'
}

function readPages(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md')
  )
  return new Map(names.sort().map((name) => [join('api', name), readFileSync(join(folder, name), 'utf8')]))
}
