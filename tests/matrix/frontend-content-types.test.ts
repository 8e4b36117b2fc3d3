import { describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { PIXEL } from '../../packages/server/src/transfer/seed/everything.test-support.js'
import { goodForm, newPerson, sendAs, settings, typed, type Person } from './frontend-world.test-support.js'

type FrontendEndpoint = (typeof frontendEndpoints)[number]
type Form = Record<string, string>

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'

/** Operations that take a body, those that change somebody's session or attempt last. */
const withForms = frontendEndpoints.filter(({ bodyFields, method }) => bodyFields.size > 0 && method !== 'GET')
const withFiles = frontendEndpoints.filter(({ file }) => file)

interface Encoding {
  /** null sends no `Content-Type`. */
  type: string | null
  body(form: Form, endpoint: FrontendEndpoint): BodyInit
}

const urlencoded = (form: Form) => new URLSearchParams(form).toString()
const bytesOf = (text: string) => new TextEncoder().encode(text)
const toJson = (form: Form, endpoint: FrontendEndpoint) => JSON.stringify(typed(form, endpoint))
const multipart = (form: Form) => {
  const parts = Object.entries(form).map(
    ([name, text]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
  )
  return `${parts.join('')}--b--\r\n`
}

/** As docs/frontend-api/requests.md has it. */
const read: Readonly<Record<string, Encoding>> = {
  'a form that names its charset': { type: `${FORM};charset=UTF-8`, body: urlencoded },
  'a form that names its type in capitals': {
    type: 'Application/X-WWW-Form-Urlencoded; Charset="utf-8"',
    body: urlencoded,
  },
  JSON: { type: JSON_TYPE, body: toJson },
  'JSON of another kind': { type: 'application/vnd.api+json; charset=utf-8', body: toJson },
}

const refused: Readonly<Record<string, Encoding & { answer: string }>> = {
  'plain text': { type: 'text/plain;charset=UTF-8', body: urlencoded, answer: '415 unsupported_content_type' },
  'plain text that is JSON': { type: 'text/plain', body: toJson, answer: '415 unsupported_content_type' },
  'multipart/form-data': {
    type: 'multipart/form-data; boundary=b',
    body: multipart,
    answer: '415 unsupported_content_type',
  },
  'multipart/form-data without a boundary': {
    type: 'multipart/form-data',
    body: multipart,
    answer: '415 unsupported_content_type',
  },
  'bytes of no type': { type: 'application/octet-stream', body: urlencoded, answer: '415 unsupported_content_type' },
  'a body without a type': {
    type: null,
    body: (form) => bytesOf(urlencoded(form)) as BodyInit,
    answer: '415 unsupported_content_type',
  },
  'a type that is none': { type: 'form', body: urlencoded, answer: '415 unsupported_content_type' },
  'two types': { type: `${JSON_TYPE}, ${FORM}`, body: urlencoded, answer: '415 unsupported_content_type' },
  'a form in another charset': {
    type: `${FORM};charset=iso-8859-1`,
    body: urlencoded,
    answer: '415 unsupported_content_type',
  },
  'JSON in another charset': {
    type: `${JSON_TYPE};charset=utf-16`,
    body: toJson,
    answer: '415 unsupported_content_type',
  },
  'a form that says it is JSON': { type: JSON_TYPE, body: urlencoded, answer: '400 request_body_invalid' },
  'JSON that says it is a form': { type: FORM, body: toJson, answer: '400 request_body_invalid' },
  'a list that says it is a form': {
    type: FORM,
    body: (form, one) => `[${toJson(form, one)}]`,
    answer: '400 request_body_invalid',
  },
  'a list': { type: JSON_TYPE, body: (form, one) => `[${toJson(form, one)}]`, answer: '400 request_body_invalid' },
  'a form that is not UTF-8': {
    type: FORM,
    body: (form) => `${urlencoded(form)}&name=%ff`,
    answer: '400 request_body_invalid',
  },
  'a form of bytes that are not UTF-8': {
    type: FORM,
    body: (form) => Buffer.concat([Buffer.from(`${urlencoded(form)}&name=`), Buffer.of(0xe4)]) as unknown as BodyInit,
    answer: '400 request_body_invalid',
  },
}

/** Types that a body of no bytes can have. */
const types = [FORM, JSON_TYPE, 'text/plain', 'multipart/form-data; boundary=b', 'application/octet-stream']

describe.each(dialects)('bodies of operations of the Frontend API on %s', (dialect) => {
  const server = useTestServer(dialect)

  const send = (endpoint: FrontendEndpoint, person: Person, type: string | null, body: BodyInit, form: Form = {}) => {
    const { token } = person.browserOf(endpoint)
    return sendAs(server, endpoint, { token, path: person.pathOf(endpoint), form, body: { type, content: body } })
  }
  const outcomeOf = ({ status, code }: { status: number; code: string | null }) => `${status} ${code ?? 'good'}`

  const rows = async () => {
    const found: string[] = []
    for (const { name } of tables) {
      const { read: database } = server.server.database
      const all = await database
        .selectFrom(name as 'users')
        .selectAll()
        .execute()
      found.push(...all.map((row) => `${name} ${JSON.stringify(row)}`))
    }
    return found.sort()
  }

  it('are refused in any other encoding, and then nothing changes', { timeout: 240_000 }, async () => {
    await configure(server, settings)
    const person = await newPerson(server)
    const before = await rows()
    expect(withForms.length).toBeGreaterThan(40)
    const wrong: string[] = []
    for (const [what, { type, body, answer }] of Object.entries(refused)) {
      for (const endpoint of withForms) {
        const form = { ...goodForm(endpoint, person), unknown_parameter: '1' }
        const found = outcomeOf(await send(endpoint, person, type, body(form, endpoint)))
        if (found !== answer) wrong.push(`${endpoint.operationId} with ${what}: ${found}, not ${answer}`)
      }
    }
    expect(wrong).toEqual([])
    expect(await rows()).toEqual(before)
  })

  it.each(Object.keys(read))('are read as a form is: %s', { timeout: 240_000 }, async (what) => {
    await configure(server, settings)
    const [plain, other] = [await newPerson(server), await newPerson(server)]
    const wrong: string[] = []
    for (const endpoint of inOrder(withForms)) {
      const { type, body } = read[what]!
      const expected = await send(endpoint, plain, FORM, urlencoded(goodForm(endpoint, plain)))
      const found = await send(endpoint, other, type, body(goodForm(endpoint, other), endpoint))
      if (outcomeOf(found) !== outcomeOf(expected))
        wrong.push(`${endpoint.operationId}: ${outcomeOf(found)}, not ${outcomeOf(expected)}`)
    }
    expect(wrong).toEqual([])
  })

  it('may be empty, whatever type they have', { timeout: 240_000 }, async () => {
    await configure(server, settings)
    const wrong: string[] = []
    const expected = await outcomes(await newPerson(server), null)
    for (const type of types) {
      const found = await outcomes(await newPerson(server), type)
      for (const [index, one] of found.entries()) if (one !== expected[index]) wrong.push(`${type}: ${one}`)
    }
    expect(wrong).toEqual([])
  })
  const outcomes = async (person: Person, type: string | null) => {
    const found: string[] = []
    for (const endpoint of inOrder(withForms)) {
      const body = new Uint8Array() as BodyInit
      found.push(`${endpoint.operationId} ${outcomeOf(await send(endpoint, person, type, body))}`)
    }
    return found
  }

  it('with a file are a form or its bytes, and anything else is refused and changes nothing', async () => {
    await configure(server, settings)
    const person = await newPerson(server)
    const before = await rows()
    const image = `--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`
    const bodies: [type: string | null, body: BodyInit, answer: string][] = [
      ['image/png', PIXEL as BodyInit, '415 unsupported_content_type'],
      [null, PIXEL as BodyInit, '415 unsupported_content_type'],
      [FORM, 'file=x', '415 unsupported_content_type'],
      [JSON_TYPE, '{"file":"x"}', '415 unsupported_content_type'],
      ['text/plain', 'x', '415 unsupported_content_type'],
      ['multipart/form-data', `${image}x\r\n--b--\r\n`, '400 request_body_invalid'],
      ['multipart/form-data; boundary=c', `${image}x\r\n--b--\r\n`, '400 request_body_invalid'],
      ['multipart/form-data; boundary=b', PIXEL as BodyInit, '400 request_body_invalid'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\ncontent-disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n',
        '400 form_param_missing',
      ],
      ['application/octet-stream', new Uint8Array() as BodyInit, '400 form_param_missing'],
    ]
    const wrong: string[] = []
    for (const endpoint of withFiles) {
      for (const [type, body, answer] of bodies) {
        const found = outcomeOf(await send(endpoint, person, type, body))
        if (found !== answer) wrong.push(`${endpoint.operationId} with ${type}: ${found}, not ${answer}`)
      }
    }
    expect(wrong).toEqual([])
    expect(await rows()).toEqual(before)
  })
})

/** What ends the person's session comes last. */
function inOrder(endpoints: readonly FrontendEndpoint[]): FrontendEndpoint[] {
  const ends = ({ path }: FrontendEndpoint) => Number(path.startsWith('/client') || path.includes('/sessions/'))
  return endpoints.toSorted((a, b) => ends(a) - ends(b))
}
