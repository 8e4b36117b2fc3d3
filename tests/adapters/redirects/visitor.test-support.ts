import { request as send, type IncomingHttpHeaders } from 'node:http'

/** Where a host name leads: the port of a server on this machine. Names below `localhost` need no entry. */
export type Network = Map<string, number>

interface Cookie {
  name: string
  value: string
  host: string
  /** Whether hosts below get it too. */
  isForDomain: boolean
  path: string
  isSecure: boolean
}

export interface Visited {
  /** Where the visit ended. */
  url: URL
  status: number
  text: string
  /** The URLs that it was redirected to, in order. */
  redirects: URL[]
}

/** As browsers do: Chromium gives up after 20. */
const MOST_REDIRECTS = 20

/** A browser without scripts: it keeps cookies, and follows redirects as a visit of a page does. */
export class Visitor {
  readonly #cookies: Cookie[] = []

  constructor(private readonly network: Network) {}

  /** Opens a page. @throws {Error} after 20 redirects */
  async visit(address: string): Promise<Visited> {
    const redirects: URL[] = []
    let url = new URL(address)
    while (true) {
      const { status, headers, text } = await this.#get(url)
      const { location } = headers
      if (status < 300 || status > 399 || location === undefined) return { url, status, text, redirects }
      url = new URL(location, url)
      redirects.push(url)
      if (redirects.length > MOST_REDIRECTS) throw new Error(`A loop of redirects:\n${redirects.join('\n')}`)
    }
  }

  /** Calls the Frontend API as a page of `origin` does. */
  async post(address: string, origin: string, form: Record<string, string>): Promise<string> {
    const body = String(new URLSearchParams(form))
    const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' }
    const { status, text } = await this.#send(new URL(address), { method: 'POST', headers, body })
    if (status !== 200) throw new Error(`${address} answers ${status}: ${text}`)
    return text
  }

  /** All cookies, for another browser to go on with. */
  cookies(): { name: string; value: string; domain: string; path: string; secure: boolean }[] {
    return this.#cookies.map(({ name, value, host, isForDomain, path, isSecure }) => ({
      name,
      value,
      domain: isForDomain ? `.${host}` : host,
      path,
      secure: isSecure,
    }))
  }

  /** The value of a cookie that a page at this address gets. */
  valueOf(address: string, wanted: string): string {
    return this.#cookiesFor(new URL(address)).find(({ name }) => name === wanted)!.value
  }

  /** Gives the cookies whose name begins so another value. */
  replace(prefix: string, value: string): void {
    for (const cookie of this.#cookies) if (cookie.name.startsWith(prefix)) cookie.value = value
  }

  /** Sets a cookie as a script of the page does. */
  set(address: string, name: string, value: string): void {
    this.#keep(new URL(address), `${name}=${value}; Path=/`)
  }

  /** Forgets the cookies whose name begins so. */
  forget(prefix: string): void {
    const left = this.#cookies.filter(({ name }) => !name.startsWith(prefix))
    this.#cookies.splice(0, this.#cookies.length, ...left)
  }

  #get(url: URL) {
    const headers = {
      'accept': 'text/html,application/xhtml+xml',
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
    }
    return this.#send(url, { method: 'GET', headers })
  }

  async #send(
    url: URL,
    { method, headers, body }: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
    const port = this.network.get(url.host) ?? (/(^|\.)localhost$/.test(url.hostname) ? Number(url.port) : undefined)
    if (!port) throw new Error(`A visit leads to another host: ${url}`)
    const cookie = this.#cookiesFor(url)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    // What the proxy says that takes https off.
    const forwarded = url.protocol === 'https:' ? { 'x-forwarded-proto': 'https', 'x-forwarded-host': url.host } : {}
    const answer = await new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>(
      (resolve, reject) => {
        const request = send(
          {
            port,
            host: '127.0.0.1',
            path: url.pathname + url.search,
            method,
            headers: { host: url.host, ...forwarded, ...headers, ...(cookie ? { cookie } : {}) },
            agent: false,
          },
          (response) => {
            let text = ''
            response.setEncoding('utf8').on('data', (part: string) => (text += part))
            response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
          },
        )
        request.on('error', reject).end(body)
      },
    )
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(url, line)
    return answer
  }

  #cookiesFor({ hostname, pathname, protocol }: URL): Cookie[] {
    return this.#cookies.filter(
      ({ host, isForDomain, path, isSecure }) =>
        (hostname === host || (isForDomain && hostname.endsWith(`.${host}`))) &&
        (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)) &&
        (protocol === 'https:' || !isSecure),
    )
  }

  #keep({ hostname }: URL, line: string): void {
    const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
    const attributes = new Map(
      rest.map((part) => [part.split('=', 1)[0]!.toLowerCase(), part.slice(part.indexOf('=') + 1)]),
    )
    const domain = attributes.get('domain')?.replace(/^\./, '')
    // A browser refuses a cookie for somebody else's domain.
    if (domain !== undefined && hostname !== domain && !hostname.endsWith(`.${domain}`)) return
    const cookie = {
      name: pair.slice(0, pair.indexOf('=')),
      value: pair.slice(pair.indexOf('=') + 1),
      host: domain ?? hostname,
      isForDomain: domain !== undefined,
      path: attributes.get('path') ?? '/',
      isSecure: attributes.has('secure'),
    }
    const same = this.#cookies.findIndex(
      ({ name, host, isForDomain, path }) =>
        name === cookie.name && host === cookie.host && isForDomain === cookie.isForDomain && path === cookie.path,
    )
    if (same >= 0) this.#cookies.splice(same, 1)
    const expires = attributes.get('expires')
    const isOver = Number(attributes.get('max-age') ?? 1) <= 0 || (expires !== undefined && Date.parse(expires) < 1000)
    if (!isOver) this.#cookies.push(cookie)
  }
}
