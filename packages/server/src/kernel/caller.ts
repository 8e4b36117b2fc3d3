/** Where a request came from. All null for the server's own work. */
export interface Origin {
  ipAddress: string | null
  userAgent: string | null
  /** The languages that the caller's program asks for, as in `Accept-Language`. Absent where it asks for none. */
  acceptLanguage?: string | null
  /** Another page of the same browser waits for what is done, with the cookie from before. */
  isAwaited?: boolean
  /**
   * The base of the Frontend API at which a browser asked, without a slash at the end, if that is an application's proxy
   * or a host of the instance. Absent for any other: nothing that a request names by itself is ever a part of a link.
   */
  frontendUrl?: string
  /** Sent with a testing token, which no limit counts. */
  isUnlimited?: boolean
  /** The id of the request. The answer and the log lines contain it. */
  traceId: string | null
  /** Makes a signal that aborts when whoever asked hangs up. It costs as much as a short answer: only long work asks. */
  signal?: () => AbortSignal
}

/** What the cookie of a browser says beside whose it is. */
export interface CookieView {
  /** Its part that changes; null at a satellite, where it does not. */
  rotatingToken: string | null
  /**
   * Unix milliseconds. It shows sessions that were opened until then: others came with a newer cookie, and whoever has a
   * copy of this one would have them too. Infinity for the newest.
   */
  openedUntil: number
}

/** What identifies a caller of each kind: ids only, never a key. */
export interface CallerIds {
  /** An application's server. */
  secret_key: { keyId: string }
  /** A browser, whether somebody is signed in or not. */
  client: { clientId: string; cookie?: CookieView }
  /** A signed-in person. `actorId` is who impersonates them. */
  session: { clientId: string; sessionId: string; userId: string; actorId: string | null; cookie?: CookieView }
  machine: { machineId: string }
  oauth_client: { applicationId: string }
  /** Somebody at the command line, or with an operator key. */
  operator: { name: string }
  public: Record<never, never>
  /** A worker of the server. */
  system: { worker: string }
}

export type CallerKind = keyof CallerIds

/** Who may call an endpoint. */
export type Access = Exclude<CallerKind, 'system'>

/** Of several kinds: a union, told apart by `kind`. */
export type CallerOf<Kind extends CallerKind> = Kind extends CallerKind
  ? { kind: Kind } & CallerIds[Kind] & Origin
  : never

/** Who asks for a change. The transaction writes it into events and the audit trail. */
export type Caller = { [Kind in CallerKind]: CallerOf<Kind> }[CallerKind]

const NOWHERE: Origin = { ipAddress: null, userAgent: null, traceId: null }

export function operator(name: string): CallerOf<'operator'> {
  return { kind: 'operator', name, ...NOWHERE }
}

export function system(worker: string): CallerOf<'system'> {
  return { kind: 'system', worker, ...NOWHERE }
}

/** The id that stands for the caller in events and the audit trail; null for the public. */
export function callerId(caller: Caller): string | null {
  switch (caller.kind) {
    case 'secret_key':
      return caller.keyId
    case 'client':
      return caller.clientId
    case 'session':
      return caller.userId
    case 'machine':
      return caller.machineId
    case 'oauth_client':
      return caller.applicationId
    case 'operator':
      return caller.name
    case 'system':
      return caller.worker
    case 'public':
      return null
  }
}

/** Where the address of the request is that of the person, not that of the application's server. */
export function inBrowser({ kind }: Caller): boolean {
  return kind === 'client' || kind === 'session' || kind === 'public'
}

/** Who acts in the name of the user whose session it is, as the actor token named them; null for anybody else. */
export function impersonatorOf(caller: Caller): string | null {
  return caller.kind === 'session' ? caller.actorId : null
}
