declare const checked: unique symbol

/** The path of a request. Only {@link path} creates one. */
export type Path = string & { readonly [checked]: true }

/**
 * Puts ids into a path: path`/users/${userId}/ban`. Each is percent-encoded, so that it can never add a segment or a
 * query.
 *
 * @throws {TypeError} when an id is missing, empty, `.` or `..`, which would name another resource.
 */
export function path(literals: TemplateStringsArray, ...ids: string[]): Path {
  return literals.reduce((start, literal, index) => start + encodeId(ids[index - 1]) + literal) as Path
}

function encodeId(id: string | undefined): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..') {
    throw new TypeError(`A valid resource ID is required, got ${JSON.stringify(id)}.`)
  }
  return encodeURIComponent(id)
}
