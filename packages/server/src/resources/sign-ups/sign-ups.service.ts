import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { fieldNames, type Changes, type New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { signUpErrors } from './sign-ups.errors.js'
import { ABANDONED_AFTER } from './sign-ups.rules.js'
import { SignUpStore } from './sign-ups.store.js'
import type { SignUpRecord, signUps } from './sign-ups.table.js'

/** What a new sign-up is without: the flow fills it in. */
const EMPTY = {
  status: 'missing_requirements' as const,
  requiredFields: [],
  optionalFields: [],
  missingFields: [],
  unverifiedFields: [],
  verifications: { email_address: null, phone_number: null, web3_wallet: null, external_account: null },
  publicMetadata: {},
  unsafeMetadata: {},
  customAction: false,
}

/** Sign-ups in progress. They begin and go on in a browser; an application's server reads them and adds to them. */
export class SignUpService {
  readonly #store: SignUpStore
  readonly get: SignUpStore['get']
  readonly find: SignUpStore['find']
  /** Locked against other writers until the transaction ends. */
  readonly locked: SignUpStore['locked']

  constructor(private readonly context: InstanceContext) {
    this.#store = new SignUpStore(context)
    this.get = (id, tx) => this.#store.get(id, tx)
    this.find = (id, tx) => this.#store.find(id, tx)
    this.locked = (id, tx) => this.#store.locked(id, tx)
  }

  /** For the flow, which begins one. */
  async begin(fields: Partial<New<typeof signUps>>, tx: Tx): Promise<SignUpRecord> {
    const abandonAt = this.context.clock.now() + ABANDONED_AFTER
    return (await this.#store.create({ ...EMPTY, abandonAt, ...fields }, tx))!
  }

  /** For the flow, as it goes on. @throws {ApiError} 404, 403 `sign_up_cannot_be_updated` */
  async change(id: string, changes: Changes<typeof signUps>, tx: Tx): Promise<SignUpRecord> {
    const changed = await this.#store.updateUnfinished(id, changes, tx)
    if (changed) return changed
    await this.#store.get(id, tx)
    throw signUpErrors.cannotBeUpdated()
  }

  /** Null clears the external id, and leaves the custom action as it is. @throws {ApiError} as `change` does */
  update(
    id: string,
    { externalId, customAction }: { externalId?: string | null | undefined; customAction?: boolean | null | undefined },
    caller: Caller,
  ): Promise<SignUpRecord> {
    const changes = {
      ...(externalId === undefined ? {} : { externalId: externalId === '' ? null : externalId }),
      ...(customAction == null ? {} : { customAction }),
    }
    return this.context.transaction(caller, async (tx) => {
      const changed = await this.change(id, changes, tx)
      await tx.audit('sign_up.updated', id, fieldNames(changes))
      return changed
    })
  }
}
