import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Module = Record<string, (...args: never[]) => unknown>

/** A version of Next, and its own code. */
export interface Next {
  version: string
  /** A module of Next's, such as `server/web/next-url.js`. */
  module(path: string): Module
}

export interface Routes {
  /** Pages of the folder "app", such as `/docs/[slug]`. */
  app: string[]
  /** Pages of the folder "pages". */
  pages: string[]
}

export interface NextConfig {
  basePath?: string
  trailingSlash?: boolean
  i18n?: { locales: string[]; defaultLocale: string }
}

const BUILD_ID = 'B'

/** Both versions of Next that are installed. */
export const versions: Next[] = ['examples/nextjs-15', 'examples/nextjs'].map((folder) => {
  const require = createRequire(fileURLToPath(new URL(`../../../${folder}/package.json`, import.meta.url)))
  const { version } = require('next/package.json') as { version: string }
  return { version, module: (path) => require(`next/dist/${path}`) as Module }
})

/**
 * The router that `next start` has, over the files that `next build` writes.
 *
 * @returns A function that tells which page is served for a URL's path; null for a redirect, a refusal or nothing.
 */
export async function createRouter(
  next: Next,
  routes: Routes,
  config: NextConfig = {},
): Promise<(path: string) => Promise<string | null>> {
  const redirects = await slashRedirects(next, config)
  const dir = writeBuild(next, routes, redirects)
  const options = { dir, dev: false, minimalMode: false, port: 80, hostname: 'localhost' }
  const fullConfig = {
    distDir: '.next',
    basePath: '',
    experimental: {},
    output: 'standalone',
    useFileSystemPublicRoutes: true,
    ...config,
  }
  const setUp = next.module('server/lib/router-utils/filesystem.js').setupFsCheck as (
    options: object,
  ) => Promise<object>
  const getResolveRoutes = next.module('server/lib/router-utils/resolve-routes.js').getResolveRoutes as (
    ...args: unknown[]
  ) => (request: object) => Promise<Resolved>
  const files = await setUp({ ...options, config: fullConfig })
  rmSync(dir, { recursive: true })
  const resolve = next.version.startsWith('15.')
    ? getResolveRoutes(files, fullConfig, options, undefined, {}, undefined)
    : getResolveRoutes(files, fullConfig, () => '', options, undefined, {}, undefined)
  return async (url) => {
    const request = { url, method: 'GET', headers: { host: 'localhost' }, socket: {} }
    try {
      const { statusCode, matchedOutput } = await resolve({ req: request, res: { setHeader() {} }, isUpgradeReq: true })
      return statusCode ? null : (matchedOutput?.itemPath ?? null)
    } catch (error) {
      if ((error as Error).message.includes('decode')) return null
      throw error
    }
  }
}

interface Resolved {
  statusCode?: number
  matchedOutput?: { itemPath: string } | null
}

/** Those that Next adds to every configuration: from `/page/` to `/page`, or the other way round. */
async function slashRedirects(next: Next, config: NextConfig): Promise<object[]> {
  const load = next.module('lib/load-custom-routes.js').default as (config: object) => Promise<{ redirects: object[] }>
  return (await load({ basePath: '', trailingSlash: false, experimental: {}, images: {}, ...config })).redirects
}

function writeBuild(next: Next, { app, pages }: Routes, redirects: object[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'next-routes-'))
  mkdirSync(join(dir, '.next/server'), { recursive: true })
  const write = (file: string, content: unknown) =>
    writeFileSync(join(dir, '.next', file), typeof content === 'string' ? content : JSON.stringify(content))
  const getNamedRouteRegex = next.module('shared/lib/router/utils/route-regex.js').getNamedRouteRegex as (
    page: string,
    options: object,
  ) => { re: RegExp; routeKeys: object; namedRegex: string }
  const getSortedRoutes = next.module('shared/lib/router/utils/index.js').getSortedRoutes as (
    pages: string[],
  ) => string[]
  const dynamicRoutes = getSortedRoutes([...app, ...pages].filter((page) => page.includes('['))).map((page) => {
    const { re, routeKeys, namedRegex } = getNamedRouteRegex(page, { prefixRouteKeys: true })
    return { page, regex: re.source, routeKeys, namedRegex }
  })
  const dataRoutes = pages
    .filter((page) => !page.startsWith('/api'))
    .map((page) => {
      const source = page.includes('[')
        ? getNamedRouteRegex(page, { prefixRouteKeys: true }).re.source.slice(1).replace('(?:/)?$', '')
        : page
      return { page, dataRouteRegex: `^/_next/data/${BUILD_ID}${source}\\.json$` }
    })
  const entry = (page: string) => `${page === '/' ? '' : page}/page`
  const manifests: Record<string, unknown> = {
    BUILD_ID,
    'routes-manifest.json': {
      version: 3,
      redirects,
      rewrites: [],
      headers: [],
      onMatchHeaders: [],
      staticRoutes: [],
      dynamicRoutes,
      dataRoutes,
    },
    'prerender-manifest.json': { version: 4, routes: {}, dynamicRoutes: {}, preview: {} },
    'server/preview-props.json': {},
    'server/pages-manifest.json': Object.fromEntries(pages.map((page) => [page, `pages${page}.js`])),
    'server/app-paths-manifest.json': Object.fromEntries(app.map((page) => [entry(page), `app${entry(page)}.js`])),
    'app-path-routes-manifest.json': Object.fromEntries(app.map((page) => [entry(page), page])),
    'server/middleware-manifest.json': { version: 3, middleware: {}, sortedMiddleware: [], functions: {} },
    'server/functions-config-manifest.json': { version: 1, functions: {} },
  }
  for (const [file, content] of Object.entries(manifests)) write(file, content)
  return dir
}
