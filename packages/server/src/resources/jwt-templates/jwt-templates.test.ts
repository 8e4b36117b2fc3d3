import { createHmac, generateKeyPairSync } from 'node:crypto'
import { decodeJwt, verifyJwt, type JwtAlgorithm } from '@latchkey/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const pem = { type: 'pkcs8', format: 'pem' } as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')
const rsaPem = rsa.privateKey.export(pem) as string
const rsaPublicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string
const tinyPem = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey.export(pem) as string
const smallPem = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(pem) as string

const own = (signing_algorithm: string, signing_key: string) => ({
  custom_signing_key: true,
  signing_algorithm,
  signing_key,
})

describe.each(dialects)('JWT templates on %s', (dialect) => {
  const server = useTestServer(dialect)

  const createSession = async () => {
    const user = await server.client.users.createUser({
      username: 'ada_l',
      firstName: 'Ada',
      lastName: 'Lovelace',
      emailAddress: ['Ada@example.com'],
      externalId: 'crm-1',
      publicMetadata: { plan: 'pro', tags: ['a', 'b'] },
      privateMetadata: { secret: true },
      unsafeMetadata: { theme: 'dark' },
    })
    return server.client.sessions.createSession({ userId: user.id })
  }
  const template = (body: object) => server.call('POST', '/jwt_templates', { name: 'hasura', claims: {}, ...body })

  it('are made with their defaults', async () => {
    const { status, body } = await template({ claims: { aud: 'hasura', nested: { id: '{{user.id}}' } } })

    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'jwt_template',
      id: expect.stringMatching(/^jtmp_[0-9A-Za-z]{27}$/),
      name: 'hasura',
      claims: { aud: 'hasura', nested: { id: '{{user.id}}' } },
      lifetime: 60,
      allowed_clock_skew: 5,
      custom_signing_key: false,
      signing_algorithm: 'RS256',
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    expect((await server.call('GET', `/jwt_templates/${body.id}`)).body).toEqual(body)
  })

  it('are listed, newest first, bare and in pages', async () => {
    const first = await server.client.jwtTemplates.create({ name: 'first', claims: {} })
    server.clock.advance(1000)
    const second = await server.client.jwtTemplates.create({ name: 'second', claims: {} })

    expect((await server.call<{ id: string }[]>('GET', '/jwt_templates')).body.map(({ id }) => id)).toEqual([
      second.id,
      first.id,
    ])
    expect(await server.client.jwtTemplates.list({ limit: 1, offset: 1 })).toEqual({ data: [first], totalCount: 2 })
    expect((await server.call('GET', '/jwt_templates?limit=-1')).status).toBe(422)
  })

  it('are changed: name and claims whole, the rest where it is given', async () => {
    const { body: made } = await template({ lifetime: 120, allowed_clock_skew: 0, ...own('HS256', 'a secret') })
    server.clock.advance(1000)

    const { body: changed } = await server.call('PATCH', `/jwt_templates/${made.id}`, {
      name: 'supabase',
      claims: { role: 'authenticated' },
    })
    expect(changed).toEqual({
      ...made,
      name: 'supabase',
      claims: { role: 'authenticated' },
      updated_at: server.clock.now(),
    })

    const { body: reset } = await server.call('PATCH', `/jwt_templates/${made.id}`, {
      name: 'supabase',
      claims: {},
      lifetime: null,
      allowed_clock_skew: null,
      custom_signing_key: false,
    })
    expect(reset).toMatchObject({
      claims: {},
      lifetime: 60,
      allowed_clock_skew: 5,
      custom_signing_key: false,
      signing_algorithm: 'RS256',
    })
    const row = await server.server.database.read
      .selectFrom('jwt_templates')
      .select('signing_key')
      .where('id', '=', made.id)
      .executeTakeFirstOrThrow()
    expect(row.signing_key).toBeNull()
  })

  it('are deleted once', async () => {
    const { id } = await server.client.jwtTemplates.create({ name: 'hasura', claims: {} })

    expect(await server.call('DELETE', `/jwt_templates/${id}`)).toMatchObject({
      status: 200,
      body: { object: 'jwt_template', id, deleted: true },
    })
    for (const method of ['DELETE', 'GET']) {
      expect(await server.call(method, `/jwt_templates/${id}`)).toMatchObject({
        status: 404,
        body: { errors: [{ code: 'resource_not_found' }] },
      })
    }
    expect((await server.call('PATCH', `/jwt_templates/${id}`, { name: 'hasura', claims: {} })).status).toBe(404)
    expect((await template({})).status).toBe(200)
  })

  it('have names of their own', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => template({})))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422])
    const taken = { status: 422, body: { errors: [{ code: 'form_identifier_exists', meta: { param_name: 'name' } }] } }
    expect(answers.find(({ status }) => status === 422)).toMatchObject(taken)

    const { id } = await server.client.jwtTemplates.create({ name: 'other', claims: {} })
    expect(await server.call('PATCH', `/jwt_templates/${id}`, { name: 'hasura', claims: {} })).toMatchObject(taken)
    expect((await server.call('PATCH', `/jwt_templates/${id}`, { name: 'other', claims: { a: 1 } })).status).toBe(200)

    const { secretKey: key } = await server.server.createInstance()
    expect((await server.call('POST', '/jwt_templates', { name: 'hasura', claims: {} }, { key })).status).toBe(200)
    expect((await server.call('GET', `/jwt_templates/${id}`, undefined, { key })).status).toBe(404)
    expect((await server.call('DELETE', `/jwt_templates/${id}`, undefined, { key })).status).toBe(404)
  })

  it.each<[string, object, number, string, string]>([
    ['no name', { name: undefined }, 422, 'form_param_missing', 'name'],
    ['an empty name', { name: '' }, 422, 'form_param_value_invalid', 'name'],
    ['a long name', { name: 'x'.repeat(257) }, 422, 'form_param_max_length_exceeded', 'name'],
    ['no claims', { claims: undefined }, 422, 'form_param_missing', 'claims'],
    ['null claims', { claims: null }, 422, 'form_param_nil', 'claims'],
    ['claims that are a list', { claims: [] }, 422, 'form_param_type_invalid', 'claims'],
    ['claims that are text', { claims: '{}' }, 422, 'form_param_type_invalid', 'claims'],
    ['a reserved claim', { claims: { sub: 'me' } }, 400, 'jwt_template_reserved_claim', 'claims'],
    ['large claims', { claims: { a: 'x'.repeat(16 * 1024) } }, 422, 'form_param_exceeds_allowed_size', 'claims'],
    [
      'deep claims',
      { claims: JSON.parse('{"a":'.repeat(30) + '1' + '}'.repeat(30)) as object },
      422,
      'form_param_value_invalid',
      'claims',
    ],
    ['a short lifetime', { lifetime: 29 }, 422, 'form_param_value_invalid', 'lifetime'],
    ['a long lifetime', { lifetime: 315_360_001 }, 422, 'form_param_value_invalid', 'lifetime'],
    ['a lifetime that is text', { lifetime: '60' }, 422, 'form_param_type_invalid', 'lifetime'],
    ['a negative skew', { allowed_clock_skew: -1 }, 422, 'form_param_value_invalid', 'allowed_clock_skew'],
    ['a large skew', { allowed_clock_skew: 301 }, 422, 'form_param_value_invalid', 'allowed_clock_skew'],
    [
      'a key of its own without an algorithm',
      { custom_signing_key: true, signing_key: 'x' },
      422,
      'form_conditional_param_missing',
      'signing_algorithm',
    ],
    [
      'a key of its own without a key',
      { custom_signing_key: true, signing_algorithm: 'HS256' },
      422,
      'form_conditional_param_missing',
      'signing_key',
    ],
    ['an unknown algorithm', own('none', 'x'), 422, 'form_param_value_invalid', 'signing_algorithm'],
    ['a method for an algorithm', own('toString', 'x'), 422, 'form_param_value_invalid', 'signing_algorithm'],
    ['no PEM', own('RS256', 'x'), 422, 'form_param_value_invalid', 'signing_key'],
    ['a key of another kind', own('ES256', rsaPem), 422, 'form_param_value_invalid', 'signing_key'],
    ['a public key', own('RS256', rsaPublicPem), 422, 'form_param_value_invalid', 'signing_key'],
    ['a key too small for the hash', own('RS512', tinyPem), 422, 'form_param_value_invalid', 'signing_key'],
    ['a key too small to be safe', own('RS256', smallPem), 422, 'form_param_value_invalid', 'signing_key'],
    ['an unknown parameter', { colour: 'red' }, 422, 'form_param_unknown', 'colour'],
  ])('are refused with %s', async (_, body, status, code, param) => {
    const expected = { status, body: { errors: [{ code, meta: { param_name: param } }] } }
    expect(await template(body)).toMatchObject(expected)
    expect((await server.call('GET', '/jwt_templates')).body).toEqual([])

    const { id } = await server.client.jwtTemplates.create({ name: 'other', claims: {} })
    expect(await server.call('PATCH', `/jwt_templates/${id}`, { name: 'hasura', claims: {}, ...body })).toMatchObject(
      expected,
    )
    expect((await server.client.jwtTemplates.get(id)).name).toBe('other')
  })

  it('are rendered for the user of a session', async () => {
    await template({
      lifetime: 600,
      allowed_clock_skew: 30,
      claims: {
        aud: 'hasura',
        name: '{{user.first_name}} {{user.last_name}}',
        full: '{{user.full_name}}',
        email: '{{user.primary_email_address}}',
        verified: '{{user.email_verified}}',
        phone: "{{user.primary_phone_number || 'none'}}",
        external: '{{user.external_id}}',
        since: '{{user.created_at}}',
        plan: '{{user.public_metadata.plan}}',
        metadata: {
          tags: '{{user.public_metadata.tags}}',
          theme: '{{user.unsafe_metadata.theme}}',
          secret: '{{user.private_metadata}}',
        },
        two_factor: '{{user.two_factor_enabled}}',
        org: '{{org.id}}',
        orgs: '{{user.organizations}}',
        actor: '{{session.actor}}',
        fixed: [1, null, { deep: true }],
      },
    })
    const session = await createSession()

    const { status, body } = await server.call('POST', `/sessions/${session.id}/tokens/hasura`)

    expect(status).toBe(200)
    const { header, payload } = decodeJwt(body.jwt)
    const iat = Math.floor(server.clock.now() / 1000)
    expect(header).toEqual({ alg: 'RS256', cat: 'cl_B7d4PD222AAA', kid: expect.stringMatching(/^ins_/), typ: 'JWT' })
    expect(payload).toEqual({
      aud: 'hasura',
      name: 'Ada Lovelace',
      full: 'Ada Lovelace',
      email: 'Ada@example.com',
      verified: true,
      phone: 'none',
      external: 'crm-1',
      since: iat,
      plan: 'pro',
      metadata: { tags: ['a', 'b'], theme: 'dark', secret: null },
      two_factor: false,
      org: null,
      orgs: {},
      actor: null,
      fixed: [1, null, { deep: true }],
      exp: iat + 600,
      iat,
      iss: `https://${server.instance.frontendHost}`,
      jti: expect.stringMatching(/^[0-9a-f]{20}$/),
      nbf: iat - 30,
      sub: session.userId,
    })
    const short = await server.call('POST', `/sessions/${session.id}/tokens/hasura`, { expires_in_seconds: 30 })
    expect(decodeJwt(short.body.jwt).payload.exp).toBe(iat + 30)
    const unknown = await server.call('POST', `/sessions/${session.id}/tokens/unknown`)
    expect(unknown).toMatchObject({ status: 404, body: { errors: [{ code: 'resource_not_found' }] } })
  })

  it.each<[JwtAlgorithm, string, Parameters<typeof verifyJwt>[1]['key']]>([
    ['RS256', rsaPem, rsa.publicKey],
    ['RS384', rsaPem, rsa.publicKey],
    ['RS512', rsaPem, rsa.publicKey],
    ['ES256', ec.privateKey.export(pem) as string, ec.publicKey],
    ['ES256', ec.privateKey.export({ type: 'sec1', format: 'pem' }) as string, ec.publicKey],
    ['EdDSA', ed25519.privateKey.export(pem) as string, ed25519.publicKey],
  ])('sign with a key of their own by %s', async (signing_algorithm, signing_key, publicKey) => {
    const { body } = await template(own(signing_algorithm, signing_key))
    expect(body).toMatchObject({ custom_signing_key: true, signing_algorithm })
    expect(JSON.stringify(body)).not.toContain('PRIVATE')
    const stored = await server.server.database.read
      .selectFrom('jwt_templates')
      .select('signing_key')
      .where('id', '=', body.id)
      .executeTakeFirstOrThrow()
    expect(stored.signing_key).not.toContain('PRIVATE')

    const session = await createSession()
    const { jwt } = await server.client.sessions.getToken(session.id, 'hasura')
    expect(decodeJwt(jwt).header).toEqual({ alg: signing_algorithm, typ: 'JWT', cat: 'cl_B7d4PD222AAA' })
    expect(await verifyJwt(jwt, { key: publicKey, now: server.clock.now() })).toMatchObject({ sub: session.userId })
  })

  it.each([
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ])('sign with a secret of their own by %s', async (signing_algorithm, hash) => {
    await template(own(signing_algorithm, 'súper secret'))
    const session = await createSession()
    const [header, payload, signature] = (await server.client.sessions.getToken(session.id, 'hasura')).jwt.split('.')
    expect(signature).toBe(createHmac(hash, 'súper secret').update(`${header}.${payload}`).digest('base64url'))
  })

  it('render or are refused, whatever JSON they hold', async () => {
    const session = await createSession()
    const { id } = await server.client.jwtTemplates.create({ name: 'any', claims: {} })
    const shortcode = [
      '{{user.id}}',
      '{{user.public_metadata}} x',
      "{{user.nothing || 'x'}}",
      '{{',
      '{{user.}}',
      '{{session.actor.sub}}',
    ]
    const word = fc.constantFrom(...shortcode, '__proto__', 'constructor', 'sub', 'sid', 'aud')
    const key = fc.oneof(fc.string(), word)
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        word,
        fc.string({ unit: 'binary' }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, tree, { maxKeys: 5 }), async (claims) => {
        const changed = await server.call('PATCH', `/jwt_templates/${id}`, { name: 'any', claims })
        expect([200, 400, 422]).toContain(changed.status)
        const minted = await server.call('POST', `/sessions/${session.id}/tokens/any`)
        expect(minted.status).toBe(200)
        expect(decodeJwt(minted.body.jwt).payload.sub).toBe(session.userId)
      }),
      { numRuns: 150 },
    )
    expect(server.logged).toEqual([])
  })
})
