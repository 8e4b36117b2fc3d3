import type { RestClient } from '../rest-client.js'

/** Base of the APIs of all resources. */
export abstract class Api {
  protected readonly rest: RestClient

  constructor(rest: RestClient) {
    this.rest = rest
  }
}

/**
 * Encodes an id for a path, so that it can never add a segment or a query.
 *
 * @throws {TypeError} when it is missing, empty, `.` or `..`, which would name another resource.
 */
export function idInPath(id: string): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..') {
    throw new TypeError(`A valid resource ID is required, got ${JSON.stringify(id)}.`)
  }
  return encodeURIComponent(id)
}
