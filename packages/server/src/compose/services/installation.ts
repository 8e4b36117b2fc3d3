import type { Pages } from '@latchkey/types'
import type { AccountlessApplication } from '../../resources/accountless-applications/accountless-applications.backend-api.js'

/** What is asked of the whole server, and not of an instance. */
export interface Installation {
  /** Where the Frontend API of a host is served; undefined if this server has no such instance. */
  frontendApiUrlAt(host: string): Promise<string | undefined>
  /** Makes a development instance for whoever asks; undefined if operators have not allowed that. */
  createInstance: ((name: string) => Promise<AccountlessApplication>) | undefined
  /** The page that a link in a mail opens; undefined if this server has no pages. */
  linkLanding: Pages['linkLanding'] | undefined
  /** The page that the link in a notice about a session opens; undefined if this server has no pages. */
  sessionLanding: Pages['sessionLanding'] | undefined
}
