/** What is noted about a request for whoever reads the log, and for the developer who looks at it. */
export interface Notes {
  operationId: string | undefined
  /** The id of the answer's errors, `clerk_trace_id`. */
  traceId: string | undefined
  /** The id that stands for who asked in the audit trail: of a secret key its id. */
  callerId: string | null
  errorCodes: string[]
  decisions: string[]
}

/** On the request itself, so that nothing else has to be kept in step with it. */
const NOTES = Symbol('notes')

type Watched = Request & { [NOTES]?: Notes }

/** From now on notes are taken about the request. */
export function watch(request: Request): Notes {
  const notes: Notes = { operationId: undefined, traceId: undefined, callerId: null, errorCodes: [], decisions: [] }
  ;(request as Watched)[NOTES] = notes
  return notes
}

/** Undefined unless somebody watches. */
export function notesOf(request: Request): Notes | undefined {
  return (request as Watched)[NOTES]
}

/** Notes, in words for a developer, by which rule the server took the request as whose. */
export function decided(request: Request, rule: string): void {
  notesOf(request)?.decisions.push(rule)
}
