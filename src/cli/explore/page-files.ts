// Finds what the build made of the explorer's pages: it stands in the package's `dist`, wherever this code stands in it.
import { readFile } from 'node:fs/promises'
import { CasemateError } from '../../errors.js'
import type { BuiltPage } from '../../explore/index.js'

/**
 * The texts of the files in `dist/explore`, by their names: the explorer, what keeps a page new, and the page that edits
 * with its worker.
 */
export type BuiltFiles = Readonly<
  Record<'page.js' | 'page.css' | 'first-view.js' | 'live.js' | 'edit.js' | 'edit.css' | 'worker.js', string>
>

/** From this file: in a command or a chunk of the build, and in the sources. */
const places = ['../explore/', './explore/', '../../../dist/explore/'] as const

/** @throws CasemateError `invalid_settings` for a package that was not built. */
export async function readBuilt(name: keyof BuiltFiles): Promise<string> {
  for (const place of places) {
    const text = await readFile(new URL(place + name, import.meta.url), 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  throw new CasemateError('invalid_settings', 'the page is not built: run `npm run build`')
}

/**
 * What the page is made of.
 *
 * @throws CasemateError `invalid_settings` for a package that was not built.
 */
export async function readBuiltPage(): Promise<BuiltPage> {
  return await builtPage({
    'page.js': await readBuilt('page.js'),
    'page.css': await readBuilt('page.css'),
    'first-view.js': await readBuilt('first-view.js')
  })
}

/** The same of texts that are at hand. */
export async function builtPage(
  files: Pick<BuiltFiles, 'page.js' | 'page.css' | 'first-view.js'>
): Promise<BuiltPage> {
  const code = Buffer.from(files['first-view.js']).toString('base64')
  const { firstView } = (await import(`data:text/javascript;base64,${code}`)) as Pick<BuiltPage, 'firstView'>
  return { script: files['page.js'], style: files['page.css'], firstView }
}
