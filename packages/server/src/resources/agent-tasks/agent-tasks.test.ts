import { describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const task = {
  permissions: '*',
  agent_name: 'shopper',
  task_description: 'Buy milk',
  redirect_url: 'https://example.com/done',
}

describe.each(dialects)('agent tasks on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  const createUser = () =>
    server.client.users.createUser({
      username: 'ada_l',
      emailAddress: ['Ada@example.com', 'reserved@example.com'],
      emailAddressIdentificationStatus: ['verified', 'reserved'],
      phoneNumber: ['+14155552671'],
    })
  const create = (body: object) => server.call('POST', '/agents/tasks', { ...task, ...body })
  const subjectOf = async (url: string) => {
    const { tickets } = await servicesOf(server)
    const token = new URL(url).searchParams.get('ticket')!
    return (await tickets.redeem(token, ['agent_task'], operator('test'), async (ticket) => ticket)).userId
  }

  it('bring a link, once, and an id of the agent that stays', async () => {
    const { id } = await createUser()
    const { status, body } = await create({ on_behalf_of: { user_id: id } })
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'agent_task',
      agent_id: expect.stringMatching(/^agt_[0-9A-Za-z]{27}$/),
      agent_task_id: expect.stringMatching(/^agtask_[0-9A-Za-z]{27}$/),
      task_id: body.agent_task_id,
      url: expect.stringMatching(`^${API_URL}/i/${server.instance.id}/v1/agents/tasks\\?ticket=[\\w.-]+$`),
    })
    const [same, other] = [
      await create({ on_behalf_of: { user_id: id } }),
      await create({ on_behalf_of: { user_id: id }, agent_name: 'reader' }),
    ]
    expect(same.body.agent_id).toBe(body.agent_id)
    expect(same.body.agent_task_id).not.toBe(body.agent_task_id)
    expect(other.body.agent_id).not.toBe(body.agent_id)

    const { secretKey: key } = await server.server.createInstance()
    const elsewhere = (await server.call('POST', '/users', { username: 'ada_l' }, { key })).body
    const there = await server.call(
      'POST',
      '/agents/tasks',
      { ...task, on_behalf_of: { user_id: elsewhere.id } },
      { key },
    )
    expect(there.body.agent_id).not.toBe(body.agent_id)
  })

  it.each(['ada_l', 'ADA_L', 'ada@EXAMPLE.com', '+1 415 555 2671'])('find the user by %s', async (identifier) => {
    const { id } = await createUser()
    const { url } = await server.client.agentTasks.create({
      onBehalfOf: { identifier },
      permissions: '*',
      agentName: 'shopper',
      taskDescription: 'Buy milk',
      redirectUrl: 'http://localhost:3000',
    })
    expect(await subjectOf(url)).toBe(id)
  })

  it.each([
    { user_id: 'user_unknown' },
    { identifier: 'nobody@example.com' },
    { identifier: 'reserved@example.com' },
    { identifier: 'nobody' },
    { identifier: '' },
    { identifier: '+14155550000' },
  ])('find nobody by %j', async (subject) => {
    await createUser()
    expect(await create({ on_behalf_of: subject })).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'agent_task_subject_not_found' }] },
    })
  })

  it('are revoked once, and show no link then', async () => {
    const { id } = await createUser()
    const { body } = await create({ on_behalf_of: { user_id: id } })

    expect((await server.call('POST', `/agents/tasks/${body.agent_task_id}/revoke`)).body).toEqual({
      object: 'agent_task',
      agent_id: body.agent_id,
      agent_task_id: body.agent_task_id,
      task_id: body.task_id,
    })
    await expect(subjectOf(body.url)).rejects.toMatchObject({ errors: [{ code: 'agent_task_revoked' }] })
    await expect(server.client.agentTasks.revoke(body.agent_task_id)).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'agent_task_cannot_be_revoked' }],
    })
    await expect(server.client.agentTasks.revoke('agtask_unknown')).rejects.toMatchObject({
      status: 404,
      errors: [{ code: 'agent_task_not_found' }],
    })
  })

  it.each([
    [{ on_behalf_of: undefined }, 'form_param_missing', 'on_behalf_of'],
    [{ on_behalf_of: {} }, 'form_conditional_param_missing', 'on_behalf_of.user_id'],
    [
      { on_behalf_of: { user_id: 'a', identifier: 'b' } },
      'form_conditional_param_disallowed',
      'on_behalf_of.identifier',
    ],
    [{ on_behalf_of: { email: 'a' } }, 'form_param_unknown', 'on_behalf_of.email'],
    [{ permissions: 'read' }, 'form_param_value_invalid', 'permissions'],
    [{ permissions: undefined }, 'form_param_missing', 'permissions'],
    [{ agent_name: '' }, 'form_param_value_invalid', 'agent_name'],
    [{ task_description: '' }, 'form_param_value_invalid', 'task_description'],
    [{ redirect_url: '/done' }, 'form_param_format_invalid', 'redirect_url'],
    [{ redirect_url: 'javascript:alert(1)' }, 'form_param_format_invalid', 'redirect_url'],
    [{ redirect_url: 'myapp://done' }, 'form_param_format_invalid', 'redirect_url'],
    [{ session_max_duration_in_seconds: 0 }, 'form_param_value_invalid', 'session_max_duration_in_seconds'],
  ])('refuse %j', async (given, code, param) => {
    expect(await create({ on_behalf_of: { user_id: 'user_1' }, ...given })).toMatchObject({
      status: 422,
      body: { errors: [{ code, meta: { param_name: param } }] },
    })
  })

  it('go back by https alone in production', async () => {
    const frontendHost = `clerk.${Math.random().toString(36).slice(2)}.example.com`
    const { secretKey: key } = await server.server.createInstance({ environmentType: 'production', frontendHost })
    const { id } = (await server.call('POST', '/users', { username: 'ada_l' }, { key })).body
    const statuses = []
    for (const redirect_url of ['http://example.com', 'https://example.com']) {
      const body = { ...task, on_behalf_of: { user_id: id }, redirect_url }
      statuses.push((await server.call('POST', '/agents/tasks', body, { key })).status)
    }
    expect(statuses).toEqual([422, 200])
  })
})
