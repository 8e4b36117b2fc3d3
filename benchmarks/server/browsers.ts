// What the benchmark of browsers needs of the server's own sources.
import { createPrivateKey } from 'node:crypto'
import type { Server } from '@latchkey/server'
import { giveSigningKey } from '../../packages/server/src/instances/signing-key.test-support.js'
import { signingKeys } from '../../packages/server/src/instances/instances.table.js'
import { secretOf } from '../../packages/server/src/instances/signing-keys.js'
import { CLIENT_TOKEN } from '../../packages/server/src/instances/tokens.js'
import { systemRandom } from '../../packages/server/src/kernel/runtime.js'
import { signToken } from '../../packages/server/src/lib/secrets/signed-token.js'
import { createVault } from '../../packages/server/src/lib/secrets/vault.js'

/** Gives the instance a signing key, and returns what signs the cookie of a browser with it. */
export async function cookieSigner(server: Server, instanceId: string, encryptionKey: string) {
  await giveSigningKey(server as never, { instanceId, encryptionKey, createdAt: Date.now() })
  const row = await server.database.read
    .selectFrom('signing_keys')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .executeTakeFirstOrThrow()
  const key = signingKeys.decode(row as never)
  const privateKey = createPrivateKey(createVault(encryptionKey, systemRandom).open(key.privateKey))
  const secret = secretOf(privateKey)
  const iat = Math.floor(Date.now() / 1000)
  return (clientId: string, rotatingToken: string): string =>
    signToken(
      CLIENT_TOKEN,
      { sub: clientId, id: clientId, rotating_token: rotatingToken, iat, exp: iat + 86_400 },
      secret,
    )
}
