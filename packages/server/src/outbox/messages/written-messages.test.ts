import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { system } from '../../kernel/caller.js'
import { sampleData } from '../../resources/templates/templates.rules.js'
import { servicesOf } from '../../resources/users/user-parts.test-support.js'
import { useTestServer } from '../../server.test-support.js'
import { descriptions } from './descriptions.js'
import { languages, type Language } from './languages/index.js'
import { TestSmtpServer } from './smtp-server.test-support.js'
import { partsOf } from './sms-parts.js'
import { word } from './wording.js'

const mails = descriptions.filter(({ channel }) => channel === 'email')
const keysOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner).map((name) => `${key}.${name}`)])
    : []

describe('the languages of messages', () => {
  it.each(languages.map((language) => [language.tag, language] as const))('say everything in %s', (_, language) => {
    expect(keysOf(language).sort()).toEqual(keysOf(languages[0]).sort())
    for (const { channel, slug } of descriptions) expect(language[channel]).toHaveProperty(slug)
    for (const text of Object.values(language.email)) expect(text.preview.length).toBeLessThanOrEqual(90)
  })

  it.each(languages.map((language) => [language.tag, language] as const))(
    'send text messages in one part in %s',
    (_, language) => {
      for (const description of descriptions.filter(({ channel }) => channel === 'sms')) {
        const data = { ...sampleData(description), app: { name: 'N'.repeat(20) } }
        const { channel, slug, code } = description
        const { body } = word({ channel, slug, data, language, host: 'h'.repeat(24) })
        expect([slug, partsOf(body)]).toEqual([slug, 1])
        if (code) expect(body.split('\n').at(-1)).toBe(`@${'h'.repeat(24)} #123456`)
        if (code) {
          const long = word({ channel, slug, data, language, host: 'h'.repeat(120) })
          expect(long.body).not.toContain('@')
        }
      }
    },
  )
})

describe('each mail in each language', () => {
  const smtp = new TestSmtpServer()
  beforeAll(() => smtp.start())
  afterAll(() => smtp.stop())
  const server = useTestServer('sqlite', {
    get mail() {
      return { smtpUrl: smtp.url, from: 'app.example.com' }
    },
  })

  const sendAll = async (language: Language) => {
    const { outbox, context } = await servicesOf(server)
    await context.transaction(system('test'), async (tx) => {
      for (const description of mails) {
        const { slug } = description
        const address = `${slug}@${language.tag}.example`
        const recipient = { address, identificationId: null, userId: null, locale: `${language.tag}-XX` }
        await outbox.send(recipient, { channel: 'email', slug, values: () => sampleData(description) }, tx)
      }
    })
    const isHere = ({ to }: { to: string[] }) => to[0]!.endsWith(`@${language.tag}.example`)
    await expect.poll(() => smtp.received.filter(isHere).length).toBe(mails.length)
    return mails.map(({ slug }) => smtp.to(`${slug}@${language.tag}.example`)[0]!)
  }

  it.each(languages.map((language) => [language.tag, language] as const))(
    'arrives whole in %s',
    async (tag, language) => {
      const received = await sendAll(language)

      for (const [index, { headers, parsed, text, body }] of received.entries()) {
        const { slug, code, button } = mails[index]!
        expect(headers).toMatchObject({
          'content-language': tag,
          'auto-submitted': 'auto-generated',
          'x-auto-response-suppress': 'All',
          'content-type': expect.stringMatching(/^multipart\/alternative;/),
          from: expect.stringContaining('<notifications@app.example.com>'),
        })
        expect(headers['message-id']).toBe(`<${headers['x-entity-ref-id']}@app.example.com>`)
        expect(headers).not.toHaveProperty('list-unsubscribe')
        expect(headers).not.toHaveProperty('reply-to')
        expect(`${parsed.subject} ${text} ${body}`).not.toMatch(/\{\{|undefined|\[object|null/)
        expect(body).toContain(`<html lang="${tag}" dir="${language.direction}">`)
        expect(body.length).toBeLessThan(30_000)
        expect(body.match(/<h1/g)).toHaveLength(1)
        const links = [...body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))
        expect(links.every((link) => text.split('\n').includes(link))).toBe(true)
        expect(links.length > 0).toBe(button !== undefined)
        if (code === undefined) continue
        expect(text.split('\n')).toContain('123456')
        expect(parsed.subject).toMatch(/^123456 /)
        expect([slug, body.match(/>123456<\/td>/g)?.length]).toEqual([slug, 1])
      }
      const texts = received.map(({ parsed, text }) => `${parsed.subject}\n\n${text}`).join('\n\n---\n\n')
      await expect(`${texts}\n`).toMatchFileSnapshot(`./snapshots/${tag}.txt`)
    },
    90_000,
  )
})

describe('what strangers write', () => {
  it('is no link, no markup and no other header in the mail of somebody else', () => {
    const [english] = languages
    const data = {
      ...sampleData(mails.find(({ slug }) => slug === 'organization_invitation')!),
      app: { name: 'Acme' },
      org: { name: '<script>alert(1)</script>\r\nBcc: a@example.com' },
    }
    const { subject, body } = word({ channel: 'email', slug: 'organization_invitation', data, language: english! })
    expect(subject).not.toMatch(/[\r\n]/)
    expect(body).not.toContain('<script')
  })

  it('of an override cannot loop for long, grow large, or reach a prototype', () => {
    const [english] = languages
    const data = {
      otp_code: '123456',
      app: { name: 'Acme' },
      list: Array.from({ length: 3000 }, () => 'x'.repeat(3000)),
    }
    const override = {
      subject: null,
      fromEmailName: null,
      replyToEmailName: null,
      deliveredByClerk: true,
      disabledAt: null,
    }
    const withBody = (body: string) =>
      word({ channel: 'email', slug: 'verification_code', data, language: english!, override: { ...override, body } })
    const loops = '{{#each list}}{{#each ../list}}{{this}}{{/each}}{{/each}}'
    for (const tooMuch of [loops, '{{list}}'.repeat(2000), `{{#each list}}${'{{../otp_code}}'.repeat(500)}{{/each}}`]) {
      // The server's own wording takes its place.
      expect(withBody(tooMuch)).toMatchObject({ isOwn: false, body: expect.stringContaining('>123456</td>') })
    }
    expect(withBody('a{{constructor}}{{__proto__.x}}{{app.toString}}{{missing.value}}b').body).toBe('ab')
    expect(withBody('<p>Hi <a href="https://a.example/?x=1&amp;y=2">there</a></p><script>x</script>').bodyPlain).toBe(
      'Hi there: https://a.example/?x=1&y=2\n',
    )
  })
})
