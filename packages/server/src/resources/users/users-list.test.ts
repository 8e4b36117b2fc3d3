import { beforeEach, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('lists of users on %s', (dialect) => {
  const server = useTestServer(dialect)
  let ids: Record<'ada' | 'grace' | 'alan', string>

  /** The users that the query finds, by first name, in the order of the answer. */
  async function names(query: string): Promise<string[]> {
    const { status, body } = await server.call('GET', `/users?${query}`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect((await server.call('GET', `/users/count?${query}`)).body.total_count).toBe(body.length)
    return body.map((user: { first_name: string }) => user.first_name)
  }

  async function create(body: object): Promise<string> {
    server.clock.advance(1000)
    const answer = await server.call('POST', '/users', body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body.id
  }

  beforeEach(async () => {
    ids = {
      ada: await create({
        first_name: 'Ada',
        last_name: 'Lovelace',
        username: 'ada_l',
        email_address: ['Ada@Example.com', 'countess@lovelace.test'],
        phone_number: ['+14155552671'],
        web3_wallet: ['0x52908400098527886E0F7030069857D2E4169EE7'],
        external_id: 'crm-1',
      }),
      grace: await create({
        first_name: 'Grace',
        last_name: 'Hopper',
        username: 'grace-h',
        email_address: ['grace@example.com'],
        external_id: '-crm-2',
        banned: true,
      }),
      alan: await create({
        first_name: 'Alan',
        last_name: 'Türing',
        username: 'alan_t',
        phone_number: ['+447911123456'],
      }),
    }
  })

  it('shows the newest first', async () => {
    expect(await names('')).toEqual(['Alan', 'Grace', 'Ada'])
  })

  it.each([
    ['email_address=ADA%40EXAMPLE.com&email_address=nobody@example.com', ['Ada']],
    ['email_address=grace@example.com&email_address=countess@lovelace.test', ['Grace', 'Ada']],
    ['email_address=not-an-address', []],
    ['phone_number=%2B1%20415%20555%202671', ['Ada']],
    ['username=ADA_L&username=alan_t', ['Alan', 'Ada']],
    ['web3_wallet=0x52908400098527886e0f7030069857d2e4169ee7', ['Ada']],
    ['external_id=crm-1', ['Ada']],
    ['external_id=%2Bcrm-1', ['Ada']],
    ['external_id=-crm-1', ['Alan', 'Grace']],
    ['organization_id=org_2wpOgEtHRbyzrrwhHzCC0s44yX7', []],
    ['organization_id=-org_2wpOgEtHRbyzrrwhHzCC0s44yX7', ['Alan', 'Grace', 'Ada']],
    ['banned=true', ['Grace']],
    ['banned=false', ['Alan', 'Ada']],
    ['provider=oauth_google&provider_user_id=12345', []],
  ])('filters by %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  it('filters by id, with and without a sign', async () => {
    expect(await names(`user_id=${ids.ada}&user_id=${ids.alan}`)).toEqual(['Alan', 'Ada'])
    expect(await names(`user_id=%2B${ids.ada}`)).toEqual(['Ada'])
    expect(await names(`user_id=-${ids.ada}`)).toEqual(['Alan', 'Grace'])
    expect(await names('user_id=user_unknown')).toEqual([])
  })

  it('filters by the time of creation, without the time itself', async () => {
    const graceCreated = server.clock.now() - 1000
    expect(await names(`created_at_before=${graceCreated}`)).toEqual(['Ada'])
    expect(await names(`created_at_after=${graceCreated}`)).toEqual(['Alan'])
    expect(await names(`created_at_after=${graceCreated - 1}&created_at_before=${graceCreated + 1}`)).toEqual(['Grace'])
  })

  it.each([
    ['query=LOVELACE', ['Ada']],
    ['query=ada%20lovelace', ['Ada']],
    ['query=example.com', ['Grace', 'Ada']],
    ['query=5552671', ['Ada']],
    ['query=0x529084', ['Ada']],
    ['query=grace-', ['Grace']],
    ['query=tüRING', ['Alan']],
    // In no id, as a term of two letters of ASCII now and then is.
    ['query=t%C3%BC', ['Alan']],
    ['query=a_l', ['Ada']],
    ['query=%25', []],
    ['query=%22', []],
    ['query=%22%20OR%20%22', []],
    ['query=*', []],
    ['query=', ['Alan', 'Grace', 'Ada']],
    ['email_address_query=xampl', ['Grace', 'Ada']],
    ['email_address_query=lovelace', ['Ada']],
    ['phone_number_query=7911', ['Alan']],
    ['username_query=_', ['Alan', 'Ada']],
    ['name_query=lovelace', ['Ada']],
    ['name_query=example', []],
    ['query=a&banned=false', ['Alan', 'Ada']],
  ])('searches with %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  it('searches in ids', async () => {
    expect(await names(`query=${ids.grace}`)).toEqual(['Grace'])
    expect(await names(`query=${ids.grace.slice(-20)}`)).toEqual(['Grace'])
  })

  it.each([
    ['created_at', ['Ada', 'Grace', 'Alan']],
    ['%2Bcreated_at', ['Ada', 'Grace', 'Alan']],
    // As a space, which the plus becomes on its way (mistake 14).
    ['+created_at', ['Ada', 'Grace', 'Alan']],
    ['-created_at', ['Alan', 'Grace', 'Ada']],
    ['first_name', ['Ada', 'Alan', 'Grace']],
    ['-last_name', ['Alan', 'Ada', 'Grace']],
    ['email_address', ['Alan', 'Ada', 'Grace']],
    ['-email_address', ['Grace', 'Ada', 'Alan']],
    ['-phone_number', ['Alan', 'Ada', 'Grace']],
    ['-username', ['Grace', 'Alan', 'Ada']],
    ['-web3wallet', ['Ada', 'Alan', 'Grace']],
    ['username&order_by=created_at', ['Ada', 'Alan', 'Grace']],
  ])('orders by %s', async (order, expected) => {
    expect(await names(`order_by=${order}`)).toEqual(expected)
  })

  it('pages by limit and offset', async () => {
    expect((await server.call('GET', '/users?limit=2')).body).toHaveLength(2)
    expect((await server.call('GET', '/users?limit=2&offset=2')).body).toMatchObject([{ first_name: 'Ada' }])
    expect((await server.call('GET', '/users?offset=9')).body).toEqual([])
  })

  it('walks by cursor to the end, also through users of one millisecond', async () => {
    for (let n = 0; n < 25; n++)
      expect((await server.call('POST', '/users', { username: `walker_${n}` })).status).toBe(200)
    for (const order of ['', '&order_by=created_at']) {
      const seen: string[] = []
      for (let cursor = ''; ; cursor = `&starting_after=${seen.at(-1)}`) {
        const { body } = await server.call('GET', `/users?limit=7${order}${cursor}`)
        seen.push(...body.map((user: { id: string }) => user.id))
        if (body.length < 7) break
      }
      expect(seen).toHaveLength(28)
      expect(new Set(seen).size).toBe(28)
    }
  })

  it('walks through the matches of a search', async () => {
    for (let n = 0; n < 30; n++) await create({ username: `walker_${n}` })
    const first = (await server.call('GET', '/users?query=walker&limit=20')).body
    const rest = (await server.call('GET', `/users?query=walker&limit=20&starting_after=${first.at(-1).id}`)).body
    expect([...first, ...rest].map((user) => user.username)).toEqual(
      Array.from({ length: 30 }, (_, n) => `walker_${29 - n}`),
    )
  })

  it.each([
    ['limit=-1', 'form_param_value_invalid', 'limit'],
    ['limit=0', 'form_param_value_invalid', 'limit'],
    ['limit=501', 'form_param_value_invalid', 'limit'],
    ['limit=ten', 'form_param_type_invalid', 'limit'],
    ['limit=1.5', 'form_param_type_invalid', 'limit'],
    ['offset=-1', 'form_param_value_invalid', 'offset'],
    ['offset=99999999999999999999', 'form_param_value_invalid', 'offset'],
    ['banned=perhaps', 'form_param_type_invalid', 'banned'],
    ['created_at_before=yesterday', 'form_param_type_invalid', 'created_at_before'],
    ['order_by=shoe_size', 'form_param_value_invalid', 'order_by'],
    ['order_by=constructor', 'form_param_value_invalid', 'order_by'],
    ['starting_after=user_unknown', 'form_resource_not_found', 'starting_after'],
    ['starting_after=', 'form_param_value_invalid', 'starting_after'],
    ['query=%00', 'form_param_value_invalid', 'query'],
    ['provider=oauth_google', 'form_conditional_param_missing', 'provider_user_id'],
    ['provider_user_id=1', 'form_conditional_param_missing', 'provider'],
    [Array.from({ length: 101 }, (_, n) => `user_id=user_${n}`).join('&'), 'form_param_array_size_exceeded', 'user_id'],
  ])('refuses %s', async (query, code, param) => {
    expect(await server.call('GET', `/users?${query}`)).toMatchObject({
      status: 422,
      body: { errors: [{ code, meta: { param_name: param } }] },
    })
  })

  it('refuses a cursor with another order or an offset', async () => {
    for (const query of ['order_by=username', 'offset=1']) {
      expect(await server.call('GET', `/users?starting_after=${ids.ada}&${query}`)).toMatchObject({
        status: 422,
        body: { errors: [{ meta: { param_name: 'starting_after' } }] },
      })
    }
  })

  it("refuses another instance's user as cursor", async () => {
    const other = await server.server.createInstance()
    expect(
      (await server.call('GET', `/users?starting_after=${ids.ada}`, undefined, { key: other.secretKey })).status,
    ).toBe(422)
  })

  it('keeps search and order right when names and identifiers change', async () => {
    expect((await server.call('PATCH', `/users/${ids.ada}`, { last_name: 'King', username: 'zada' })).status).toBe(200)
    expect(await names('name_query=lovelace')).toEqual([])
    expect(await names('query=ada%20king')).toEqual(['Ada'])
    expect(await names('order_by=-username')).toEqual(['Ada', 'Grace', 'Alan'])
    expect((await server.call('DELETE', `/users/${ids.ada}`)).status).toBe(200)
    expect(await names('query=king')).toEqual([])
  })
})
