import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { descriptions } from '../../packages/server/src/outbox/messages/descriptions.js'
import { languages, type Language } from '../../packages/server/src/outbox/messages/languages/index.js'
import { toDurationText, toTimeText } from '../../packages/server/src/outbox/messages/values.js'
import { commonData, word } from '../../packages/server/src/outbox/messages/wording.js'
import { sampleData } from '../../packages/server/src/resources/templates/templates.rules.js'
import { executablePath, useChromium } from './chromium.test-support.js'

const NOW = Date.UTC(2026, 7, 30, 12, 14)
const HOUR = 60 * 60 * 1000
const WIDTHS = [375, 640]
const SCHEMES = ['light', 'dark'] as const
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="140" height="32"><circle cx="16" cy="16" r="14" fill="#0b7a4b"/><text x="40" y="22" font-family="sans-serif" font-size="18" fill="#222">Logo</text></svg>`

const mails = descriptions.filter(({ channel }) => channel === 'email')
const application = {
  name: 'Tea & Co',
  domainName: 'tea.example',
  url: 'https://tea.example',
  logoUrl: null,
  primaryColor: null,
  supportEmail: 'help@tea.example',
}

/** The HTML of each mail, as somebody with that language gets it. @param more values in place of the samples */
function written(language: Language, more: Record<string, unknown> = {}, app = application) {
  const time = toTimeText(NOW, language)
  return mails.map((description) => {
    const samples = sampleData(description)
    const own = {
      ...samples,
      requested_at: time,
      session_created_at: time,
      locked_date: time,
      unlock_time: toTimeText(NOW + HOUR, language),
      lockout_duration: toDurationText(HOUR, language),
      expires_in: toDurationText(30 * 24 * HOUR, language),
      sign_in_method: language.methods['password'],
      ...more,
    }
    const fitting = Object.fromEntries(Object.entries(own).filter(([name]) => Object.hasOwn(samples, name)))
    const { slug } = description
    const data = { ...commonData(app, NOW), ...fitting }
    return { slug, html: word({ channel: 'email', slug, data, language }).body }
  })
}

/** What reaches beyond the window, what a button or a code wraps into, and room that a phone does not have. */
function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide`] : []
    const beyond = [...document.querySelectorAll('.card *')].flatMap((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      const isOut = width > 0 && (left < -0.5 || right > clientWidth + 0.5)
      return isOut ? [`${element.tagName} from ${left} to ${right}`] : []
    })
    const wrapped = [...document.querySelectorAll('.button a, .code')].flatMap((element) => {
      const range = document.createRange()
      range.selectNodeContents(element)
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
      return lines.size > 1 ? [`${element.className || element.tagName} has ${lines.size} lines`] : []
    })
    const unused = clientWidth - document.querySelector('.card')!.getBoundingClientRect().width
    const narrow = clientWidth <= 600 && unused > 24 ? [`${unused} pixels beside the card are unused`] : []
    return [...wide, ...beyond, ...wrapped, ...narrow]
  })
}

describe.skipIf(!executablePath)('mail in a browser', () => {
  const chromium = useChromium()

  const open = async () => {
    const visitor = await chromium.visit({ bypassCSP: true })
    await visitor.page.route('https://example.com/logo.png', (route) =>
      route.fulfill({ contentType: 'image/svg+xml', body: LOGO }),
    )
    return visitor
  }

  it.each(languages.map((language) => [language.tag, language] as const))(
    'fits a phone and a window, and axe finds nothing, by day and by night, in %s',
    async (tag, language) => {
      const { page, picture, foreign, errors } = await open()
      const found: string[] = []
      for (const { slug, html } of written(language)) {
        await page.setContent(html, { waitUntil: 'load' })
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme })
          for (const width of WIDTHS) {
            const name = `mail-${tag}-${slug}-${width}-${colorScheme}`
            await page.setViewportSize({ width, height: 800 })
            found.push(...(await findOverflow(page)).map((what) => `${name}: ${what}`))
            await picture(name)
          }
          await page.evaluate(axe.source)
          const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
          const broken = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node.html.slice(0, 120)}`))
          found.push(...broken.map((what) => `${slug} ${colorScheme}: ${what}`))
        }
      }
      expect(found).toEqual([])
      expect(errors).toEqual([])
      expect(foreign.filter((url) => url !== 'https://example.com/logo.png')).toEqual([])
    },
    600_000,
  )

  it.each(languages.map((language) => [language.tag, language] as const))(
    'fits with the longest names and links, in %s',
    async (tag, language) => {
      const { page, picture } = await open()
      const name = 'Longwordwithoutanyspace'.repeat(4)
      const url = `https://app.example.com/v1/verify?token=${'abcdefghij'.repeat(40)}`
      const more = {
        magic_link: url,
        action_url: url,
        revoke_session_url: url,
        inviter_name: name,
        org: { name },
        passkey_name: name,
        email_address: `${name}@${'sub.'.repeat(20)}example.com`,
        primary_email_address: `${name}@example.com`,
        new_email_address: `${name}@example.org`,
        requested_from: '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
        ip_address: '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
      }
      const found: string[] = []
      for (const { slug, html } of written(language, more, { ...application, name })) {
        await page.setContent(html, { waitUntil: 'load' })
        for (const width of [320, 375]) {
          await page.setViewportSize({ width, height: 800 })
          found.push(...(await findOverflow(page)).map((what) => `${slug} ${width}: ${what}`))
        }
        await picture(`mail-long-${tag}-${slug}`)
      }
      expect(found).toEqual([])
    },
  )
})
