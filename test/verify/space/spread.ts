// Some of many things, evenly spread: generated policies may have thousands of permissions.

/** At most `most` of the items, from the first on at equal distances. */
export function spread<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.ceil(items.length / most))
  return items.filter((_, index) => index % step === 0)
}
