import { ClientApi } from './apis/client-api.js'
import { EmailApi } from './apis/email-api.js'
import { SessionApi } from './apis/session-api.js'
import { SMSMessageApi } from './apis/sms-message-api.js'
import { UserApi } from './apis/user-api.js'
import type { AuthenticatedRequest } from './authenticate.js'
import * as middleware from './middleware.js'
import type { Middleware, MiddlewareOptions } from './middleware.js'
import * as resources from './resources.js'
import { RestClient, type HttpOptions, type RestOptions } from './rest-client.js'

export type ClerkOptions = RestOptions

let singleton: Clerk | undefined

function defaultInstance(): Clerk {
  return (singleton ??= new Clerk())
}

/**
 * The API of one instance. The static members belong to the default instance, whose options come from the environment
 * or the setters: `Clerk.users` is `Clerk.getInstance().users`.
 */
export class Clerk {
  readonly clients: ClientApi
  readonly emails: EmailApi
  readonly sessions: SessionApi
  readonly smsMessages: SMSMessageApi
  readonly users: UserApi
  readonly #rest: RestClient

  /** @param apiKey Default is the environment's, as for all options. */
  constructor(apiKey: string | undefined, options?: Omit<ClerkOptions, 'apiKey'>)
  constructor(options?: ClerkOptions)
  constructor(first?: string | ClerkOptions, options: ClerkOptions = {}) {
    this.#rest = new RestClient(typeof first === 'object' ? { ...options, ...first } : { ...options, apiKey: first })
    this.clients = new ClientApi(this.#rest)
    this.emails = new EmailApi(this.#rest)
    this.sessions = new SessionApi(this.#rest)
    this.smsMessages = new SMSMessageApi(this.#rest)
    this.users = new UserApi(this.#rest)
  }

  get clientApi(): ClientApi {
    return this.clients
  }

  get emailApi(): EmailApi {
    return this.emails
  }

  get sessionApi(): SessionApi {
    return this.sessions
  }

  get smsMessageApi(): SMSMessageApi {
    return this.smsMessages
  }

  get userApi(): UserApi {
    return this.users
  }

  set apiKey(value: string) {
    this.#rest.change({ apiKey: value })
  }

  set serverApiUrl(value: string) {
    this.#rest.change({ serverApiUrl: value })
  }

  set apiVersion(value: string) {
    this.#rest.change({ apiVersion: value })
  }

  set httpOptions(value: HttpOptions) {
    this.#rest.change({ httpOptions: value })
  }

  /** Sets `session` on the requests of an Express application. Blocks none of them. */
  expressMiddleware(options?: MiddlewareOptions): Middleware {
    return middleware.createMiddleware(this.#rest, options)
  }

  /** Sets `session` on the requests that a handler gets. */
  withSession<Request extends AuthenticatedRequest, Response, Result>(
    handler: (request: middleware.WithSessionProp<Request>, response: Response) => Result | Promise<Result>,
    options?: MiddlewareOptions,
  ): middleware.WrappedHandler<Request, Response, Result> {
    return middleware.withSession(this.#rest, handler, options)
  }

  /** Answers 401 to requests without a session; the others reach the handler. */
  requireSession<Request extends AuthenticatedRequest, Response extends middleware.EndableResponse, Result>(
    handler: (request: middleware.RequireSessionProp<Request>, response: Response) => Result | Promise<Result>,
    options?: MiddlewareOptions,
  ): middleware.WrappedHandler<Request, Response, Result | undefined> {
    return middleware.requireSession(this.#rest, handler, options)
  }

  /**
   * The class itself: the first documentation writes `new Clerk.default(apiKey)` for both ways of loading the module.
   */
  static get default(): typeof Clerk {
    return this
  }

  /** The default instance, the same each time. */
  static getInstance(): Clerk {
    return defaultInstance()
  }

  static get clients(): ClientApi {
    return defaultInstance().clients
  }

  static get emails(): EmailApi {
    return defaultInstance().emails
  }

  static get sessions(): SessionApi {
    return defaultInstance().sessions
  }

  static get smsMessages(): SMSMessageApi {
    return defaultInstance().smsMessages
  }

  static get users(): UserApi {
    return defaultInstance().users
  }

  static set apiKey(value: string) {
    defaultInstance().apiKey = value
  }

  static set serverApiUrl(value: string) {
    defaultInstance().serverApiUrl = value
  }

  static set apiVersion(value: string) {
    defaultInstance().apiVersion = value
  }

  static set httpOptions(value: HttpOptions) {
    defaultInstance().httpOptions = value
  }

  static expressMiddleware(options?: MiddlewareOptions): Middleware {
    return defaultInstance().expressMiddleware(options)
  }

  static get withSession(): Clerk['withSession'] {
    const clerk = defaultInstance()
    return clerk.withSession.bind(clerk)
  }

  static get requireSession(): Clerk['requireSession'] {
    const clerk = defaultInstance()
    return clerk.requireSession.bind(clerk)
  }

  static readonly Client = resources.Client
  static readonly Email = resources.Email
  static readonly EmailAddress = resources.EmailAddress
  static readonly ExternalAccount = resources.ExternalAccount
  static readonly GoogleAccount = resources.ExternalAccount
  static readonly IdentificationLink = resources.IdentificationLink
  static readonly PhoneNumber = resources.PhoneNumber
  static readonly Session = resources.Session
  static readonly SMSMessage = resources.SMSMessage
  static readonly User = resources.User
  static readonly Verification = resources.Verification
}
