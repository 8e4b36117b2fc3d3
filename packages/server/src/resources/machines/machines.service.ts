import type { InstanceContext } from '../../instances/instance-context.js'
import { MachineSecrets } from '../../instances/machine-secrets.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { changedNames } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { machineErrors } from './machines.errors.js'
import { MAX_SCOPES, type Machine } from './machines.rules.js'
import { MachineScopeStore, MachineStore, type MachineListRequest } from './machines.store.js'
import type { MachineRecord, MachineScopeRecord } from './machines.table.js'

/** Seconds. */
const DEFAULT_TOKEN_TTL = 3600

export interface MachineInput {
  /** Of a new machine; default is a new one. A seed gives it. */
  id?: string | undefined
  name: string
  /** Ids. */
  scopedMachines?: readonly string[] | undefined
  /** Seconds. Default is an hour. */
  defaultTokenTtl?: number | undefined
  /** Default is a new one. A seed gives it. */
  secretKey?: string | undefined
}

export interface MachineChanges {
  name?: string | undefined
  /** Seconds. */
  defaultTokenTtl?: number | undefined
}

/** Programs that call each other with M2M tokens, their secret keys, and which may call which. */
export class MachineService {
  readonly #context: InstanceContext
  readonly #store: MachineStore
  readonly #scopes: MachineScopeStore
  readonly #secrets: MachineSecrets
  /** Locked against other writers until the transaction ends. */
  readonly locked: MachineStore['locked']

  constructor(context: InstanceContext) {
    this.#context = context
    this.#store = new MachineStore(context)
    this.#scopes = new MachineScopeStore(context)
    this.#secrets = new MachineSecrets(context)
    this.locked = (id, tx) => this.#store.locked(id, tx)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async list(request: MachineListRequest): Promise<Page<Machine>> {
    const { data, totalCount } = await this.#store.search(request)
    return { data: await this.#withScopes(data), totalCount }
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<Machine> {
    return this.#withScopesOf(await this.#store.get(id))
  }

  find(id: string, tx?: Tx): Promise<MachineRecord | undefined> {
    return this.#store.find(id, tx)
  }

  /** The oldest machine of that name, as names need not be unique. */
  findByName(name: string): Promise<MachineRecord | undefined> {
    return this.#store.findBy({ name })
  }

  /** The machine, which cannot be deleted before the transaction ends. @throws {ApiError} 404 `resource_not_found` */
  async kept(id: string, tx: Tx): Promise<MachineRecord> {
    const [machine] = await this.#store.kept([id], tx)
    if (!machine) throw errors.resourceNotFound('machine', id)
    return machine
  }

  /** Ids of the machines that it may call now, oldest permission first. */
  async scopesOf(id: string, tx: Tx): Promise<string[]> {
    return (await this.#scopes.from([id], tx)).map(({ toMachineId }) => toMachineId)
  }

  /** @throws {ApiError} 422 `form_resource_not_found` for a machine it may call that does not exist */
  async create({ id, secretKey, ...input }: MachineInput, caller: Caller): Promise<Machine> {
    const { name, scopedMachines = [], defaultTokenTtl = DEFAULT_TOKEN_TTL } = input
    if (secretKey !== undefined && !this.#secrets.isSecret(secretKey)) {
      throw errors.paramFormatInvalid('secret_key', 'must begin with ak_ and have no spaces')
    }
    const secret = secretKey ?? this.#secrets.generate()
    return this.#context.transaction(caller, async (tx) => {
      const targets = await this.#targets([...new Set(scopedMachines)], 'scoped_machines', tx)
      const created = await this.#store.create({ id, name, defaultTokenTtl, search: searchText(name) }, tx)
      if (!created) throw errors.identifierExists('id')
      if (!(await this.#secrets.create(created.id, secret, tx))) throw errors.identifierExists('secret_key')
      for (const target of targets) {
        await this.#scopes.create({ fromMachineId: created.id, toMachineId: target.id }, tx)
      }
      await tx.audit('machine.created', created.id)
      return { ...(await this.#withScopesOf(created, tx)), secretKey: secret }
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  update(id: string, { name, defaultTokenTtl }: MachineChanges, caller: Caller): Promise<Machine> {
    const named = name === undefined ? {} : { name, search: searchText(name) }
    const changes = { ...named, ...(defaultTokenTtl === undefined ? {} : { defaultTokenTtl }) }
    return this.#context.transaction(caller, async (tx) => {
      const before = await this.locked(id, tx)
      const changed = (await this.#store.update(id, changes, tx))!
      await tx.audit(
        'machine.updated',
        id,
        changedNames(before, changed).filter((column) => column !== 'search'),
      )
      return this.#withScopesOf(changed, tx)
    })
  }

  /**
   * Secret keys, permissions in both directions, opaque tokens and API keys end with the machine. Its JWTs are valid
   * until they expire, as nobody is asked about them.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  delete(id: string, caller: Caller): Promise<MachineRecord> {
    return this.#context.transaction(caller, async (tx) => {
      const machine = await this.#store.delete(id, tx)
      await tx.audit('machine.deleted', id)
      return machine
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async getSecretKey(id: string): Promise<string> {
    await this.#store.get(id)
    const secret = await this.#secrets.read(id)
    if (secret === undefined) throw errors.resourceNotFound('machine', id)
    return secret
  }

  /**
   * Replaces the secret key.
   *
   * @param previousTokenTtl how long the one it replaces is still accepted, in seconds. Keys before that one keep their
   *   times.
   * @throws {ApiError} 404 `resource_not_found`
   */
  rotateSecretKey(id: string, previousTokenTtl: number, caller: Caller): Promise<string> {
    return this.#context.transaction(caller, async (tx) => {
      await this.locked(id, tx)
      const secret = await this.#secrets.rotate(id, previousTokenTtl, tx)
      await tx.audit('machine_secret_key.rotated', id)
      return secret
    })
  }

  /**
   * Allows a machine to call another one. The permission has one direction.
   *
   * @throws {ApiError} 404 `resource_not_found`, 409 `conflict`, 422 for an unknown machine, the machine itself, or one
   *   too many
   */
  createScope(id: string, toMachineId: string, caller: Caller): Promise<MachineScopeRecord> {
    return this.#context.transaction(caller, async (tx) => {
      await this.locked(id, tx)
      if (toMachineId === id) throw errors.paramValueInvalid('to_machine_id', 'must be another machine')
      await this.#targets([toMachineId], 'to_machine_id', tx)
      const scope = await this.#scopes.create({ fromMachineId: id, toMachineId }, tx)
      if (!scope) throw machineErrors.alreadyScoped(id, toMachineId)
      if ((await this.scopesOf(id, tx)).length > MAX_SCOPES)
        throw errors.paramArrayTooLarge('to_machine_id', MAX_SCOPES)
      await tx.audit('machine_scope.created', id)
      return scope
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  deleteScope(id: string, otherMachineId: string, caller: Caller): Promise<MachineScopeRecord> {
    return this.#context.transaction(caller, async (tx) => {
      await this.kept(id, tx)
      const scope = await this.#scopes.removePair(id, otherMachineId, tx)
      if (!scope) throw machineErrors.notScoped(id, otherMachineId)
      await tx.audit('machine_scope.deleted', id)
      return scope
    })
  }

  /** @throws {ApiError} 422 `form_resource_not_found` naming the parameter */
  async #targets(ids: readonly string[], param: string, tx: Tx): Promise<MachineRecord[]> {
    const found = await this.#store.kept(ids, tx)
    const known = new Set(found.map(({ id }) => id))
    const unknown = ids.find((id) => !known.has(id))
    if (unknown !== undefined) throw errors.formResourceNotFound(param, unknown)
    return found
  }

  async #withScopesOf(machine: MachineRecord, tx?: Tx): Promise<Machine> {
    return (await this.#withScopes([machine], tx))[0]!
  }

  async #withScopes(records: readonly MachineRecord[], tx?: Tx): Promise<Machine[]> {
    if (records.length === 0) return []
    const ids = records.map(({ id }) => id)
    const scopes = await this.#scopes.from(ids, tx)
    const called = scopes.length === 0 ? [] : await this.#store.calledBy(ids, tx)
    const byId = new Map(called.map((machine) => [machine.id, machine]))
    const targets = new Map<string, MachineRecord[]>(ids.map((id) => [id, []]))
    for (const { fromMachineId, toMachineId } of scopes) {
      const machine = byId.get(toMachineId)
      if (machine) targets.get(fromMachineId)!.push(machine)
    }
    return records.map((record) => ({ ...record, scopedMachines: targets.get(record.id)! }))
  }
}
