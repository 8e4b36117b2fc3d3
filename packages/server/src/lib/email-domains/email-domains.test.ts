import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  baseAddress,
  isCommonProvider,
  isDisposableDomain,
  isHostingDomain,
  mailboxOf,
  publicSuffix,
  registrableDomain,
  withoutGmailDots,
} from './index.js'

describe('a domain', () => {
  it.each([
    ['example.com', 'com', 'example.com'],
    ['mail.example.co.uk', 'co.uk', 'example.co.uk'],
    ['a.b.my-app.github.io', 'github.io', 'my-app.github.io'],
    ['github.io', 'github.io', undefined],
    ['co.uk', 'co.uk', undefined],
    ['xn--bcher-kva.example', 'example', 'xn--bcher-kva.example'],
    ['localhost', 'localhost', undefined],
    ['127.0.0.1', undefined, undefined],
  ])('%j has the public suffix %j and was registered as %j', (domain, suffix, registered) => {
    expect([publicSuffix(domain), registrableDomain(domain)]).toEqual([suffix, registered])
  })

  it.each([
    ['my-app.vercel.app', true],
    ['vercel.app', true],
    ['deep.my-app.github.io', true],
    ['example.com', false],
    ['vercel.com', false],
  ])('%j is a hosting provider’s: %j', (domain, expected) => {
    expect(isHostingDomain(domain)).toBe(expected)
  })

  it.each([
    ['mailinator.com', true],
    ['any.thing.mailinator.com', true],
    ['about-mailinator.example', false],
    ['mailinator.com.example.org', false],
    ['gmail.com', false],
    ['example.com', false],
    ['com', false],
  ])('%j is disposable: %j', (domain, expected) => {
    expect(isDisposableDomain(domain)).toBe(expected)
  })

  it.each([
    ['gmail.com', true],
    ['yahoo.co.uk', true],
    ['hotmail.fr', true],
    ['mail.yahoo.com', true],
    ['privaterelay.appleid.com', true],
    ['yahoo.example.com', false],
    ['notgmail.com', false],
    ['example.com', false],
    ['localhost', false],
  ])('%j is a common provider’s: %j', (domain, expected) => {
    expect(isCommonProvider(domain)).toBe(expected)
  })
})

describe('a mailbox', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['ada+news@example.com', 'ada@example.com'],
    ['ada=news#x+y@example.com', 'ada@example.com'],
    ['ada-news@example.com', 'ada-news@example.com'],
    ['ada-news@yahoo.com', 'ada@yahoo.com'],
    ['ada-news@yahoo.co.uk', 'ada@yahoo.co.uk'],
    ['ada-news@ymail.com', 'ada@ymail.com'],
    ['ada-news@yahoo.example.com', 'ada-news@yahoo.example.com'],
    ['+ada@example.com', '+ada@example.com'],
    ['a.da@gmail.com', 'a.da@gmail.com'],
  ])('of %j has the base address %j', (address, base) => {
    expect(baseAddress(address)).toBe(base)
  })

  it.each([
    ['a.d.a@gmail.com', 'ada@gmail.com'],
    ['a.da+x.y@googlemail.com', 'ada+xy@gmail.com'],
    ['a.da@example.com', 'a.da@example.com'],
  ])('of %j without dots is %j', (address, expected) => {
    expect(withoutGmailDots(address)).toBe(expected)
  })

  const address = fc
    .tuple(
      fc.stringMatching(/^[a-z+=#.-]{1,12}$/),
      fc.constantFrom('example.com', 'gmail.com', 'googlemail.com', 'yahoo.com'),
    )
    .map(([name, domain]) => `${name}@${domain}`)

  it('is the same however often it is asked for, and for each narrower form', () => {
    fc.assert(
      fc.property(address, (text) => {
        const mailbox = mailboxOf(text)
        expect(mailboxOf(mailbox)).toBe(mailbox)
        expect(mailboxOf(baseAddress(text))).toBe(mailbox)
        expect(baseAddress(baseAddress(text))).toBe(baseAddress(text))
      }),
    )
  })
})
