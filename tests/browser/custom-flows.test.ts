import { describe, expect, it } from 'vitest'
import { arrive, executablePath, useChromium } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'
const EMAIL_ADDRESS = 'ada@example.com'

/** What the hooks `useSignUp` and `useSignIn` give a page of one's own. */
interface Future {
  // oxlint-disable-next-line typescript/no-explicit-any
  [name: string]: any
}

interface ClerkJs {
  user: unknown
  client: { signUp: { __internal_future: Future }; signIn: { __internal_future: Future } }
  signOut(): Promise<void>
}

describe.skipIf(!executablePath)('pages that ask clerk-js without its components', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)

  const openPage = async () => {
    const { page, errors } = await chromium.visit()
    const enter = async () => {
      await app.open(page, '/')
      await page.evaluate(() => void ((window as unknown as { held: object }).held = {}))
    }
    await enter()
    /** @param method a name, or several with dots between */
    const call = async (resource: 'signUp' | 'signIn', method: string, parameters?: object) => {
      const { error, status } = await page.evaluate(
        async ({ resource, method, parameters }) => {
          const { Clerk, held } = window as unknown as { Clerk: ClerkJs; held: Record<string, Future> }
          // As the hooks do: once it is complete, clerk-js has another one.
          const future = (held[resource] ??= Clerk.client[resource].__internal_future)
          const names = method.split('.')
          const last = names.pop()!
          const { error } = await names.reduce((object, name) => object[name] as Future, future)[last](parameters)
          return { error: error ? String(error) : null, status: future['status'] as string }
        },
        { resource, method, parameters },
      )
      expect({ method, error }).toEqual({ method, error: null })
      return status
    }
    const isSignedIn = () => page.evaluate(() => Boolean((window as unknown as { Clerk: ClerkJs }).Clerk.user))
    const signOut = async () => {
      await page.evaluate(() => void (window as unknown as { Clerk: ClerkJs }).Clerk.signOut())
      await arrive(page, `${app.url}/`)
      await enter()
      expect(await isSignedIn()).toBe(false)
    }
    return { page, errors, call, isSignedIn, signOut }
  }
  const code = () => latchkey.codeTo(EMAIL_ADDRESS)

  it('sign a person up and in again in each way', async () => {
    const { errors, call, isSignedIn, signOut } = await openPage()
    expect(await call('signUp', 'create', { emailAddress: EMAIL_ADDRESS })).toBe('missing_requirements')
    await call('signUp', 'password', { password: PASSWORD })
    await call('signUp', 'verifications.sendEmailCode')
    expect(await call('signUp', 'verifications.verifyEmailCode', { code: await code() })).toBe('complete')
    await call('signUp', 'finalize')
    expect(await isSignedIn()).toBe(true)

    await signOut()
    expect(await call('signIn', 'password', { emailAddress: EMAIL_ADDRESS, password: PASSWORD })).toBe('complete')
    await call('signIn', 'finalize')
    expect(await isSignedIn()).toBe(true)

    await signOut()
    await call('signIn', 'emailCode.sendCode', { emailAddress: EMAIL_ADDRESS })
    expect(await call('signIn', 'emailCode.verifyCode', { code: await code() })).toBe('complete')
    await call('signIn', 'finalize')
    expect(await isSignedIn()).toBe(true)

    await signOut()
    await call('signIn', 'create', { identifier: EMAIL_ADDRESS })
    await call('signIn', 'resetPasswordEmailCode.sendCode')
    expect(await call('signIn', 'resetPasswordEmailCode.verifyCode', { code: await code() })).toBe('needs_new_password')
    const renewed = { password: `${PASSWORD} again` }
    expect(await call('signIn', 'resetPasswordEmailCode.submitPassword', renewed)).toBe('complete')
    await call('signIn', 'finalize')
    expect(await isSignedIn()).toBe(true)
    expect(errors).toEqual([])
  })

  it('sign up with a password as the first thing that they send', async () => {
    const { errors, call, isSignedIn } = await openPage()
    const emailAddress = 'grace@example.com'
    expect(await call('signUp', 'password', { emailAddress, password: PASSWORD })).toBe('missing_requirements')
    await call('signUp', 'verifications.sendEmailCode')
    const code = await latchkey.codeTo(emailAddress)
    expect(await call('signUp', 'verifications.verifyEmailCode', { code })).toBe('complete')
    await call('signUp', 'finalize')
    expect(await isSignedIn()).toBe(true)
    expect(errors).toEqual([])
  })
})
