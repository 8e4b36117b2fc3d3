import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Undefined if there is none. `CHROMIUM` names one that is elsewhere. */
export const executablePath = [process.env['CHROMIUM'], ...EXECUTABLES].find((path) => path && existsSync(path))

/** No calls of its own, no sandbox (tests may run as root), and no sign that a program drives it. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-blink-features=AutomationControlled',
]

/** What the browser itself logs about an answer that a flow expects, such as a wrong password. */
const EXPECTED_FAILURE = /^Failed to load resource: the server responded with a status of 4\d\d/
/** The script that tests add to every page is not let into the frame that shows a mail: nothing is. */
const SANDBOXED_MAIL =
  /^Blocked script execution in '[^']*\/inbox\/mail\?at=\d+' because the document's frame is sandboxed/

/** A person at a browser of their own. */
export interface Visitor {
  page: Page
  /** Errors on the console, uncaught ones included, other than the browser's line about an answer of 400 to 499. */
  errors: string[]
  /** Requests to other hosts than this machine. */
  foreign: string[]
  /** Takes a picture into the folder that `SCREENSHOTS` names, if it is set. */
  picture(name: string): Promise<void>
}

interface ChromiumOptions {
  /** What the names of its pictures begin with: several stages take pictures of the same names. */
  stage?: string
  /** Read once hooks that stand before this one have run. */
  args?: () => string[]
  /** Whether requests to this host stay on this machine. Default: only those to `localhost` do. */
  isOwn?: (hostname: string) => boolean
}

/** As `page.waitForURL`, which fails where a page goes to an address twice: components do, and the second way ends the first. */
export async function arrive(page: Page, ...where: Parameters<Page['waitForURL']>): Promise<void> {
  for (;;) {
    try {
      return await page.waitForURL(...where)
    } catch (error) {
      if (!String(error).includes('net::ERR_ABORTED')) throw error
    }
  }
}

async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (!folder) return
  await settled(page)
  await page.screenshot({ path: `${folder}/${name.replace(/[^\w.-]+/g, '-')}.png`, fullPage: true })
}

/** Milliseconds that a page gets to come to rest: the inbox never does, as it waits for messages. */
const REST = 3000

/** Milliseconds that the pages of a test have to close. */
const CLOSING = 20_000

/** Once nothing is loaded any more, something is shown, and nothing moves. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: REST }).catch(() => {})
  const isStill = () =>
    document.body.innerText.trim() !== '' &&
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== 'running' || effect?.getTiming().iterations === Infinity)
  await page.waitForFunction(isStill, undefined, { timeout: REST }).catch(() => {})
}

/**
 * A browser for the tests of one file. Each visitor has cookies of their own, and leaves with the test, which leaves a
 * picture if it fails and `SCREENSHOTS` is set.
 */
export function useChromium({ stage, args, isOwn }: ChromiumOptions = {}): {
  visit(options?: BrowserContextOptions): Promise<Visitor>
} {
  const picture = (page: Page, name: string) => takePicture(page, stage ? `${stage}-${name}` : name)
  let browser: Browser | undefined
  const launch = async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: [...ARGUMENTS, ...(args?.() ?? [])] })
  }
  beforeAll(launch)
  afterEach(async ({ task }) => {
    const contexts = browser!.contexts()
    if (task.result?.state === 'fail') {
      const pages = contexts.flatMap((context) => context.pages())
      await Promise.all(pages.map((page, number) => picture(page, `failed-${task.name}-${number}`)))
      for (const page of pages) console.error(await shownOn(page))
    }
    const closed = Promise.all(contexts.map((context) => context.close())).then(() => true)
    if (await Promise.race([closed, setTimeout(CLOSING, false, { ref: false })])) return
    // Now and then Chromium keeps a context open for ever: the next test has another browser.
    void browser!.close().catch(() => {})
    await launch()
  })
  afterAll(() => browser?.close())

  return {
    async visit(options) {
      const context = await browser!.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      context.setDefaultTimeout(60_000)
      const page = await context.newPage()
      const visitor: Visitor = {
        page,
        errors: [],
        foreign: [],
        picture: (name) => picture(page, name),
      }
      context.on('console', (message) => {
        const text = message.text()
        const isExpected = EXPECTED_FAILURE.test(text) || SANDBOXED_MAIL.test(text)
        if (message.type() === 'error' && !isExpected) visitor.errors.push(text)
      })
      context.on('weberror', (error) => visitor.errors.push(error.error().message))
      context.on('request', (request) => {
        const url = new URL(request.url())
        const isHere = url.hostname === 'localhost' || isOwn?.(url.hostname)
        if (/^https?:$/.test(url.protocol) && !isHere) visitor.foreign.push(url.href)
      })
      return visitor
    },
  }
}

/** What a page says, and what was typed, for whoever reads why a test failed on another machine. */
async function shownOn(page: Page): Promise<string> {
  const typed = () => [...document.querySelectorAll('input')].map(({ name, value }) => `${name}: ${value.length}`)
  const shown = await Promise.all([page.innerText('body'), page.evaluate(typed)]).catch((error) => [String(error), []])
  return `${page.url()}\n${String(shown[0]).slice(0, 1500)}\nCharacters typed: ${String(shown[1])}`
}
