import { createRequire } from 'node:module'
import type * as NextServer from 'next/server.js'
import type { NextFetchEvent, NextRequest } from 'next/server.js'
import { vi } from 'vitest'
import { createTestInstance, type TestInstance } from '@latchkey/backend/testing'
import type * as ours from '@latchkey/nextjs/server'

const require = createRequire(import.meta.url)

export const Next = require('next/server') as typeof NextServer

export interface Both {
  instance: TestInstance
  ours: typeof ours
  /** Reads its environment once: load it after that is set. */
  official: typeof ours
}

/** Both packages, with the keys of a test instance in the environment. */
export async function loadBoth(variables: Record<string, string> = {}): Promise<Both> {
  const instance = await createTestInstance()
  const { publishableKey, secretKey, jwtKey } = instance
  const environment = {
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey,
    CLERK_SECRET_KEY: secretKey,
    CLERK_JWT_KEY: jwtKey,
    NEXT_PUBLIC_CLERK_SIGN_IN_URL: '/sign-in',
    NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1',
    ...variables,
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  vi.stubGlobal('AsyncLocalStorage', require('node:async_hooks').AsyncLocalStorage)
  return {
    instance,
    ours: await import('@latchkey/nextjs/server'),
    official: require('@clerk/nextjs/server') as typeof ours,
  }
}

export const event = { waitUntil() {} } as unknown as NextFetchEvent

export function requestTo(
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): NextRequest {
  return new Next.NextRequest(`http://localhost:3000${path}`, init)
}

/** What a browser and Next see of an answer. */
export interface Seen {
  status?: number
  location?: string | null
  rewrite?: string | null
  cookies?: string[]
  wwwAuthenticate?: string | null
  body?: string
  error?: string
}

export async function see(answer: Promise<Response | null | undefined | void>): Promise<Seen> {
  try {
    const response = (await answer) as Response
    return {
      status: response.status,
      location: response.headers.get('location'),
      rewrite: response.headers.get('x-middleware-rewrite')?.replace(/clerk_\d+$/, 'clerk_<time>') ?? null,
      cookies: response.headers.getSetCookie(),
      wwwAuthenticate: response.headers.get('www-authenticate'),
      body: await response.text(),
    }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

/** The headers that the page gets. */
export function headersForPage(response: Response): Headers {
  const names = response.headers.get('x-middleware-override-headers')?.split(',').filter(Boolean) ?? []
  return new Headers(names.map((name) => [name, response.headers.get(`x-middleware-request-${name}`) ?? '']))
}
