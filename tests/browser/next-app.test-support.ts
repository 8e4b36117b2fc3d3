import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { installApart } from '../../scripts/apart.mjs'
import { filesBelow, inputsFingerprint } from '../../scripts/build/stamp.mjs'
import { withLock } from '../../scripts/lock.mjs'
import { root } from '../../scripts/setup.mjs'
import { afterEach, beforeAll } from 'vitest'
import type { Application, ApplicationOptions } from '../adapters/redirects/applications.test-support.js'
import { useChromium } from './chromium.test-support.js'
import { useDomains } from './domains.test-support.js'
import { everyFlow, olderFlows } from './flows/every.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { pagesBelow, type Stage } from './stage.test-support.js'

const source = fileURLToPath(new URL('next-app', import.meta.url))
const next15 = fileURLToPath(new URL('next-15', import.meta.url))

interface Variant {
  next: 15 | 16
  package: '@clerk/nextjs' | '@latchkey/nextjs'
  /** The versions of the scripts that its pages load. */
  scripts: { js: string; ui?: string }
}

/** A real Next with each package that is made for it. Ours has no components: its application answers at `/notes` only. */
const variants = {
  '@clerk/nextjs 7 in Next 16': { next: 16, package: '@clerk/nextjs', scripts: { js: '6', ui: '1' } },
  '@clerk/nextjs 6 in Next 15': { next: 15, package: '@clerk/nextjs', scripts: { js: '5' } },
  '@latchkey/nextjs in Next 16': { next: 16, package: '@latchkey/nextjs', scripts: { js: '6' } },
  '@latchkey/nextjs in Next 15': { next: 15, package: '@latchkey/nextjs', scripts: { js: '6' } },
} satisfies Record<string, Variant>

export type NextVariant = keyof typeof variants
export const nextVariants = Object.keys(variants) as NextVariant[]
/** Those whose pages have the published components. */
export const nextWithPages = nextVariants.filter((name) => variants[name].package === '@clerk/nextjs')

/** The flows for the components that its pages load. */
export const flowsOf = (name: NextVariant) => (variants[name].scripts.js === '5' ? olderFlows : everyFlow)

/** How long a build may take on a machine that does much else, in milliseconds. */
export const NEXT_BUILDS = 600_000

/** Builds what is not built already. One after the other: a build takes all processors, and a gigabyte of memory. */
export async function buildNextApps(names: NextVariant[]): Promise<void> {
  for (const name of names) await buildNextApp(name)
}

/** @returns the folder of the application */
async function buildNextApp(name: NextVariant): Promise<string> {
  const variant: Variant = variants[name]
  const packages = variant.next === 15 ? await installApart(next15) : join(root, '.build/next-16')
  if (packages === undefined) throw new Error('Next 15 could not be installed')
  const folder = join(packages, variant.package.slice(1).replace('/', '-'))
  const stamp = join(folder, 'built')
  const wanted = fingerprintOf(variant)
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
    rmSync(folder, { recursive: true, force: true })
    cpSync(source, folder, { recursive: true })
    if (variant.package === '@latchkey/nextjs') leaveNotesOnly(folder)
    if (variant.next === 15) renameSync(join(folder, 'proxy.js'), join(folder, 'middleware.js'))
    await promisify(execFile)(process.execPath, [nextOf(folder), 'build'], { cwd: folder, env: environment() })
    writeFileSync(stamp, wanted)
  })
  return folder
}

/** Starts a built application with the keys of an instance. */
export async function startNextApp(name: NextVariant, options: ApplicationOptions): Promise<Application> {
  const folder = await buildNextApp(name)
  const child = spawn(process.execPath, [nextOf(folder), 'start', '--port', '0'], {
    cwd: folder,
    env: environment(variablesOf(variants[name], options)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.includes('Ready in')) break
  }
  child.stdout.resume()
  const port = Number(/http:\/\/localhost:(\d+)/.exec(lines.join('\n'))?.[1])
  if (!port) throw new Error(`${name} does not start:\n${lines.join('\n')}`)
  return {
    port,
    close() {
      // Asked to stop, it waits for connections that a browser keeps.
      child.kill('SIGKILL')
      return ended
    },
  }
}

/** @returns a function that starts the application of `next-app` for one test, and returns its port */
function useNextApp(name: NextVariant): (options: ApplicationOptions) => Promise<number> {
  beforeAll(() => buildNextApps([name]), NEXT_BUILDS)
  const running: Application[] = []
  afterEach(() => Promise.all(running.splice(0).map((application) => application.close())))
  return async (options) => {
    const application = await startNextApp(name, options)
    running.push(application)
    return application.port
  }
}

const stageOf = (name: NextVariant) => `next-${variants[name].next}`

/** The application of `next-app` on instances in development. */
export function useNextDevelopment(name: NextVariant): Stage {
  const chromium = useChromium({ stage: `${stageOf(name)}-development` })
  const latchkey = useLatchkey()
  const start = useNextApp(name)
  return {
    visit: chromium.visit,
    async open(settings) {
      const place = await latchkey.open(settings)
      const { publishableKey, secretKey, frontendApiUrl } = place.instance
      const keys = { publishableKey, secretKey, apiUrl: latchkey.url, proxyUrl: frontendApiUrl }
      const url = `http://localhost:${await start(keys)}`
      return { ...place, url, ...pagesBelow(url) }
    },
  }
}

/** The application of `next-app` on instances in production. */
export function useNextProduction(name: NextVariant): Stage {
  const domains = useDomains(`${stageOf(name)}-production`)
  const start = useNextApp(name)
  return {
    visit: domains.visit,
    async open(settings) {
      const domain = await domains.open(settings)
      const { publishableKey, secretKey } = domain.instance
      domain.leadTo(await start({ publishableKey, secretKey, apiUrl: domain.apiUrl }))
      return { ...domain, ...pagesBelow(domain.url) }
    },
  }
}

function variablesOf({ scripts }: Variant, options: ApplicationOptions): Record<string, string> {
  const { publishableKey, secretKey, apiUrl, proxyUrl, isSatellite, domain, signInUrl } = options
  return {
    CLERK_SECRET_KEY: secretKey,
    CLERK_API_URL: apiUrl,
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey,
    NEXT_PUBLIC_CLERK_SIGN_IN_URL: signInUrl ?? '/sign-in',
    NEXT_PUBLIC_CLERK_SIGN_UP_URL: '/sign-up',
    ...(publishableKey.startsWith('pk_test_') && scriptUrlsOf(scripts, apiUrl)),
    NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1',
    ...(proxyUrl && { NEXT_PUBLIC_CLERK_PROXY_URL: proxyUrl }),
    ...(domain && { NEXT_PUBLIC_CLERK_DOMAIN: domain }),
    ...(isSatellite && { NEXT_PUBLIC_CLERK_IS_SATELLITE: 'true' }),
  }
}

/** In production the packages know them from the publishable key. */
function scriptUrlsOf({ js, ui }: Variant['scripts'], serverUrl: string): Record<string, string> {
  return {
    NEXT_PUBLIC_CLERK_JS_URL: `${serverUrl}/npm/@clerk/clerk-js@${js}/dist/clerk.browser.js`,
    ...(ui && { NEXT_PUBLIC_CLERK_UI_URL: `${serverUrl}/npm/@clerk/ui@${ui}/dist/ui.browser.js` }),
  }
}

/** That of this process without keys, which would be built in. */
function environment(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NEXT_PUBLIC_)?CLERK_|^VITE|^NODE_OPTIONS/.test(name))
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    // Next 15 would query a registry about the lockfile.
    NEXT_IGNORE_INCORRECT_LOCKFILE: '1',
    ...variables,
  }
}

function nextOf(folder: string): string {
  return createRequire(join(folder, 'package.json')).resolve('next/dist/bin/next')
}

function leaveNotesOnly(folder: string): void {
  for (const file of filesBelow(folder)) {
    const text = readFileSync(file, 'utf8')
    if (file.endsWith('.jsx')) rmSync(file)
    else writeFileSync(file, text.replace('@clerk/nextjs', '@latchkey/nextjs'))
  }
}

function fingerprintOf({ next, package: name }: Variant): string {
  const hash = createHash('sha256').update(name)
  const locks = [join(next === 15 ? next15 : root, 'package-lock.json')]
  for (const file of [...filesBelow(source), ...locks]) hash.update(file).update(readFileSync(file))
  if (name === '@latchkey/nextjs') hash.update(inputsFingerprint())
  return hash.digest('hex')
}
