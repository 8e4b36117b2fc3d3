import { inspect } from 'node:util'
import { beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { Cookies, JwtTemplate, Token, User } from '../index.js'
import { createClerkClient, type APIPromise, type ClerkOptions, type PagePromise } from '../index.js'
import { createRecorder } from '../recorder.test-support.js'
import { jwtTemplate, user } from '../samples.test-support.js'
import { NotFoundError } from './errors.js'
import { answer, useMisbehavingServer, type Behaviour } from './misbehaving-server.test-support.js'

const recorder = createRecorder()
const clientWith = (options: ClerkOptions = {}) =>
  createClerkClient({ secretKey: 'sk_test_1', fetch: recorder.fetch, ...options })
const client = clientWith()
const refresh = { expired_token: 'a', refresh_token: 'b', request_origin: 'https://c.example' }
const users = (...ids: string[]) => ({ body: ids.map((id) => ({ ...user, id })) })
const templates = (total: number, ...ids: string[]) => ({
  body: { data: ids.map((id) => ({ ...jwtTemplate, id })), total_count: total },
})
const queries = () => recorder.requests.map(({ query }) => query.filter((part) => part !== 'paginated=true').join('&'))

beforeEach(() => recorder.answer({ body: [] }))

async function idsOf(list: AsyncIterable<{ id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of list) ids.push(id)
  return ids
}

describe('a list', () => {
  it('is awaited as one page', async () => {
    recorder.answer(users('user_1'), { body: { object: 'total_count', total_count: 7 } })
    const { data, totalCount } = await client.users.getUserList({ limit: 1 })
    expect(data.map(({ id }) => id)).toEqual(['user_1'])
    expect(totalCount).toBe(7)
  })

  it('in the order of creation is iterated over by cursor, without counting', async () => {
    recorder.answer(users('user_1', 'user_2'), users('user_3', 'user_4'), users('user_5'))
    expect(await idsOf(client.users.getUserList({ query: 'ada', limit: 2, orderBy: '+created_at' }))).toEqual([
      'user_1',
      'user_2',
      'user_3',
      'user_4',
      'user_5',
    ])
    expect(recorder.requests.map(({ path }) => path)).toEqual(['/v1/users', '/v1/users', '/v1/users'])
    expect(queries()).toEqual(
      [
        'limit=2&order_by=%2Bcreated_at&query=ada',
        'limit=2&order_by=%2Bcreated_at&query=ada&starting_after=user_2',
        'limit=2&order_by=%2Bcreated_at&query=ada&starting_after=user_4',
      ].map(decodeURIComponent),
    )
  })

  it('goes on from the cursor it was given, in large pages', async () => {
    recorder.answer(users('user_8', 'user_9'))
    expect(await idsOf(client.users.getUserList({ startingAfter: 'user_7' }))).toEqual(['user_8', 'user_9'])
    expect(queries()).toEqual(['limit=100&starting_after=user_7'])
  })

  it.each([
    [
      'in another order',
      { orderBy: '-last_active_at' as const, limit: 2 },
      ['limit=2&order_by=-last_active_at', 'limit=2&offset=2&order_by=-last_active_at'],
    ],
    ['from an offset', { offset: 4, limit: 2 }, ['limit=2&offset=4', 'limit=2&offset=6']],
  ])('%s is iterated over by offset', async (_, params, expected) => {
    recorder.answer(users('user_1', 'user_2'), users('user_3'))
    expect(await idsOf(client.users.getUserList(params))).toEqual(['user_1', 'user_2', 'user_3'])
    expect(queries()).toEqual(expected)
  })

  it('that says how long it is, is asked for no more than that', async () => {
    recorder.answer(templates(3, 'a', 'b'), templates(3, 'c'))
    expect(await idsOf(client.jwtTemplates.list())).toEqual(['a', 'b', 'c'])
    expect(queries()).toEqual(['', 'limit=100&offset=2'])
    recorder.answer(templates(2, 'a', 'b'))
    expect(await idsOf(client.jwtTemplates.list({ limit: 2 }))).toEqual(['a', 'b'])
    expect(queries()).toEqual(['limit=2'])
  })

  it('ends when the server has no more, whatever it said', async () => {
    recorder.answer(templates(9, 'a'), templates(9))
    expect(await idsOf(client.jwtTemplates.list())).toEqual(['a'])
    recorder.answer(users('user_1'))
    expect(await idsOf(client.users.getUserList({ limit: 1 }))).toEqual(['user_1', 'user_1'])
  })

  it('of nothing asks nothing', async () => {
    expect(await idsOf(client.users.getUserList({ userId: [] }))).toEqual([])
    expect(recorder.requests).toEqual([])
  })

  it('stops when the caller does', async () => {
    recorder.answer(users('user_1', 'user_2'))
    for await (const { id } of client.users.getUserList({ limit: 2 })) {
      expect(id).toBe('user_1')
      break
    }
    expect(recorder.requests).toHaveLength(1)
  })

  it('can be iterated over again, and awaited beside', async () => {
    recorder.answer(templates(1, 'a'))
    const list = client.jwtTemplates.list()
    expect([await idsOf(list), await idsOf(list), (await list).totalCount]).toEqual([['a'], ['a'], 1])
    expect(recorder.requests).toHaveLength(3)
  })

  it('fails where a page does', async () => {
    recorder.answer(templates(2, 'a'), { status: 404, body: {} })
    const seen: string[] = []
    const walk = async () => {
      for await (const { id } of client.jwtTemplates.list()) seen.push(id)
    }
    await expect(walk()).rejects.toBeInstanceOf(NotFoundError)
    expect(seen).toEqual(['a'])
  })

  it('is all that can be iterated over', async () => {
    recorder.answer({ body: user })
    const single = client.users.getUser('user_1') as unknown as AsyncIterable<{ id: string }>
    await expect(idsOf(single)).rejects.toThrow('Only methods that return a list can be iterated over.')
  })
})

describe('a promise', () => {
  it('is a promise to everyone', async () => {
    recorder.answer({ body: user })
    const promise = client.users.getUser('user_1')
    expect(promise).toBeInstanceOf(Promise)
    const ended = vi.fn<() => void>()
    await expect(promise.finally(ended)).resolves.toMatchObject({ id: 'user_1' })
    await expect(Promise.all([promise, promise.then(({ id }) => id)])).resolves.toMatchObject([{}, 'user_1'])
    expect(ended).toHaveBeenCalledOnce()
    recorder.answer({ status: 404, body: {} })
    await expect(client.users.getUser('user_2').catch(() => 'none')).resolves.toBe('none')
  })

  it('sends its request once, even if nobody waits', async () => {
    recorder.answer({ body: user })
    const promise = client.users.banUser('user_1')
    await vi.waitFor(() => expect(recorder.requests).toHaveLength(1))
    await Promise.all([promise, promise, promise.withResponse()])
    expect(recorder.requests).toHaveLength(1)
  })

  it('takes options after whatever parameters were given', async () => {
    recorder.answer({ body: { object: 'token', jwt: 'a.b.c' } })
    await client.sessions.getToken('sess_1', 'hasura', 60, { headers: { 'X-Trace': '1' } })
    await client.sessions.getToken('sess_1', undefined, undefined, { headers: { 'X-Trace': '2' } })
    expect(recorder.requests.map(({ path, body, headers }) => [path, body, headers['x-trace']])).toEqual([
      ['/v1/sessions/sess_1/tokens/hasura', { expires_in_seconds: 60 }, '1'],
      ['/v1/sessions/sess_1/tokens', undefined, '2'],
    ])
  })

  it('refuses an idempotency key that cannot be sent', async () => {
    const work = client.users.createUser({}, { idempotencyKey: 'a\nb' })
    await expect(work).rejects.toThrow('An idempotency key must be 1 to 255 printable ASCII characters.')
  })

  it('has the types of its result', { meta: { checkedBy: 'compiler' } }, () => {
    expectTypeOf(client.users.getUser).returns.toEqualTypeOf<APIPromise<User>>()
    expectTypeOf(client.users.getUserList).returns.toEqualTypeOf<PagePromise<User>>()
    expectTypeOf(client.jwtTemplates.list()).toExtend<AsyncIterable<JwtTemplate>>()
    expectTypeOf(client.instance.update({})).resolves.toBeVoid()
    const cookies = (): APIPromise<Cookies> =>
      client.sessions.refreshSession('sess_1', { format: 'cookie', ...refresh }, { timeout: 1000 })
    const token = (): APIPromise<Token> => client.sessions.refreshSession('sess_1', refresh, { timeout: 1000 })
    expectTypeOf([cookies, token]).toBeArray()
  })
})

describe('a client', () => {
  it('does not show its key to who prints it', () => {
    const shown = inspect([client, client.users, client.withOptions({}), client.users.getUser('user_1')], {
      depth: null,
      showHidden: true,
    })
    expect(shown).not.toContain('sk_test_1')
  })

  it('can have its methods replaced in tests', async () => {
    const own = clientWith()
    vi.spyOn(own.users, 'getCount').mockResolvedValue(7)
    expect(await own.users.getCount()).toBe(7)
    expect(await client.users.getCount({ userId: [] })).toBe(0)
  })
})

describe('options', () => {
  it('of a call, a client and a client made of it add up', async () => {
    recorder.answer({ body: user })
    const other = clientWith({ headers: { 'X-A': '1', 'X-B': '1' } }).withOptions({
      headers: { 'x-b': '2', 'X-C': '2' },
      secretKey: 'sk_test_2',
    })
    await other.users.getUser('user_1', { headers: { 'X-C': '3', 'USER-AGENT': 'mine' } })
    const { headers } = recorder.requests[0]!
    expect(headers).toMatchObject({
      'x-a': '1',
      'x-b': '2',
      'x-c': '3',
      'user-agent': 'mine',
      authorization: 'Bearer sk_test_2',
    })
  })
})

describe('the answer behind a result', () => {
  const server = useMisbehavingServer()
  const twoCookies: Behaviour = (response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] })
      .end(JSON.stringify(user))

  describe.each(['node', 'fetch'] as const)('over the transport %s', (transport) => {
    const real = () => clientWith({ apiUrl: server.url, fetch: undefined, transport, maxRetries: 0 })

    it('comes with the result, or alone', async () => {
      server.behave(twoCookies)
      const { data, response } = await real().users.getUser('user_1').withResponse()
      expect(data.id).toBe('user_1')
      expect(response).toBeInstanceOf(Response)
      expect([response.status, response.headers.get('X-A'), response.headers.getSetCookie()]).toEqual([
        200,
        '1',
        ['a=1', 'b=2'],
      ])
      expect(await response.json()).toEqual(user)
      const promise = real().users.getUser('user_1')
      const raw = await promise.asResponse()
      expect([await raw.json(), (await promise).id]).toEqual([user, 'user_1'])
    })

    it('is there when it cannot be translated, and is an error when it is one', async () => {
      server.behave(answer(200, '<html>', { 'content-type': 'text/html' }))
      expect(await (await real().users.getUser('user_1').asResponse()).text()).toBe('<html>')
      server.behave(answer(404, {}))
      await expect(real().users.getUser('user_1').asResponse()).rejects.toBeInstanceOf(NotFoundError)
      await expect(real().users.getUser('user_1').withResponse()).rejects.toBeInstanceOf(NotFoundError)
    })

    it('of a list is its page, of nothing asked nothing', async () => {
      server.behave((response, { url }) => {
        const body = url!.includes('count') ? { object: 'total_count', total_count: 1 } : [user]
        setTimeout(() => answer(200, body)(response, undefined as never), url!.includes('count') ? 30 : 0)
      })
      const { data, response } = await real().users.getUserList().withResponse()
      expect([data.totalCount, await response.json()]).toEqual([1, [user]])
      const none = await real().users.getUserList({ userId: [] }).withResponse()
      expect([none.data, none.response.status]).toEqual([{ data: [], totalCount: 0 }, 204])
    })

    it('without content has none', async () => {
      server.behave((response) => response.writeHead(204).end())
      const { data, response } = await real().instance.update({ testMode: true }).withResponse()
      expect([data, response.status, await response.text()]).toEqual([undefined, 204, ''])
    })
  })
})
