import type { RequestListener } from 'node:http'
import type { CreatedInstance } from '@latchkey/server'
import type { Page } from 'playwright-core'
import { beforeAll } from 'vitest'
import { hostedPages } from '../../packages/pages/src/hosted/components.js'
import { useChromium } from './chromium.test-support.js'
import { openApplication } from './clerk-js.test-support.js'
import { useLatchkey, type Latchkey } from './latchkey.test-support.js'
import { useServers } from './servers.test-support.js'
import type { App, Stage } from './stage.test-support.js'

/** The clerk-js of a page, by the tag in its script's address. */
export type ClerkJs = '6' | '5' | '5-headless'

/** What each path of the application shows. */
const COMPONENTS: Record<string, string> = {
  '/sign-in': 'SignIn',
  '/sign-up': 'SignUp',
  '/user': 'UserProfile',
  '/organization': 'OrganizationProfile',
  '/create-organization': 'CreateOrganization',
  '/waitlist': 'Waitlist',
  '/button': 'UserButton',
  '/switcher': 'OrganizationSwitcher',
  '/tasks/choose-organization': 'TaskChooseOrganization',
  '/tasks/reset-password': 'TaskResetPassword',
  '/tasks/setup-mfa': 'TaskSetupMFA',
}

/** Of the script in a plain page, for a content security policy. */
export const NONCE = 'plain'

export interface PlainApp {
  /** `http://localhost:<port>`: for browsers another origin than the server's, on the same site. */
  url: string
  /** The page at a path, such as `/sign-in`, `/` for none of the components, once clerk-js has loaded. */
  open(page: Page, path: string, clerkJs?: ClerkJs): Promise<void>
}

/** An application that is nothing but HTML pages with script tags, as the documentation of clerk-js shows it. */
export function usePlainApp(latchkey: Latchkey): PlainApp {
  const serve = useServers()
  const app = {} as PlainApp
  beforeAll(async () => {
    const port = await serve(answerPlainPages(developmentOf(latchkey.instance, latchkey.url)))
    app.url = `http://localhost:${port}`
  })
  app.open = (page, path, clerkJs) => openPlainPage(page, addressOf(app.url, path, clerkJs))
  return app
}

export interface PlainStageOptions extends Pick<PlainPageOptions, 'clerkJs' | 'isHosted'> {
  /** Of the stage, in the names of its pictures. */
  name: string
}

/** The plain page on instances in development. */
export function usePlainDevelopment(options: PlainStageOptions): Stage {
  const chromium = useChromium({ stage: options.name })
  const latchkey = useLatchkey()
  const serve = useServers()
  return {
    visit: chromium.visit,
    async open(settings) {
      const place = await latchkey.open(settings)
      const { instance, server } = place
      const port = await serve(answerPlainPages({ ...options, ...developmentOf(instance, latchkey.url) }))
      const url = `http://localhost:${port}`
      // Where hosted pages lead in the end.
      if (options.isHosted) await server.admin.seed(instance.id, { instance: { display: { home_url: url } } })
      return { ...place, url, ...plainPages(url, instance, options) }
    },
  }
}

/** The pages of a stage: those that the server has too are there, where the application has none. */
export function plainPages(
  url: string,
  { frontendApiUrl }: CreatedInstance,
  { isHosted = false }: PlainStageOptions,
): Pick<App, 'at' | 'go'> {
  const areHosted = (path: string) => isHosted && Object.keys(hostedPages).some((page) => path.startsWith(page))
  const at = (path: string) => (areHosted(path) ? frontendApiUrl : url) + path
  return {
    at,
    go: ({ page }, path) => (areHosted(path) ? openApplication : openPlainPage)(page, at(path)),
  }
}

const developmentOf = ({ publishableKey, frontendApiUrl }: CreatedInstance, serverUrl: string): PlainPageOptions => ({
  publishableKey,
  proxyUrl: frontendApiUrl,
  scripts: `${serverUrl}/npm`,
})

function answerPlainPages(options: PlainPageOptions): RequestListener {
  return (request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(plainPage(new URL(request.url ?? '/', 'http://localhost'), options))
  }
}

/** The address of a {@link plainPage}. */
function addressOf(app: string, path: string, clerkJs: ClerkJs = '6'): string {
  const url = new URL(path, app)
  url.searchParams.set('clerk-js', clerkJs)
  return url.href
}

/**
 * Goes to a {@link plainPage}. Resolves once clerk-js has loaded and asks for nothing more: what is typed before a component
 * has its settings can be lost.
 */
export async function openPlainPage(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.waitForFunction(() => document.documentElement.dataset['loaded'])
  const loaded = await page.evaluate(() => document.documentElement.dataset['loaded'])
  if (loaded !== 'yes') throw new Error(`clerk-js did not load: ${loaded}`)
  await page.waitForLoadState('networkidle')
}

export interface PlainPageOptions {
  publishableKey: string
  /** Undefined where the publishable key says where the Frontend API is. */
  proxyUrl?: string
  /** What the addresses of scripts begin with: `…/npm`. */
  scripts: string
  /** Default: 6. */
  clerkJs?: ClerkJs
  /** Whether people sign in and up at the pages of the server. Default: at those of the application. */
  isHosted?: boolean
}

/** A page with the component that its path names. The query can name another {@link ClerkJs} as `clerk-js`. */
export function plainPage(url: URL, options: PlainPageOptions): string {
  const { publishableKey, proxyUrl, scripts, clerkJs = '6', isHosted = false } = options
  const [major, variant] = (url.searchParams.get('clerk-js') ?? clerkJs).split('-')
  const root = Object.keys(COMPONENTS).find((path) => url.pathname === path || url.pathname.startsWith(`${path}/`))
  // SignIn has pages for these too, but in a plain page it can leave them before they know of the session.
  const tasks = Object.keys(COMPONENTS).filter((path) => path.startsWith('/tasks/'))
  const taskUrls = Object.fromEntries(tasks.map((path) => [path.slice('/tasks/'.length), path]))
  const urls = { signInUrl: '/sign-in', signUpUrl: '/sign-up', waitlistUrl: '/waitlist', taskUrls }
  const script = (path: string) =>
    `<script defer crossorigin="anonymous" data-clerk-publishable-key="${publishableKey}" ${proxyUrl ? `data-clerk-proxy-url="${proxyUrl}"` : ''} src="${scripts}/${path}"></script>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plain application</title>
<link rel="icon" href="data:,">
${major === '6' ? script('@clerk/ui@1/dist/ui.browser.js') : ''}
${script(`@clerk/clerk-js@${major}/dist/clerk.${variant ? `${variant}.` : ''}browser.js`)}
<div id="component"></div>
<script type="module" nonce="${NONCE}">
  const report = (text) => (document.documentElement.dataset.loaded = text)
  const urls = ${JSON.stringify(isHosted ? {} : urls)}
  addEventListener('DOMContentLoaded', async () => {
    try {
      await Clerk.load({ ui: { ClerkUI: window.__internal_ClerkUICtor }, telemetry: false, ...urls })
      const props = ${JSON.stringify(root && tasks.includes(root) ? { redirectUrlComplete: '/' } : { routing: 'path', path: root ?? '/' })}
      const component = ${JSON.stringify(root ? COMPONENTS[root] : null)}
      if (component) Clerk['mount' + component](document.getElementById('component'), props)
      report('yes')
    } catch (error) {
      report(String(error))
    }
  })
</script>
`
}
