import { createPrivateKey, type KeyObject } from 'node:crypto'
import { signJwt } from '@latchkey/crypto'
import { createVault } from '../lib/secrets/vault.js'
import { signToken } from '../lib/secrets/signed-token.js'
import { systemRandom } from '../kernel/runtime.js'
import type { TestServer } from '../server.test-support.js'
import { secretOf } from './signing-keys.js'

/** For test servers whose signing keys a test wants to use itself. */
export const ENCRYPTION_KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'

/** Signs any claims with the instance's own key, as the server would. The instance must have minted a token before. */
export async function signAs(server: TestServer, claims: object, category: string): Promise<string> {
  const { id, privateKey } = await keyOf(server)
  return signJwt(claims, privateKey, { algorithm: 'RS256', keyId: id, category })
}

/** The same for tokens that only the server reads, as it makes one for a browser. */
export async function sealAs(server: TestServer, claims: object, category: string): Promise<string> {
  const { privateKey } = await keyOf(server)
  return signToken(category, claims, secretOf(privateKey))
}

async function keyOf(server: TestServer): Promise<{ id: string; privateKey: KeyObject }> {
  const rows = server.server.database.read
    .selectFrom('signing_keys')
    .selectAll()
    .where('instance_id', '=', server.instance.id)
  const row = await rows.executeTakeFirstOrThrow()
  const privateKey = createPrivateKey(createVault(ENCRYPTION_KEY, systemRandom).open(row.private_key))
  return { id: row.id, privateKey }
}
