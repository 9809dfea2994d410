// What an id may be, and how many a list may name.

/** The most entries that an allow list may have, counted as given. */
export const longestAllowList = 128

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is a UUID of any version, in either case. */
export function isUuid(text: string): boolean {
  return uuid.test(text)
}
