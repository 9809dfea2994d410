// A policy written as code → the checked document. It runs the file, so only load trusted files. The loader is imported
// only when such a file is loaded.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { JitiOptions } from 'jiti'
import { isPolicyDocument, parsePolicy, type DocumentLimits, type PolicyDocument } from '../document/index.js'
import { isCasemateError } from '../errors.js'
import { placedError } from './placed.js'
import { notUtf8 } from '../problems/unicode.js'
import { textError } from '../text/problem.js'
import { decodeUtf8 } from '../text/utf8.js'

/**
 * Runs the file and parses what it exports: its default, `policy`, or `module.exports`; a promise is awaited.
 * Loaded again at every call, so that changes to the file take effect.
 */
export async function loadCode(name: string, file: string, limits: DocumentLimits): Promise<PolicyDocument> {
  const exported = await run(name, async () => findPolicy(await importCode(file)))
  if (exported === undefined) {
    const message = 'exports no policy: neither a default export nor one named `policy`'
    throw textError(name, '', [{ code: 'no_policy_exported', message }])
  }
  return await run(name, () => Promise.resolve(parsePolicy(exported, limits)))
}

async function importCode(file: string): Promise<unknown> {
  const [{ createJiti }, casemate] = await Promise.all([import('jiti/static'), import('../index.js')])
  const url = pathToFileURL(file).href
  const settings: JitiOptions = {
    // The running module itself, so that a policy can import it from any folder and its errors are ours.
    virtualModules: { casemate },
    // No cache of code in the temporary folder: others may be able to write there.
    fsCache: false,
    moduleCache: false,
    interopDefault: false
  }
  const plain = createJiti(url, settings)
  const jiti = createJiti(url, {
    ...settings,
    transform: (module) => {
      refuseMended(module.source, module.filename)
      return { code: plain.transform(module) }
    }
  })
  return await jiti.import(file)
}

/**
 * Refuses a module that is not UTF-8. The loader has read it already and turned broken bytes into U+FFFD, so only where
 * there is one do the bytes have to be looked at. Modules that Node runs as they are (`.mjs`, `.cjs`, `.json`) do not
 * come here.
 */
function refuseMended(source: string, file: string | undefined): void {
  if (file === undefined || !source.includes('\uFFFD')) return
  if (decodeUtf8(readFileSync(file)) === undefined)
    throw textError(file, '', [{ code: 'syntax_error', message: notUtf8 }])
}

/**
 * Runs the code of a policy file. Problems of a document get the file's name; their lines are not known, since the
 * document is what the code made. An error that is not ours becomes the `cause` of a `PolicyError`.
 */
async function run<T>(name: string, code: () => Promise<T>): Promise<T> {
  try {
    return await code()
  } catch (error) {
    if (isCasemateError(error)) throw placedError(error, name)
    const message = error instanceof Error ? error.message : String(error)
    const failure = textError(name, '', [{ code: 'policy_code_failed', message }])
    failure.cause = error
    throw failure
  }
}

/**
 * The export that is a policy; if none looks like one, the default or `policy` export, which the parser then refuses.
 */
async function findPolicy(module: unknown): Promise<unknown> {
  const byDefault: unknown = await property(module, 'default')
  const candidates = [
    await property(byDefault, 'default'),
    await property(byDefault, 'policy'),
    byDefault,
    await property(module, 'policy'),
    module
  ]
  return candidates.find(isPolicyLike) ?? byDefault ?? candidates[3]
}

function isPolicyLike(value: unknown): boolean {
  return (
    isPolicyDocument(value) ||
    (typeof value === 'object' && value !== null && Object.hasOwn(value, 'resources'))
  )
}

async function property(value: unknown, key: string): Promise<unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? await Reflect.get(value, key)
    : undefined
}
