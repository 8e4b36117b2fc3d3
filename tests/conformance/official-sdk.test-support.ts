import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { type ClerkClient, createClerkClient } from '@clerk/backend'
import { createClerkClient as createFormerClient } from 'clerk-backend-2'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import {
  dialects,
  useTestServer,
  type TestServer,
  type TestServerOptions,
} from '../../packages/server/src/server.test-support.js'

/** The newest official SDK, and the one that many applications stay on. Neither is changed in any way. */
export type SdkName = '@clerk/backend 3' | '@clerk/backend 2'

/** The resources of a client, as it names them. */
export type Namespace = Exclude<
  { [K in keyof ClerkClient]: ClerkClient[K] extends (...args: never[]) => unknown ? never : K }[keyof ClerkClient],
  'telemetry'
>

export const combinations = dialects.flatMap((dialect) =>
  (['@clerk/backend 3', '@clerk/backend 2'] as const).map((sdk) => ({ sdk, dialect })),
)

export interface OfficialSdk {
  test: TestServer
  /** Of our server, listening on a port of its own. */
  apiUrl: string
  /** The official client; its `apiUrl` alone is ours. */
  client: ClerkClient
  /** One with another key. */
  clientOf(secretKey: string): ClerkClient
  /** The methods that were called so far, as `users.getUser`. */
  called: ReadonlySet<string>
}

/**
 * A server for the suite, and an official SDK that talks to it over a real port. The given namespaces are tested in this
 * suite: a method of theirs, as the SDK's own prototype lists them, that no test called makes the last check fail.
 */
export function useServerWithSdk(
  { sdk, dialect }: (typeof combinations)[number],
  namespaces: readonly Namespace[],
  options: TestServerOptions = {},
): OfficialSdk {
  const test = useTestServer(dialect, options)
  const called = new Set<string>()
  const clientOf = (key: string) => recording(createClient(sdk, key, official.apiUrl), called)
  const official = { test, clientOf, called: called as ReadonlySet<string> } as OfficialSdk
  const mismatches: unknown[] = []
  let close = async () => {}

  beforeAll(async () => {
    const server = createAdaptorServer({
      // An answer that differs from its description must not get lost behind what the SDK makes of it: the test fails for it.
      fetch: async (request) => {
        try {
          return await test.fetch(request)
        } catch (error) {
          mismatches.push(error)
          return Response.json({ errors: [] }, { status: 500 })
        }
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    official.apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
  })

  beforeEach(() => {
    official.client = clientOf(test.instance.secretKey)
  })

  afterEach(() => {
    expect(mismatches.splice(0)).toEqual([])
  })

  afterAll(async () => {
    await close()
    const client = createClient(sdk, 'sk_test_none', 'http://127.0.0.1:1')
    const all = namespaces.flatMap((namespace) =>
      methodsOf(client[namespace]).map((method) => `${namespace}.${method}`),
    )
    expect(all.filter((method) => !called.has(method))).toEqual([])
  })

  return official
}

function createClient(sdk: SdkName, secretKey: string, apiUrl: string): ClerkClient {
  // Tests talk to nobody else.
  const options = { secretKey, apiUrl, telemetry: { disabled: true } }
  return sdk === '@clerk/backend 3'
    ? createClerkClient(options)
    : (createFormerClient(options) as unknown as ClerkClient)
}

export function methodsOf(namespace: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(namespace)).filter((name) => name !== 'constructor')
}

/** Notes which methods are called, from outside. */
function recording(client: ClerkClient, called: Set<string>): ClerkClient {
  return new Proxy(client, {
    get(target, namespace, receiver) {
      const value: unknown = Reflect.get(target, namespace, receiver)
      if (typeof value !== 'object' || value === null) return value
      return new Proxy(value, {
        get(resource, method) {
          called.add(`${String(namespace)}.${String(method)}`)
          const found: unknown = Reflect.get(resource, method, resource)
          // Called on the resource itself: a proxy has none of its private methods.
          return typeof found === 'function' ? found.bind(resource) : found
        },
      })
    },
  })
}
