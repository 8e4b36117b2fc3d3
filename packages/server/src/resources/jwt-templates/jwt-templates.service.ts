import { signJwt, type JwtAlgorithm } from '@latchkey/crypto'
import { ApiError } from '../../http/api-error.js'
import { errors } from '../../http/errors.js'
import type { PageRequest } from '../../http/pagination.js'
import { unlessTaken } from '../../storage/queries.js'
import type { JwtTemplateRecord, Metadata, SessionRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { issuerOf } from '../instances/instance.js'
import type { SigningKeys } from '../signing-keys/signing-keys.js'
import { newTokenId, TEMPLATE_TOKEN } from '../signing-keys/tokens.js'
import type { User } from '../users/user.js'
import { JwtTemplateStore } from './jwt-templates.store.js'
import { shortcodeContext } from './shortcode-context.js'
import { renderClaims, validateClaims, type ClaimsProblem, type JsonObject } from './shortcodes.js'
import { customKeyOf, DEFAULT_ALGORITHM, type SigningInput } from './signing.js'

/** Seconds. */
const DEFAULT_LIFETIME = 60
/** Seconds. */
const DEFAULT_CLOCK_SKEW = 5

export interface JwtTemplateInput extends SigningInput {
  /** Of a new template. Default is a new one. */
  id?: string | undefined
  name: string
  claims: Metadata
  /** Seconds; null for the default. */
  lifetime?: number | null | undefined
  /** Seconds; null for the default. */
  allowedClockSkew?: number | null | undefined
}

/** Templates for the tokens that an application's other services take. */
export class JwtTemplateService {
  readonly #store: JwtTemplateStore

  constructor(private readonly options: { context: InstanceContext; signingKeys: SigningKeys }) {
    const { database, instanceId } = options.context
    this.#store = new JwtTemplateStore(database.read, instanceId)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<JwtTemplateRecord> {
    const template = await this.#store.find(id)
    if (!template) throw errors.resourceNotFound('JWT template', id)
    return template
  }

  /** Newest first. */
  list(page: PageRequest): Promise<JwtTemplateRecord[]> {
    return this.#store.newest(page)
  }

  count(): Promise<number> {
    return this.#store.countAll()
  }

  /** Whether the name or, where one is given, the id is taken. */
  async exists({ id, name }: { id?: string | undefined; name: string }): Promise<boolean> {
    return (
      (await this.#store.findByName(name)) !== undefined ||
      (id !== undefined && (await this.#store.find(id)) !== undefined)
    )
  }

  /** @throws {ApiError} 400 `jwt_template_reserved_claim`, 422 for a name that is taken and anything else that is wrong */
  async create(input: JwtTemplateInput): Promise<JwtTemplateRecord> {
    const { instanceId, clock, ids, database } = this.options.context
    checkClaims(input.claims)
    const now = clock.now()
    const template: JwtTemplateRecord = {
      id: input.id ?? ids.next('jtmp'),
      instanceId,
      name: input.name,
      claims: input.claims,
      lifetime: input.lifetime ?? DEFAULT_LIFETIME,
      allowedClockSkew: input.allowedClockSkew ?? DEFAULT_CLOCK_SKEW,
      ...(await this.#signing(input)),
      createdAt: now,
      updatedAt: now,
    }
    return database.transaction(async (tx) => {
      if (!(await this.#store.insertUnlessTaken(template, tx))) throw errors.identifierExists('name')
      return template
    })
  }

  /**
   * Name and claims anew; the rest only where it is given. The template's own key stays unless `customSigningKey` says otherwise.
   *
   * @throws {ApiError} as `create` does, and 404 `resource_not_found`
   */
  async update(id: string, input: JwtTemplateInput): Promise<JwtTemplateRecord> {
    const { clock, database } = this.options.context
    await this.get(id)
    checkClaims(input.claims)
    const changes: Partial<JwtTemplateRecord> = { name: input.name, claims: input.claims, updatedAt: clock.now() }
    if (input.lifetime !== undefined) changes.lifetime = input.lifetime ?? DEFAULT_LIFETIME
    if (input.allowedClockSkew !== undefined) changes.allowedClockSkew = input.allowedClockSkew ?? DEFAULT_CLOCK_SKEW
    if (input.customSigningKey !== undefined) Object.assign(changes, await this.#signing(input))
    return database.transaction(async (tx) => {
      let updated: JwtTemplateRecord | undefined
      const written = await unlessTaken(tx, async () => {
        updated = await this.#store.update(id, changes, tx)
      })
      if (!written) throw errors.identifierExists('name')
      if (!updated) throw errors.resourceNotFound('JWT template', id)
      return updated
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async delete(id: string): Promise<void> {
    const deleted = await this.options.context.database.transaction((tx) => this.#store.delete(id, tx))
    if (!deleted) throw errors.resourceNotFound('JWT template', id)
  }

  /**
   * Renders the template for the user of a session and signs it.
   *
   * @param lifetime seconds; default is the template's
   * @throws {ApiError} 404 `resource_not_found`
   */
  async createToken(
    name: string,
    { user, session, lifetime }: { user: User; session: SessionRecord; lifetime?: number | undefined },
  ): Promise<string> {
    const { context, signingKeys } = this.options
    const template = await this.#store.findByName(name)
    if (!template) throw errors.resourceNotFound('JWT template', name)
    const iat = Math.floor(context.clock.now() / 1000)
    const claims = {
      ...renderClaims(template.claims as JsonObject, shortcodeContext(user, session, context)),
      exp: iat + (lifetime ?? template.lifetime),
      iat,
      iss: issuerOf(context.instance),
      jti: newTokenId(context.random),
      nbf: iat - template.allowedClockSkew,
      sub: user.id,
    }
    if (template.signingKey === null) return signingKeys.sign(claims, TEMPLATE_TOKEN)
    return signJwt(claims, context.vault.open(template.signingKey), {
      algorithm: template.signingAlgorithm as JwtAlgorithm,
      category: TEMPLATE_TOKEN,
    })
  }

  async #signing(
    input: SigningInput,
  ): Promise<Pick<JwtTemplateRecord, 'customSigningKey' | 'signingAlgorithm' | 'signingKey'>> {
    const custom = await customKeyOf(input)
    return {
      customSigningKey: custom !== undefined,
      signingAlgorithm: custom?.algorithm ?? DEFAULT_ALGORITHM,
      signingKey: custom ? this.options.context.vault.seal(custom.key) : null,
    }
  }
}

/** @throws {ApiError} 400 `jwt_template_reserved_claim`, one for each; 422 for claims that are too large or too deep */
function checkClaims(claims: Metadata): void {
  const problems = validateClaims(claims)
  const reserved = problems.filter((problem) => problem.reason === 'reserved_claim')
  if (reserved.length > 0) throw new ApiError(400, reserved.map(reservedClaim))
  for (const problem of problems) {
    if (problem.reason === 'too_large') throw errors.paramTooLarge('claims', problem.maxBytes)
    if (problem.reason === 'too_deep')
      throw errors.paramValueInvalid('claims', `must not be nested deeper than ${problem.maxDepth} levels`)
    throw errors.paramTypeInvalid('claims', 'object')
  }
}

function reservedClaim({ claim }: Extract<ClaimsProblem, { reason: 'reserved_claim' }>) {
  return {
    code: 'jwt_template_reserved_claim',
    message: 'Reserved claim used',
    long_message: `The claim ${claim} is set by the server and cannot be in a template`,
    meta: { param_name: 'claims' },
  }
}
