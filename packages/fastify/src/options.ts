import type { AdapterOptions, FrontendApiProxy } from '@latchkey/backend/internal'
import type { RegisterOptions } from 'fastify'

export type FrontendApiProxyOptions = FrontendApiProxy

export const HOOKS = ['onRequest', 'preHandler'] as const

/** `logLevel` has a meaning of its own among the options of Fastify's plugins; a `clerkClient` can have one. */
export interface ClerkFastifyOptions extends Omit<AdapterOptions, 'acceptsToken' | 'logLevel'> {
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

/** What is the SDK's: without the options of the plugin and without Fastify's, which come with them. */
export function adapterOptionsOf(options: ClerkFastifyOptions & Omit<RegisterOptions, 'logLevel'>): AdapterOptions {
  const {
    hookName: _hook,
    frontendApiProxy: _proxy,
    __internal_enableHandshake: _handshakes,
    telemetry: _telemetry,
    sdkMetadata: _metadata,
    ...rest
  } = options
  const { logLevel: _level, logSerializers: _serializers, prefix: _prefix, ...own } = rest as RegisterOptions
  return own
}
