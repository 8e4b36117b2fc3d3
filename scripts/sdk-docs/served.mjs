import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup.mjs'

/** An operation's row: its paths, with methods, and whether it is served. */
const ROW = /^\| \S+ \| ((?:`[A-Z]+ [^`]+` ?)+)\| (yes|no) \|/

/**
 * The requests that the server of this repository does not serve yet, as `SUPPORTED.md` says.
 *
 * @returns {(request: string) => boolean} told a request such as `GET /v1/users/{userId}`
 */
export function readMissing() {
  const missing = new Set()
  const [backend] = readFileSync(join(root, 'SUPPORTED.md'), 'utf8').split('\n## Frontend API\n')
  for (const line of backend.split('\n')) {
    const [, requests, served] = ROW.exec(line) ?? []
    if (served !== 'no') continue
    for (const [, request] of requests.matchAll(/`([^`]+)`/g)) missing.add(withoutNames(request))
  }
  return (request) => missing.has(withoutNames(request))
}

/** Parameters have other names in the SDK than in the contract. @param {string} request */
function withoutNames(request) {
  return request.replace(/:\w+|\{\w+\}/g, '{}')
}
