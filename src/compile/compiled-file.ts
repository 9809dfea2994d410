// The file of a policy compiled ahead of time: what it holds, its version, and a checksum against accidents (a cut
// file, an edit by hand). The checksum is no signature: whoever can write the file can write the policy.
import type { PolicyData, RoleDocument } from '../document/types.js'

/** The version of the format; a file of another one is refused, since this code might not read all of it. */
export const fileVersion = 2

/** What decisions read of a policy. */
export interface CompiledContent {
  /** The checked document without what only people and tools read; its options have their chosen value alone. */
  readonly document: PolicyData
  readonly siteRoles: Readonly<Record<string, RoleDocument>>
  /** By organization. */
  readonly orgRoles: RolesByPlace
  /** By container, then by id. */
  readonly containerRoles: Readonly<Record<string, RolesByPlace>>
}

/** Custom roles by the id of the place in which they are held. */
export type RolesByPlace = Readonly<Record<string, Readonly<Record<string, RoleDocument>>>>

/** Plain data, for `JSON.stringify`. */
export interface CompiledFile {
  /** The version of the format. A file of another version is refused. */
  readonly casemate: number
  /** Of `content` as `JSON.stringify` writes it. */
  readonly checksum: string
  /** The policy. Its form may change with the version. */
  readonly content: CompiledContent
}

/** FNV-1a over UTF-16 code units, twice with different starts: 64 bits in hexadecimal. */
export function checksumOf(text: string): string {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x85ebca6b)
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
