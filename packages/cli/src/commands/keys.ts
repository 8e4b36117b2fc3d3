import { CommandError } from '../command-error.js'
import type { Environment } from '../environment.js'
import { formatTime, type Result, table } from '../output.js'
import { jwtKeyLine } from '../ready-lines.js'
import {
  findSecretKeyFile,
  findSetting,
  type Flags,
  findOtherEncryptionKeys,
  parseInteger,
  parseName,
} from '../settings.js'
import { findInstance, withServer } from './with-server.js'

/** A year, in seconds. */
const LONGEST_OVERLAP = 365 * 24 * 60 * 60

export function createKey(flags: Flags, environment: Environment): Promise<Result> {
  if (flags['operator'] === true) return createOperatorKey(flags, environment)
  const name = findName(flags, environment) ?? 'Secret key'
  const secretKey = findSecretKeyFile(flags, environment)
  return withServer(flags, environment, async (server) => {
    const instance = await findInstance(server, flags, environment)
    const key = await server.admin.createKey(instance.id, { name, ...(secretKey === undefined ? {} : { secretKey }) })
    return {
      lines: [`${key.id} (${key.name})`, key.secretKey, 'It is shown only once: the database stores a hash.'],
      json: key,
    }
  })
}

async function createOperatorKey(flags: Flags, environment: Environment): Promise<Result> {
  refuseOfInstance(flags, environment)
  const name = findName(flags, environment) ?? 'Operator key'
  return withServer(
    flags,
    environment,
    async (server) => {
      const key = await server.admin.createOperatorKey(name)
      const note = 'It opens /metrics, and is shown only once: the database stores a hash.'
      return { lines: [`${key.id} (${key.name})`, key.key, note], json: key }
    },
    { opensSecrets: false },
  )
}

function findName(flags: Flags, environment: Environment): string | undefined {
  const setting = findSetting('name', flags, environment)
  return setting && parseName(setting)
}

/** Operator keys are of no instance. */
function refuseOfInstance(flags: Flags, environment: Environment): void {
  for (const option of ['secret-key-file', 'instance']) {
    const setting = findSetting(option, flags, environment)
    if (setting) throw new CommandError(`"${setting.source}" is for secret keys of an instance, not for --operator`)
  }
}

export function listKeys(flags: Flags, environment: Environment): Promise<Result> {
  if (flags['operator'] === true) return listOperatorKeys(flags, environment)
  if (flags['signing'] === true) return listSigningKeys(flags, environment)
  return withServer(flags, environment, async (server) => {
    const instance = await findInstance(server, flags, environment)
    const keys = await server.admin.listKeys(instance.id)
    const rows = keys.map((key) => [
      key.id,
      key.name,
      formatTime(key.createdAt),
      formatTime(key.lastUsedAt),
      key.revokedAt === null ? 'active' : 'revoked',
    ])
    return { lines: table(['ID', 'NAME', 'CREATED', 'LAST USED', 'STATE'], rows), json: keys }
  })
}

async function listOperatorKeys(flags: Flags, environment: Environment): Promise<Result> {
  if (flags['signing'] === true) throw new CommandError('Give either "--operator" or "--signing", not both')
  refuseOfInstance(flags, environment)
  return withServer(
    flags,
    environment,
    async (server) => {
      const keys = await server.admin.listOperatorKeys()
      const rows = keys.map((key) => [
        key.id,
        key.name,
        formatTime(key.createdAt),
        key.revokedAt === null ? 'active' : 'revoked',
      ])
      return { lines: table(['ID', 'NAME', 'CREATED', 'STATE'], rows), json: keys }
    },
    { opensSecrets: false },
  )
}

function listSigningKeys(flags: Flags, environment: Environment): Promise<Result> {
  return withServer(
    flags,
    environment,
    async (server) => {
      const instance = await findInstance(server, flags, environment)
      const keys = await server.admin.listSigningKeys(instance.id)
      const rows = keys.map((key) => [
        key.id,
        formatTime(key.signsAt),
        formatTime(key.retiredAt),
        formatTime(key.expiresAt),
        key.state,
      ])
      return { lines: table(['ID', 'SIGNS FROM', 'SIGNS UNTIL', 'IN THE KEY SET UNTIL', 'STATE'], rows), json: keys }
    },
    { opensSecrets: false },
  )
}

export async function revokeKey(id: string, flags: Flags, environment: Environment): Promise<Result> {
  if (/^(sk|operator)_/.test(id)) throw new CommandError('That is a secret key, not its id. See: latchkey keys list')
  return withServer(flags, environment, async (server) => {
    if (!(await server.admin.revokeKey(id, { keepLast: flags['yes'] !== true })))
      throw new CommandError(
        `There is no active key with the id ${id}. See: latchkey keys list, latchkey keys list --operator`,
      )
    return { lines: [`Revoked ${id}. Every node refuses it within a second.`], json: { id, revoked: true } }
  })
}

export function rotateSigningKey(flags: Flags, environment: Environment): Promise<Result> {
  const seconds = (name: string) => {
    const setting = findSetting(name, flags, environment)
    return setting && parseInteger(setting, 0, LONGEST_OVERLAP, 'seconds')
  }
  const [published, overlapSeconds] = [seconds('publish'), seconds('overlap')]
  const isNow = flags['now'] === true
  if (isNow && published !== undefined) throw new CommandError('Give either "--now" or "--publish", not both')
  const publishSeconds = isNow ? null : published
  return withServer(flags, environment, async (server) => {
    const instance = await findInstance(server, flags, environment)
    const { keyId, jwtKey, signsAt } = await server.admin.rotateSigningKey(instance.id, {
      ...(publishSeconds === undefined ? {} : { publishSeconds }),
      ...(overlapSeconds === undefined ? {} : { overlapSeconds }),
    })
    const stay = overlapSeconds === undefined ? 'a day' : `${overlapSeconds} s`
    return {
      lines: [
        `${keyId} is in the key set now, and signs new tokens from ${formatTime(signsAt)} UTC on. The old key stays in the key set for ${stay} after that.`,
        ...(isNow ? ['When it leaves, everybody who is signed in now is signed out.'] : []),
        'An application that sets CLERK_JWT_KEY does not read the key set. Replace its line with this one when the new key begins to sign:',
        jwtKeyLine(jwtKey),
      ],
      json: { instanceId: instance.id, keyId, jwtKey, signsAt },
    }
  })
}

export function rotateEncryptionKey(flags: Flags, environment: Environment): Promise<Result> {
  return withServer(flags, environment, async (server) => {
    const { keyId, resealed, complete } = await server.admin.rotateEncryption()
    if (!complete) {
      throw new CommandError(
        `Sealed ${resealed} values with the key ${keyId}, but others were sealed with another key meanwhile. Give every node the new LATCHKEY_ENCRYPTION_KEY, and run this again.`,
      )
    }
    return {
      lines: [
        resealed === 0
          ? `Nothing to do: every secret in the database is sealed with the key ${keyId}.`
          : `Sealed ${resealed} values with the key ${keyId}. Nothing in the database needs another key now.`,
        ...(findOtherEncryptionKeys(environment).length === 0
          ? []
          : [
              'Run it again once every node has the new key; then LATCHKEY_OTHER_ENCRYPTION_KEYS can go. Until it goes, links and codes sent before are accepted.',
            ]),
      ],
      json: { keyId, resealed },
    }
  })
}
