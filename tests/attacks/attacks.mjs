import { connect } from 'node:net'

/**
 * @import { Proxy } from './proxy.mjs'
 * @import { Victim } from './victim.mjs'
 */

/**
 * @typedef {{
 *   connections: number
 *   requests: number on each connection
 *   seconds: number that an attack goes on
 * }} Scale
 *
 * @typedef {(victim: Victim, scale: Scale) => Promise<void>} Attack
 */

/** @type {Scale} */
export const short = { connections: 60, requests: 400, seconds: 1.5 }
/** @type {Scale} Longer than the deadlines of the listener. */
export const long = { connections: 600, requests: 2000, seconds: 40 }

/** What strangers and bad clients do, by name. Each resolves once it has let go of all its connections. */
export const attacks = /** @type {Record<string, Attack>} */ ({
  'pipelined requests for a large picture, never read': async (victim, { connections, requests, seconds }) => {
    const head = `GET ${victim.picturePath} HTTP/1.1\r\nhost: localhost\r\n\r\n`
    // One above the number that closes the connection, and others below it.
    await held(victim, { count: 1, sent: head.repeat(requests), reads: false, seconds })
    await held(victim, { count: connections / 4, sent: head.repeat(50), reads: false, seconds })
  },

  'unread answers': async (victim, { connections, seconds }) => {
    const sent = `GET ${victim.picturePath} HTTP/1.1\r\nhost: localhost\r\n\r\n`
    await held(victim, { count: connections, sent, reads: false, seconds })
  },

  'slow heads': async (victim, { connections, seconds }) => {
    const sent = 'GET /livez HTTP/1.1\r\nhost: localhost\r\nx-slow: '
    await held(victim, { count: connections * 5, sent, drip: 'x', seconds })
  },

  'slow bodies': async (victim, { connections, seconds }) => {
    const sent = `${post(victim, '/v1/users', 1_000_000)}{"username":"`
    await held(victim, { count: connections * 2, sent, drip: 'x', seconds })
  },

  'passwords to hash, for clients that hang up': async (victim, { connections, seconds }) => {
    const until = performance.now() + seconds * 1000
    for (let round = 0; performance.now() < until; round++) {
      const sent = Array.from({ length: connections }, (_, index) => {
        const body = JSON.stringify({
          email_address: [`gone-${round}-${index}@example.com`],
          password: 'correct horse battery staple',
        })
        return post(victim, '/v1/users', body.length) + body
      })
      await Promise.all(sent.map((text) => held(victim, { count: 1, sent: text, seconds: 0.05 })))
    }
  },

  'uploads that end half way': async (victim, { connections, seconds }) => {
    const sent = `${post(victim, '/v1/users', 900_000)}{"username":"${'x'.repeat(500_000)}`
    await held(victim, { count: connections, sent, seconds: Math.min(seconds, 1) })
  },

  'the description of the API, at once and again': async (victim, { connections, seconds }) => {
    const until = performance.now() + seconds * 1000
    const ask = async () => {
      while (performance.now() < until) await (await fetch(`${victim.url}/v1/openapi.json`)).arrayBuffer()
    }
    await Promise.all(Array.from({ length: Math.min(connections, 16) }, ask))
  },
})

/**
 * A database that falls silent under requests, and is there again later.
 *
 * @param {Pick<Proxy, 'silence' | 'resume'>} proxy before the victim's database
 * @returns {Attack}
 */
export const hungDatabase =
  (proxy) =>
  async (victim, { connections, seconds }) => {
    const headers = { authorization: `Bearer ${victim.secretKey}`, 'content-type': 'application/json' }
    const statuses = new Set()
    const ask = async (index) => {
      const body = JSON.stringify({ email_address: [`hung-${index}@example.com`], skip_password_requirement: true })
      const init = index % 2 === 0 ? { headers } : { headers, method: 'POST', body }
      const response = await fetch(`${victim.url}/v1/users`, init)
      await response.arrayBuffer()
      statuses.add(response.status)
    }
    proxy.silence()
    // Longer than a request waits for its database.
    const until = performance.now() + Math.max(seconds, 8) * 1000
    while (performance.now() < until) await Promise.all(Array.from({ length: connections }, (_, index) => ask(index)))
    proxy.resume()
    statuses.delete(503)
    // What came through before the silence.
    for (const status of [200, 422]) statuses.delete(status)
    if (statuses.size > 0) throw new Error(`A silent database was answered ${[...statuses]}`)
    await recovered(victim, headers)
  }

/** Resolves once the victim answers from its database again. */
async function recovered(victim, headers) {
  const until = performance.now() + 60_000
  while (performance.now() < until) {
    const { status } = await fetch(`${victim.url}/v1/users/count`, { headers })
    if (status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The database is back, and the server does not notice')
}

/** @param {Victim} victim */
function post({ secretKey }, path, length) {
  const headers = ['host: localhost', `authorization: Bearer ${secretKey}`, 'content-type: application/json']
  return `POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\ncontent-length: ${length}\r\n\r\n`
}

/**
 * Opens connections, sends, and holds them for a time.
 *
 * @param {Victim} victim
 * @param {{ count: number, sent: string, drip?: string, reads?: boolean, seconds: number }} options `drip` is sent
 *   again and again
 */
async function held({ port }, { count, sent, drip, reads = true, seconds }) {
  const sockets = Array.from({ length: Math.ceil(count) }, () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    if (reads) socket.resume()
    else socket.pause()
    socket.write(sent)
    return socket
  })
  const dripping = setInterval(() => {
    if (drip !== undefined) for (const socket of sockets) if (socket.writable) socket.write(drip)
  }, 200)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  clearInterval(dripping)
  for (const socket of sockets) socket.resetAndDestroy()
}

/**
 * Lets an attack run beside a client that behaves.
 *
 * @param {Victim} victim
 * @param {Attack} attack
 * @param {Scale} scale
 * @returns {Promise<{ answered: number, p99: number, rss: number, mostRss: number }>} how many answers the client got, and
 *   the 99th percentile of their times in milliseconds
 */
export async function measure(victim, attack, scale) {
  let isOver = false
  const times = []
  const client = (async () => {
    while (!isOver) {
      const started = performance.now()
      const response = await fetch(`${victim.url}/v1/users/count`, {
        headers: { authorization: `Bearer ${victim.secretKey}` },
      })
      await response.arrayBuffer()
      if (response.status === 200) times.push(performance.now() - started)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  await attack(victim, scale)
  isOver = true
  await client
  times.sort((a, b) => a - b)
  const { now, most } = victim.memory()
  return { answered: times.length, p99: times[Math.floor(times.length * 0.99)] ?? 0, rss: now, mostRss: most }
}

/** A line for a reader. */
export function describeMeasured(name, { answered, p99, rss, mostRss }) {
  const mb = (bytes) => `${Math.round(bytes / 1024 / 1024)} MB`
  return `${name}: ${answered} answers to others, p99 ${p99.toFixed(0)} ms, RSS ${mb(rss)}, at most ${mb(mostRss)}`
}
