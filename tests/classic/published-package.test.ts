import { createRequire } from 'node:module'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Clerk } from '@latchkey/sdk-node'
import { createTestServer, type TestServer } from '@latchkey/testing'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

/** What is used of `@clerk/clerk-sdk-node` 0.0.5, whose own declarations need packages that it does not install. */
interface PublishedClerk {
  clients: {
    getClientList(): Promise<Item[]>
    getClient(id: string): Promise<Item>
    verifyClient(token: string): Promise<Item>
  }
  sessions: {
    getSessionList(filter?: object): Promise<Item[]>
    getSession(id: string): Promise<Item>
    revokeSession(id: string): Promise<Item>
    verifySession(id: string, token: string): Promise<Item>
  }
  users: {
    getUserList(): Promise<Item[]>
    getUser(id: string): Promise<Item>
    updateUser(id: string, params: object): Promise<Item>
    deleteUser(id: string): Promise<Item>
  }
  emails: { createEmail(params: object): Promise<Item> }
  smsMessages: { createSMSMessage(params: object): Promise<Item> }
  expressMiddleware(options?: { onError?: (error: unknown) => void }): express.RequestHandler
}
type Item = Record<string, unknown>

type Handler = (request: { session?: Item }, response: express.Response) => void
type Wrapper = (handler: Handler) => express.RequestHandler

const published = createRequire(import.meta.url)('@clerk/clerk-sdk-node') as Pick<
  PublishedClerk,
  'clients' | 'sessions' | 'users'
> & {
  Clerk: new (options: { apiKey: string; serverApiUrl: string }) => PublishedClerk
  default: PublishedClerk
  ClerkExpressMiddleware: PublishedClerk['expressMiddleware']
  withSession: Wrapper
  requireSession: Wrapper
  setClerkApiKey(value: string): void
  setClerkServerApiUrl(value: string): void
}
const { Clerk: Published } = published

let server: TestServer
let clerk: PublishedClerk
let count = 1000
const listeners: Server[] = []

beforeAll(async () => {
  server = await createTestServer({ port: 0 })
  clerk = new Published({ apiKey: server.secretKey, serverApiUrl: server.url })
})
afterAll(async () => {
  for (const listening of listeners) {
    listening.close()
    listening.closeAllConnections()
  }
  await server.close()
})

async function signIn() {
  const number = count++
  const user = await server.client.users.createUser({
    firstName: 'Ada',
    emailAddress: [`ada-${number}@example.com`],
    phoneNumber: [`+1415555${number}`],
  })
  const session = await server.client.sessions.createSession({ userId: user.id })
  const { jwt: token } = await server.client.sessions.getToken(session.id)
  return {
    userId: user.id,
    sessionId: session.id,
    clientId: session.clientId,
    token,
    emailAddressId: user.emailAddresses[0]!.id,
    phoneNumberId: user.phoneNumbers[0]!.id,
  }
}

describe('@clerk/clerk-sdk-node 0.0.5, unmodified', () => {
  it('reads and changes users', async () => {
    const { userId, emailAddressId, phoneNumberId } = await signIn()

    expect(await clerk.users.getUserList()).toContainEqual(expect.objectContaining({ id: userId }))
    expect(await clerk.users.getUser(userId)).toMatchObject({
      id: userId,
      firstName: 'Ada',
      emailAddresses: [{ id: emailAddressId }],
    })
    const params = {
      firstName: 'John',
      lastName: 'Wick',
      password: 'correct horse battery',
      primaryEmailAddressID: emailAddressId,
      primaryPhoneNumberID: phoneNumberId,
    }
    expect(await clerk.users.updateUser(userId, params)).toMatchObject({
      firstName: 'John',
      lastName: 'Wick',
      passwordEnabled: true,
    })
  })

  // It makes a User of what is left, which fails; its own handler then looks for the response of that failure.
  it('deletes users, and then rejects with an error of its own, whatever the contract of its time says', async () => {
    const { userId } = await signIn()
    await expect(clerk.users.deleteUser(userId)).rejects.toThrow(
      new TypeError("Cannot read properties of undefined (reading 'body')"),
    )
    await expect(clerk.users.getUser(userId)).rejects.toMatchObject({ errors: [{ code: 'resource_not_found' }] })

    const { userId: id } = await signIn()
    const answer = await fetch(`${server.url}/v1/users/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${server.secretKey}` },
    })
    expect(await answer.json()).toEqual({ object: 'user', id, deleted: true })
  })

  it('reads, verifies and revokes sessions and clients', async () => {
    const { userId, sessionId, clientId, token } = await signIn()

    expect(await clerk.sessions.getSessionList()).toContainEqual(expect.objectContaining({ id: sessionId }))
    expect(await clerk.sessions.getSessionList({ clientId, userId })).toEqual([
      expect.objectContaining({ id: sessionId, clientId, userId }),
    ])
    expect(await clerk.sessions.verifySession(sessionId, token)).toMatchObject({ status: 'active' })
    expect(await clerk.clients.getClientList()).toContainEqual(expect.objectContaining({ id: clientId }))
    expect(await clerk.clients.getClient(clientId)).toMatchObject({ sessionIds: [sessionId] })
    expect(await clerk.clients.verifyClient(token)).toMatchObject({ lastActiveSessionId: sessionId })
    expect(await clerk.sessions.revokeSession(sessionId)).toMatchObject({ status: 'revoked' })
    expect(await clerk.sessions.getSession(sessionId)).toMatchObject({ status: 'revoked' })
  })

  it('sends mail and text messages', async () => {
    const { emailAddressId, phoneNumberId } = await signIn()

    const mail = { fromEmailName: 'sales', subject: 'Free tacos', body: 'Join us!', emailAddressId }
    expect(await clerk.emails.createEmail(mail)).toMatchObject({ ...mail, status: 'queued' })
    expect(await clerk.smsMessages.createSMSMessage({ message: 'Hello', phoneNumberId })).toMatchObject({
      message: 'Hello',
      phoneNumberId,
    })
  })

  it('gets the errors of the API', async () => {
    await expect(clerk.users.getUser('user_none')).rejects.toMatchObject({ errors: [{ code: 'resource_not_found' }] })
    const stranger = new Published({ apiKey: 'sk_test_wrong', serverApiUrl: server.url })
    await expect(stranger.users.getUserList()).rejects.toMatchObject({ errors: [{ code: 'clerk_key_invalid' }] })
  })

  it('sets the session on the requests of an Express application', async () => {
    const { userId, sessionId, token } = await signIn()
    const onError = vi.fn<(error: unknown) => void>()
    const app = express()
    app.use(clerk.expressMiddleware({ onError }))
    app.get('/', (request, response) => {
      response.json((request as { session?: unknown }).session ?? null)
    })
    const visit = await serve(app)

    const cookie = `__session=${token}`
    expect(await visit('', { cookie })).toMatchObject({ id: sessionId, userId })
    expect(await visit(`?_clerk_session_id=${sessionId}`, { cookie })).toMatchObject({ id: sessionId, userId })
    expect(onError).not.toHaveBeenCalled()
    expect(await visit('')).toBeNull()
    await server.client.sessions.revokeSession(sessionId)
    expect(await visit('', { cookie })).toBeNull()
    expect(onError).toHaveBeenCalledTimes(2)
  })

  it('works by its default instance, with its middleware and its wrappers', async () => {
    published.setClerkApiKey(server.secretKey)
    published.setClerkServerApiUrl(server.url)
    const { userId, token } = await signIn()
    expect(await published.users.getUser(userId)).toMatchObject({ id: userId })
    expect(published.default.users).toBe(published.users)

    const app = express()
    const answer: Handler = ({ session }, response) => void response.json(session?.['userId'] ?? null)
    app.get('/middleware', published.ClerkExpressMiddleware(), answer as unknown as express.RequestHandler)
    app.get('/open', published.withSession(answer))
    app.get('/closed', published.requireSession(answer))
    const visit = await serve(app)
    const cookie = `__session=${token}`
    for (const path of ['middleware', 'open', 'closed']) expect(await visit(path, { cookie })).toBe(userId)
    for (const path of ['middleware', 'open']) expect(await visit(path)).toBeNull()
  })
})

describe('@latchkey/sdk-node in its place', () => {
  it('answers each call with all that the package answers', async () => {
    const ours = new Clerk(server.secretKey, { serverApiUrl: server.url })
    const { userId, sessionId, clientId, token, emailAddressId, phoneNumberId } = await signIn()
    await server.client.users.updateUserMetadata(userId, { publicMetadata: { shoe_size: 38 } })
    const params = { firstName: 'John', primaryEmailAddressID: emailAddressId }
    const mail = { fromEmailName: 'sales', subject: 'Free tacos', body: 'Join us!', emailAddressId }
    const calls: ((
      client: Pick<PublishedClerk, 'clients' | 'sessions' | 'users' | 'emails' | 'smsMessages'>,
    ) => Promise<unknown>)[] = [
      ({ users }) => users.getUserList(),
      ({ users }) => users.getUser(userId),
      ({ users }) => users.updateUser(userId, params),
      ({ sessions }) => sessions.getSessionList(),
      ({ sessions }) => sessions.getSessionList({ clientId, userId }),
      ({ sessions }) => sessions.getSession(sessionId),
      ({ sessions }) => sessions.verifySession(sessionId, token),
      ({ clients }) => clients.getClientList(),
      ({ clients }) => clients.getClient(clientId),
      ({ clients }) => clients.verifyClient(token),
      ({ sessions }) => sessions.revokeSession(sessionId),
      ({ emails }) => emails.createEmail(mail).then(withoutId),
      ({ smsMessages }) => smsMessages.createSMSMessage({ message: 'Hello', phoneNumberId }).then(withoutId),
    ]
    for (const call of calls) {
      const expected = await call(clerk)
      expect(await call(ours as unknown as PublishedClerk)).toMatchObject(
        JSON.parse(JSON.stringify(expected)) as object,
      )
    }
  })
})

/** Each message is another one. The package takes the id of its receiver for the number of its sender. */
function withoutId({ id: _id, fromPhoneNumber: _number, ...rest }: Item): Item {
  return rest
}

/** Visits an application, which ends with the tests. */
async function serve(app: express.Express): Promise<(path: string, headers?: HeadersInit) => Promise<unknown>> {
  const listening = app.listen(0, '127.0.0.1')
  listeners.push(listening)
  await once(listening, 'listening')
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`
  return async (path, headers = {}) => (await fetch(url + path, { headers })).json() as Promise<unknown>
}
