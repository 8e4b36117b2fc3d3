import type { InstanceContext } from '../../instances/instance-context.js'
import { hashSecret, randomLetters } from '../../instances/secrets.js'
import { knownScopes } from '../../instances/settings/oauth-applications.js'
import type { Caller } from '../../kernel/caller.js'
import type { Page } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { changedNames, type Changes } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { ImageService } from '../images/images.service.js'
import { oauthApplicationErrors } from './oauth-applications.errors.js'
import { applyFields, newApplication, type OAuthApplicationFields } from './oauth-applications.rules.js'
import { OAuthApplicationStore, type OAuthApplicationListRequest } from './oauth-applications.store.js'
import type { OAuthApplicationRecord, oauthApplications } from './oauth-applications.table.js'
import type { ApplicationWithSecret } from './oauth-applications.wire.js'

interface OAuthApplicationServiceOptions {
  context: InstanceContext
  images: ImageService
}

/** What only a seed gives; by default ids and secrets are new. */
export interface GivenApplication {
  id?: string | undefined
  clientId?: string | undefined
  clientSecret?: string | undefined
  clientUri?: string | undefined
  dynamicallyRegistered?: boolean | undefined
}

export type NewApplicationInput = OAuthApplicationFields & { name: string } & GivenApplication

const CLIENT_ID_LENGTH = 16
const SECRET_LENGTH = 43

/** Applications that sign their users in through the instance, which is their identity provider. */
export class OAuthApplicationService {
  readonly #store: OAuthApplicationStore

  constructor(private readonly options: OAuthApplicationServiceOptions) {
    this.#store = new OAuthApplicationStore(options.context)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  list(request: OAuthApplicationListRequest): Promise<Page<OAuthApplicationRecord>> {
    return this.#store.search(request)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  get(id: string, tx?: Tx): Promise<OAuthApplicationRecord> {
    return this.#store.get(id, tx)
  }

  findByClientId(clientId: string, tx?: Tx): Promise<OAuthApplicationRecord | undefined> {
    return this.#store.findBy({ clientId }, tx)
  }

  /** The application with the id or client id, where one is given, else with the name. */
  async findExisting({
    id,
    clientId,
    name,
  }: GivenApplication & { name: string }): Promise<OAuthApplicationRecord | undefined> {
    if (id === undefined && clientId === undefined) return this.#store.findBy({ name })
    const byId = id === undefined ? undefined : await this.#store.find(id)
    return byId ?? (clientId === undefined ? undefined : this.findByClientId(clientId))
  }

  /**
   * Only its answer has the secret: what is stored is a hash.
   *
   * @throws {ApiError} as `applyFields` does; 400 `duplicate_record` for a given client id that is taken
   */
  create(input: NewApplicationInput, caller: Caller): Promise<ApplicationWithSecret> {
    const { context } = this.options
    const { id, clientUri, clientSecret: given, dynamicallyRegistered = false } = input
    const fields = applyFields({ ...newApplication, dynamicallyRegistered }, input, this.#knownScopes())
    const clientId = input.clientId ?? randomLetters(CLIENT_ID_LENGTH, context.random)
    const clientSecret = fields.public ? '' : (given ?? randomLetters(SECRET_LENGTH, context.random))
    return context.transaction(caller, async (tx) => {
      const record = await this.#store.create(
        {
          ...fields,
          ...(id === undefined ? {} : { id }),
          search: searchText(fields.name),
          clientId,
          clientUri: clientUri ?? null,
          secretHash: secretHashOf(clientSecret),
        },
        tx,
      )
      if (!record) throw oauthApplicationErrors.clientIdTaken(clientId)
      await tx.audit('oauth_application.created', record.id)
      return { ...record, clientSecret }
    })
  }

  /**
   * Changes what is given. A client that becomes public loses its secret; one that is no longer public has none until
   * it is rotated.
   *
   * @throws {ApiError} 404 `resource_not_found`, and as `applyFields` does
   */
  update(id: string, input: OAuthApplicationFields, caller: Caller): Promise<OAuthApplicationRecord> {
    return this.#change(id, caller, async (before) => {
      const fields = applyFields(before, input, this.#knownScopes())
      const secret = fields.public ? { secretHash: null } : {}
      return { ...fields, ...secret, search: searchText(fields.name) }
    })
  }

  /**
   * Replaces the secret; the one before is invalid at once. A public client has none, before and after.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async rotateSecret(id: string, caller: Caller): Promise<ApplicationWithSecret> {
    const secret = randomLetters(SECRET_LENGTH, this.options.context.random)
    const record = await this.#change(id, caller, async (before) =>
      before.public ? {} : { secretHash: hashSecret(secret) },
    )
    return { ...record, clientSecret: record.public ? '' : secret }
  }

  /**
   * Replaces the picture; the one before is deleted.
   *
   * @throws {ApiError} 404 `resource_not_found`, and what `ImageService.read` throws
   */
  async setLogo(id: string, file: File | undefined, caller: Caller): Promise<OAuthApplicationRecord> {
    const { images } = this.options
    await this.get(id)
    const image = await images.read(file)
    return this.#change(id, caller, async (_, tx) => ({
      imageId: await images.replace({ oauthApplicationId: id }, image, tx),
    }))
  }

  /**
   * Deletes the application, with everything that users have granted it.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  delete(id: string, caller: Caller): Promise<OAuthApplicationRecord> {
    return this.options.context.transaction(caller, async (tx) => {
      const record = await this.#store.delete(id, tx)
      await tx.audit('oauth_application.deleted', id)
      return record
    })
  }

  #knownScopes(): readonly string[] {
    return knownScopes(this.options.context.instance.settings.oauthApplications)
  }

  #change(
    id: string,
    caller: Caller,
    changesOf: (before: OAuthApplicationRecord, tx: Tx) => Promise<Changes<typeof oauthApplications>>,
  ): Promise<OAuthApplicationRecord> {
    return this.options.context.transaction(caller, async (tx) => {
      const before = await this.#store.locked(id, tx)
      const changes = await changesOf(before, tx)
      const changed = changedNames(before, { ...before, ...changes }).filter((name) => name !== 'search')
      if (changed.length === 0) return before
      // Nothing here stands in a unique index.
      const after = (await this.#store.update(id, changes, tx))!
      await tx.audit('oauth_application.updated', id, changed)
      return after
    })
  }
}

function secretHashOf(secret: string): string | null {
  return secret === '' ? null : hashSecret(secret)
}
