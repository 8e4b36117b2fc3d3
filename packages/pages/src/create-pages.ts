import { fileURLToPath } from 'node:url'
import type { CreatePages, PagesServer, PageVisit } from '@latchkey/types'
import { explainPage, explainRequests } from './development/explain.js'
import { refuseOthers, type DevelopmentOptions } from './development/guard.js'
import { inboxMessages, inboxPage } from './development/inbox.js'
import { mailFrame } from './development/mail-frame.js'
import { Recorder } from './development/recorder.js'
import { startPage } from './development/start.js'
import { plainText } from './document.js'
import { hostedPages } from './hosted/components.js'
import { hostedPage } from './hosted/hosted-page.js'
import { linkLanding } from './hosted/link-landing.js'
import { sessionLanding } from './hosted/session-landing.js'
import { markup } from './html.js'
import { webhooksPage } from './webhooks/webhooks-page.js'
import { NpmFiles } from './npm/answer.js'

export interface PagesOptions {
  /** Serves `/inbox` and `/explain`, which show codes and who is signed in. Default is not to. */
  development?: DevelopmentOptions
  /** Where the browser packages are. Default is where the build puts them. */
  browserPackages?: string
}

/** The same from the sources and from the build, which puts this file's code right into `dist`. */
const BROWSER_PACKAGES = fileURLToPath(new URL('../dist/npm/', import.meta.url))

type AnswerPage = (request: Request, visit: PageVisit) => Promise<Response> | Response

/** Everything a browser gets from a server beside its API, for the `pages` of `createServer`. */
export function createPages({ development, browserPackages = BROWSER_PACKAGES }: PagesOptions = {}): CreatePages {
  return (server) => {
    const npm = new NpmFiles(browserPackages)
    const recorder = new Recorder()
    const hosted: AnswerPage = (request, visit) => answerHosted(request, visit, development !== undefined)
    /** @param page must not be seen by others */
    const forDeveloper = (page: AnswerPage): AnswerPage => {
      return (request, visit) => refuseOthers(request, visit, development!) ?? page(request, visit)
    }
    const answers: Record<string, AnswerPage> = {
      '/': hosted,
      '/login': () => webhooksPage({ key: null, isDevelopment: development !== undefined }),
      '/npm/*': (request, { path }) => npm.answer(request, path),
      ...Object.fromEntries(
        Object.keys(hostedPages).flatMap((path) => [
          [path, hosted],
          [`${path}/*`, hosted],
        ]),
      ),
      ...(development && {
        '/': (request, visit) => answerStart(request, visit, development),
        '/inbox': forDeveloper(inboxPage),
        '/inbox/messages': forDeveloper((request) => inboxMessages(server, placeIn(request))),
        '/inbox/mail': forDeveloper((request) => mailFrame(server, placeIn(request, 'at'))),
        '/explain': forDeveloper(explainPage),
        '/explain/requests': forDeveloper((request) => explainRequests(recorder, placeIn(request) ?? 0)),
        '/webhooks': forDeveloper((_, visit) => developerWebhooks(server, visit)),
      }),
    }
    return {
      paths: Object.keys(answers),
      async answer(request, visit) {
        const pattern = [visit.path, `/${visit.path.split('/')[1]}/*`].find((key) => Object.hasOwn(answers, key))
        return pattern === undefined
          ? plainText(404, `There is no page ${visit.path}.`)
          : answers[pattern]!(request, visit)
      },
      linkLanding,
      sessionLanding,
      ...(development && { observe: (exchange) => recorder.observe(exchange) }),
    }
  }
}

/** Anybody but the developer is led to the account. */
async function answerStart(request: Request, visit: PageVisit, development: DevelopmentOptions): Promise<Response> {
  const refused = refuseOthers(request, visit, development)
  if (refused) return refused.status === 403 ? answerHosted(request, visit, true) : refused
  const instance = await visit.instance()
  return instance ? startPage(instance) : plainText(404, 'There is no application at this address.')
}

async function developerWebhooks(server: PagesServer, visit: PageVisit): Promise<Response> {
  const instance = await visit.instance()
  if (!instance) return plainText(404, 'There is no application at this address.')
  return webhooksPage({ key: await server.webhookKey(instance.id), isDevelopment: true })
}

async function answerHosted(request: Request, visit: PageVisit, isDevelopment: boolean): Promise<Response> {
  const instance = await visit.instance()
  if (!instance) return plainText(404, 'There is no application at this address.')
  const { pathname, search, ...asked } = partsOf(request)
  if (isDevelopment && isOtherLoopback(asked, new URL(instance.frontendApiUrl))) {
    return Response.redirect(instance.frontendApiUrl + pathname + search, 307)
  }
  if (visit.path === '/') return Response.redirect(`${instance.frontendApiUrl}/user`, 307)
  const footer = isDevelopment
    ? markup`Codes and links of mail and text messages are in the <a href="/inbox">inbox</a>.`
    : null
  return hostedPage({ instance, path: visit.path, footer })
}

function partsOf({ url }: Request): Record<'hostname' | 'port' | 'pathname' | 'search', string> {
  const { hostname, port, pathname, search } = new URL(url)
  return { hostname, port, pathname, search }
}

/** For browsers `127.0.0.1` and `localhost` are two sites, and passkeys work only at the second. */
function isOtherLoopback(asked: { hostname: string; port: string }, served: URL): boolean {
  const isOther = /^(127\.0\.0\.1|\[::1\])$/.test(asked.hostname) && served.hostname === 'localhost'
  return isOther && asked.port === served.port
}

/** The whole number in `?after=`, or another parameter. */
function placeIn(request: Request, name = 'after'): number | undefined {
  const text = new URL(request.url).searchParams.get(name) ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
