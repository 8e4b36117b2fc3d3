import type { ApiVersion } from '../kernel/versions.js'

/** What has to be looked up of a browser for an answer. */
export interface WantedOfBrowser {
  client: boolean
  /** Whether the call may have changed the client. No bare answer, such as a token, is one of a call that does. */
  isChanged: boolean
  traceId: string | null
  /** In which the client is shown. */
  version: ApiVersion
}

/** What the answer to a browser has beside the endpoint's own. */
export interface BrowserAnswer {
  /** The client as on the wire, where it was asked for; null if nothing is stored of the browser. */
  client: unknown
  /** Keep its cookies in step. */
  headers: readonly (readonly [name: string, value: string])[]
}
