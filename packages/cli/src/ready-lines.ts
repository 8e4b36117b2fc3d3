/** What an application has to know of this server. */
export interface Addresses {
  apiUrl: string
  frontendApiUrl: string
  publishableKey: string
  secretKey: string
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
  /** Its packages, with the first major that loads the newest scripts. */
  packages: Record<string, number>
  lines(addresses: Addresses, scripts: Scripts): string[]
}

const NEWEST: Scripts = { clerkJs: 6, ui: 1 }
const OLDER: Scripts = { clerkJs: 5, ui: null }

const FRAMEWORKS: readonly Framework[] = [
  {
    heading: 'Next.js, .env.local:',
    packages: { '@clerk/nextjs': 7, '@latchkey/nextjs': 0 },
    lines: (addresses, scripts) => [
      `CLERK_SECRET_KEY=${addresses.secretKey}`,
      `CLERK_API_URL=${addresses.apiUrl}`,
      ...variables(addresses, scripts).map((line) => `NEXT_PUBLIC_${line}`),
    ],
  },
  {
    heading: 'Express, Fastify, Hono, Node, .env:',
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
    lines: (addresses, scripts) => [
      `CLERK_SECRET_KEY=${addresses.secretKey}`,
      `CLERK_API_URL=${addresses.apiUrl}`,
      ...variables(addresses, scripts),
    ],
  },
  {
    heading: 'React (Vite), around your application:',
    packages: { '@clerk/react': 0, '@clerk/clerk-react': 6 },
    lines: ({ publishableKey, frontendApiUrl }, scripts) => {
      const prefix = scripts.ui === null ? '' : '__internal_'
      return [
        '<ClerkProvider',
        `  publishableKey="${publishableKey}"`,
        `  proxyUrl="${frontendApiUrl}"`,
        `  ${prefix}clerkJSUrl="${clerkJsUrl(frontendApiUrl, scripts)}"`,
        ...(scripts.ui === null ? [] : [`  __internal_clerkUIUrl="${uiUrl(frontendApiUrl, scripts.ui)}"`]),
        '  telemetry={false}',
        '>',
      ]
    },
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
  const shown = used.length > 0 ? used : FRAMEWORKS.map((framework) => ({ framework, scripts: NEWEST }))
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

function variables({ publishableKey, frontendApiUrl }: Addresses, scripts: Scripts): string[] {
  return [
    `CLERK_PUBLISHABLE_KEY=${publishableKey}`,
    `CLERK_PROXY_URL=${frontendApiUrl}`,
    `CLERK_JS_URL=${clerkJsUrl(frontendApiUrl, scripts)}`,
    ...(scripts.ui === null ? [] : [`CLERK_UI_URL=${uiUrl(frontendApiUrl, scripts.ui)}`]),
    `CLERK_SIGN_IN_URL=${frontendApiUrl}/sign-in`,
    `CLERK_SIGN_UP_URL=${frontendApiUrl}/sign-up`,
    'CLERK_TELEMETRY_DISABLED=1',
  ]
}

function clerkJsUrl(base: string, { clerkJs }: Scripts): string {
  return `${base}/npm/@clerk/clerk-js@${clerkJs}/dist/clerk.browser.js`
}

function uiUrl(base: string, major: number): string {
  return `${base}/npm/@clerk/ui@${major}/dist/ui.browser.js`
}
