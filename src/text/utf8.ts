// Bytes → text. Bytes that are not UTF-8 are never mended: two different names would become the same.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes, a byte order mark included; `undefined` for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}
