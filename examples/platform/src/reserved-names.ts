// Names that no user has, wherever they come from: they stand in paths where the name of a user may stand.

const words = ['me', 'first', 'login', 'logout', 'authmethods', 'oauth2', 'oidc', 'oidc-claims']

/** Whether a name means something else in a path, in whatever letters. */
export function isReserved(name: string): boolean {
  return words.includes(name.toLowerCase())
}
