import type { PasskeyJSON } from '@latchkey/types'
import type { PasskeyRecord } from '../../storage/tables.js'

export function toPasskeyJSON(passkey: PasskeyRecord): PasskeyJSON {
  return {
    id: passkey.id,
    object: 'passkey',
    name: passkey.name,
    // The contract has no null here: a passkey was used at the latest when it was registered.
    last_used_at: passkey.lastUsedAt ?? passkey.createdAt,
    verification: {
      object: 'verification_passkey',
      status: 'verified',
      strategy: 'passkey',
      attempts: null,
      expire_at: null,
    },
  }
}
