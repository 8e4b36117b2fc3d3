import type { ClerkClient } from '@latchkey/backend'
import {
  authFromState,
  createAdapterClient,
  isProxied,
  optionsFromEnvironment,
  prepareOptions,
  proxyPathOf,
  toWebRequest,
  urlOf,
  type AdapterOptions,
  type FrontendApiProxy,
} from '@latchkey/backend/internal'
import { clerkFrontendApiProxy } from '@latchkey/backend/proxy'
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isDevelopmentBrowserHandshake, withoutHandshake } from './without-handshake.js'
import { keepRawBodies } from './raw-body.js'
import { keepState, STATE } from './request-state.js'

declare module 'fastify' {
  interface FastifyRequest {
    clerk: ClerkClient
  }
}

export type FrontendApiProxyOptions = FrontendApiProxy

const HOOKS = ['onRequest', 'preHandler'] as const

export interface ClerkFastifyOptions extends Omit<AdapterOptions, 'acceptsToken'> {
  /** When it is decided who makes a request. Default `preHandler`, so after the body was read. */
  hookName?: (typeof HOOKS)[number]
  /** Passes the Frontend API through the application. Default: it does not. */
  frontendApiProxy?: FrontendApiProxyOptions
  /**
   * False for an API whose answers reach no browser's address bar: nobody is redirected to a handshake, but those without a
   * development browser, and what an earlier handshake left in a request is not looked at. Default is true.
   */
  __internal_enableHandshake?: boolean
  /** Taken, since `@clerk/fastify` takes it; nothing is sent to anyone. */
  telemetry?: object
  /** Taken, since `@clerk/fastify` takes it; it is part of the telemetry. */
  sdkMetadata?: object
}

/**
 * Decides who makes each request, for `getAuth(request)`. What the options leave out comes from the environment.
 *
 * @throws {Error} while the application starts, when a key is missing: it says which line to put where.
 */
export const clerkPlugin: FastifyPluginCallback<ClerkFastifyOptions> = fp(plugin, { name: '@latchkey/fastify', fastify: '5.x' })

/** What such a plugin throws would end the process; what it hands over makes the start fail. */
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
  for (const name of ['auth', 'clerk', STATE]) if (!instance.hasRequestDecorator(name)) instance.decorateRequest(name, null)
  keepRawBodies(instance)
  if (frontendApiProxy) instance.addHook('onRequest', createProxyHook(options))
  instance.addHook(hookName, createAuthenticationHook(options))
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | void>

function createAuthenticationHook({ hookName: _hook, frontendApiProxy, __internal_enableHandshake: handshakes = true, telemetry: _telemetry, sdkMetadata: _metadata, ...options }: ClerkFastifyOptions): Hook {
  const environment = optionsFromEnvironment()
  const optionsFor = prepareOptions(options, environment)
  const client = createAdapterClient(options, environment)
  return async (request, reply) => {
    const url = () => urlOf(request)
    const { proxyUrl, ...rest } = optionsFor(url)
    const ownProxy = proxyUrl || proxyPathOf(frontendApiProxy, url) || undefined
    const state = await client.authenticateRequest(handshakes ? request : withoutHandshake(request), { ...rest, proxyUrl: ownProxy, acceptsToken: 'any' })
    const isRedirect = state.headers.has('location') && (handshakes || isDevelopmentBrowserHandshake(state))
    for (const [name, value] of state.headers) {
      if (isRedirect || (name !== 'location' && name !== 'cache-control')) reply.header(name, value)
    }
    if (isRedirect) return reply.code(307).send()
    keepState(request, state)
    Object.assign(request, { auth: authFromState(state, { acceptsToken: 'any' }), clerk: client })
  }
}

/** Before Fastify reads the body, which is passed on as it comes. */
function createProxyHook({ frontendApiProxy, ...options }: ClerkFastifyOptions): Hook {
  const optionsFor = prepareOptions(options, optionsFromEnvironment())
  return async (request, reply) => {
    const url = urlOf(request)
    const proxyPath = proxyPathOf(frontendApiProxy, () => url)
    if (!proxyPath || !isProxied(url, proxyPath)) return
    const webRequest = toWebRequestOrNull(request)
    if (!webRequest) return reply.code(400).send()
    const { publishableKey, secretKey } = optionsFor(() => url)
    return reply.send(await clerkFrontendApiProxy(webRequest, { proxyPath, publishableKey, secretKey }))
  }
}

/** Null for a method that `fetch` does not send. */
function toWebRequestOrNull({ raw }: FastifyRequest): Request | null {
  try {
    return toWebRequest(raw)
  } catch {
    return null
  }
}
