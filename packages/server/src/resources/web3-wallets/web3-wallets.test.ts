import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const FIRST = '0x52908400098527886E0F7030069857D2E4169EE7'
const SECOND = '0x8617E340B3D01FA5F11F306F4090FD50E238070D'
const THIRD = '0xde709f2102306220921060314715629080e2fb77'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('web3 wallets of users on %s', (dialect) => {
  const server = useTestServer(dialect)
  const users = () => server.client.users
  const shown = async (id: string) => (await server.call('GET', `/users/${id}`)).body
  const remove = (userId: string, id: string, key?: string) =>
    server.call('DELETE', `/users/${userId}/web3_wallets/${id}`, undefined, key ? { key } : {})
  const create = async (params: object) => (await server.call('POST', '/users', params)).body

  it('deletes a wallet and lets another user have it', async () => {
    const user = await create({ username: 'ada_l', web3_wallet: [FIRST, SECOND] })
    const [first, second] = user.web3_wallets

    const deleted = await users().deleteUserWeb3Wallet({ userId: user.id, web3WalletIdentificationId: second.id })
    expect(deleted).toMatchObject({ object: 'web3_wallet', id: second.id, deleted: true })

    expect(await shown(user.id)).toMatchObject({ web3_wallets: [{ id: first.id }], primary_web3_wallet_id: first.id })
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'user.updated',
      payload: { web3_wallets: [{ web3_wallet: FIRST }] },
    })
    expect((await server.call('POST', '/users', { web3_wallet: [SECOND] })).status).toBe(200)
    expect((await server.call('GET', `/users?web3_wallet=${SECOND}`)).body).toHaveLength(1)
  })

  it('makes the next wallet the primary one', async () => {
    const user = await create({ username: 'ada_l', web3_wallet: [FIRST, SECOND, THIRD] })
    const [first, second, third] = user.web3_wallets
    expect(user.primary_web3_wallet_id).toBe(first.id)

    await remove(user.id, first.id)
    expect(await shown(user.id)).toMatchObject({ primary_web3_wallet_id: second.id })
    await remove(user.id, second.id)
    expect(await shown(user.id)).toMatchObject({ primary_web3_wallet_id: third.id })
    await remove(user.id, third.id)
    expect(await shown(user.id)).toMatchObject({ primary_web3_wallet_id: null, web3_wallets: [] })
  })

  it('keeps the last identifier of a user', async () => {
    const user = await create({ web3_wallet: [FIRST, SECOND] })
    const [first, second] = user.web3_wallets

    const answers = await Promise.all([remove(user.id, first.id), remove(user.id, second.id)])

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(answers.find(({ status }) => status === 400)).toMatchObject({
      body: { errors: [{ code: 'last_required_identification_deletion_failed' }] },
    })
    expect((await shown(user.id)).web3_wallets).toHaveLength(1)
  })

  it('does not count an address that is not claimed, nor a number that is a second factor', async () => {
    const user = await create({ web3_wallet: [FIRST], phone_number: ['+14155552671'] })
    await server.server.database.transaction(async (tx) => {
      await tx
        .updateTable('phone_numbers')
        .set({ reserved_for_second_factor: 1 })
        .where('user_id', '=', user.id)
        .execute()
    })

    expect((await remove(user.id, user.web3_wallets[0].id)).status).toBe(400)
    await users().updateUser(user.id, { username: 'ada_l' })
    expect((await remove(user.id, user.web3_wallets[0].id)).status).toBe(200)
  })

  it("does not find what is another user's or another instance's", async () => {
    const ada = await create({ username: 'ada_l', web3_wallet: [FIRST] })
    const bob = await create({ username: 'bob_b' })
    const { id } = ada.web3_wallets[0]
    const { secretKey } = await server.server.createInstance()

    for (const answer of [
      await remove(bob.id, id),
      await remove('user_0', id),
      await remove(ada.id, 'idn_0'),
      await remove(ada.id, id, secretKey),
    ]) {
      expect(answer).toMatchObject(refused(404, 'resource_not_found'))
    }
    expect((await remove(ada.id, id)).status).toBe(200)
    expect((await remove(ada.id, id)).status).toBe(404)
  })
})
