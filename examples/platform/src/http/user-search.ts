// The search of the list of users: words, and keys with values.
import { ApiError } from '../api-error.js'
import type { UserSearch } from '../store/users.js'

const keys: Readonly<Record<string, 'status' | 'loginType' | 'role'>> = {
  status: 'status',
  login_type: 'loginType',
  role: 'role'
}

/** @throws ApiError that names every key that there is not. */
export function readSearch({
  q = '',
  after_id: afterId,
  limit,
  offset
}: {
  readonly q?: string | undefined
  readonly after_id?: string | undefined
  readonly limit: number
  readonly offset: number
}): UserSearch {
  const words = q.split(/\s+/).filter((word) => word !== '')
  const unknown = words.filter((word) => word.includes(':') && keyOf(word) === undefined)
  if (unknown.length > 0)
    throw new ApiError(400, 'The request is not valid.', {
      validations: unknown.map((word) => ({
        field: 'q',
        detail: `There is no ${JSON.stringify(word)}; one may search by ${Object.keys(keys).join(', ')}.`
      }))
    })
  const pairs = words.flatMap((word) => {
    const key = keyOf(word)
    return key === undefined ? [] : [[key, word.slice(word.indexOf(':') + 1)] as const]
  })
  return {
    texts: words.filter((word) => !word.includes(':')),
    ...Object.fromEntries(pairs),
    afterId,
    limit: limit === 0 ? 1000 : limit,
    offset
  }
}

function keyOf(word: string): 'status' | 'loginType' | 'role' | undefined {
  const name = word.slice(0, word.indexOf(':'))
  return word.includes(':') && Object.hasOwn(keys, name) ? keys[name] : undefined
}
