import type { RestClient } from '../rest-client.js'

/** The calls of one resource. */
export abstract class Api {
  protected readonly rest: RestClient

  constructor(rest: RestClient) {
    this.rest = rest
  }
}

/**
 * An id as a part of a path. It can never add a segment or a query.
 *
 * @throws {TypeError} when it is missing, empty, `.` or `..`, which would name another resource.
 */
export function idInPath(id: string): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..') {
    throw new TypeError(`A valid resource ID is required, got ${JSON.stringify(id)}.`)
  }
  return encodeURIComponent(id)
}
