// A browser that a person signs in with: it follows redirects and keeps the cookies of each host, until it is sent to the
// address at which it is expected back.

export interface Browser {
  /** Asks for an address once, with the cookies of its host. */
  readonly ask: (url: URL) => Promise<Response>
  /** Goes to an address, and on to wherever it is sent; the answer is the address below `until` that it would ask for. */
  readonly visit: (url: URL, until: string) => Promise<URL>
}

const mostRedirects = 10

export function openBrowser(): Browser {
  const cookies = new Map<string, Map<string, string>>()

  const ask = async (url: URL): Promise<Response> => {
    const jar = cookies.get(url.host) ?? new Map<string, string>()
    cookies.set(url.host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { headers: { cookie }, redirect: 'manual' })
    for (const header of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  return {
    ask,
    visit: async (url, until) => {
      let at = url
      for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
        const response = await ask(at)
        const location = response.headers.get('location')
        if (location === null)
          throw new Error(`${at.href} answered ${response.status}: ${await response.text()}`)
        at = new URL(location, at)
        if (at.href.startsWith(until)) return at
      }
      throw new Error(`more than ${mostRedirects} redirects, the last to ${at.href}`)
    }
  }
}
