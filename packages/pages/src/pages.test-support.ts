import type { PageInstance, PageMessage, PagesServer } from '@latchkey/types'
import { createPages, type PagesOptions } from './index.js'

export const instance: PageInstance = {
  id: 'ins_1',
  name: 'Tea & <b>Co</b>',
  environmentType: 'development',
  publishableKey: 'pk_test_a2Vlbi1oZXJvbi0xLmNsZXJrLmFjY291bnRzLmRldiQ=',
  frontendApiUrl: 'http://localhost:4400',
  imagesOrigin: 'http://localhost:4400',
  redirectOrigins: ['http://localhost:*'],
  pageOrigins: ['http://localhost:*'],
  afterSignInUrl: 'http://localhost:4400',
  afterSignUpUrl: 'http://localhost:4400',
  colors: { primary: null, background: null },
  hasOrganizations: true,
}

export interface TestPages {
  /** Answers as the server would. */
  get(
    path: string,
    options?: { headers?: Record<string, string>; remoteAddress?: string; host?: string },
  ): Promise<Response>
  messages: PageMessage[]
  pages: ReturnType<ReturnType<typeof createPages>>
}

/** Pages of a server that exists in this test only. */
export function pagesOf(options: PagesOptions = {}, shown: PageInstance | null = instance): TestPages {
  const messages: PageMessage[] = []
  const server: PagesServer = {
    webhookKey: async (instanceId) => `key of ${instanceId}`,
    messages: async ({ after, limit }) =>
      after === undefined
        ? messages.slice(-limit)
        : messages.filter(({ sequence }) => sequence > after).slice(0, limit),
  }
  const pages = createPages(options)(server)
  return {
    messages,
    pages,
    get(path, { headers = {}, remoteAddress = '127.0.0.1', host = 'localhost:4400' } = {}) {
      const request = new Request(`http://${host}${path}`, { headers })
      const url = new URL(request.url)
      return pages.answer(request, { path: url.pathname, remoteAddress, instance: async () => shown ?? undefined })
    },
  }
}
