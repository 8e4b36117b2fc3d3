import { describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'

describe.each(dialects)('instances on %s', (dialect) => {
  const server = useTestServer(dialect)
  const list = async () => (await server.server.admin.listInstances()).map(({ id, isDefault }) => ({ id, isDefault }))

  it('are deleted with everything in them, and others stay', async () => {
    const { admin, database } = server.server
    const other = await server.newInstance()
    for (const { secretKey } of [other, server.instance])
      await server.call('POST', '/users', { email_address: ['ada@example.com'] }, { key: secretKey })
    const users = async () => {
      const rows = await database.read.selectFrom('users').select('instance_id').execute()
      return rows.map(({ instance_id }) => instance_id)
    }
    expect(await users()).toEqual(expect.arrayContaining([other.id, server.instance.id]))

    await admin.deleteInstance(other.id)
    expect((await list()).map(({ id }) => id)).not.toContain(other.id)
    expect(await users()).not.toContain(other.id)
    expect(await users()).toContain(server.instance.id)
    expect((await server.call('GET', '/users', undefined, { key: other.secretKey })).status).toBe(401)
    expect(await server.client.users.getCount()).toBe(1)
    await expect(admin.deleteInstance(other.id)).rejects.toThrow(`There is no instance ${other.id}`)
  })

  it('change the default, which cannot be deleted beside others', async () => {
    const { admin } = server.server
    const [first, second] = [await server.newInstance(), await server.newInstance()]
    const environment = () => server.fetch(`${API_URL}/v1/environment`, { headers: { origin: API_URL } })
    for (const { id } of [first, second, first, first]) {
      expect(await admin.setDefaultInstance(id)).toMatchObject({ id, isDefault: true })
      expect((await list()).filter(({ isDefault }) => isDefault)).toEqual([{ id, isDefault: true }])
    }
    expect((await environment()).status).toBe(200)
    await expect(admin.deleteInstance(first.id)).rejects.toThrow(`${first.id} is the default instance`)
    await expect(admin.setDefaultInstance('ins_none')).rejects.toThrow('There is no instance ins_none')
    expect(await admin.defaultInstance()).toMatchObject({ id: first.id })
    expect((await admin.listAudit(second.id, { action: 'instance.updated' }, { limit: 9 })).at(-1)).toMatchObject({
      actorKind: 'operator',
      changed: ['is_default'],
    })

    await Promise.all([1, 2, 3, 4].flatMap(() => [first, second].map(({ id }) => admin.setDefaultInstance(id))))
    expect((await list()).filter(({ isDefault }) => isDefault)).toHaveLength(1)
  })
})
