import type { ClerkClient } from '@latchkey/backend'
import {
  authFromState,
  createAdapterClient,
  isProxied,
  optionsFromEnvironment,
  prepareOptions,
  proxyPathOf,
  readableBy,
  toWebRequest,
  urlOf,
} from '@latchkey/backend/internal'
import { clerkFrontendApiProxy } from '@latchkey/backend/proxy'
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { adapterOptionsOf, HOOKS, type ClerkFastifyOptions } from './options.js'
import { keepRawBodies } from './raw-body.js'
import { keepState, STATE } from './request-state.js'
import { isDevelopmentBrowserHandshake, withoutHandshake } from './without-handshake.js'

declare module 'fastify' {
  interface FastifyRequest {
    clerk: ClerkClient
  }
}

/**
 * Authenticates each request, for `getAuth(request)`. Omitted options come from the environment.
 *
 * @throws {Error} while the application starts, if a key is missing. The message says which line to add, and where.
 */
export const clerkPlugin: FastifyPluginCallback<ClerkFastifyOptions> = fp(plugin, {
  name: '@latchkey/fastify',
  fastify: '5.x',
})

/** Passes errors to `done`, which makes the start fail. An error thrown by a callback plugin would end the process. */
function plugin(instance: FastifyInstance, options: ClerkFastifyOptions, done: (error?: Error) => void): void {
  try {
    addHooks(instance, options)
  } catch (error) {
    done(error as Error)
    return
  }
  done()
}

function addHooks(instance: FastifyInstance, options: ClerkFastifyOptions): void {
  const { hookName = 'preHandler', frontendApiProxy } = options
  if (!HOOKS.includes(hookName)) throw new Error(`Unsupported hookName: ${hookName}. It must be ${HOOKS.join(' or ')}.`)
  for (const name of ['auth', 'clerk', STATE])
    if (!instance.hasRequestDecorator(name)) instance.decorateRequest(name, null)
  keepRawBodies(instance)
  if (frontendApiProxy) instance.addHook('onRequest', createProxyHook(options))
  instance.addHook(hookName, createAuthenticationHook(options))
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | void>

function createAuthenticationHook(options: ClerkFastifyOptions): Hook {
  const { frontendApiProxy, __internal_enableHandshake: handshakes = true } = options
  const environment = optionsFromEnvironment()
  const optionsFor = prepareOptions(adapterOptionsOf(options), environment)
  const client = createAdapterClient(adapterOptionsOf(options), environment)
  return async (request, reply) => {
    const url = () => urlOf(request)
    const { proxyUrl, ...rest } = optionsFor(url)
    const ownProxy = proxyUrl || proxyPathOf(frontendApiProxy, url) || undefined
    const state = await client.authenticateRequest(
      readableBy(client, handshakes ? request : withoutHandshake(request)),
      {
        ...rest,
        proxyUrl: ownProxy,
        acceptsToken: 'any',
      },
    )
    const isRedirect = state.headers.has('location') && (handshakes || isDevelopmentBrowserHandshake(state))
    for (const [name, value] of state.headers) {
      if (isRedirect || (name !== 'location' && name !== 'cache-control')) reply.header(name, value)
    }
    if (isRedirect) return reply.code(307).send()
    keepState(request, state)
    Object.assign(request, { auth: authFromState(state, { acceptsToken: 'any' }), clerk: client })
  }
}

/** Runs before Fastify reads the body, which is streamed to the Frontend API. */
function createProxyHook(options: ClerkFastifyOptions): Hook {
  const optionsFor = prepareOptions(adapterOptionsOf(options), optionsFromEnvironment())
  return async (request, reply) => {
    const url = urlOf(request)
    const proxyPath = proxyPathOf(options.frontendApiProxy, () => url)
    if (!proxyPath || !isProxied(url, proxyPath)) return
    const webRequest = toWebRequestOrNull(request)
    if (!webRequest) return reply.code(400).send()
    const { publishableKey, secretKey } = optionsFor(() => url)
    return reply.send(await clerkFrontendApiProxy(webRequest, { proxyPath, publishableKey, secretKey }))
  }
}

/** Null for a method that `fetch` cannot send. */
function toWebRequestOrNull({ raw }: FastifyRequest): Request | null {
  try {
    return toWebRequest(raw)
  } catch {
    return null
  }
}
