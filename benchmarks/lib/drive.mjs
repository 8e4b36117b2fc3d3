import autocannon from 'autocannon'

/**
 * Concurrent requests on each connection. With only one, the client sleeps between the answers of a slow server, and
 * the cost of waking it is charged to the server. Several keep it awake, so that only the server is measured.
 */
export const PIPELINING = 8

/**
 * Sends requests for some seconds and returns the server's cost per request.
 *
 * @param {{ usage(): Promise<any> }} server
 * @param {{ url: string, seconds: number, connections?: number, requests: object[] }} load the requests are sent in turn
 * @returns {Promise<{ perSecond: number, cpuMicros: number, p50: number, p99: number }>}
 * @throws when an answer was not 2xx: the run is void
 */
export async function drive(server, { url, seconds, connections = 8, requests }) {
  await run({ url, connections, pipelining: PIPELINING, requests, duration: 1 })
  const before = await server.usage()
  const result = await run({ url, connections, pipelining: PIPELINING, requests, duration: seconds })
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
