import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './world.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

let world
let session
beforeEach(async () => {
  world = await createWorld()
  session = await world.signIn({ emailAddress: ['ada@example.com'] })
})
afterEach(() => world.close())

/** The code of the last mail that would have been sent. */
async function lastCode(to) {
  const messages = await world.latchkey.messages()
  return messages.findLast((message) => message.to === to && message.slug === 'verification_code').data.otp_code
}

const addAddress = async () =>
  (await world.call(session, 'POST', '/addresses', { emailAddress: 'work@example.com' })).body
const confirm = (params) => world.call(session, 'POST', '/addresses/confirm', params)

test('an address is confirmed with the code that is mailed to it', async () => {
  const address = await addAddress()
  const code = await lastCode('work@example.com')
  expect(code).toMatch(/^\d{6}$/)

  const wrong = code === '000000' ? '111111' : '000000'
  expect((await confirm({ ...address, code: wrong })).body).toEqual({ confirmed: false })
  expect((await confirm({ ...address, verificationId: 'ver_none', code })).status).toBe(404)
  expect((await confirm({ ...address, code })).body).toEqual({ confirmed: true })
  expect((await world.call(session, 'GET', '/addresses')).body).toEqual([
    { emailAddress: 'ada@example.com', confirmed: true },
    { emailAddress: 'work@example.com', confirmed: true },
  ])
})

test('a code is good for ten minutes', async () => {
  const address = await addAddress()
  world.advance(10 * MINUTE + SECOND)
  expect((await confirm({ ...address, code: await lastCode('work@example.com') })).body).toEqual({ confirmed: false })
})

test('nobody confirms the address of somebody else', async () => {
  const address = await addAddress()
  const stranger = await world.signIn({ emailAddress: ['eve@example.com'] })
  const code = await lastCode('work@example.com')
  expect((await world.call(stranger, 'POST', '/addresses/confirm', { ...address, code })).body).toEqual({
    confirmed: false,
  })
})

test('an address that somebody else has is refused, with the reason', async () => {
  await world.signIn({ emailAddress: ['work@example.com'] })
  const refused = await world.call(session, 'POST', '/addresses', { emailAddress: 'work@example.com' })
  expect(refused).toMatchObject({ status: 422, body: { error: expect.stringMatching(/is taken/) } })
})

test('what is no address, or no JSON object, is refused', async () => {
  for (const body of [{}, { emailAddress: 'work' }, { emailAddress: 7 }])
    expect((await world.call(session, 'POST', '/addresses', body)).status).toBe(422)
  for (const body of [undefined, null, 'work@example.com'])
    expect((await world.call(session, 'POST', '/addresses', body)).status).toBe(400)
})

test('a token is good for a minute, and a session for a week', async () => {
  const { jwt } = await world.latchkey.client.sessions.getToken(session.id)
  expect((await world.call(session, 'GET', '/addresses', undefined, jwt)).status).toBe(200)
  world.advance(MINUTE + 6 * SECOND)
  expect((await world.call(session, 'GET', '/addresses', undefined, jwt)).status).toBe(401)
  expect((await world.call(session, 'GET', '/addresses')).status).toBe(200)

  world.advance(7 * DAY)
  expect((await world.latchkey.client.sessions.getSession(session.id)).status).toBe('expired')
  await expect(world.latchkey.client.sessions.getToken(session.id)).rejects.toMatchObject({ status: 404 })
})

test('whoever is not signed in reads nothing', async () => {
  expect(await world.call(session, 'GET', '/addresses', undefined, 'nonsense')).toEqual({
    status: 401,
    body: { error: 'Sign in first.' },
  })
})

test('each test has a world of its own', async () => {
  expect(await world.latchkey.client.users.getCount()).toBe(1)
  expect(await world.latchkey.messages()).toEqual([])
  expect((await world.latchkey.events()).map(({ type }) => type)).toContain('session.created')
})
