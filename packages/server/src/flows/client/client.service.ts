import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf, CookieView } from '../../kernel/caller.js'
import { isShown } from '../../resources/client-records/client-cookies.rules.js'
import { COOKIE_LIFETIME } from '../../resources/client-records/client-tokens.rules.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import type { ClientRecord } from '../../resources/client-records/client-records.table.js'
import type { BrowserSessionService } from '../../resources/sessions/browser-sessions.service.js'
import type { SessionViewService } from '../../resources/sessions/session-views.service.js'
import { isSignedIn } from '../../resources/sessions/sessions.rules.js'
import type { SessionRecord } from '../../resources/sessions/sessions.table.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import type { ClientView } from './client.wire.js'

/** A sign-in or sign-up that a browser has begun, as on the wire. */
export interface AttemptView {
  /** Resolves to undefined for an unknown id. */
  toJSON(id: string): Promise<unknown>
}

/** A browser with its signed-in sessions, as they are stored. */
export interface HeldClient {
  client: ClientRecord
  sessions: readonly SessionRecord[]
}

interface ClientFlowOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  sessions: SessionService
  browserSessions: BrowserSessionService
  sessionViews: SessionViewService
  signIns: AttemptView
  signUps: AttemptView
}

type Browser = CallerOf<'client'>

/** A browser as it sees itself. */
export class ClientFlowService {
  constructor(private readonly options: ClientFlowOptions) {}

  /**
   * @param cookie what shows the browser, unless it is a token
   * @returns null if nothing is stored of the browser
   */
  async held(clientId: string, cookie: CookieView | undefined): Promise<HeldClient | null> {
    const { context, clientRecords, sessions } = this.options
    const client = await clientRecords.find(clientId)
    if (!client) return null
    const now = context.clock.now()
    const held = await sessions.listOfClients([clientId])
    return { client, sessions: held.filter((session) => isSignedIn(session, now) && isShown(session, cookie)) }
  }

  /** @param origin of the page, for the sessions' tokens */
  async viewOf({ client, sessions: held }: HeldClient, origin: string | undefined): Promise<ClientView> {
    const { context, sessionViews, signIns, signUps } = this.options
    const viewer = { origin, since: client.updatedAt }
    const isProduction = context.instance.environmentType === 'production'
    return {
      client,
      sessions: await Promise.all(held.map((session) => sessionViews.view(session, viewer))),
      cookieExpiresAt: isProduction ? (client.rotatedAt ?? client.createdAt) + COOKIE_LIFETIME : null,
      signIn: client.signInId === null ? null : await signIns.toJSON(client.signInId),
      signUp: client.signUpId === null ? null : await signUps.toJSON(client.signUpId),
    }
  }

  /** Stores the browser, if it is not yet. */
  async create(caller: Browser): Promise<void> {
    const { context, clientRecords } = this.options
    await context.transaction(caller, (tx) => clientRecords.ensure(caller.clientId, tx))
  }

  /** Ends all sessions of the browser, and what it has begun. */
  async signOut(caller: Browser): Promise<void> {
    const { context, clientRecords, browserSessions } = this.options
    const { clientId } = caller
    await context.transaction(caller, async (tx) => {
      if (!(await clientRecords.find(clientId, tx))) return
      await browserSessions.endAll(caller, tx)
      await clientRecords.rotate(clientId, { lastActiveSessionId: null, signInId: null, signUpId: null }, tx)
    })
  }
}
