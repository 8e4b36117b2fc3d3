import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { frontendErrors } from '../../kernel/errors/frontend-errors.js'
import type { Changes, New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { SessionRecord } from '../sessions/sessions.table.js'
import { isOlder } from './client-cookies.rules.js'
import { ClientRecordStore } from './client-records.store.js'
import type { ClientKey, ClientRecord, clients } from './client-records.table.js'

/** The rows of browsers and apps. Sessions build on this service. */
export class ClientRecords {
  readonly #store: ClientRecordStore
  readonly get: ClientRecordStore['get']
  readonly find: ClientRecordStore['find']
  /** Newest first. */
  readonly list: ClientRecordStore['page']

  constructor(private readonly context: InstanceContext) {
    this.#store = new ClientRecordStore(context)
    this.get = (id, tx) => this.#store.get(id, tx)
    this.find = (id, tx) => this.#store.find(id, tx)
    this.list = (page) => this.#store.page(page)
  }

  /** @throws {ApiError} 422 `form_identifier_exists` if a given id is taken, in this instance or another */
  async create(fields: New<typeof clients>, tx: Tx): Promise<ClientRecord> {
    const client = await this.#store.create({ rotatingToken: this.#newToken(), ...fields }, tx)
    if (!client) throw errors.identifierExists('client_id')
    return client
  }

  findBy(key: ClientKey): Promise<ClientRecord | undefined> {
    return this.#store.findBy(key)
  }

  /** The client with the id, locked; created if it does not exist. */
  async ensure(id: string, tx: Tx): Promise<ClientRecord> {
    const created = await this.#store.create({ id, rotatingToken: this.#newToken() }, tx)
    return created ?? this.#store.locked(id, tx)
  }

  /**
   * Call it where something is proved that does not open a session yet: with a copy of the cookie nobody goes on.
   */
  async protect(id: string, tx: Tx): Promise<void> {
    if ('clientId' in tx.caller && tx.caller.cookie) await this.rotate(id, {}, tx)
  }

  /**
   * The client of whoever goes on with what it has begun, locked; created if it does not exist.
   *
   * @throws {ApiError} 401 `signed_out` for a cookie that was changed meanwhile
   */
  async current(caller: CallerOf<'client'>, tx: Tx): Promise<ClientRecord> {
    const client = await this.ensure(caller.clientId, tx)
    if (!caller.isAwaited && isOlder(client, caller)) throw frontendErrors.signedOut()
    return client
  }

  /** The client with the id, created if it does not exist; an active session becomes its active one. @returns its id */
  async restore(id: string | undefined, lastActiveSessionId: string | null, tx: Tx): Promise<string> {
    if (id === undefined || !(await this.#store.find(id, tx))) {
      const client = await this.create({ ...(id === undefined ? {} : { id }), lastActiveSessionId }, tx)
      return client.id
    }
    if (lastActiveSessionId !== null) await this.change(id, { lastActiveSessionId }, tx)
    return id
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async change(id: string, changes: Changes<typeof clients>, tx: Tx): Promise<ClientRecord> {
    return (await this.#store.update(id, changes, tx))!
  }

  /**
   * Call it with every sign-in and sign-out: a copy of the cookie from before is soon worth nothing. Only the browser
   * itself, which gets the new cookie with its answer, changes it: for anybody else, such as one that opens a link which
   * this browser asked for, the cookie stays, since the browser would never learn of another. It also stays for a request
   * with an older cookie: another one has changed it meanwhile, and the browser has, or gets, what that one was given.
   *
   * @param opened the session with which the new cookie comes; the cookie from before does not show it
   * @throws {ApiError} 401 `signed_out` if somebody signs in with an older cookie
   */
  async rotate(
    id: string,
    changes: Changes<typeof clients>,
    tx: Tx,
    opened?: Pick<SessionRecord, 'createdAt'>,
  ): Promise<ClientRecord> {
    const { caller } = tx
    const client = await this.#store.locked(id, tx)
    const { rotatingToken, previousRotatingToken, rotatedAt, rotatedBy } = client
    if (!('clientId' in caller) || caller.clientId !== id) return this.change(id, changes, tx)
    const isAgain = rotatedBy === caller.traceId
    if (isOlder(client, caller)) {
      if (opened && !caller.isAwaited) throw frontendErrors.signedOut()
      return this.change(id, changes, tx)
    }
    const now = this.context.clock.now()
    const from = opened && !caller.isAwaited ? opened.createdAt - 1 : now
    const rotated = {
      rotatingToken: this.#newToken(),
      // No browser has got one that the same request has made before.
      previousRotatingToken: isAgain ? previousRotatingToken : rotatingToken,
      rotatedAt: isAgain ? Math.min(from, rotatedAt ?? from) : from,
      rotatedBy: caller.traceId,
    }
    return this.change(id, { ...changes, ...rotated }, tx)
  }

  /** Call it in the transaction that ends a session, so that it is no longer the client's active one. */
  sessionEnded(session: SessionRecord, tx: Tx): Promise<void> {
    return this.#store.forgetActiveSession(session.clientId, session.id, this.context.clock.now(), tx)
  }

  #newToken(): string {
    return Buffer.from(this.context.random.bytes(20)).toString('hex')
  }
}
