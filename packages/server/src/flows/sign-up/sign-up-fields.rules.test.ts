import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ATTRIBUTE_NAMES, attribute, type AttributeSettings } from '../../instances/settings/attributes.js'
import { defaultSettings, mergeSettings, type SettingsChange } from '../../instances/settings/settings.js'
import { next } from '../moves.js'
import { isComplete, signUpFields, type SignUpFacts } from './sign-up-fields.rules.js'
import { signUpMoves } from './sign-up.moves.js'

const nothing: SignUpFacts = {
  emailAddress: null,
  phoneNumber: null,
  username: null,
  web3Wallet: null,
  firstName: null,
  lastName: null,
  hasPassword: false,
  legalAccepted: false,
  emailAddressVerified: false,
  phoneNumberVerified: false,
  web3WalletVerified: false,
  externalAccountVerified: false,
}
const email = { emailAddress: 'ada@example.com' }
const provedEmail = { ...email, emailAddressVerified: true }
const phone = { phoneNumber: '+14155552671' }
const on = { enabled: true }
const required = { enabled: true, required: true }
const off = { enabled: false }

const withSettings = (change: SettingsChange) => mergeSettings(defaultSettings('development'), change)
const fieldsWith = (attributes: AttributeSettings, facts: Partial<SignUpFacts>, change: SettingsChange = {}) => {
  const all = { ...nothing, ...facts }
  const settings = withSettings({ ...change, attributes })
  const fields = signUpFields(all, settings)
  return { ...fields, complete: isComplete(fields, all) }
}

describe('the fields of a sign-up', () => {
  const standard = { required: ['email_address', 'password'], optional: ['first_name', 'last_name'] }
  const byNameOnly = { email_address: off, password: off, first_name: off, last_name: off, username: required }

  it.each([
    ['nothing given', {}, {}, { ...standard, missing: ['email_address', 'password'], unverified: [] }],
    ['an address', {}, email, { ...standard, missing: ['password'], unverified: ['email_address'] }],
    ['an address that is proved', {}, provedEmail, { ...standard, missing: ['password'], unverified: [] }],
    ['a password only', {}, { hasPassword: true }, { ...standard, missing: ['email_address'], unverified: [] }],
    [
      'both, not proved',
      {},
      { ...email, hasPassword: true },
      { ...standard, missing: [], unverified: ['email_address'], complete: false },
    ],
    ['both, proved', {}, { ...provedEmail, hasPassword: true }, { missing: [], unverified: [], complete: true }],
    [
      'an address that nothing asks to prove',
      { email_address: { verifyAtSignUp: false } },
      { ...email, hasPassword: true },
      { missing: [], unverified: [], complete: true },
    ],
    [
      'an optional number, which must be proved once it is given',
      { phone_number: on },
      { ...provedEmail, ...phone, hasPassword: true },
      { optional: ['phone_number', 'first_name', 'last_name'], missing: [], unverified: ['phone_number'] },
    ],
    [
      'a blank name that is required',
      { first_name: required },
      { ...provedEmail, hasPassword: true, firstName: '  ' },
      { missing: ['first_name'], complete: false },
    ],
    ['a username instead of everything', byNameOnly, { username: 'ada' }, { missing: [], complete: true }],
    [
      'an optional password',
      { password: { required: false } },
      provedEmail,
      { required: ['email_address'], optional: ['first_name', 'last_name', 'password'], complete: true },
    ],
    [
      'no identifier where none is required',
      { email_address: { required: false }, phone_number: on, password: off },
      {},
      { required: ['email_address'], missing: ['email_address'], complete: false },
    ],
    [
      'another identifier than the first, where none is required',
      { email_address: { required: false }, phone_number: on, password: off },
      { ...phone, phoneNumberVerified: true },
      { required: [], missing: [], complete: true },
    ],
    [
      'somebody for whom a provider vouches',
      {},
      { ...provedEmail, externalAccountVerified: true },
      { required: ['email_address'], missing: [], complete: true },
    ],
    [
      'somebody with a proved wallet',
      { web3_wallet: on },
      { ...provedEmail, web3Wallet: '0x1', web3WalletVerified: true },
      { required: ['email_address'], missing: [], complete: true },
    ],
    ['an instance where nothing is enabled', { ...byNameOnly, username: off }, {}, { missing: [], complete: false }],
  ] as const)('are right for %s', (_, attributes, facts, expected) => {
    expect(fieldsWith(attributes as AttributeSettings, facts)).toMatchObject(expected)
  })

  it('include the consent, where the instance asks for it', () => {
    const facts = { ...provedEmail, hasPassword: true }
    const asking = { signUp: { legalConsentEnabled: true } }
    expect(fieldsWith({}, facts, asking)).toMatchObject({
      required: ['email_address', 'password', 'legal_accepted'],
      missing: ['legal_accepted'],
      complete: false,
    })
    expect(fieldsWith({}, { ...facts, legalAccepted: true }, asking)).toMatchObject({ missing: [], complete: true })
    expect(fieldsWith({}, facts)).toMatchObject({ complete: true })
  })

  it('list the connections as optional', () => {
    expect(signUpFields(nothing, withSettings({}), ['oauth_google']).optional).toEqual([
      'first_name',
      'last_name',
      'oauth_google',
    ])
  })
})

const text = fc.constantFrom(null, '', ' ', 'something')
const anyFacts: fc.Arbitrary<SignUpFacts> = fc.record({
  emailAddress: text,
  phoneNumber: text,
  username: text,
  web3Wallet: text,
  firstName: text,
  lastName: text,
  hasPassword: fc.boolean(),
  legalAccepted: fc.boolean(),
  emailAddressVerified: fc.boolean(),
  phoneNumberVerified: fc.boolean(),
  web3WalletVerified: fc.boolean(),
  externalAccountVerified: fc.boolean(),
})
const anyAttribute = fc.record({ enabled: fc.boolean(), required: fc.boolean(), verifyAtSignUp: fc.boolean() })
const anySettings = fc
  .record({
    attributes: fc.record(Object.fromEntries(ATTRIBUTE_NAMES.map((name) => [name, anyAttribute]))),
    legalConsentEnabled: fc.boolean(),
  })
  .map(({ attributes, legalConsentEnabled }) => withSettings({ attributes, signUp: { legalConsentEnabled } }))

describe('a sign-up', () => {
  const given = (value: string | null) => value !== null && value.trim() !== ''
  const moves = ['update', 'attempt_verification'] as const

  it('never completes while something required is missing, or something given is not proved that must be', () => {
    fc.assert(
      fc.property(anyFacts, anySettings, fc.constantFrom(...moves), (facts, settings, move) => {
        if (next(signUpMoves, 'missing_requirements', move, facts, settings) !== 'complete') return
        const values = {
          email_address: [facts.emailAddress, facts.emailAddressVerified],
          phone_number: [facts.phoneNumber, facts.phoneNumberVerified],
          web3_wallet: [facts.web3Wallet, facts.web3WalletVerified],
        } as const
        for (const [name, [value, verified]] of Object.entries(values)) {
          const { required: needed, verifyAtSignUp } = attribute(settings, name as keyof typeof values)
          if (needed) expect(given(value)).toBe(true)
          if (given(value) && verifyAtSignUp) expect(verified).toBe(true)
        }
        if (attribute(settings, 'username').required) expect(given(facts.username)).toBe(true)
        if (attribute(settings, 'first_name').required) expect(given(facts.firstName)).toBe(true)
        if (attribute(settings, 'last_name').required) expect(given(facts.lastName)).toBe(true)
        const vouched = facts.externalAccountVerified || facts.web3WalletVerified
        if (attribute(settings, 'password').required && !vouched) expect(facts.hasPassword).toBe(true)
        if (settings.signUp.legalConsentEnabled) expect(facts.legalAccepted).toBe(true)
        const identified = [facts.emailAddress, facts.phoneNumber, facts.username, facts.web3Wallet].some(given)
        expect(identified || facts.externalAccountVerified).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('misses only what is required, and never lists a field as required and optional', () => {
    fc.assert(
      fc.property(anyFacts, anySettings, (facts, settings) => {
        const { required: needed, optional, missing } = signUpFields(facts, settings)
        expect(missing.filter((name) => !needed.includes(name))).toEqual([])
        expect(optional.filter((name) => needed.includes(name))).toEqual([])
        expect(new Set(needed).size).toBe(needed.length)
      }),
    )
  })

  it.each(['update', 'prepare_verification', 'attempt_verification'] as const)(
    'is over for %s once it ends',
    (move) => {
      const settings = withSettings({})
      expect(next(signUpMoves, 'complete', move, nothing, settings)).toMatchObject({ code: 'client_state_invalid' })
      expect(next(signUpMoves, 'abandoned', move, nothing, settings)).toMatchObject({
        code: 'sign_up_outdated_verification',
      })
    },
  )
})
