import type { Tx } from '../storage/tx.js'
import type { InstanceContext } from './instance-context.js'
import { MachineSecretStore } from './machine-secrets.store.js'
import { hashSecret, isSecret, newSecret } from './secrets.js'

type MachineSecretOptions = Pick<
  InstanceContext,
  'database' | 'vault' | 'clock' | 'ids' | 'random' | 'instanceId' | 'instance'
>

/** The secret keys that machines authenticate with. They can be read again, so each is sealed beside its hash. */
export class MachineSecrets {
  readonly #options: MachineSecretOptions
  readonly #store: MachineSecretStore

  constructor(options: MachineSecretOptions) {
    this.#options = options
    this.#store = new MachineSecretStore(options)
  }

  isSecret(text: string): boolean {
    return isSecret('machine_secret_key', this.#options.instance.environmentType, text)
  }

  /** A new one, not stored yet. */
  generate(): string {
    const { instance, random } = this.#options
    return newSecret('machine_secret_key', instance.environmentType, random)
  }

  /** Stores the first key of a machine. @returns false if a machine already has this key */
  async create(machineId: string, secret: string, tx: Tx): Promise<boolean> {
    const created = await this.#store.create(
      {
        kind: 'machine_secret_key',
        name: 'machine',
        hash: hashSecret(secret),
        machineId,
        sealed: this.#options.vault.seal(secret),
      },
      tx,
    )
    return created !== undefined
  }

  /** The current key of a machine that has one. */
  async read(machineId: string): Promise<string | undefined> {
    const row = await this.#store.current(machineId)
    return row?.sealed == null ? undefined : this.#options.vault.open(row.sealed)
  }

  /**
   * Replaces the current key. The machine's row is locked: of two rotations at once, the later one replaces the key of
   * the earlier one.
   *
   * @param overlapSeconds how long the old key is still accepted
   * @returns the new key
   */
  async rotate(machineId: string, overlapSeconds: number, tx: Tx): Promise<string> {
    const now = this.#options.clock.now()
    const secret = this.generate()
    await this.#store.expireCurrent(machineId, now + overlapSeconds * 1000, tx)
    await this.#store.removeExpired(machineId, now, tx)
    await this.create(machineId, secret, tx)
    return secret
  }
}
