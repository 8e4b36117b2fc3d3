import { Agent, request as send } from 'node:http'

/**
 * Sends requests that come by themselves, as from many browsers that know nothing of each other: at random times, at so
 * many a second in the mean, and whether or not earlier ones were answered. A load that sends its next request when it has
 * an answer would ask less of a slow server, and one with a rate for each connection asks in bursts.
 *
 * @param {{ url: string, rate: number, seconds: number, requests: () => { method: string, path: string,
 *   headers: Record<string, string>, body?: string } }} load
 * @returns {Promise<{ count: number, p50: number, p99: number }>} milliseconds from the moment a request was due
 * @throws when an answer was not 2xx: the run is void
 */
export async function arrive({ url, rate, seconds, requests }) {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 256 })
  const random = seeded(1)
  const waits = []
  const failures = new Map()
  const under = new Set()
  const start = performance.now()
  let due = 0
  while (due < seconds * 1000) {
    const now = performance.now() - start
    while (due <= now && due < seconds * 1000) {
      const at = due
      const answered = ask({ agent, hostname, port, ...requests() }).then((status) => {
        if (status >= 200 && status < 300) waits.push(performance.now() - start - at)
        else failures.set(status, (failures.get(status) ?? 0) + 1)
        under.delete(answered)
      })
      under.add(answered)
      due += (-Math.log(1 - random()) * 1000) / rate
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(under)
  agent.destroy()
  if (failures.size > 0) throw new Error(`Void: ${JSON.stringify([...failures])}`)
  waits.sort((a, b) => a - b)
  const percentile = (share) => waits[Math.floor(waits.length * share)]
  return { count: waits.length, p50: percentile(0.5), p99: percentile(0.99) }
}

/** @returns {Promise<number | string>} the status, or what went wrong */
function ask({ body, ...options }) {
  return new Promise((resolve) => {
    const request = send(options, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
      response.on('error', (error) => resolve(error.code ?? error.message))
    })
    request.on('error', (error) => resolve(error.code ?? error.message))
    request.end(body)
  })
}

/** The same numbers from 0 to 1 in each run (mulberry32). */
function seeded(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
