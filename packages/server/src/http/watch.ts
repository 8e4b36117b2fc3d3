/** What is noted about a request for the developer who looks at it. */
export interface Notes {
  operationId: string | undefined
  errorCodes: string[]
  decisions: string[]
}

const watched = new WeakMap<Request, Notes>()

/** From now on notes are taken about the request. */
export function watch(request: Request): Notes {
  const notes: Notes = { operationId: undefined, errorCodes: [], decisions: [] }
  watched.set(request, notes)
  return notes
}

/** Undefined unless somebody watches, as in production. */
export function notesOf(request: Request): Notes | undefined {
  return watched.get(request)
}

/** Notes, in words for a developer, by which rule the server took the request as whose. */
export function decided(request: Request, rule: string): void {
  watched.get(request)?.decisions.push(rule)
}
