import type { InstanceContext } from '../../instances/instance-context.js'
import { hashSecret, isSecret, newSecret } from '../../instances/secrets.js'
import { newHexId } from '../../instances/tokens.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { changedNames } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { MachineService } from '../machines/machines.service.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { apiKeyErrors } from './api-keys.errors.js'
import { checkClaims, expiryOf, isLive, type APIKey } from './api-keys.rules.js'
import { APIKeyStore, type APIKeyFilter } from './api-keys.store.js'
import type { APIKeyRecord } from './api-keys.table.js'

/** What can be changed later. */
export interface APIKeyChanges {
  description?: string | null | undefined
  scopes?: string[] | undefined
  claims?: Record<string, unknown> | null | undefined
  /** From now on. Null: for ever. */
  secondsUntilExpiration?: number | null | undefined
  /** Id of a user, an organization or a machine. */
  subject?: string | undefined
}

export interface APIKeyInput extends APIKeyChanges {
  /** Of a new key; default is a new one. A seed gives it. */
  id?: string | undefined
  type: string
  name: string
  subject: string
  /** Id of a user. */
  createdBy?: string | null | undefined
  /** Default is a new one. A seed gives it. */
  secret?: string | undefined
}

interface APIKeyServiceOptions {
  context: InstanceContext
  userRecords: UserRecords
  organizationRecords: OrganizationRecords
  machines: MachineService
}

/** Keys that an application's users, organizations and machines have for programs of their own. */
export class APIKeyService {
  readonly #store: APIKeyStore

  constructor(private readonly options: APIKeyServiceOptions) {
    this.#store = new APIKeyStore(options.context)
  }

  /** @throws {ApiError} 422 `api_keys_not_enabled`, as all but `verify` do; 404 for an unknown subject */
  async list(filter: APIKeyFilter, page: PageRequest): Promise<Page<APIKey>> {
    this.#requireEnabled()
    if (!(await this.#findSubject(filter.subject))) throw errors.resourceNotFound('subject', filter.subject)
    return this.#store.search(filter, page)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<APIKey> {
    this.#requireEnabled()
    return this.#store.get(id)
  }

  /** Whether a key has the id or, valid or not, the name at this subject. */
  async exists({ id, subject, name }: Pick<APIKeyInput, 'id' | 'subject' | 'name'>): Promise<boolean> {
    const known = (await this.#store.findBy({ subject, name })) ?? (id === undefined ? id : await this.#store.find(id))
    return known !== undefined
  }

  /** @throws {ApiError} 404 for an unknown subject or creator, 409 `conflict` for a name that a valid key has */
  async create(input: APIKeyInput, caller: Caller): Promise<APIKey> {
    this.#requireEnabled()
    const { name, subject, description = null, scopes = [], claims = null, createdBy = null } = input
    checkClaims(claims)
    const { context, userRecords } = this.options
    const { clock, random, vault } = context
    const secret = this.#secretOf(input)
    const now = clock.now()
    const fields = { type: input.type, name, description, scopes, claims, createdBy }
    const row = {
      ...fields,
      id: input.id ?? newHexId('ak', random),
      hash: hashSecret(secret),
      sealedSecret: vault.seal(secret),
      expiresAt: expiryOf(input.secondsUntilExpiration, now),
      holdsName: true,
      search: searchText(name),
    }
    return context.transaction(caller, async (tx) => {
      const owner = await this.#lockedSubject(subject, tx)
      if (createdBy !== null) await userRecords.get(createdBy, tx)
      await this.#store.releaseExpired({ subject, name }, tx)
      const key = await this.#store.create({ ...row, ...owner }, tx)
      if (!key) throw apiKeyErrors.nameTaken(name)
      await tx.audit('api_key.created', key.id)
      return { ...key, secret }
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, 400 `bad_request` for a revoked key, 409 `conflict` as `create` does */
  async update(id: string, input: APIKeyChanges, caller: Caller): Promise<APIKey> {
    this.#requireEnabled()
    const { secondsUntilExpiration, subject, ...plain } = input
    checkClaims(plain.claims)
    const now = this.options.context.clock.now()
    return this.options.context.transaction(caller, async (tx) => {
      const owner = subject === undefined ? {} : await this.#lockedSubject(subject, tx)
      const before = await this.#store.locked(id, tx)
      if (before.revokedAt !== null) throw errors.badRequest('A revoked API key cannot be changed')
      const changes = {
        ...plain,
        ...owner,
        ...(secondsUntilExpiration === undefined ? {} : { expiresAt: expiryOf(secondsUntilExpiration, now) }),
      }
      const after = { ...before, ...changes }
      const named = isLive(after, now) && !(before.holdsName && before.subject === after.subject)
      if (named) await this.#store.releaseExpired(after, tx)
      const changed = await this.#store.update(id, { ...changes, ...(named ? { holdsName: true } : {}) }, tx)
      if (!changed) throw apiKeyErrors.nameTaken(before.name)
      await tx.audit('api_key.updated', id, changedNames(before, changed).filter(isShown))
      return changed
    })
  }

  /** Repeating it keeps the first reason. @throws {ApiError} 404 `resource_not_found` */
  async revoke(id: string, reason: string | null, caller: Caller): Promise<APIKey> {
    this.#requireEnabled()
    return this.options.context.transaction(caller, async (tx) => {
      const revoked = await this.#store.revoke(id, reason, tx)
      if (!revoked) return this.#store.get(id, tx)
      await tx.audit('api_key.revoked', id)
      return revoked
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async delete(id: string, caller: Caller): Promise<APIKeyRecord> {
    this.#requireEnabled()
    return this.options.context.transaction(caller, async (tx) => {
      const key = await this.#store.delete(id, tx)
      await tx.audit('api_key.deleted', id)
      return key
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, also where the instance lets nobody read secrets */
  async getSecret(id: string): Promise<string> {
    this.#requireEnabled()
    const { vault, instance } = this.options.context
    const { sealedSecret } = await this.#store.get(id)
    if (!instance.settings.apiKeys.secretsReadable) throw errors.resourceNotFound('secret of the API key', id)
    return vault.open(sealedSecret)
  }

  /**
   * The key that the secret belongs to, if it may be used now.
   *
   * @throws {ApiError} 404 `resource_not_found` for an unknown secret, a key that expired or was revoked, a banned user,
   *   and while API keys are switched off
   */
  async verify(secret: string, caller: Caller): Promise<APIKey> {
    const { context } = this.options
    const key = await this.#store.findBy({ hash: hashSecret(secret) })
    if (!key || !(await this.#isUsable(key))) throw apiKeyErrors.invalid()
    if (!this.#store.needsTouch(key)) return key
    await context.transaction(caller, (tx) => this.#store.touch(key.id, tx))
    return { ...key, lastUsedAt: context.clock.now() }
  }

  async #isUsable(key: APIKeyRecord): Promise<boolean> {
    const { context, userRecords } = this.options
    if (!context.instance.settings.apiKeys.enabled || !isLive(key, context.clock.now())) return false
    return key.userId === null || (await userRecords.find(key.userId))?.banned === false
  }

  #requireEnabled(): void {
    if (!this.options.context.instance.settings.apiKeys.enabled) throw apiKeyErrors.notEnabled()
  }

  #secretOf({ secret }: APIKeyInput): string {
    const { instance, random } = this.options.context
    if (secret === undefined) return newSecret('api_key', instance.environmentType, random)
    if (isSecret('api_key', instance.environmentType, secret)) return secret
    throw errors.paramFormatInvalid('secret', 'must begin with ak_ and have no spaces')
  }

  /** The columns that name the subject, which cannot be deleted before the transaction ends. @throws {ApiError} 404 */
  async #lockedSubject(
    subject: string,
    tx: Tx,
  ): Promise<Pick<APIKeyRecord, 'subject' | 'userId' | 'organizationId' | 'machineId'>> {
    const { userRecords, organizationRecords, machines } = this.options
    const owner = { subject, userId: null, organizationId: null, machineId: null }
    switch (prefixOf(subject)) {
      case 'user':
        return { ...owner, userId: (await userRecords.locked(subject, tx)).id }
      case 'org':
        return { ...owner, organizationId: (await organizationRecords.locked(subject, tx)).id }
      case 'mch':
        return { ...owner, machineId: (await machines.kept(subject, tx)).id }
      default:
        throw errors.resourceNotFound('subject', subject)
    }
  }

  async #findSubject(subject: string): Promise<object | undefined> {
    const { userRecords, organizationRecords, machines } = this.options
    switch (prefixOf(subject)) {
      case 'user':
        return userRecords.find(subject)
      case 'org':
        return organizationRecords.find(subject)
      case 'mch':
        return machines.find(subject)
      default:
        return undefined
    }
  }
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('_'))
}

/** Columns that only this server knows are not told of. */
function isShown(column: string): boolean {
  return !['holds_name', 'user_id', 'organization_id', 'machine_id'].includes(column)
}
