// The files that `casemate init` writes. The texts of `minimal` are part of the program: a policy, its page of
// matrices, and a test of both. The other templates are policies that ship with the package and are copied from
// its folders.
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { RequestError } from '../../errors.js'
import { quoteValue, quoteValues } from '../../problems/quote.js'
import { suggest } from '../../problems/suggest.js'
import { pageText } from './page.js'
import { policyTexts, type PolicyFormat } from './policy.js'
import { testText, type ModuleKind, type Runner } from './test.js'

export interface StarterFile {
  readonly name: string
  readonly text: string
}

/** Small ports of products; the other shipped policies have folders of their own. */
const gallery = {
  gitea: 'levels on one repository, scopes of tokens',
  grafana: 'basic and fixed roles, permissions on folders',
  harbor: 'roles in projects, public and private ones',
  kubernetes: 'view, edit and admin of a namespace',
  mattermost: 'teams and channels with guests',
  sentry: 'organizations with teams, scopes of tokens'
} as const

export type Template = 'minimal' | 'saas' | 'coder' | keyof typeof gallery

/** The templates, each with a description. */
export const templates: Readonly<Record<Template, string>> = {
  minimal: 'projects with owners, members and auditors, and a test',
  saas: 'tenants, projects, documents, invoices and API keys',
  coder: 'the access model of a developer platform: 48 resources',
  ...gallery
}

/** @throws RequestError `invalid_request` for a name that no template has. */
export function readTemplate(name: string): Template {
  if (isTemplate(name)) return name
  const names = Object.keys(templates)
  const hint = suggest(name, names)
  const said = hint === undefined ? `there are ${quoteValues(names)}` : `did you mean ${quoteValue(hint)}?`
  throw new RequestError('invalid_request', `unknown template ${quoteValue(name)}; ${said}`, {
    path: 'template',
    value: name,
    hint
  })
}

function isTemplate(name: string): name is Template {
  return Object.hasOwn(templates, name)
}

/** What the minimal files are written in and for. */
export interface StarterSettings {
  readonly format: PolicyFormat
  readonly runner: Runner
  readonly module: ModuleKind
}

export async function starterFiles(
  template: Template,
  { format, runner, module }: StarterSettings
): Promise<readonly StarterFile[]> {
  if (template !== 'minimal') return shippedFiles(template)
  return [
    { name: `policy.${format}`, text: policyTexts[format] },
    { name: 'policy.md', text: pageText },
    ...(runner === 'none' ? [] : [{ name: 'policy.test.ts', text: testText({ format, runner, module }) }])
  ]
}

const main = 'index.ts'

/** A shipped policy with its pages but without generated files; its `index.ts` becomes `policy.ts`. */
async function shippedFiles(template: Template): Promise<readonly StarterFile[]> {
  const folder = policyFolder(template)
  const names = (await readdir(folder, { recursive: true })).filter(isCopied).sort()
  const copies = names.filter((name) => name !== main).map((name) => [name, name] as const)
  return Promise.all(
    [['policy.ts', main] as const, ...copies].map(async ([name, source]) => ({
      name,
      text: await readFile(join(folder, source), 'utf8')
    }))
  )
}

/** @throws RequestError `invalid_request` if the command is not part of the package, as in a single executable. */
function policyFolder(template: Template): string {
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve('casemate/package.json')),
      'policies',
      Object.hasOwn(gallery, template) ? 'gallery' : '',
      template
    )
  } catch {
    const message = `template ${quoteValue(template)}: its files are not with this copy of the command`
    throw new RequestError('invalid_request', message, { path: 'template', value: template })
  }
}

/** Whether a file is copied: code and statements. A clone has more files than the package. */
function isCopied(name: string): boolean {
  return /\.(?:ts|md|ndjson)$/.test(name) && !/^generated[\\/]/.test(name)
}
