import type { CreatePages, PageInstance, Pages } from '@latchkey/types'
import type { ServerApp } from '../http/app.js'
import { frontendApiUrlOf, publishableKeyOf } from '../instances/instance.js'
import { pageColorsOf } from '../instances/settings/display.js'
import { operator } from '../kernel/caller.js'
import type { RecentMessages } from '../outbox/messages/recent-messages.js'
import { displayConfig, homeUrlOf } from '../resources/environment/environment.rules.js'
import type { Frontend, Frontends } from './frontends.js'
import type { Services } from './services/index.js'

interface PageRoutesOptions {
  pages: Pages
  frontends: Frontends
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
export function mountPages(app: ServerApp, { pages, frontends }: PageRoutesOptions): void {
  for (const path of pages.paths) {
    app.get(path, async (context) => {
      const { remoteAddress, instanceId } = context.env ?? {}
      const request = context.req.raw
      const elsewhere = await frontends.primaryPage(request, instanceId)
      if (elsewhere) return context.redirect(elsewhere, 307)
      return pages.answer(request, {
        path: context.req.path,
        remoteAddress,
        instance: async () => {
          const found = await frontends.locate(request, instanceId)
          return found && toPageInstance(found)
        },
      })
    })
  }
}

async function toPageInstance({ services, url }: Frontend): Promise<PageInstance> {
  const { context, origins } = services
  const { instance } = context
  const hostedUrl = url ?? frontendApiUrlOf(instance, context.publicUrl())
  const known = homeUrlOf(instance, { hostedUrl })
  // While developing nobody may have said where the application is.
  const homeUrl = known === hostedUrl ? `${hostedUrl}/user` : known
  const display = displayConfig(instance, { homeUrl, hostedUrl })
  return {
    id: instance.id,
    name: instance.name,
    environmentType: instance.environmentType,
    publishableKey: publishableKeyOf(instance),
    frontendApiUrl: hostedUrl,
    imagesOrigin: new URL(context.publicUrl()).origin,
    ...(await origins.forPages()),
    afterSignInUrl: display.after_sign_in_url,
    afterSignUpUrl: display.after_sign_up_url,
    colors: pageColorsOf(instance.settings.display),
    hasOrganizations: instance.settings.organizations.enabled,
  }
}
