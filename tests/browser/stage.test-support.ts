import type { BrowserContextOptions } from 'playwright-core'
import type { Visitor } from './chromium.test-support.js'
import { openApplication } from './clerk-js.test-support.js'
import type { Place } from './latchkey.test-support.js'

/**
 * What the flows in `flows/` need of a way to make and to run an application. A function `use…()` prepares it for the
 * tests of one file, which then run the flows on it.
 */
export interface Stage {
  /** A new instance, and the application on it. @param settings those of `instance` in a seed file */
  open(settings?: object): Promise<App>
  /** Somebody at a browser of their own. */
  visit(options?: BrowserContextOptions): Promise<Visitor>
}

/**
 * Its pages: `/`, where people come after signing in and out, and, each with the component of that name, `/sign-in`,
 * `/sign-up`, `/waitlist`, `/user`, `/organization`, `/create-organization`, `/button` and `/switcher`. `window.Clerk` is there
 * on all of them.
 */
export interface App extends Place {
  /** Without a slash at the end. */
  url: string
  /** The address of one of the pages. */
  at(path: string): string
  /** Opens one of the pages. Resolves once what it shows can be used. */
  go(visitor: Visitor, path: string): Promise<void>
}

/** The pages of an application that has them all itself. */
export function pagesBelow(url: string): Pick<App, 'at' | 'go'> {
  const at = (path: string) => url + path
  return { at, go: ({ page }, path) => openApplication(page, at(path)) }
}
