import type { AdapterOptions, FrontendApiProxy } from '@latchkey/backend/internal'
import type { RegisterOptions } from 'fastify'

export type FrontendApiProxyOptions = FrontendApiProxy

export const HOOKS = ['onRequest', 'preHandler'] as const

/**
 * Without `logLevel`, which already has a meaning in the options of Fastify's plugins. Set it on a `clerkClient`
 * instead.
 */
export interface ClerkFastifyOptions extends Omit<AdapterOptions, 'acceptsToken' | 'logLevel'> {
  /** The hook that authenticates a request. Default `preHandler`, which runs after the body was read. */
  hookName?: (typeof HOOKS)[number]
  /** Proxies the Frontend API through the application. Default: off. */
  frontendApiProxy?: FrontendApiProxyOptions
  /**
   * False for an API that browsers do not navigate to. Then no request is redirected to a handshake, except one that
   * lacks a development browser token, and results of an earlier handshake in a request are ignored. Default is true.
   */
  __internal_enableHandshake?: boolean
  /** Accepted for compatibility with `@clerk/fastify`. No telemetry is sent. */
  telemetry?: object
  /** Accepted for compatibility with `@clerk/fastify`, where it is part of the telemetry. */
  sdkMetadata?: object
}

/** Only the SDK's options: without those of this plugin, and without those that Fastify adds. */
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
