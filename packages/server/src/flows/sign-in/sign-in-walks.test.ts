import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { totpAt } from '../../factors/factors.test-support.js'
import { operator } from '../../kernel/caller.js'
import { Authenticator } from '../../resources/passkeys/authenticator.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { configure, lastCode, openSignIn, PASSWORD, TOTP_SECRET, type SignInBrowser } from './sign-in.test-support.js'

const steps = [
  'begin',
  'begin with nothing',
  'begin with the password',
  'begin with a passkey',
  'prepare email_code',
  'prepare reset_password_email_code',
  'prepare passkey',
  'password',
  'passkey',
  'email_code',
  'reset_password_email_code',
  'totp',
  'set a password',
] as const

/** Without a proof. */
const BEGINNINGS: ReadonlySet<string> = new Set(['begin', 'begin with nothing', 'begin with a passkey'])
const NO_NONCE = JSON.stringify({ challenge: 'bm9uZQ', rpId: 'localhost' })

const walk = fc.record({
  hasSecondFactor: fc.boolean(),
  taken: fc.array(
    fc.record({
      step: fc.constantFrom(...steps),
      right: fc.oneof({ arbitrary: fc.constant(true), weight: 3 }, { arbitrary: fc.constant(false), weight: 1 }),
    }),
    { minLength: 4, maxLength: 14, size: 'max' },
  ),
})

/** What was rightly proved in the sign-in that is current. */
interface Proofs {
  first: string | undefined
  second: boolean
  newPassword: boolean
}

const nothing: Proofs = { first: undefined, second: false, newPassword: false }

describe.each(dialects)('whatever somebody tries on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  let users = 0

  it.each([
    ['one factor', false],
    ['both factors', true],
  ])('opens no session without what is due, where a passkey is %s', async (_, passkeyIsBoth) => {
    let completed = 0
    await configure(server, {
      lockout: { enabled: false },
      attributes: { passkey: { enabled: true } },
      passkey: { satisfiesSecondFactor: passkeyIsBoth },
    })
    const property = fc.asyncProperty(walk, async ({ hasSecondFactor, taken }) => {
      server.clock.advance(2000)
      const identifier = `ada${++users}@example.com`
      const user = await server.client.users.createUser({
        emailAddress: [identifier],
        password: PASSWORD,
        ...(hasSecondFactor ? { totpSecret: TOTP_SECRET } : {}),
      })
      const device = new Authenticator()
      const { context, passkeys } = await servicesOf(server)
      const { id: credentialId, publicKey } = device
      await context.transaction(operator('test'), (tx) =>
        passkeys.insert(user.id, { name: 'Laptop', credentialId, publicKey }, tx),
      )
      const browser = await openSignIn(server)
      let nonce = NO_NONCE
      let id = 'sia_of_nobody'
      let proofs = nothing
      let password = PASSWORD
      for (const { step, right } of taken) {
        // The codes of apps work once, and others are sent every 30 seconds.
        server.clock.advance(31_000)
        const form = await formOf(step, right, { identifier, password, device, nonce })
        const { status, body } = await requestOf(step, id, form, browser)
        if (status === 200) {
          if (step.startsWith('begin')) proofs = nothing
          id = body.response.id
          nonce = body.response.first_factor_verification?.nonce ?? NO_NONCE
          if (!step.startsWith('prepare') && !BEGINNINGS.has(step)) {
            expect(right, `${step} with a wrong proof`).toBe(true)
            proofs = proved(step, proofs)
            if (step === 'set a password') password = form['password'] as string
          }
        }
        const client = (await browser.call('GET /client')).body.response
        if (client.sessions.length === 0) continue
        completed++
        expect(proofs.first).toBeDefined()
        const isBoth = proofs.first === 'passkey' && passkeyIsBoth
        if (hasSecondFactor && !isBoth) expect(proofs.second).toBe(true)
        if (proofs.first?.startsWith('reset')) expect(proofs.newPassword).toBe(true)
        return
      }
    })
    await fc.assert(property, { numRuns: dialect === 'sqlite' ? 15 : 5, seed: 7 })
    expect(completed).toBeGreaterThan(0)
  })

  async function formOf(
    step: (typeof steps)[number],
    right: boolean,
    {
      identifier,
      password,
      device,
      nonce,
    }: { identifier: string; password: string; device: Authenticator; nonce: string },
  ): Promise<Record<string, unknown>> {
    const sent = right ? await lastCode(server).catch(() => '424242') : 'none'
    switch (step) {
      case 'begin':
        return { identifier }
      case 'begin with nothing':
        return {}
      case 'begin with the password':
        return { identifier, password: right ? password : 'wrong password' }
      case 'begin with a passkey':
        return { strategy: 'passkey' }
      case 'passkey':
        return { strategy: step, public_key_credential: device.get(nonce, { forged: !right }) }
      case 'prepare passkey':
      case 'prepare email_code':
      case 'prepare reset_password_email_code':
        return { strategy: step.slice('prepare '.length) }
      case 'password':
        return { strategy: step, password: right ? password : 'wrong password' }
      case 'email_code':
      case 'reset_password_email_code':
        return { strategy: step, code: sent }
      case 'totp':
        return { strategy: step, code: right ? totpAt(server.clock.now()) : 'none' }
      case 'set a password':
        return { password: right ? `difference engine ${server.clock.now()}` : 'short' }
    }
  }
})

function requestOf(step: (typeof steps)[number], id: string, form: Record<string, unknown>, browser: SignInBrowser) {
  if (step.startsWith('begin')) return browser.create(form)
  if (step.startsWith('prepare')) return browser.step(id, 'prepare_first_factor', form)
  if (step === 'set a password') return browser.step(id, 'reset_password', form)
  return browser.step(id, step === 'totp' ? 'attempt_second_factor' : 'attempt_first_factor', form)
}

function proved(step: (typeof steps)[number], proofs: Proofs): Proofs {
  if (step === 'totp') return { ...proofs, second: true }
  if (step === 'set a password') return { ...proofs, newPassword: true }
  return { ...proofs, first: step === 'begin with the password' ? 'password' : step }
}
