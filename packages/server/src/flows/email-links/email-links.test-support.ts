import { expect } from 'vitest'
import { contractFolder } from '../../../../../tests/contract/contract.test-support.js'
import type { TestBrowser } from '../../browser.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import type { TestServer } from '../../server.test-support.js'

export const PAGE = 'http://localhost:3000/verify?tab=1'
export const LINKS = {
  attributes: {
    email_address: { firstFactors: ['email_code', 'email_link'], verifications: ['email_code', 'email_link'] },
    password: { enabled: true, required: false },
  },
}

/** Who opens a link: a browser while developing, or one with cookies. */
interface Opener {
  browser?: TestBrowser
  cookie?: string
}

/** The links of a server's mail, as browsers open them. */
export function linksOf(server: TestServer) {
  const eventTypes = async () => {
    const events = await server.events()
    return contractFolder === undefined ? events.map(({ type }) => type) : typesAsDescribed(events)
  }
  const link = async () => (await server.messages()).at(-1)!.data!['magic_link'] as string
  const cookieOf = ({ browser, cookie }: Opener): Record<string, string> =>
    browser ? { cookie: `__clerk_db_jwt=${browser.token}` } : cookie === undefined ? {} : { cookie }
  /** As it is opened from the mail: the browser, if it is one of ours, has its token in a cookie of the host. */
  const look = (url: string, opener: Opener = {}) => server.fetch(url, { headers: cookieOf(opener) })
  /** And sends the form of the page that comes, as the page or a person does. */
  const open = async (url: string, opener: Opener = {}) => {
    const answer = await look(url, opener)
    if (answer.status !== 200) return answer
    const page = await answer.text()
    const action = /<form[^>]* method="post" action="([^"]*)"/.exec(page)![1]!
    const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    return server.fetch(action, {
      method: 'POST',
      headers: { origin: new URL(action).origin, ...cookieOf(opener) },
      body: new URLSearchParams(fields.map(([, name, value]) => [name!, value!])),
    })
  }
  const landing = (answer: Response) => {
    expect(answer.status).toBe(303)
    const { origin, pathname, searchParams } = new URL(answer.headers.get('location')!)
    expect(`${origin}${pathname}`).toBe('http://localhost:3000/verify')
    expect(searchParams.get('tab')).toBe('1')
    return Object.fromEntries([...searchParams].filter(([name]) => name.startsWith('__clerk')))
  }
  return { eventTypes, link, look, open, landing }
}
