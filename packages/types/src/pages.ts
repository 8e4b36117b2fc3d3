/** Pages and files for browsers, which the server mounts beside its API. */
export interface Pages {
  /**
   * What it answers under GET: `/inbox` alone, `/npm/*` with everything below. Each is also mounted below
   * `/i/<instance id>`.
   */
  readonly paths: readonly string[]
  answer(request: Request, visit: PageVisit): Promise<Response>
  /** The page that a link in a mail opens. Only its form spends the link. */
  linkLanding(landing: LinkLanding): Response
  /** The page that the link in a notice about a session opens. Only its form ends the session. */
  sessionLanding(landing: SessionLanding): Response
  /** Called after each answer of the server, if pages show them. Must neither throw nor read a body. */
  readonly observe?: (exchange: ObservedExchange) => void
}

/** Makes the pages of one server. */
export type CreatePages = (server: PagesServer) => Pages

/** What pages may know of a server. */
export interface PagesServer {
  /** The messages after the given place of all instances, oldest first; without one the newest. */
  messages(page: { after?: number | undefined; limit: number }): Promise<PageMessage[]>
  /** What opens the page of an instance's webhooks once, for a developer: private addresses may be added there. */
  webhookKey(instanceId: string): Promise<string>
}

export interface PageVisit {
  /** The path without the part that names the instance. */
  path: string
  /** The other end of the connection. */
  remoteAddress: string | undefined
  /** The instance that path and host name. Resolves to undefined if there is none. */
  instance(): Promise<PageInstance | undefined>
}

/** The colours of an application's hosted pages. Null: the usual one. */
export interface PageColors {
  /** Of buttons and links. */
  primary: PageColor | null
  /** Around the card. */
  background: PageColor | null
}

/** Both `#rrggbb`. */
export interface PageColor {
  color: string
  /** Of text on it. */
  text: string
}

/** What hosted pages show of an instance, and tell the browser packages. */
export interface PageInstance {
  id: string
  /** The name of the application. */
  name: string
  environmentType: 'development' | 'production'
  publishableKey: string
  /** The base of its Frontend API, also of its hosted pages, without a slash at the end. */
  frontendApiUrl: string
  /** The origin of the pictures of people and organizations. */
  imagesOrigin: string
  /** Where a sign-in may lead, as origins in which `*` stands for any characters: `https://*.example.com`. */
  redirectOrigins: readonly string[]
  /** Whose pages may use the instance, in the same way. A listed redirect URL does not make its origin one of these. */
  pageOrigins: readonly string[]
  /** Where people go after signing in on a hosted page, unless `redirect_url` names another page. */
  afterSignInUrl: string
  afterSignUpUrl: string
  colors: PageColors
  hasOrganizations: boolean
}

/** A mail or text message of the outbox. */
export interface PageMessage {
  /** Its place in the outbox. */
  sequence: number
  id: string
  instanceId: string
  channel: 'email' | 'sms'
  /** `handed_over`: an application sends it itself. */
  status: 'queued' | 'delivered' | 'failed' | 'handed_over'
  /** The kind of message. Null for one that an application wrote itself. */
  slug: string | null
  toAddress: string
  /** Null for a text message, and once its code is erased. */
  subject: string | null
  /** HTML or plain text. Empty once its code is erased. */
  body: string
  /** The text part of a mail. Null for a text message, and once its code is erased. */
  bodyPlain: string | null
  /** What went wrong last. */
  lastError: string | null
  /** What filled the template, a code for example. */
  data: Record<string, unknown> | null
  /** Unix milliseconds. */
  createdAt: number
}

/** A request that the server answered. */
export interface ObservedExchange {
  request: Request
  response: Response
  /** Undefined for what is no operation of an API. */
  operationId: string | undefined
  /** The codes of the errors that it was answered with. */
  errorCodes: readonly string[]
  /** By which rule the server took the request as whose, in words for a developer. */
  decisions: readonly string[]
  /** From the request to the head of the answer. */
  milliseconds: number
}

/** What the landing page of a link in a mail says and does. */
export interface LinkLanding {
  /** The name of the application. */
  applicationName: string
  colors: PageColors
  purpose: 'sign_in' | 'sign_up' | 'verification'
  /** Where its form is posted to. */
  action: string
  /** The hidden fields of the form: the token. */
  fields: Readonly<Record<string, string>>
  /** Where the answer to the form leads. */
  redirectUrl: string
  /** Who asked for the link; null where this browser did: then the form submits itself, which scanners of mail do not do. */
  asked: {
    /** Such as "Firefox 140 on Linux". Null if unknown. */
    browser: string | null
    /** Such as "Vienna, AT", or an IP address. Null if unknown. */
    place: string | null
    /** Unix milliseconds. */
    at: number
  } | null
}

/** What the landing page of the link in a notice about a session says and does. */
export interface SessionLanding {
  /** The name of the application. */
  applicationName: string
  colors: PageColors
  /** `open`: it asks. `revoked`: this link has just ended the session. `over`: it had ended before. */
  state: 'open' | 'revoked' | 'over' | 'expired'
  /** Where its form is posted to. */
  action: string
  /** The hidden fields of the form: the token. */
  fields: Readonly<Record<string, string>>
  /** Where somebody changes their password. */
  securityPage: string
  /** The session. Undefined if it is gone. */
  session:
    | {
        /** Such as "Firefox on Linux". Null if unknown. */
        browser: string | null
        /** Such as an IP address. Null if unknown. */
        place: string | null
        /** Unix milliseconds. */
        at: number
      }
    | undefined
}
