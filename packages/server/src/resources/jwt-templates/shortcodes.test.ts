import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type JsonObject,
  type JsonValue,
  renderClaims,
  type ShortcodeContext,
  validateClaims,
} from './shortcodes.rules.js'

const context: ShortcodeContext = {
  user: {
    id: 'user_1',
    external_id: null,
    first_name: 'John',
    last_name: null,
    full_name: null,
    username: null,
    image_url: 'https://example.com/avatar.jpg',
    has_image: true,
    primary_email_address: 'john@example.com',
    email_verified: false,
    primary_phone_number: null,
    phone_number_verified: true,
    primary_web3_wallet: null,
    two_factor_enabled: false,
    created_at: 1227618844,
    updated_at: 1227618845,
    last_sign_in_at: null,
    public_metadata: {
      interests: ['hiking', 'knitting'],
      addresses: { Home: '2355 Pointe Lane' },
      zero: 0,
      empty: '',
      off: false,
      'with-dash': { '': 'unreachable', é: 'accent' },
    },
    unsafe_metadata: { foo: { bar: 42 } },
    organizations: { org_1: 'org:admin' },
  },
  org: {
    id: 'org_1',
    slug: 'acme',
    name: 'Acme',
    role: 'org:admin',
    image_url: '',
    has_image: false,
    public_metadata: { tier: 3 },
  },
  org_membership: { role: 'org:admin', permissions: ['org:read'], public_metadata: {} },
  session: { actor: null },
}

const render = (value: JsonValue) => renderClaims({ value }, context)['value']

describe('renderClaims', () => {
  it.each<[string, JsonValue]>([
    // Alone: the type stays.
    ['{{user.id}}', 'user_1'],
    ['{{ user.id }}', 'user_1'],
    ['{{user.has_image}}', true],
    ['{{user.created_at}}', 1227618844],
    ['{{user.last_name}}', null],
    ['{{user.public_metadata.interests}}', ['hiking', 'knitting']],
    ['{{user.public_metadata.interests.1}}', 'knitting'],
    ['{{user.public_metadata.addresses.Home}}', '2355 Pointe Lane'],
    ['{{user.public_metadata.with-dash.é}}', 'accent'],
    ['{{user.unsafe_metadata}}', { foo: { bar: 42 } }],
    ['{{user.organizations}}', { org_1: 'org:admin' }],
    ['{{org.slug}}', 'acme'],
    ['{{org.public_metadata.tier}}', 3],
    ['{{org_membership.permissions}}', ['org:read']],
    ['{{session.actor}}', null],
    // In a longer text: everything becomes text.
    ['{{user.last_name}} {{user.first_name}}', 'null John'],
    ['{{user.id}} ', 'user_1 '],
    ['{{user.has_image}}{{org.public_metadata.tier}}', 'true3'],
    ['x{{user.unsafe_metadata}}', 'x{"foo":{"bar":42}}'],
    ["{{'a'}}{{'b'}}", 'ab'],
    // Conditions: null and false are skipped, zero and the empty text are not; the last operand stands whatever it is.
    ["{{user.full_name || 'Awesome User'}}", 'Awesome User'],
    ['{{user.email_verified || user.phone_number_verified}}', true],
    ['{{user.public_metadata.age || user.unsafe_metadata.age || 30 }}', 30],
    ['{{user.public_metadata.zero || 30}}', 0],
    ['{{user.public_metadata.empty||30}}', ''],
    ['{{user.last_name || user.public_metadata.off}}', false],
    ['{{user.public_metadata.off || user.last_name}}', null],
    ['{{user.last_name || -1.5}}', -1.5],
    ['{{user.last_name || \'a || b }} "c"\'}}', 'a || b }} "c"'],
    ["Hello {{user.last_name || user.first_name || 'you'}}!", 'Hello John!'],
    ["{{'literal'}}", 'literal'],
    ['{{false}}', false],
    // Known root, unknown name: null.
    ['{{user.i_dont_exist}}', null],
    ['{{user.private_metadata}}', null],
    ['{{user.private_metadata.secret || 1}}', 1],
    ['{{user.first_name.length}}', null],
    ['{{user.public_metadata.interests.length}}', null],
    ['{{user.public_metadata.__proto__}}', null],
    ['{{user.public_metadata.constructor.name}}', null],
    ['{{user.__proto__}}', null],
    ['{{user.constructor}}', null],
    // Anything else in braces stays.
    ['{{organization.public_metadata.tier}}', '{{organization.public_metadata.tier}}'],
    ['{{__proto__.x}}', '{{__proto__.x}}'],
    ['{{constructor.name}}', '{{constructor.name}}'],
    ['{{user}}', '{{user}}'],
    ['{{}}', '{{}}'],
    ['{{ }}', '{{ }}'],
    ['{{user.}}', '{{user.}}'],
    ['{{user..id}}', '{{user..id}}'],
    ['{{user.id ||}}', '{{user.id ||}}'],
    ['{{|| user.id}}', '{{|| user.id}}'],
    ['{{user.id user.id}}', '{{user.id user.id}}'],
    ['{{user.id | user.id}}', '{{user.id | user.id}}'],
    ['{{user.last_name || null}}', '{{user.last_name || null}}'],
    ['{{user.last_name || "double"}}', '{{user.last_name || "double"}}'],
    ["{{'open}}", "{{'open}}"],
    ['{user.id}', '{user.id}'],
    ['{{{user.id}}}', '{user_1}'],
    ['plain', 'plain'],
    ['', ''],
  ])('%j becomes %j', (template, expected) => {
    expect(render(template)).toEqual(expected)
  })

  it('goes through objects and arrays, and leaves keys and other values alone', () => {
    const claims = {
      aud: 'https://my-site.com',
      version: 1,
      nested: { '{{user.id}}': ['{{user.id}}', true, null, { a: '{{org.id}}' }] },
    }
    expect(renderClaims(claims, context)).toEqual({
      aud: 'https://my-site.com',
      version: 1,
      nested: { '{{user.id}}': ['user_1', true, null, { a: 'org_1' }] },
    })
  })

  it('gives null for all of an organization when none is active', () => {
    expect(
      renderClaims(
        { a: '{{org.id}}', b: "{{org.role || 'none'}}", c: '{{org_membership.role}}' },
        { user: context.user! },
      ),
    ).toEqual({
      a: null,
      b: 'none',
      c: null,
    })
  })

  it('keeps a key named __proto__ a key', () => {
    const claims = JSON.parse('{"__proto__":{"x":"{{user.id}}"}}') as JsonObject
    const rendered = renderClaims(claims, context)
    expect(JSON.stringify(rendered)).toBe('{"__proto__":{"x":"user_1"}}')
    expect((rendered as { x?: unknown }).x).toBeUndefined()
  })

  it('renders any JSON without throwing, and all of it is JSON', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      'user.id',
      'user.public_metadata',
      '||',
      "'",
      ' ',
      '.',
      '__proto__',
      '30',
      '\\',
      '$&',
      'é',
    )
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.jsonValue() as fc.Arbitrary<JsonValue>,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(text, tie('tree'), { maxKeys: 3 }),
      ),
    }))
    fc.assert(
      fc.property(tree, (value) => {
        const claims = { value }
        const rendered = renderClaims(claims, context)
        expect(() => JSON.stringify(rendered)).not.toThrow()
        expect(Array.isArray(validateClaims(claims))).toBe(true)
      }),
    )
  })

  it('takes hostile nesting and lengths in its stride', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as JsonValue
    expect(validateClaims({ deep })).toEqual([{ reason: 'too_deep', maxDepth: 20 }])
    expect(() => renderClaims({ deep }, context)).not.toThrow()
    expect(render("{{'".repeat(5000))).toBe("{{'".repeat(5000))
  })
})

describe('validateClaims', () => {
  it.each<[unknown, object[]]>([
    [{}, []],
    [{ aud: 'x', act: '{{session.actor}}', role: '{{user.unknown}}', nested: { sub: 1 } }, []],
    [
      { sub: 'x', exp: 1 },
      [
        { reason: 'reserved_claim', claim: 'sub' },
        { reason: 'reserved_claim', claim: 'exp' },
      ],
    ],
    [{ sid: '{{session.id}}' }, [{ reason: 'reserved_claim', claim: 'sid' }]],
    [{ big: 'x'.repeat(16 * 1024) }, [{ reason: 'too_large', maxBytes: 16 * 1024 }]],
    [[], [{ reason: 'not_an_object' }]],
    [null, [{ reason: 'not_an_object' }]],
    ['text', [{ reason: 'not_an_object' }]],
  ])('of %j says %j', (claims, problems) => {
    expect(validateClaims(claims)).toEqual(problems)
  })
})
