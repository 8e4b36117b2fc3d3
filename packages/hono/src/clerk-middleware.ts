import type { ClerkClient } from '@latchkey/backend'
import {
  authFromState,
  createAdapterClient,
  isProxied,
  prepareOptions,
  proxyPathOf,
  urlOf,
  type AdapterOptions,
  type EnvironmentOptions,
  type FrontendApiProxy,
  type GetAuthFnNoRequest,
  type PreparedOptions,
} from '@latchkey/backend/internal'
import { clerkFrontendApiProxy } from '@latchkey/backend/proxy'
import type { Context, MiddlewareHandler } from 'hono'
import { environmentOf, variableOf } from './environment.js'

export type FrontendApiProxyOptions = FrontendApiProxy

export interface ClerkMiddlewareOptions extends Omit<AdapterOptions, 'acceptsToken'> {
  /** Proxies the Frontend API through the application. Default: off. */
  frontendApiProxy?: FrontendApiProxyOptions
}

/**
 * Authenticates each request, for `getAuth(c)`. A browser whose session must be renewed is redirected to the Frontend
 * API and back.
 *
 * @param options The options, or a function that returns them for a request. Omitted ones come from the bindings
 * (`c.env`), then from the environment.
 * @throws {Error} at a request, if a key is missing. The message says which line to add, and where.
 */
export function clerkMiddleware(
  options: ClerkMiddlewareOptions | ((c: Context) => ClerkMiddlewareOptions | Promise<ClerkMiddlewareOptions>) = {},
): MiddlewareHandler {
  const setUp = rememberLast(createSetUp)
  return async (c, next) => {
    const chosen = typeof options === 'function' ? await options(c) : options
    const { client, optionsFor } = setUp(chosen, environmentOf(c))
    const request = c.req.raw
    const url = () => urlOf(request)
    const { publishableKey, secretKey, proxyUrl, ...rest } = optionsFor(url)

    const proxyPath = proxyPathOf(chosen.frontendApiProxy, url)
    if (proxyPath && isProxied(new URL(request.url), proxyPath)) {
      return clerkFrontendApiProxy(request, {
        proxyPath,
        publishableKey,
        secretKey,
        fapiUrl: variableOf(c, 'CLERK_FAPI_URL'),
      })
    }

    const ownProxy = proxyUrl || proxyPath || undefined
    const state = await client.authenticateRequest(request, {
      ...rest,
      publishableKey,
      secretKey,
      proxyUrl: ownProxy,
      acceptsToken: 'any',
    })
    for (const [name, value] of state.headers) c.res.headers[name === 'set-cookie' ? 'append' : 'set'](name, value)
    const location = state.headers.get('location')
    if (location) return c.redirect(location, 307)

    c.set('clerk', client)
    c.set('clerkAuth', ((authOptions?: object) => authFromState(state, authOptions)) as GetAuthFnNoRequest)
    return next()
  }
}

interface SetUp {
  client: ClerkClient
  optionsFor: PreparedOptions
}

function createSetUp(options: ClerkMiddlewareOptions, environment: EnvironmentOptions): SetUp {
  return { optionsFor: prepareOptions(options, environment), client: createAdapterClient(options, environment) }
}

/** Caches the last result. On some platforms the environment comes with each request, but it rarely changes. */
function rememberLast(create: typeof createSetUp): typeof createSetUp {
  let last: { options: ClerkMiddlewareOptions; environment: EnvironmentOptions; made: SetUp } | undefined
  return (options, environment) => {
    if (last?.options !== options || !isSame(last.environment, environment))
      last = { options, environment, made: create(options, environment) }
    return last.made
  }
}

function isSame(a: EnvironmentOptions, b: EnvironmentOptions): boolean {
  const names = Object.keys(a) as (keyof EnvironmentOptions)[]
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
