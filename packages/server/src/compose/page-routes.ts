import type { CreatePages, PageInstance, Pages } from '@latchkey/types'
import type { ServerApp } from '../http/app.js'
import { placeOf } from '../http/frontend/place.js'
import { frontendApiUrlOf, publishableKeyOf } from '../instances/instance.js'
import { pageColorsOf } from '../instances/settings/display.js'
import { operator } from '../kernel/caller.js'
import type { RecentMessages } from '../outbox/messages/recent-messages.js'
import { displayConfig, homeUrlOf } from '../resources/environment/environment.rules.js'
import type { InstanceRegistry } from './registry.js'
import type { Services } from './services/index.js'

interface PageRoutesOptions {
  pages: Pages
  registry: InstanceRegistry
  publicUrl(): string
}

export function createPagesOf(
  create: CreatePages,
  messages: RecentMessages,
  servicesOf: (instanceId: string) => Promise<Services | undefined>,
): Pages {
  return create({
    messages: (page) => messages.list(page),
    webhookKey: async (instanceId) =>
      (await servicesOf(instanceId))!.webhookApplications.developerKey(operator('webhook page')),
  })
}

/** Pages and files for browsers, beside the API. */
export function mountPages(app: ServerApp, { pages, registry, publicUrl }: PageRoutesOptions): void {
  for (const path of pages.paths) {
    app.get(path, async (context) => {
      const { remoteAddress, instanceId } = context.env ?? {}
      const { host } = placeOf(context.req.raw)
      const elsewhere = instanceId === undefined ? await primaryPage(context.req.raw, host, registry) : undefined
      return elsewhere
        ? context.redirect(elsewhere, 307)
        : pages.answer(context.req.raw, {
            path: context.req.path,
            remoteAddress,
            instance: async () => {
              const found = await find({ instanceId, host }, { registry, publicUrl })
              return found && toPageInstance(...found)
            },
          })
    })
  }
}

/** Where a page of a satellite is: people sign in, and are who they are, at the primary domain. */
async function primaryPage({ url }: Request, host: string, registry: InstanceRegistry): Promise<string | undefined> {
  const { pathname, search } = new URL(url)
  // Its pages load the packages from its own host.
  const instance = pathname.startsWith('/npm/') ? undefined : (await registry.servicesAt(host))?.context.instance
  if (!instance || instance.frontendHost === host) return undefined
  return `https://${instance.frontendHost}${pathname}${search}`
}

/** The instance that path or host name, else the default one, and the base of its pages. */
async function find(
  { instanceId, host }: { instanceId: string | undefined; host: string },
  { registry, publicUrl }: Pick<PageRoutesOptions, 'registry' | 'publicUrl'>,
): Promise<[Services, base: string] | undefined> {
  const named = instanceId === undefined ? await registry.servicesAt(host) : undefined
  if (named) return [named, `https://${host}`]
  const services = await (instanceId === undefined ? registry.defaultServices() : registry.servicesFor(instanceId))
  return services && [services, frontendApiUrlOf(services.context.instance, publicUrl())]
}

async function toPageInstance({ context, origins }: Services, frontendApiUrl: string): Promise<PageInstance> {
  const { instance } = context
  const hostedUrl = frontendApiUrl
  const known = homeUrlOf(instance, { hostedUrl })
  // While developing nobody may have said where the application is.
  const homeUrl = known === hostedUrl ? `${hostedUrl}/user` : known
  const display = displayConfig(instance, { homeUrl, hostedUrl })
  return {
    id: instance.id,
    name: instance.name,
    environmentType: instance.environmentType,
    publishableKey: publishableKeyOf(instance),
    frontendApiUrl,
    ...(await origins.forPages()),
    afterSignInUrl: display.after_sign_in_url,
    afterSignUpUrl: display.after_sign_up_url,
    colors: pageColorsOf(instance.settings.display),
    hasOrganizations: instance.settings.organizations.enabled,
  }
}
