/** What an application has to know of this server. */
export interface Addresses {
  apiUrl: string
  frontendApiUrl: string
  publishableKey: string
  secretKey: string
  /** The instance's public key, PEM. Omitted if the next start would sign with another key. */
  jwtKey?: string | undefined
}

/** What counts of an application's `package.json`. */
export interface Project {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** The majors of the browser packages that a framework's package loads. */
interface Scripts {
  clerkJs: number
  /** Null where the components are a part of clerk-js. */
  ui: number | null
}

interface Framework {
  heading: string
  /** Whether its lines are shown where it is not known what the application is made with. */
  isCommon?: boolean
  /** Its packages, with the first major that loads the newest scripts. */
  packages: Record<string, number>
  lines(addresses: Addresses, scripts: Scripts): string[]
}

const NEWEST: Scripts = { clerkJs: 6, ui: 1 }
const OLDER: Scripts = { clerkJs: 5, ui: null }

const FRAMEWORKS: readonly Framework[] = [
  {
    heading: 'Next.js, .env.local:',
    isCommon: true,
    packages: { '@clerk/nextjs': 7, '@latchkey/nextjs': 0 },
    lines: (addresses, scripts) => environmentOf(addresses, scripts, { ofBrowser: 'NEXT_PUBLIC_' }),
  },
  {
    heading: 'Express, Fastify, Hono, Node, .env:',
    isCommon: true,
    packages: {
      '@clerk/express': 2,
      '@clerk/fastify': 3,
      '@clerk/hono': 0,
      '@clerk/backend': 3,
      '@latchkey/express': 0,
      '@latchkey/fastify': 0,
      '@latchkey/hono': 0,
      '@latchkey/backend': 0,
    },
    lines: (addresses, scripts) => environmentOf(addresses, scripts),
  },
  {
    heading: 'React (Vite), around your application:',
    isCommon: true,
    packages: { '@clerk/react': 0, '@clerk/clerk-react': 6 },
    lines: (addresses, scripts) => [
      '<ClerkProvider',
      ...properties(addresses, scripts).map(([name, value]) => `  ${name}="${value}"`),
      '  telemetry={false}',
      '>',
    ],
  },
  {
    heading: 'React Router, TanStack Start, .env:',
    packages: { '@clerk/react-router': 3, '@clerk/tanstack-react-start': 1 },
    lines: (addresses, scripts) => environmentOf(addresses, scripts),
  },
  {
    heading: 'Astro, .env:',
    packages: { '@clerk/astro': 3 },
    lines: (addresses, scripts) => environmentOf(addresses, scripts, { ofBrowser: 'PUBLIC_' }),
  },
  {
    heading: 'Nuxt, .env:',
    packages: { '@clerk/nuxt': 2 },
    lines: (addresses, scripts) => [
      ...environmentOf(addresses, scripts, { ofServer: 'NUXT_', ofBrowser: 'NUXT_PUBLIC_' }),
      '# The module does not read the last line. In nuxt.config.ts: clerk: { telemetry: { disabled: true } }',
    ],
  },
  {
    heading: 'Vue (Vite), in src/main.ts:',
    packages: { '@clerk/vue': 2 },
    lines: (addresses, scripts) => [
      'app.use(clerkPlugin, {',
      ...properties(addresses, scripts).map(([name, value]) => `  ${name}: '${value}',`),
      '  telemetry: false,',
      '})',
    ],
  },
]

/**
 * What to copy into an application, for each framework: its `.env`, or the properties of its provider.
 *
 * @param project the application in whose folder the command runs: of its frameworks only, and for their versions
 */
export function readyLines(addresses: Addresses, project: Project): string[] {
  const used = FRAMEWORKS.flatMap((framework) => {
    const scripts = scriptsOf(framework, project)
    return scripts ? [{ framework, scripts }] : []
  })
  const common = FRAMEWORKS.filter(({ isCommon }) => isCommon)
  const shown = used.length > 0 ? used : common.map((framework) => ({ framework, scripts: NEWEST }))
  return shown.flatMap(({ framework, scripts }) => [framework.heading, ...framework.lines(addresses, scripts), ''])
}

/** Undefined for a framework that the project does not use. */
function scriptsOf({ packages }: Framework, project: Project): Scripts | undefined {
  const dependencies = { ...project.devDependencies, ...project.dependencies }
  for (const [name, since] of Object.entries(packages)) {
    const range = dependencies[name]
    if (typeof range !== 'string') continue
    // A tag such as "latest" has no number.
    const major = Number(/\d+/.exec(range)?.[0] ?? Number.POSITIVE_INFINITY)
    return major >= since ? NEWEST : OLDER
  }
  return undefined
}

/** The public key as one line of a `.env` file. Packages that read it verify tokens without fetching the key set. */
export function jwtKeyLine(jwtKey: string): string {
  return `CLERK_JWT_KEY="${jwtKey.trim().replaceAll('\n', '\\n')}"`
}

/** @param prefixes of the variables' names, where a framework asks for some */
function environmentOf(
  { apiUrl, frontendApiUrl, publishableKey, secretKey, jwtKey }: Addresses,
  scripts: Scripts,
  { ofServer = '', ofBrowser = '' } = {},
): string[] {
  const browser = [
    `CLERK_PUBLISHABLE_KEY=${publishableKey}`,
    `CLERK_PROXY_URL=${frontendApiUrl}`,
    `CLERK_JS_URL=${clerkJsUrl(frontendApiUrl, scripts)}`,
    ...(scripts.ui === null ? [] : [`CLERK_UI_URL=${uiUrl(frontendApiUrl, scripts.ui)}`]),
    `CLERK_SIGN_IN_URL=${frontendApiUrl}/sign-in`,
    `CLERK_SIGN_UP_URL=${frontendApiUrl}/sign-up`,
    'CLERK_TELEMETRY_DISABLED=1',
  ]
  const server = [
    `CLERK_SECRET_KEY=${secretKey}`,
    `CLERK_API_URL=${apiUrl}`,
    ...(jwtKey === undefined ? [] : [jwtKeyLine(jwtKey)]),
  ]
  return [...server.map((line) => ofServer + line), ...browser.map((line) => ofBrowser + line)]
}

/** Names and values of what a provider is given. */
function properties({ publishableKey, frontendApiUrl }: Addresses, scripts: Scripts): [string, string][] {
  const prefix = scripts.ui === null ? '' : '__internal_'
  return [
    ['publishableKey', publishableKey],
    ['proxyUrl', frontendApiUrl],
    [`${prefix}clerkJSUrl`, clerkJsUrl(frontendApiUrl, scripts)],
    ...(scripts.ui === null ? [] : [['__internal_clerkUIUrl', uiUrl(frontendApiUrl, scripts.ui)] as [string, string]]),
  ]
}

function clerkJsUrl(base: string, { clerkJs }: Scripts): string {
  return `${base}/npm/@clerk/clerk-js@${clerkJs}/dist/clerk.browser.js`
}

function uiUrl(base: string, major: number): string {
  return `${base}/npm/@clerk/ui@${major}/dist/ui.browser.js`
}
