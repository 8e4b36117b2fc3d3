import { inspect } from 'node:util'
import Clerk, { setClerkApiKey, setClerkServerApiUrl, users } from '@latchkey/sdk-node'
import { AuthenticationError, NotFoundError } from '@latchkey/backend/errors'
import { createTestServer, type TestServer } from '@latchkey/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

let server: TestServer
let clerk: Clerk
let count = 1000

beforeAll(async () => {
  server = await createTestServer({ port: 0 })
  clerk = new Clerk(server.secretKey, { serverApiUrl: server.url })
})
afterAll(() => server.close())
afterEach(() => vi.unstubAllEnvs())

async function signUp(): Promise<{
  userId: string
  sessionId: string
  clientId: string
  emailId: string
  phoneId: string
  token: string
}> {
  const number = count++
  const user = await server.client.users.createUser({
    emailAddress: [`ada-${number}@example.com`],
    phoneNumber: [`+1415555${number}`],
  })
  const session = await server.client.sessions.createSession({ userId: user.id })
  const { jwt } = await server.client.sessions.getToken(session.id)
  return {
    userId: user.id,
    sessionId: session.id,
    clientId: session.clientId,
    emailId: user.emailAddresses[0]!.id,
    phoneId: user.phoneNumbers[0]!.id,
    token: jwt,
  }
}

describe('the calls of the class', () => {
  it('reads, changes and deletes users', async () => {
    const { userId, emailId, phoneId } = await signUp()

    expect((await clerk.userApi.getUserList()).map(({ id }) => id)).toContain(userId)
    const params = {
      firstName: 'John',
      lastName: 'Wick',
      password: 'correct horse battery',
      primaryEmailAddressID: emailId,
      primaryPhoneNumberID: phoneId,
    }
    expect(await clerk.userApi.updateUser(userId, params)).toMatchObject({
      firstName: 'John',
      lastName: 'Wick',
      passwordEnabled: true,
    })
    expect(await clerk.userApi.update(userId, { firstName: 'Jon' })).toMatchObject({
      id: userId,
      firstName: 'Jon',
      primaryPhoneNumberId: phoneId,
    })
    expect(await clerk.userApi.deleteUser(userId)).toMatchObject({ id: userId, deleted: true })
    await expect(clerk.userApi.getUser(userId)).rejects.toThrow(NotFoundError)
  })

  it('reads, verifies and revokes sessions, and lists them by client and by user', async () => {
    const { userId, sessionId, clientId, token } = await signUp()
    const other = await signUp()

    expect((await clerk.sessionApi.getSessionList()).map(({ id }) => id)).toEqual(
      expect.arrayContaining([sessionId, other.sessionId]),
    )
    for (const filter of [{ userId }, { clientId }, { userId, clientId }]) {
      expect((await clerk.sessionApi.getSessionList(filter)).map(({ id }) => id)).toEqual([sessionId])
    }
    expect(await clerk.sessionApi.verifySession(sessionId, token)).toMatchObject({ id: sessionId, status: 'active' })
    expect((await clerk.sessionApi.getSession(sessionId)).userId).toBe(userId)
    expect((await clerk.sessionApi.revokeSession(sessionId)).status).toBe('revoked')
    await expect(clerk.sessionApi.verifySession(sessionId, token)).rejects.toThrow(AuthenticationError)
  })

  it('reads and verifies clients, with their sessions', async () => {
    const { sessionId, clientId, token } = await signUp()

    expect((await clerk.clientApi.getClientList()).map(({ id }) => id)).toContain(clientId)
    expect(await clerk.clientApi.getClient(clientId)).toMatchObject({ id: clientId, sessionIds: [sessionId] })
    const client = await clerk.clientApi.verifyClient(token)
    expect(client.lastActiveSessionId).toBe(sessionId)
    expect(client.sessions[0]).toBeInstanceOf(Clerk.Session)
  })

  it('sends mail and text messages', async () => {
    const { emailId, phoneId } = await signUp()

    const email = await clerk.emailApi.createEmail({
      fromEmailName: 'sales',
      subject: 'Free tacos',
      body: 'Tuesday & always',
      emailAddressId: emailId,
    })
    expect(email).toMatchObject({
      object: 'email',
      fromEmailName: 'sales',
      subject: 'Free tacos',
      status: 'queued',
      emailAddressId: emailId,
    })
    const message = await clerk.smsMessageApi.createSMSMessage({
      message: 'All glory to the Hypnotoad!',
      phoneNumberId: phoneId,
    })
    expect(message).toMatchObject({
      object: 'sms_message',
      message: 'All glory to the Hypnotoad!',
      phoneNumberId: phoneId,
    })
    expect((await server.messages()).slice(-2).map(({ body }) => body)).toEqual([
      'Tuesday & always',
      'All glory to the Hypnotoad!',
    ])
  })

  it('has the later names, and one default instance with setters', async () => {
    const { userId } = await signUp()
    expect([clerk.clients, clerk.emails, clerk.sessions, clerk.smsMessages, clerk.users]).toEqual([
      clerk.clientApi,
      clerk.emailApi,
      clerk.sessionApi,
      clerk.smsMessageApi,
      clerk.userApi,
    ])
    setClerkApiKey(server.secretKey)
    setClerkServerApiUrl(server.url)
    expect(users).toBe(Clerk.getInstance().users)
    expect(Clerk.users).toBe(users)
    expect((await users.getUser(userId)).id).toBe(userId)
    Clerk.apiKey = 'sk_test_other'
    await expect(users.getUser(userId)).rejects.toThrow(AuthenticationError)
  })

  it('is itself its default export, and takes all options as one', async () => {
    expect(Clerk.default).toBe(Clerk)
    const { secretKey: apiKey, url: serverApiUrl } = server
    expect(
      await new Clerk.default({ apiKey, serverApiUrl, apiVersion: 'v1', httpOptions: {} }).users.getUserList(),
    ).toBeInstanceOf(Array)
  })

  it('takes what is not passed from the environment, an empty URL included', async () => {
    vi.stubEnv('CLERK_API_KEY', server.secretKey)
    vi.stubEnv('CLERK_API_URL', server.url)
    expect(await new Clerk().users.getUserList()).toBeInstanceOf(Array)
    expect(await new Clerk(server.secretKey, { serverApiUrl: '' }).users.getUserList()).toBeInstanceOf(Array)
    vi.stubEnv('CLERK_API_URL', 'http://127.0.0.1:1')
    for (const missing of [undefined, null as unknown as undefined, '']) {
      expect(await new Clerk(missing, { serverApiUrl: server.url }).users.getUserList()).toBeInstanceOf(Array)
    }
  })
})

describe('a resource', () => {
  it('answers to the names of the API too, all the way down, without listing them', async () => {
    const { userId, emailId } = await signUp()
    const user = await clerk.users.getUser(userId)

    expect(user).toBeInstanceOf(Clerk.User)
    expect(user.primary_email_address_id).toBe(emailId)
    expect(user.email_addresses).toBe(user.emailAddresses)
    expect(user.emailAddresses[0]).toBeInstanceOf(Clerk.EmailAddress)
    expect(user.emailAddresses[0]!.email_address).toBe(user.emailAddresses[0]!.emailAddress)
    expect(user.emailAddresses[0]!.verification).toBeInstanceOf(Clerk.Verification)
    expect(Object.keys(user).filter((name) => name.includes('_'))).toEqual([])
    expect(JSON.stringify(user)).not.toContain('"email_addresses"')
    expect(user.metadata).toBe(user.publicMetadata)
  })

  it('leaves metadata as the application wrote it', async () => {
    const user = await server.client.users.createUser({
      emailAddress: ['grace@example.com'],
      publicMetadata: { shoe_size: { eu_size: 38 } },
    })
    expect((await clerk.users.getUser(user.id)).publicMetadata).toEqual({ shoe_size: { eu_size: 38 } })
  })
})

describe('what is wrong with the options', () => {
  it('is said without a request: no key, a key that is none, a URL that is none', async () => {
    await expect(new Clerk('').users.getUserList()).rejects.toThrow(
      'Missing API key. Pass it to new Clerk(apiKey), or set CLERK_API_KEY.',
    )
    await expect(new Clerk('sk_test\n1').users.getUserList()).rejects.toThrow('The API key contains a space')
    await expect(new Clerk('sk_test_1', { serverApiUrl: 'localhost:4400' }).users.getUserList()).rejects.toThrow(
      '"serverApiUrl" must start with http:// or https://',
    )
  })

  it('is said by the API: a wrong key', async () => {
    const error: unknown = await new Clerk('sk_test_wrong', { serverApiUrl: server.url }).users
      .getUserList()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ status: 401, errors: [{ code: 'clerk_key_invalid' }] })
    expect((error as Error).message).toContain('Check the secret key')
  })

  it('never shows the key', async () => {
    const failing = new Clerk('sk_test_secret', { serverApiUrl: server.url })
    const error: unknown = await failing.users.getUserList().catch((thrown: unknown) => thrown)
    expect(inspect([failing, error], { depth: 10, showHidden: false })).not.toContain('sk_test_secret')
  })
})
