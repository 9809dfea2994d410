// Where a role is held, and with it the objects that it is about: everywhere, in an organization, or in a container
// that may lie in an organization.

/** A container, by its kind and id. */
export interface ContainerPlace {
  readonly kind: string
  /** The number of its kind, in the order of the document. */
  readonly number: number
  readonly id: string
}

/** A place; the site has neither part. */
export interface Place {
  readonly org: string | undefined
  readonly container: ContainerPlace | undefined
}

/** A place as callers name it: the id of an organization, its parts by name, or nothing for the site. */
export type PlaceInput =
  | string
  | null
  | undefined
  | {
      readonly org?: string | null | undefined
      readonly [container: string]: string | null | undefined
    }

/** The kind of the roles that are held in a place. */
export function kindAt({ org, container }: Place): string {
  return container?.kind ?? (org === undefined ? 'site' : 'org')
}

/** The id of the organization or container in which the roles of a place are held; the site has none. */
export function idAt({ org, container }: Place): string | undefined {
  return container?.id ?? org
}

/** The place as answers name it. */
export function placeParts({ org, container }: Place): {
  readonly org?: string
  readonly container?: string
} {
  return {
    ...(org === undefined ? {} : { org }),
    ...(container === undefined ? {} : { container: container.id })
  }
}
