import { createPrivateKey } from 'node:crypto'
import { signJwt } from '@latchkey/crypto'
import { createVault } from '../lib/secrets/vault.js'
import { systemRandom } from '../kernel/runtime.js'
import type { TestServer } from '../server.test-support.js'

/** For test servers whose signing keys a test wants to use itself. */
export const ENCRYPTION_KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'

/** Signs any claims with the instance's own key, as the Frontend API would for a browser. The instance must have minted a token before. */
export async function signAs(server: TestServer, claims: object, category: string): Promise<string> {
  const rows = server.server.database.read
    .selectFrom('signing_keys')
    .selectAll()
    .where('instance_id', '=', server.instance.id)
  const row = await rows.executeTakeFirstOrThrow()
  const privateKey = createPrivateKey(createVault(ENCRYPTION_KEY, systemRandom).open(row.private_key))
  return signJwt(claims, privateKey, { algorithm: 'RS256', keyId: row.id, category })
}
