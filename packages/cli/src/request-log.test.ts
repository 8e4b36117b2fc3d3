import { describe, expect, it } from 'vitest'
import { isLogged, isShown, requestLine } from './request-log.js'

const answered = {
  requestId: 'trace',
  method: 'GET',
  operationId: 'GetUser',
  path: undefined,
  status: 200,
  ms: 3.4,
  callerId: null,
  errorCodes: [] as string[],
}
const beside = (path: string, status = 200) => ({ ...answered, operationId: undefined, path, status })

describe('a request in the terminal', () => {
  it('is one line, with what went wrong', () => {
    const plain = { isColoured: false }
    expect(requestLine(answered, plain)).toBe('200 GET GetUser 3 ms')
    expect(requestLine({ ...answered, status: 404, errorCodes: ['resource_not_found'] }, plain)).toBe(
      '404 GET GetUser 3 ms resource_not_found',
    )
    expect(requestLine({ ...answered, status: 400, errorCodes: ['not_implemented'] }, plain)).toBe(
      '400 GET GetUser 3 ms is not served yet',
    )
    expect(requestLine(beside('/nowhere', 404), plain)).toBe('404 GET /nowhere 3 ms')
  })

  it('has the colour of its outcome', () => {
    const colour = (status: number, errorCodes: string[] = []) => {
      const line = requestLine({ ...answered, status, errorCodes }, { isColoured: true })
      const [before, start, end] = line.split('\u001B')
      expect([before, end]).toEqual(['', '[39m'])
      return start!.slice(1, start!.indexOf('m'))
    }
    expect([colour(200), colour(307), colour(422), colour(503), colour(400, ['not_implemented'])]).toEqual([
      '32',
      '32',
      '33',
      '31',
      '35',
    ])
  })

  it('is not shown for what pages load by themselves', () => {
    const paths = ['/npm/@clerk/clerk-js@6/dist/clerk.browser.js', '/images/x', '/inbox', '/inbox/events', '/readyz']
    expect([...paths, '/i/ins_1/npm/x'].filter((path) => isShown(beside(path)))).toEqual([])
    for (const path of ['/sign-in', '/nowhere', '/npmx']) expect(isShown(beside(path))).toBe(true)
    expect([isShown(beside('/inbox', 500)), isShown(answered)]).toEqual([true, true])
  })
})

describe('a request in the log', () => {
  it('is left out where a probe was answered well', () => {
    expect(['/livez', '/readyz', '/metrics'].filter((path) => isLogged(beside(path)))).toEqual([])
    for (const one of [beside('/readyz', 503), beside('/images/x'), answered]) expect(isLogged(one)).toBe(true)
  })
})
