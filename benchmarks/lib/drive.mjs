import autocannon from 'autocannon'

/**
 * Connections, each with one request under way: clients send no second one before the answer, and the server does not
 * begin with it either. So many keep the load generator awake: waking it would be charged to the server, and the more
 * the slower it is.
 */
export const CONNECTIONS = 64

/**
 * Sends requests for some seconds and returns the server's cost per request.
 *
 * @param {{ usage(): Promise<any> }} server
 * @param {object} load the requests are sent in turn
 * @param {string} load.url
 * @param {number} load.seconds
 * @param {object[]} load.requests
 * @param {number} [load.warmUp] Seconds before. Default is 1.
 * @returns {Promise<{ perSecond: number, cpuMicros: number, p50: number, p99: number }>}
 * @throws when an answer was not 2xx: the run is void
 */
export async function drive(server, { url, seconds, requests, warmUp = 1 }) {
  if (warmUp > 0) await run({ url, requests, connections: CONNECTIONS, duration: warmUp })
  const before = await server.usage()
  const result = await run({ url, requests, connections: CONNECTIONS, duration: seconds })
  const after = await server.usage()
  const count = result['2xx'] + result.non2xx
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(
      `Void: ${result.non2xx} of ${count} answers from ${url}${requests[0].path} were not 2xx, ${result.errors} failed`,
    )
  const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  return {
    perSecond: count / result.duration,
    cpuMicros: cpu / count,
    p50: result.latency.p50,
    p99: result.latency.p99,
  }
}

function run(options) {
  return new Promise((resolve, reject) =>
    autocannon(options, (error, result) => (error ? reject(error) : resolve(result))),
  )
}

/** The median of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
