// What a run needs before it measures, on a fresh clone too: the built package, the coder policy as JSON, and what
// the model (`test/model.ts`) answers to every request of the workload. Answers are kept in `.cache` under a digest of
// all that they depend on. `CASEMATE_DIST` names another build to measure.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { requestsOf, worldsOf } from './worlds.mjs'

const bench = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))
const cache = `${bench}.cache`

/** The folder of the build that is measured. */
export const distFolder = process.env.CASEMATE_DIST ?? `${root}dist`

/** One entry point of the build: `index`, `casl/index`, `runtime/index`; `undefined` where it is not built. */
export async function entryPoint(name) {
  const file = `${distFolder}/${name}.js`
  return existsSync(file) ? import(pathToFileURL(file).href) : undefined
}

/** A world by its name: `document`, `subjects`, and its `requests`, each with the model's answer as `allowed`. */
export function readWorld(name) {
  const { allowed } = JSON.parse(readFileSync(`${cache}/answers.json`, 'utf8'))
  const world = worldsOf(JSON.parse(readFileSync(`${cache}/coder.json`, 'utf8')))[name]
  const requests = requestsOf(world).map((request, i) => ({ ...request, allowed: allowed[name][i] === '1' }))
  return { ...world, requests }
}

/** Builds and answers what is missing or out of date; `say` is told what takes time. */
export async function setUp(say) {
  if (!existsSync(`${root}node_modules`)) {
    say('installing the dependencies of casemate')
    execFileSync('npm', ['ci'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  if (process.env.CASEMATE_DIST === undefined && isOlder(`${root}dist/index.js`, `${root}src`)) {
    say('building casemate')
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const digest = digestOf([
    `${root}policies/coder`,
    `${root}test/model.ts`,
    `${root}test/model`,
    `${bench}workload.mjs`,
    `${bench}worlds.mjs`,
    `${bench}places.mjs`
  ])
  if (existsSync(`${cache}/answers.json`)) {
    const { of } = JSON.parse(readFileSync(`${cache}/answers.json`, 'utf8'))
    if (of === digest) return
  }
  say('asking the model for every answer')
  await answer(digest)
}

async function answer(digest) {
  const { createJiti } = await import(pathToFileURL(`${root}node_modules/jiti/lib/jiti.mjs`).href)
  const jiti = createJiti(import.meta.url, { alias: { casemate: `${distFolder}/index.js` } })
  const coder = await jiti.import(`${root}policies/coder/index.ts`, { default: true })
  const { modelAnswer } = await jiti.import(`${root}test/model.ts`)
  const answersTo = (asked) => {
    const { document, subjects, asModelled } = asked
    const world = { document, options: {}, customRoles: { site: {}, orgs: {} } }
    return requestsOf(asked)
      .map(({ subject, action, object }) => {
        const { input } = subjects[subject]
        const question = asModelled?.(document, input, object) ?? { subject: input, object }
        const answered = modelAnswer(world, { ...question, action })
        if ('error' in answered) throw new Error(`the model refuses a request: ${answered.error}`)
        return answered.allowed ? '1' : '0'
      })
      .join('')
  }
  const worlds = Object.entries(worldsOf(JSON.parse(JSON.stringify(coder))))
  const allowed = Object.fromEntries(worlds.map(([name, world]) => [name, answersTo(world)]))
  mkdirSync(cache, { recursive: true })
  write('coder.json', coder)
  write('answers.json', { of: digest, allowed })
}

/** Whole or not at all: a run that is interrupted leaves no half a file. */
function write(name, value) {
  writeFileSync(`${cache}/${name}.new`, JSON.stringify(value))
  renameSync(`${cache}/${name}.new`, `${cache}/${name}`)
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
    .sort()
}

function digestOf(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesOf)) hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

function isOlder(file, folder) {
  if (!existsSync(file)) return true
  const built = statSync(file).mtimeMs
  return filesOf(folder).some((source) => statSync(source).mtimeMs > built)
}
