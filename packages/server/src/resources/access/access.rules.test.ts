import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultRestrictions, type RestrictionSettings } from '../../instances/settings/restrictions.js'
import { emailAddress } from '../../lib/identifiers/index.js'
import {
  blockingPatterns,
  decideAccess,
  sharesMailbox,
  type AccessQuestion,
  type CheckedIdentifier,
} from './access.rules.js'
import { parsePattern, patternsFor } from './identifier-patterns.rules.js'

const signUp: AccessQuestion = { act: 'sign_up', by: 'person', invited: false }
const invited: AccessQuestion = { act: 'sign_up', by: 'person', invited: true }
const adds: AccessQuestion = { act: 'add_identifier', by: 'person' }
const made: AccessQuestion = { act: 'sign_up', by: 'backend' }
const given: AccessQuestion = { act: 'add_identifier', by: 'backend' }
const signIn: AccessQuestion = { act: 'sign_in', by: 'person', madeByBackend: false }
const signInMade: AccessQuestion = { act: 'sign_in', by: 'person', madeByBackend: true }

const ada: CheckedIdentifier = {
  type: 'email_address',
  identifier: 'ada@example.com',
  onAllowlist: false,
  onBlocklist: false,
  disposable: false,
  mailboxTaken: false,
  test: false,
}
const username: CheckedIdentifier = { ...ada, type: 'username', identifier: 'ada_l' }

type Mode = 'public' | 'restricted' | 'waitlist'

function decide(
  question: AccessQuestion,
  identifiers: Partial<CheckedIdentifier> | readonly CheckedIdentifier[],
  restrictions: Partial<RestrictionSettings> = {},
  mode: Mode = 'public',
): string {
  const all = Array.isArray(identifiers) ? identifiers : [{ ...ada, ...identifiers }]
  const settings = { signUp: { mode }, restrictions: { ...defaultRestrictions, ...restrictions } }
  return decideAccess(question, all, settings)?.reason ?? 'allowed'
}

/** Who may, by question: what stands beside each is the answer to it. */
function answers(
  identifier: Partial<CheckedIdentifier>,
  restrictions: Partial<RestrictionSettings> = {},
  mode: Mode = 'public',
) {
  const ask = (question: AccessQuestion) => decide(question, identifier, restrictions, mode)
  return {
    signUp: ask(signUp),
    invited: ask(invited),
    adds: ask(adds),
    made: ask(made),
    given: ask(given),
    signIn: ask(signIn),
    signInMade: ask(signInMade),
  }
}

const everything = {
  signUp: 'allowed',
  invited: 'allowed',
  adds: 'allowed',
  made: 'allowed',
  given: 'allowed',
  signIn: 'allowed',
  signInMade: 'allowed',
}
const allow = { allowlist: true }
const block = { blocklist: true }
const both = { allowlist: true, blocklist: true }
const notAtSignIn = { allowlistBlocklistDisabledOnSignIn: true }
const listed = { onAllowlist: true }
const blocked = { onBlocklist: true }
const no = 'not_allowed'

describe('the decision who may', () => {
  it.each<[string, Partial<CheckedIdentifier>, Partial<RestrictionSettings>, Mode, Partial<typeof everything>]>([
    ['anybody in an open instance', {}, {}, 'public', {}],
    ['nobody new without an invitation in the restricted mode', {}, {}, 'restricted', { signUp: 'mode_restricted' }],
    ['nobody new without an invitation in the waitlist mode', {}, {}, 'waitlist', { signUp: 'mode_waitlist' }],
    ['those on the allow-list', listed, allow, 'public', {}],
    [
      'nobody else but the invited and those the application made',
      {},
      allow,
      'public',
      { signUp: no, adds: no, signIn: no },
    ],
    [
      'anybody at sign-in where lists end before it',
      {},
      { ...allow, ...notAtSignIn },
      'public',
      { signUp: no, adds: no },
    ],
    ['anybody while the lists are off', { ...listed, ...blocked }, {}, 'public', {}],
    [
      'nobody on the block-list, invited or made by the application',
      blocked,
      block,
      'public',
      { signUp: no, invited: no, adds: no, signIn: no, signInMade: no },
    ],
    [
      'at sign-in those on the block-list where lists end before it',
      blocked,
      { ...block, ...notAtSignIn },
      'public',
      { signUp: no, invited: no, adds: no },
    ],
    ['those on both lists', { ...listed, ...blocked }, both, 'public', {}],
    [
      'nobody on the block-list whose entry of the allow-list is switched off',
      { ...listed, ...blocked },
      block,
      'public',
      { signUp: no, invited: no, adds: no, signIn: no, signInMade: no },
    ],
    [
      'none of the blocked who were invited past the allow-list',
      blocked,
      both,
      'public',
      { signUp: no, invited: no, adds: no, signIn: no, signInMade: no },
    ],
    [
      'nobody at a disposable domain, but users whom the application gives one',
      { disposable: true },
      { blockDisposableEmailDomains: true },
      'public',
      { signUp: 'disposable', invited: 'disposable', adds: 'disposable' },
    ],
    ['anybody at a disposable domain where these are allowed', { disposable: true }, {}, 'public', {}],
    [
      'a test address at a disposable domain',
      { disposable: true, test: true },
      { blockDisposableEmailDomains: true },
      'public',
      {},
    ],
    [
      'nobody with the mailbox of another, whoever asks',
      { mailboxTaken: true },
      { blockEmailSubaddresses: true },
      'public',
      {
        signUp: 'mailbox_taken',
        invited: 'mailbox_taken',
        adds: 'mailbox_taken',
        made: 'mailbox_taken',
        given: 'mailbox_taken',
      },
    ],
    [
      'nobody with the mailbox of another by dots, whoever asks',
      { mailboxTaken: true },
      { ignoreDotsForGmailAddresses: true },
      'public',
      {
        signUp: 'mailbox_taken',
        invited: 'mailbox_taken',
        adds: 'mailbox_taken',
        made: 'mailbox_taken',
        given: 'mailbox_taken',
      },
    ],
    ['anybody with the mailbox of another where none is compared', { mailboxTaken: true }, {}, 'public', {}],
    ['a test address', { mailboxTaken: true, test: true }, { blockEmailSubaddresses: true }, 'public', {}],
    ['a test address only if a list does', { test: true }, allow, 'public', { signUp: no, adds: no, signIn: no }],
  ])('lets in %s', (_, identifier, restrictions, mode, refused) => {
    expect(answers(identifier, restrictions, mode)).toEqual({ ...everything, ...refused })
  })

  it('asks each identifier, and names those that stand in the way', () => {
    const grace = { ...ada, identifier: 'grace@example.com' }
    const settings = { signUp: { mode: 'public' as const }, restrictions: { ...defaultRestrictions, allowlist: true } }

    expect(decideAccess(signUp, [{ ...ada, onAllowlist: true }, grace], settings)).toEqual({
      reason: 'not_allowed',
      identifiers: ['grace@example.com'],
    })
    expect(decideAccess(signUp, [ada, grace], settings)).toEqual({
      reason: 'not_allowed',
      identifiers: ['ada@example.com', 'grace@example.com'],
    })
  })

  it('asks no list for a username, which does not stand for somebody on the allow-list either', () => {
    expect(decide(signUp, [username, { ...ada, onAllowlist: true }], allow)).toBe('allowed')
    expect(decide(signUp, [username], allow)).toBe('not_allowed')
    expect(decide(signUp, [], allow)).toBe('not_allowed')
    expect(decide(invited, [username], allow)).toBe('allowed')
    expect(decide(signUp, [username], block)).toBe('allowed')
  })

  it('speaks of the mode first, then of lists, domains and mailboxes', () => {
    const worst = { onBlocklist: true, disposable: true, mailboxTaken: true }
    const strict = { blocklist: true, blockDisposableEmailDomains: true, blockEmailSubaddresses: true }

    expect(decide(signUp, worst, strict, 'restricted')).toBe('mode_restricted')
    expect(decide(signUp, worst, strict)).toBe('not_allowed')
    expect(decide(signUp, { ...worst, onBlocklist: false }, strict)).toBe('disposable')
    expect(decide(signUp, { mailboxTaken: true }, strict)).toBe('mailbox_taken')
  })

  const boolean = fc.boolean()
  const identifier = fc.record({
    type: fc.constantFrom(
      'email_address' as const,
      'phone_number' as const,
      'web3_wallet' as const,
      'username' as const,
    ),
    identifier: fc.string(),
    onAllowlist: boolean,
    onBlocklist: boolean,
    disposable: boolean,
    mailboxTaken: boolean,
    test: boolean,
  })
  const settings = fc.record({
    signUp: fc.record({ mode: fc.constantFrom('public' as const, 'restricted' as const, 'waitlist' as const) }),
    restrictions: fc.record({
      allowlist: boolean,
      blocklist: boolean,
      allowlistBlocklistDisabledOnSignIn: boolean,
      blockEmailSubaddresses: boolean,
      blockDisposableEmailDomains: boolean,
      ignoreDotsForGmailAddresses: boolean,
    }),
  })
  const questions = [signUp, invited, adds, made, given, signIn, signInMade]
  const question = fc.constantFrom(...questions)
  const identifiers = fc.array(identifier, { maxLength: 4 })

  it('never refuses the Backend API for a mode, a list or a domain', () => {
    fc.assert(
      fc.property(fc.constantFrom(made, given), identifiers, settings, (asked, all, set) => {
        expect([undefined, 'mailbox_taken']).toContain(decideAccess(asked, all, set)?.reason)
      }),
    )
  })

  it('never asks more of the invited, of sign-in, or of users whom the application made', () => {
    fc.assert(
      fc.property(identifiers, settings, (all, set) => {
        const may = (asked: AccessQuestion) => decideAccess(asked, all, set) === undefined
        if (may(signUp)) expect([may(invited), may(signIn), may(made), may(adds)]).toEqual([true, true, true, true])
        if (may(signIn)) expect(may(signInMade)).toBe(true)
      }),
    )
  })

  it('never refuses more when an entry joins the allow-list, nor less when one joins the block-list', () => {
    fc.assert(
      fc.property(question, identifiers, settings, (asked, all, set) => {
        const may = (change: Partial<CheckedIdentifier>) =>
          decideAccess(
            asked,
            all.map((each) => ({ ...each, ...change })),
            set,
          ) === undefined
        if (may({ onAllowlist: false })) expect(may({ onAllowlist: true })).toBe(true)
        if (may({ onBlocklist: true })) expect(may({ onBlocklist: false })).toBe(true)
      }),
    )
  })

  it('names only identifiers that were asked about', () => {
    fc.assert(
      fc.property(question, identifiers, settings, (asked, all, set) => {
        const refusal = decideAccess(asked, all, set)
        const names = refusal && 'identifiers' in refusal ? refusal.identifiers : []
        for (const name of names) expect(all.map((each) => each.identifier)).toContain(name)
      }),
    )
  })
})

describe('a wildcard', () => {
  const matches = (entry: string, address: string) =>
    patternsFor('email_address', address).includes(parsePattern(entry).pattern)

  it.each([
    ['*@example.com', 'ada@example.com', true],
    ['example.com', 'ada@example.com', true],
    ['*@example.com', 'ada@mail.example.com', false],
    ['*@example.com', 'ada@notexample.com', false],
    ['*@example.com', 'ada@example.com.evil.org', false],
    ['*@*.example.com', 'ada@mail.example.com', true],
    ['*@*.example.com', 'ada@a.b.c.example.com', true],
    ['*@*.example.com', 'ada@example.com', false],
    ['*@*.example.com', 'ada@mail.notexample.com', false],
    ['*@*.edu', 'ada@mit.edu', true],
    ['*@*.edu', 'ada@example.com', false],
    ['john*@example.com', 'john.doe@example.com', false],
    ['john*@example.com', 'john*@example.com', true],
    ['ada@example.com', 'ada+x@example.com', false],
  ])('%j stands for %j: %j', (entry, address, expected) => {
    expect(matches(entry, address)).toBe(expected)
  })

  it('stands for an address exactly if its domain says so', () => {
    const label = fc.constantFrom('a', 'b', 'ab', 'co', 'com', 'example')
    const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'))
    fc.assert(
      fc.property(domain, domain, (entry, at) => {
        fc.pre(emailAddress(`x@${entry}`).ok && emailAddress(`x@${at}`).ok)
        expect(matches(`*@${entry}`, `x@${at}`)).toBe(at === entry)
        expect(matches(`*@*.${entry}`, `x@${at}`)).toBe(at.endsWith(`.${entry}`))
      }),
    )
  })
})

describe('an entry of the block-list', () => {
  const blocks = (entry: string, address: string) =>
    blockingPatterns('email_address', address).includes(parsePattern(entry).pattern)

  it.each([
    ['ada@example.com', 'ada+x@example.com', true],
    ['ada@example.com', 'ada=x@example.com', true],
    ['ada@example.com', 'ada#x@example.com', true],
    ['ada@example.com', 'ada-x@example.com', false],
    ['ada@yahoo.com', 'ada-x@yahoo.com', true],
    ['ada@gmail.com', 'a.da@gmail.com', false],
    ['ada+x@example.com', 'ada@example.com', false],
    ['ada+x@example.com', 'ada+y@example.com', false],
    ['ada@example.com', 'adah@example.com', false],
    ['*@example.com', 'ada+x@example.com', true],
  ])('%j blocks %j: %j', (entry, address, expected) => {
    expect(blocks(entry, address)).toBe(expected)
  })
})

describe('two addresses', () => {
  const tags = { ...defaultRestrictions, blockEmailSubaddresses: true }
  const dots = { ...defaultRestrictions, ignoreDotsForGmailAddresses: true }

  it.each([
    ['ada@example.com', 'ada+x@example.com', true, false],
    ['ada+y@example.com', 'ada+x@example.com', true, false],
    ['a.da@gmail.com', 'ada@gmail.com', true, true],
    ['a.da+x@gmail.com', 'ada@googlemail.com', true, false],
    ['a.da+x@gmail.com', 'ada+x@googlemail.com', true, true],
    ['a.da@example.com', 'ada@example.com', false, false],
    ['ada@example.com', 'ada@example.org', false, false],
    ['ada@example.com', 'ada@example.com', false, false],
  ])('%j and %j are one mailbox with blocked subaddresses: %j, with ignored dots: %j', (a, b, byTags, byDots) => {
    expect([sharesMailbox(a, b, tags), sharesMailbox(b, a, tags)]).toEqual([byTags, byTags])
    expect([sharesMailbox(a, b, dots), sharesMailbox(b, a, dots)]).toEqual([byDots, byDots])
    expect(sharesMailbox(a, b, defaultRestrictions)).toBe(false)
  })
})
