import { signJwt, type JwtAlgorithm } from '@latchkey/crypto'
import type { CreateJWTTemplateJSON } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import { issuerOf } from '../../instances/instance.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { newTokenId, TEMPLATE_TOKEN } from '../../instances/tokens.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Camelized } from '../../kernel/wire.js'
import { changedNames, Rows } from '../../storage/rows.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import { jwtTemplates, type JwtTemplateRecord } from './jwt-templates.table.js'
import { shortcodeContext, type TokenSubject } from './shortcode-context.rules.js'
import { checkClaims, renderClaims, type JsonObject } from './shortcodes.rules.js'
import { customKeyOf, DEFAULT_ALGORITHM, type SigningInput } from './signing.rules.js'

/** Seconds. Null in an input means these. */
const DEFAULTS = { lifetime: 60, allowedClockSkew: 5 }

/** `id` is for a new template; by default it is generated. */
export type JwtTemplateInput = Camelized<CreateJWTTemplateJSON> & { id?: string | undefined }

interface JwtTemplateServiceOptions {
  context: InstanceContext
  signingKeys: SigningKeys
  membershipRecords: MembershipRecords
}

/** Templates for the tokens that an application's other services take. */
export class JwtTemplateService {
  readonly #rows: Rows<typeof jwtTemplates>
  readonly get: Rows<typeof jwtTemplates>['get']
  readonly list: Rows<typeof jwtTemplates>['page']

  constructor(private readonly options: JwtTemplateServiceOptions) {
    this.#rows = new Rows(jwtTemplates, options.context)
    this.get = (id) => this.#rows.get(id)
    this.list = (page) => this.#rows.page(page)
  }

  /** Whether the name or, where one is given, the id is taken. */
  async exists({ id, name }: { id?: string | undefined; name: string }): Promise<boolean> {
    const taken = (await this.#rows.findBy({ name })) ?? (id === undefined ? undefined : await this.#rows.find(id))
    return taken !== undefined
  }

  /** @throws {ApiError} 400 `jwt_template_reserved_claim`, 422 for a taken name and any other invalid parameter */
  async create(input: JwtTemplateInput, caller: Caller): Promise<JwtTemplateRecord> {
    const { id, name, claims } = input
    checkClaims(claims)
    const fields = { id, name, claims, ...DEFAULTS, ...timesOf(input), ...(await this.#signing(input)) }
    return this.options.context.transaction(caller, async (tx) => {
      const template = await this.#rows.create(fields, tx)
      if (!template) throw errors.identifierExists('name')
      await tx.audit('jwt_template.created', template.id)
      return template
    })
  }

  /**
   * Replaces name and claims; the rest only where it is given. The template's own key stays unless `customSigningKey`
   * says otherwise.
   *
   * @throws {ApiError} as `create` does, and 404 `resource_not_found`
   */
  async update(id: string, input: JwtTemplateInput, caller: Caller): Promise<JwtTemplateRecord> {
    const before = await this.get(id)
    checkClaims(input.claims)
    const signing = input.customSigningKey === undefined ? {} : await this.#signing(input)
    const changes = { name: input.name, claims: input.claims, ...timesOf(input), ...signing }
    return this.options.context.transaction(caller, async (tx) => {
      const template = await this.#rows.update(id, changes, tx)
      if (!template) throw errors.identifierExists('name')
      await tx.audit('jwt_template.updated', id, changedNames(before, template))
      return template
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  delete(id: string, caller: Caller): Promise<JwtTemplateRecord> {
    return this.options.context.transaction(caller, async (tx) => {
      const template = await this.#rows.delete(id, tx)
      await tx.audit('jwt_template.deleted', id)
      return template
    })
  }

  /**
   * Renders the template for the user of a session and signs it.
   *
   * @param input its lifetime is in seconds, by default the template's; the authorized party is the claim `azp`
   * @throws {ApiError} 404 `resource_not_found`
   */
  async createToken(
    name: string,
    input: TokenSubject & { lifetime?: number | undefined; authorizedParty?: string | undefined },
  ): Promise<string> {
    const { user, session, lifetime, authorizedParty } = input
    const { context, signingKeys, membershipRecords } = this.options
    const template = await this.#rows.findBy({ name })
    if (!template) throw errors.resourceNotFound('JWT template', name)
    const iat = Math.floor(context.clock.now() / 1000)
    const claims = {
      ...renderClaims(
        template.claims as JsonObject,
        shortcodeContext(user, session, await membershipRecords.ofUser(user.id), context),
      ),
      ...(authorizedParty === undefined ? {} : { azp: authorizedParty }),
      exp: iat + (lifetime ?? template.lifetime),
      iat,
      iss: issuerOf(context.instance),
      jti: newTokenId(context.random),
      nbf: iat - template.allowedClockSkew,
      sub: user.id,
    }
    if (template.signingKey === null) return signingKeys.sign(claims, TEMPLATE_TOKEN)
    const algorithm = template.signingAlgorithm as JwtAlgorithm
    return signJwt(claims, context.vault.open(template.signingKey), { algorithm, category: TEMPLATE_TOKEN })
  }

  async #signing(input: SigningInput) {
    const custom = await customKeyOf(input)
    return {
      customSigningKey: custom !== undefined,
      signingAlgorithm: custom?.algorithm ?? DEFAULT_ALGORITHM,
      signingKey: custom ? this.options.context.vault.seal(custom.key) : null,
    }
  }
}

/** The times that an input gives. */
function timesOf(input: JwtTemplateInput): Partial<typeof DEFAULTS> {
  const names = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]
  return Object.fromEntries(
    names.filter((name) => input[name] !== undefined).map((name) => [name, input[name] ?? DEFAULTS[name]]),
  )
}
