// The positions in a policy file, for reports about a policy that has been loaded.
import { defaultMaxBytes } from '../../document/index.js'
import { formatOf } from '../../node/load-policy.js'
import { positionsIn, type Positions } from '../../node/positions.js'
import { readTextFile } from '../../node/read-text.js'

/** The positions in a JSON or YAML file; `undefined` for a policy that is code, where positions are not known. */
export async function locateIn(path: string): Promise<Positions | undefined> {
  if (formatOf(path) === undefined) return undefined
  const file = await readTextFile(path, { maxBytes: defaultMaxBytes })
  return file.ok ? await positionsIn(file.text.replace(/^\uFEFF/, '')) : undefined
}
