import { describe, expect, it } from 'vitest'
import type { TestBrowser } from '../../browser.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, newAda, openSignIn, PASSWORD } from '../sign-in/sign-in.test-support.js'
import { codesOf, LATE, REQUIRED, signedInAda, signIn } from './profile-security.test-support.js'

const NEW = 'difference engine'
const withoutReverification = { auth: { reverification: false } }

describe.each(dialects)('the own password on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const change = (browser: TestBrowser, form: Record<string, unknown>) =>
    browser.call('POST /me/change_password', { form })
  const remove = (browser: TestBrowser, form = {}) => browser.call('POST /me/remove_password', { form })
  const signsInWith = async (password: string) => {
    const answer = await (await openSignIn(server)).create({ identifier: ADA, password })
    return answer.body.response?.status === 'complete'
  }

  it('is changed without the current one after a fresh factor, and the owner of the address is told', async () => {
    const { browser, id } = await signedInAda(server)
    server.clock.advance(1000)
    const answer = await change(browser, { new_password: NEW })
    expect(answer.status).toBe(200)
    expect(answer.body.response).toMatchObject({ id, password_enabled: true, object: 'user' })
    expect(answer.body.client.sessions[0].status).toBe('active')
    expect(await signsInWith(NEW)).toBe(true)
    expect(await signsInWith(PASSWORD)).toBe(false)
    expect((await server.messages()).map(({ slug }) => slug)).toContain('password_changed')
    expect((await server.events()).filter(({ type }) => type === 'user.updated')).not.toHaveLength(0)
  })

  it('asks for a factor again after ten minutes', async () => {
    const { browser } = await signedInAda(server)
    server.clock.advance(LATE)
    expect(codesOf(await change(browser, { new_password: NEW }))).toEqual(REQUIRED)
    expect(codesOf(await change(browser, { new_password: NEW, current_password: PASSWORD }))).toEqual(REQUIRED)
    expect(codesOf(await remove(browser))).toEqual(REQUIRED)
  })

  it('needs the current one where the instance asks for no factor again', async () => {
    await configure(server, withoutReverification)
    const { browser } = await signedInAda(server)
    server.clock.advance(LATE)
    expect(codesOf(await change(browser, { new_password: NEW }))).toEqual([422, 'form_param_missing current_password'])
    expect(codesOf(await change(browser, { new_password: NEW, current_password: '' }))).toEqual([
      422,
      'form_param_missing current_password',
    ])
    expect(codesOf(await change(browser, { new_password: NEW, current_password: 'wrong one' }))).toEqual([
      422,
      'form_password_incorrect current_password',
    ])
    expect((await change(browser, { new_password: NEW, current_password: PASSWORD })).status).toBe(200)
    expect(await signsInWith(NEW)).toBe(true)
  })

  it('that is wrong is said together with everything that is wrong with the new one', async () => {
    await configure(server, {
      ...withoutReverification,
      password: { minLength: 10, requireNumber: true, requireUppercase: true },
    })
    const { browser } = await signedInAda(server, { skipPasswordChecks: true })
    const rules = [
      'form_password_length_too_short new_password',
      'form_password_no_number new_password',
      'form_password_no_uppercase new_password',
    ]
    const both = await change(browser, { new_password: 'short', current_password: 'wrong one' })
    expect(codesOf(both)[1]).toBe('form_password_incorrect current_password')
    expect(codesOf(both).slice(2).sort()).toEqual(rules)
    const one = await change(browser, { new_password: 'short', current_password: PASSWORD })
    expect(codesOf(one).slice(1).sort()).toEqual(rules)
    const none = await change(browser, { new_password: 'short' })
    expect(codesOf(none).slice(1).sort()).toEqual([...rules, 'form_param_missing current_password'].sort())
    expect(await signsInWith(PASSWORD)).toBe(true)
  })

  it('does not become itself, an identifier, or nothing', async () => {
    const { browser } = await signedInAda(server)
    expect(codesOf(await change(browser, { new_password: PASSWORD }))).toEqual([
      422,
      'form_new_password_matches_current new_password',
    ])
    expect(codesOf(await change(browser, { new_password: ADA }))[1]).toBe(
      'form_password_matches_identifier new_password',
    )
    expect(codesOf(await change(browser, { new_password: '' }))[0]).toBe(422)
    expect(codesOf(await change(browser, {}))).toEqual([422, 'form_param_missing new_password'])
    const wrong = await change(browser, { new_password: NEW, current_password: 'given though not needed' })
    expect(codesOf(wrong)).toEqual([422, 'form_password_incorrect current_password'])
  })

  it('locks the user after ten wrong guesses, of 64 at once none more', async () => {
    await configure(server, withoutReverification)
    const { browser, id } = await signedInAda(server)
    const guesses = await Promise.all(
      Array.from({ length: 64 }, (_, at) => change(browser, { new_password: NEW, current_password: `guess ${at}` })),
    )
    const wrong = guesses.filter((answer) => codesOf(answer)[1] === 'form_password_incorrect current_password')
    expect(wrong).toHaveLength(10)
    expect(wrong.filter(({ body }) => body.errors.length > 1)).toHaveLength(3)
    expect(guesses.filter((answer) => codesOf(answer)[1] === 'user_locked')).toHaveLength(54)
    const right = await change(browser, { new_password: NEW, current_password: PASSWORD })
    expect(codesOf(right)).toEqual([403, 'user_locked'])
    expect((await server.call('GET', `/users/${id}`)).body.locked).toBe(true)
  })

  it('ends the other sessions if asked to', async () => {
    const { browser, sessionId, id } = await signedInAda(server)
    const other = await signIn(server)
    server.clock.advance(1000)
    expect((await change(browser, { new_password: NEW })).status).toBe(200)
    expect((await other.browser.call('GET /me')).status).toBe(200)
    const form = { new_password: 'analytical engine 2', sign_out_of_other_sessions: true }
    expect((await change(browser, form)).status).toBe(200)
    expect(codesOf(await other.browser.call('GET /me'))).toEqual([401, 'signed_out'])
    expect((await browser.call('GET /me')).status).toBe(200)
    const sessions = (await server.client.sessions.getSessionList({ userId: id })).data
    expect(sessions.map((session) => [session.id === sessionId, session.status]).sort()).toEqual([
      [false, 'revoked'],
      [true, 'active'],
    ])
  })

  it('that others may know is replaced without it, which finishes the task', async () => {
    await configure(server, withoutReverification)
    const { browser, sessionId, id } = await signedInAda(server)
    await server.client.users.setPasswordCompromised(id)
    const touched = await browser.call(`POST /client/sessions/${sessionId}/touch`, { form: {} })
    expect(touched.body.response).toMatchObject({ status: 'pending', tasks: [{ key: 'reset-password' }] })
    expect(codesOf(await change(browser, { new_password: PASSWORD }))[1]).toBe(
      'form_new_password_matches_current new_password',
    )
    const answer = await change(browser, { new_password: NEW })
    expect(answer.status).toBe(200)
    expect(answer.body.client.sessions[0]).toMatchObject({ status: 'active', tasks: null })
  })

  it('can be the first one', async () => {
    await configure(server, withoutReverification)
    const { browser, id } = await signedInAda(server)
    await server.call('POST', `/users/${id}/remove_password`, {})
    const before = (await server.messages()).length
    expect((await change(browser, { new_password: NEW })).body.response.password_enabled).toBe(true)
    expect(await server.messages()).toHaveLength(before)
  })

  it('is removed where there is another way to sign in', async () => {
    await configure(server, { attributes: { password: { required: false } } })
    const { browser } = await signedInAda(server)
    const answer = await remove(browser)
    expect(answer.body.response).toMatchObject({ password_enabled: false })
    expect((await server.messages()).at(-1)).toMatchObject({ slug: 'password_removed' })
    expect(codesOf(await remove(browser))).toEqual([400, 'no_password_set'])
  })

  it('stays where the application requires one', async () => {
    const { browser } = await signedInAda(server)
    expect(codesOf(await remove(browser))).toEqual([400, 'password_required'])
  })

  it('stays where it is the only way to sign in', async () => {
    await configure(server, {
      attributes: { password: { required: false }, username: { enabled: true }, email_address: { enabled: false } },
    })
    await server.client.users.createUser({ username: 'ada_l', password: PASSWORD })
    const { browser: other } = await signIn(server, 'ada_l')
    expect(codesOf(await remove(other))).toEqual([400, 'password_required'])
  })

  it('is removed only with the current one where the instance asks for no factor again', async () => {
    await configure(server, { ...withoutReverification, attributes: { password: { required: false } } })
    const { browser } = await signedInAda(server)
    expect(codesOf(await remove(browser))).toEqual([422, 'form_param_missing current_password'])
    expect(codesOf(await remove(browser, { current_password: 'wrong one' }))).toEqual([
      422,
      'form_password_incorrect current_password',
    ])
    expect((await remove(browser, { current_password: PASSWORD })).status).toBe(200)
  })

  it('is nobody’s business but the person’s', async () => {
    const ada = await newAda(server)
    const guest = await openSignIn(server)
    expect(codesOf(await change(guest, { new_password: NEW }))).toEqual([401, 'signed_out'])
    const { token } = await server.client.actorTokens.create({ userId: ada.id, actor: { sub: 'user_support' } })
    const acting = await openSignIn(server)
    expect((await acting.create({ strategy: 'ticket', ticket: token })).body.response.status).toBe('complete')
    expect(codesOf(await change(acting, { new_password: NEW }))).toEqual([403, 'resource_forbidden'])
    expect(codesOf(await remove(acting))).toEqual([403, 'resource_forbidden'])
  })
})
