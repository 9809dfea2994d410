// Bugs that could be in an object for Prisma, each a change of the object.

type Data = Readonly<Record<string, unknown>>

export interface PrismaBug {
  readonly name: string
  /** What a part becomes; the part itself where the bug is not in it. What is in the part was changed before. */
  readonly change: (part: Data) => Data
}

/** The object with a bug in every place where it could be. */
export function withBug(bug: PrismaBug, part: unknown): unknown {
  if (Array.isArray(part)) return part.map((one) => withBug(bug, one))
  if (typeof part !== 'object' || part === null) return part
  return bug.change(
    Object.fromEntries(Object.entries(part).map(([name, value]) => [name, withBug(bug, value)]))
  )
}

/** What asks for NULL is left out beside what fits. */
function withoutNull(
  name: string,
  isMeant: (one: Data) => boolean,
  asksNull: (one: Data) => boolean
): PrismaBug {
  return {
    name,
    change: (part) => {
      const { OR: either } = part as { readonly OR?: readonly Data[] }
      if (!either?.some(isMeant)) return part
      return { OR: either.filter((one) => !asksNull(one)) }
    }
  }
}

const valuesOf = (part: Data): readonly unknown[] => Object.values(part)
const asks = (part: Data, operator: string): boolean =>
  valuesOf(part).some(
    (value) => typeof value === 'object' && value !== null && Object.hasOwn(value, operator)
  )
const isNull = (part: Data): boolean => valuesOf(part).includes(null)
const isNullList = (part: Data): boolean => asks(part, 'equals')

/** Another operator in place of one. */
const inPlaceOf = (name: string, operator: string, other: Data): PrismaBug => ({
  name,
  change: (part) => (Object.hasOwn(part, operator) ? { ...other } : part)
})

export const bugs: readonly PrismaBug[] = [
  withoutNull('NULL beside what is not to be is left out', (one) => asks(one, 'notIn'), isNull),
  withoutNull('NULL beside an attribute is left out', (one) => asks(one, 'in'), isNull),
  withoutNull('NULL is an organization', (one) => valuesOf(one).includes(''), isNull),
  withoutNull(
    'NULL beside a list that is not to be is left out',
    (one) => Object.hasOwn(one, 'NOT'),
    isNullList
  ),
  withoutNull('NULL beside an empty list is left out', (one) => asks(one, 'isEmpty'), isNullList),
  inPlaceOf('what is not to be may be', 'notIn', { not: null }),
  inPlaceOf('a row of another table that is not to be may be', 'none', { every: {} }),
  {
    name: 'a row has to be in all the containers',
    change: ({ hasSome, ...part }) => (hasSome === undefined ? part : { ...part, hasEvery: hasSome })
  },
  {
    name: 'one of several is enough',
    change: ({ AND: all, ...part }) =>
      Array.isArray(all) && all.length > 1
        ? { ...part, OR: all as unknown }
        : all === undefined
          ? part
          : { ...part, AND: all }
  }
]
