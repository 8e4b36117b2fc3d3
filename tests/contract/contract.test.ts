import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { UserJSON } from '@latchkey/types'
import { amendments, webhookAmendments } from './amendments.test-support.js'
import {
  contractFolder,
  createContract,
  describeWithContract,
  Description,
  openContract,
} from './contract.test-support.js'
import type { JsonObject } from './json-schema.test-support.js'

const user: UserJSON = {
  object: 'user',
  id: 'user_2g7np7Hrk0SN6kj5EDMLDaKNL0S',
  external_id: null,
  username: 'ada',
  first_name: null,
  last_name: null,
  locale: null,
  profile_image_url: 'http://localhost:4400/images/u',
  image_url: 'http://localhost:4400/images/u',
  has_image: false,
  primary_email_address_id: 'idn_2g7np7Hrk0SN6kj5EDMLDaKNL0S',
  primary_phone_number_id: null,
  primary_web3_wallet_id: null,
  email_addresses: [
    {
      object: 'email_address',
      id: 'idn_2g7np7Hrk0SN6kj5EDMLDaKNL0S',
      email_address: 'ada@example.com',
      reserved: false,
      verification: {
        object: 'verification_admin',
        status: 'verified',
        strategy: 'admin',
        attempts: null,
        expire_at: null,
      },
      linked_to: [{ id: 'idn_2g7np7Hrk0SN6kj5EDMLDaKNL0T', type: 'oauth_linkedin_oidc' }],
      created_at: 1_716_883_200_000,
      updated_at: 1_716_883_200_000,
    },
  ],
  phone_numbers: [],
  web3_wallets: [],
  passkeys: [],
  external_accounts: [],
  saml_accounts: [],
  enterprise_accounts: [],
  organization_memberships: [],
  public_metadata: {},
  private_metadata: {},
  unsafe_metadata: {},
  password_enabled: false,
  password_last_updated_at: null,
  two_factor_enabled: false,
  totp_enabled: false,
  backup_code_enabled: false,
  mfa_enabled_at: null,
  mfa_disabled_at: null,
  banned: false,
  locked: false,
  lockout_expires_in_seconds: null,
  verification_attempts_remaining: 10,
  create_organization_enabled: true,
  create_organizations_limit: null,
  delete_self_enabled: true,
  last_active_at: null,
  last_sign_in_at: null,
  legal_accepted_at: null,
  created_at: 1_716_883_200_000,
  updated_at: 1_716_883_200_000,
}

describeWithContract('the contract', () => {
  const contract = openContract('backend')

  it('accepts a valid user, alone and in a list', () => {
    expect(() => contract.validateResponse('GetUser', 200, user)).not.toThrow()
    expect(() => contract.validateResponse('GetUserList', 200, [user])).not.toThrow()
  })

  it('names the field that is missing', () => {
    const { username: _, ...incomplete } = user
    expect(() => contract.validateResponse('GetUser', 200, incomplete)).toThrow(
      "GetUser 200 does not match its description:\n  / must have required property 'username'",
    )
  })

  it('names the field of a wrong type, and its value', () => {
    expect(() => contract.validateResponse('GetUser', 200, { ...user, created_at: '2024' })).toThrow(
      '/created_at must be integer, got "2024"',
    )
  })

  it('refuses a field it does not know', () => {
    expect(() => contract.validateResponse('GetUser', 200, { ...user, nick: 'A' })).toThrow(
      '/ must NOT have additional properties (nick)',
    )
  })

  it('speaks about the kind of verification that was meant', () => {
    const [address] = user.email_addresses
    const wrong = { ...address, verification: { ...address?.verification, status: 'unverified' } }
    expect(() => contract.validateResponse('GetEmailAddress', 200, wrong)).toThrow(
      /:\n {2}\/verification\/status must be equal to one of the allowed values \(verified\), got "unverified"$/,
    )
  })

  it('takes a list bare, or in an envelope where the request may ask for one', () => {
    contract.validateResponse('GetSessionList', 200, [], { paginated: false })
    contract.validateResponse('GetSessionList', 200, { data: [], total_count: 0 }, { paginated: true })
    expect(() => contract.validateResponse('GetSessionList', 200, [], { paginated: true })).toThrow('must be object')
    expect(() => contract.validateResponse('GetUserList', 200, { data: [], total_count: 0 })).toThrow('must be array')
  })

  it('asks for an empty body where none is described', () => {
    contract.validateResponse('UpdateInstance', 204, undefined)
    expect(() => contract.validateResponse('UpdateInstance', 204, {})).toThrow('UpdateInstance 204')
  })

  it('holds every error to the one shape, described or not', () => {
    const body = { errors: [{ code: 'resource_not_found', message: 'Not found', long_message: 'No user' }] }
    contract.validateResponse('GetUser', 404, body)
    contract.validateResponse('GetUser', 418, body)
    expect(() => contract.validateResponse('GetUser', 418, { error: 'no' })).toThrow("required property 'errors'")
    expect(() => contract.validateResponse('GetUser', 201, user)).toThrow('GetUser 201 is not described')
  })

  it('finds an operation that only older versions describe', () => {
    expect(() => contract.validateResponse('VerifySession', 200, {})).toThrow('/ must have required property')
  })

  it('knows the webhooks, whose closed schemas are put together', () => {
    const event = { object: 'event', type: 'session.created', timestamp: 1_716_883_200_000, instance_id: 'ins_1' }
    const session = { object: 'session', id: 'sess_1', user_id: user.id, client_id: 'client_1', status: 'active' }
    const times = { last_active_at: 1, expire_at: 2, abandon_at: 3, created_at: 1, updated_at: 1 }
    contract.validateEvent({ ...event, data: { ...session, ...times, user } } as { type: string })
    expect(() =>
      contract.validateEvent({ ...event, data: { ...session, ...times, user, nick: 'A' } } as never),
    ).toThrow('/data must NOT have unevaluated properties (nick)')
  })

  it.each([
    ...amendments.map((amendment) => ({ ...amendment, file: 'backend-api.json' })),
    ...webhookAmendments.slice(amendments.length).map((amendment) => ({ ...amendment, file: 'webhooks.json' })),
  ])('still needs its amendment of $schema.$property in $file', ({ schema, property, becomes, file }) => {
    const document = JSON.parse(readFileSync(join(contractFolder ?? '', file), 'utf8'))
    const described = document.components.schemas[schema]
    expect(described, `${schema} is gone`).toBeDefined()
    expect(described.properties[property]).not.toEqual(becomes)
  })
})

describe('an OpenAPI document of our own', () => {
  const document = (openapi: string, note: JsonObject): JsonObject => ({
    openapi,
    paths: {
      '/notes/{id}': {
        get: {
          operationId: 'GetNote',
          responses: { 200: { $ref: '#/components/responses/Note' } },
        },
      },
    },
    components: {
      responses: { Note: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } } },
      schemas: { Note: note },
    },
  })
  const old: JsonObject = {
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: {
      text: { type: 'string', nullable: true },
      kind: { type: 'string', enum: ['plain'], nullable: true },
      weight: { type: 'number', minimum: 0, exclusiveMinimum: true },
      parent: { nullable: true, allOf: [{ $ref: '#/components/schemas/Note' }] },
    },
  }
  const current: JsonObject = {
    ...old,
    properties: {
      text: { type: ['string', 'null'] },
      kind: { enum: ['plain', null] },
      weight: { type: 'number', exclusiveMinimum: 0 },
      parent: { anyOf: [{ $ref: '#/components/schemas/Note' }, { type: 'null' }] },
    },
  }

  it.each([
    ['3.0.3', old],
    ['3.1.0', current],
  ])('of version %s means the same', (version, schema) => {
    const contract = createContract([() => new Description(document(version, schema))])
    const accepts = (body: unknown) => () => contract.validateResponse('GetNote', 200, body)

    expect(accepts({ text: null, kind: null, weight: 1, parent: null })).not.toThrow()
    expect(accepts({ text: 'a', kind: 'plain', parent: { text: 'b', parent: { text: null } } })).not.toThrow()
    expect(accepts({ text: 'a', kind: 'other' })).toThrow('/kind')
    expect(accepts({ text: 'a', weight: 0 })).toThrow('/weight must be > 0, got 0')
    expect(accepts({ text: 'a', parent: { text: 1 } })).toThrow('/parent/text')
    expect(accepts(undefined)).toThrow('must be object')
  })

  it('is asked for what the contract leaves out', () => {
    const contract = openContract('backend', document('3.0.3', old))
    contract.validateResponse('GetNote', 200, { text: 'a' })
    expect(() => contract.validateResponse('GetNobody', 200, {})).toThrow('GetNobody 200 is not described')
  })
})
