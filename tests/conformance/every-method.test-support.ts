import type { ClerkClient } from '@clerk/backend'
import { expect } from 'vitest'
import type { CreatedInstance } from '../../packages/server/src/index.js'
import type { TestServer } from '../../packages/server/src/server.test-support.js'

/** An instance with one of everything, and the official client that asks it. */
export interface World {
  client: ClerkClient
  /** One with another key. */
  clientOf(secretKey: string): ClerkClient
  /** An instance of production, with nothing in it. */
  production(): Promise<{ instance: CreatedInstance; client: ClerkClient }>
  test: TestServer
  /** Ids as `seedWithEverything` gives them to the test's instance. */
  own(id: string): string
}

/** Calls one method of the official client, and sees that what it did reads back. */
export type Row = (world: World) => Promise<unknown>

/** By namespace and method. */
export type Rows = Readonly<Record<string, Readonly<Record<string, Row>>>>

/** The call is refused, with a code that the contract lists. */
export async function refused(call: Promise<unknown>, status: number, code: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ status, errors: [{ code }] })
}

export const gone = (call: Promise<unknown>) => refused(call, 404, 'resource_not_found')
