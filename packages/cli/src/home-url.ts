import type { InstanceSummary, Logger, Server } from '@latchkey/server'
import { CommandError } from './command-error.js'
import { parsePublicUrl, type Setting } from './settings.js'

/** Of an instance whose users never sign in through a browser. */
const NONE = 'none'

/** @returns the URL of the application, or null if the setting says that there is none */
export function parseHomeUrl(setting: Setting): string | null {
  return setting.value === NONE ? null : parsePublicUrl(setting)
}

/** Keeps the URL of the application in the settings of its instance. */
export async function setHomeUrl({ admin }: Server, instance: InstanceSummary, homeUrl: string): Promise<void> {
  if (instance.homeUrl === homeUrl) return
  await admin.seed(instance.id, { instance: { display: { home_url: homeUrl } } })
}

/** What the pages of an application ask for is refused in production unless they come by https. */
export function requireHttps(environmentType: InstanceSummary['environmentType'], homeUrl: string): void {
  if (environmentType === 'development' || homeUrl.startsWith('https:')) return
  throw new CommandError(`In production an application is at an https URL, so that ${homeUrl} cannot be its home URL`)
}

/**
 * What `start` needs to know of a production instance: where people go once they have signed in. A guess would send them
 * to a page that may not be there.
 *
 * @param given undefined if only the settings can say it
 */
export async function requireHomeUrl(
  server: Server,
  instance: InstanceSummary,
  given: string | null | undefined,
): Promise<void> {
  if (given === null) return
  const homeUrl = given ?? instance.homeUrl
  if (homeUrl !== null) {
    requireHttps(instance.environmentType, homeUrl)
    return setHomeUrl(server, instance, homeUrl)
  }
  if (instance.environmentType === 'development') return
  throw new CommandError(
    [
      `The application's URL is required: people go there after signing in, and instance ${instance.id} has none.`,
      '- Give it once, and it is kept: --home-url https://app.example.com, or LATCHKEY_HOME_URL',
      '- or in the file of --seed: instance.display.home_url',
      '- or say with each start that nobody signs in through a browser: --home-url none',
    ].join('\n'),
  )
}

/** Of the other production instances that `start` serves: it does not refuse to run for them, nor guesses in silence. */
export async function warnOfMissingHomeUrls({ admin }: Server, logger: Logger): Promise<void> {
  for (const { id, frontendHost, environmentType, isDefault, homeUrl } of await admin.listInstances()) {
    if (isDefault || environmentType === 'development' || homeUrl !== null) continue
    logger.warn(
      { instanceId: id, frontendHost },
      `The instance ${id} at ${frontendHost} has no URL of its application, so that people go to the domain itself after ` +
        `signing in. Set it with: latchkey instances home-url ${id} https://app.example.com`,
    )
  }
}
