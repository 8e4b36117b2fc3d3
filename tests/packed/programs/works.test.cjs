// Run by Jest without any setting, and by Vitest. Both have `test` and `expect` as globals.
const { createClerkClient } = require('@latchkey/backend')
const { isClerkAPIResponseError } = require('@latchkey/backend/errors')
const { createTestInstance } = require('@latchkey/backend/testing')
const ofExpress = require('@latchkey/express')
const ofFastify = require('@latchkey/fastify')
const ofHono = require('@latchkey/hono')
const ofNext = require('@latchkey/nextjs/server')
const Clerk = require('@latchkey/sdk-node')
const { createTestServer } = require('@latchkey/testing')
const express = require('express')
const Fastify = require('fastify')
const { Hono } = require('hono')
const { NextRequest } = require('next/server.js')
const { makeIds } = require('./ids.cjs')

let server
beforeEach(async () => {
  server = await createTestServer()
})
afterEach(() => server.close())

test('a client finds whom it created, over a port too', async () => {
  const ada = await server.client.users.createUser({ emailAddress: ['ada@example.com'], password: 'correct horse 1' })
  const url = await server.listen()
  const client = createClerkClient({ secretKey: server.secretKey, apiUrl: url })
  expect((await client.users.getUserList()).data.map(({ id }) => id)).toEqual([ada.id])
  expect(await client.users.verifyPassword({ userId: ada.id, password: 'correct horse 1' })).toMatchObject({
    verified: true,
  })
  expect((await server.events()).map(({ type }) => type)).toEqual(['user.created'])
  expect(await server.messages()).toEqual([])
})

test('phone numbers and imported passwords are judged, each by a library that is loaded late', async () => {
  const { users } = server.client
  await expect(users.createUser({ phoneNumber: ['+1201'] })).rejects.toMatchObject({ status: 422 })
  const passwordDigest = '$2b$04$AJT3gBtqVCnyxQtVdF4rNeAQ6MuuKZBaEgz8xw7wEWc2ElcROG0d.'
  const { id: userId } = await users.createUser({ username: 'lovelace', passwordDigest, passwordHasher: 'bcrypt' })
  expect(await users.verifyPassword({ userId, password: 'correct horse 1' })).toMatchObject({ verified: true })
})

test('errors and answers are those of the same program', async () => {
  const error = await server.client.users.getUser('user_none').catch((thrown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(isClerkAPIResponseError(error)).toBe(true)
  const user = await server.client.users.createUser({ username: 'lovelace', publicMetadata: { tags: ['a'] } })
  expect(user.publicMetadata).toEqual({ tags: ['a'] })
})

test('pages come along', async () => {
  const page = await server.fetch(`${server.url}/sign-in`)
  expect(page.status).toBe(200)
  const script = await server.fetch(`${server.url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`)
  expect(script.status).toBe(200)
})

test('the clock stands still until it is advanced', async () => {
  const { id, createdAt } = await server.client.users.createUser({ username: 'lovelace', firstName: 'Ada' })
  server.clock.advance(60_000)
  expect((await server.client.users.updateUser(id, { firstName: 'A.' })).updatedAt - createdAt).toBe(60_000)
})

test('ids are the same in every run', async () => {
  const ids = await makeIds(Date.UTC(2026, 0, 1))
  expect(new Set(ids).size).toBe(ids.length)
  expect(await makeIds(Date.UTC(2027, 5, 6, 7, 8))).toEqual(ids)
})

/** The applications of the frameworks' packages, each as a function that a request with these headers is given to. */
const applications = {
  async express(options, headers) {
    const application = express().use(ofExpress.clerkMiddleware(options))
    application.get('/', (request, response) => response.json(ofExpress.getAuth(request).userId))
    const listening = application.listen(0, '127.0.0.1')
    await new Promise((resolve) => listening.once('listening', resolve))
    const answer = await fetch(`http://127.0.0.1:${listening.address().port}`, { headers })
    listening.close()
    return answer.json()
  },
  // Jest cannot load what `inject()` of Fastify needs.
  async fastify(options, headers) {
    const application = Fastify()
    await application.register(ofFastify.clerkPlugin, options)
    application.get('/', (request, reply) => reply.send(JSON.stringify(ofFastify.getAuth(request).userId)))
    const answer = await fetch(await application.listen({ port: 0, host: '127.0.0.1' }), { headers })
    const told = await answer.json()
    await application.close()
    return told
  },
  async hono(options, headers) {
    const application = new Hono().use(ofHono.clerkMiddleware(options))
    application.get('/', (context) => context.json(ofHono.getAuth(context).userId))
    return (await application.request('/', { headers })).json()
  },
  async nextjs(options, headers) {
    const middleware = ofNext.clerkMiddleware(async (auth) => Response.json((await auth()).userId), options)
    const answer = await middleware(new NextRequest('http://localhost:3000/', { headers }), { waitUntil() {} })
    return answer.json()
  },
}

test.each(Object.keys(applications))('the package for %s knows who is signed in', async (name) => {
  const { secretKey, publishableKey, jwtKey, signSessionToken } = await createTestInstance()
  const token = await signSessionToken({ sub: 'user_1' }, { lifetime: 600 })
  const ask = (headers) => applications[name]({ secretKey, publishableKey, jwtKey }, headers)
  expect(await ask({ authorization: `Bearer ${token}` })).toBe('user_1')
  expect(await ask({})).toBe(null)
})

test('the classic SDK lists whom the client created', async () => {
  const { id } = await server.client.users.createUser({ username: 'lovelace' })
  const clerk = new Clerk(server.secretKey, { serverApiUrl: await server.listen() })
  expect((await clerk.userApi.getUserList()).map((user) => user.id)).toEqual([id])
})
