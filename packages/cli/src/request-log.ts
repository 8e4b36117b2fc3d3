import type { AnsweredRequest } from '@latchkey/server'

/** What a probe or a collector asks for, every few seconds. */
const PROBES = new Set(['/livez', '/readyz', '/metrics'])
/** Files of pages, and what the pages for development ask for by themselves. */
const OF_PAGES = /^\/(i\/[^/]+\/)?(npm|images|inbox|explain|webhooks|favicon\.ico)(\/|$)/

const COLOURS = { good: 32, refused: 33, failed: 31, missing: 35 } as const

/** Whether a log of production has the request: not what answers a probe well. */
export function isLogged({ path, status }: AnsweredRequest): boolean {
  return path === undefined || status >= 400 || !PROBES.has(path)
}

/** Whether a developer wants to see the request. */
export function isShown({ path, status }: AnsweredRequest): boolean {
  return path === undefined || status >= 500 || !(PROBES.has(path) || OF_PAGES.test(path))
}

/** A request on one line: `200 POST CreateUser 12 ms`. */
export function requestLine(
  { method, operationId, path, status, ms, errorCodes }: AnsweredRequest,
  { isColoured }: { isColoured: boolean },
): string {
  const isMissing = errorCodes.includes('not_implemented')
  const why = isMissing ? ['is not served yet'] : errorCodes
  const line = [status, method, operationId ?? path, `${Math.round(ms)} ms`, ...why].join(' ')
  return isColoured ? `\u001B[${COLOURS[isMissing ? 'missing' : outcomeOf(status)]}m${line}\u001B[39m` : line
}

function outcomeOf(status: number): 'good' | 'refused' | 'failed' {
  if (status >= 500) return 'failed'
  return status >= 400 ? 'refused' : 'good'
}
