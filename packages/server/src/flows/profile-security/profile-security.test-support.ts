import { Secret, TOTP } from 'otpauth'
import { expect } from 'vitest'
import type { Answer } from '../../browser.test-support.js'
import type { TestServer } from '../../server.test-support.js'
import { ADA, newAda, openSignIn, PASSWORD, TOTP_SECRET, type SignInBrowser } from '../sign-in/sign-in.test-support.js'

export const MINUTE = 60_000
export const LATE = 11 * MINUTE

export interface SignedIn {
  browser: SignInBrowser
  sessionId: string
}

/** The code that an authenticator app shows. */
export function totpAt(timestamp: number, secret: string = TOTP_SECRET): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })
}

/** Signs in with a password, and a code of the authenticator app where there is one. */
export async function signIn(server: TestServer, identifier = ADA, password = PASSWORD): Promise<SignedIn> {
  const browser = await openSignIn(server)
  let answer = await browser.create({ identifier, password })
  if (answer.body.response.status === 'needs_second_factor') {
    const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
    answer = await browser.step(answer.body.response.id, 'attempt_second_factor', form)
  }
  expect(answer.body.response.status).toBe('complete')
  return { browser, sessionId: answer.body.response.created_session_id }
}

/** A user with an address and a password, signed in in a browser. */
export async function signedInAda(server: TestServer, more: object = {}): Promise<SignedIn & { id: string }> {
  const { id } = await newAda(server, more)
  return { id, ...(await signIn(server)) }
}

/** The status and the codes of an answer, with the parameters they are about. */
export function codesOf({ status, body }: Answer): unknown[] {
  const errors = (body.errors ?? []) as { code: string; meta?: { param_name?: string } }[]
  return [status, ...errors.map(({ code, meta }) => (meta?.param_name ? `${code} ${meta.param_name}` : code))]
}

export const REQUIRED = [403, 'session_reverification_required']
