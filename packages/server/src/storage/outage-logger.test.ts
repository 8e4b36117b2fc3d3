import { expect, it } from 'vitest'
import { quietInOutages } from './outage-logger.js'
import { DatabaseUnavailable } from './unavailable.js'

function recordingLogger() {
  const lines: [level: string, fields: object, message: string][] = []
  const at = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message])
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}

it('an outage of the database is one line a minute of each kind, without a stack', () => {
  const { lines, logger } = recordingLogger()
  let now = 1_000_000
  const quiet = quietInOutages(logger, { now: () => now })
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  const down = () => new DatabaseUnavailable(cause.message, 'ECONNREFUSED', { cause })
  for (let second = 0; second < 90; second += 2, now += 2000) {
    quiet.warn({ err: down(), job: 'sweep' }, 'A periodic job failed')
    quiet.warn({ err: down() }, 'Queued messages could not be read')
  }
  const told = { code: 'ECONNREFUSED', reason: 'connect ECONNREFUSED 127.0.0.1:5432' }
  expect(lines.filter(([level]) => level === 'warn')).toEqual([
    ['warn', { job: 'sweep', ...told }, 'A periodic job failed'],
    ['warn', told, 'Queued messages could not be read'],
    ['warn', { job: 'sweep', ...told, alsoSinceTheLastLine: 29 }, 'A periodic job failed'],
    ['warn', { ...told, alsoSinceTheLastLine: 29 }, 'Queued messages could not be read'],
  ])
})

it('whatever else fails keeps its line and its stack', () => {
  const { lines, logger } = recordingLogger()
  const quiet = quietInOutages(logger, { now: () => 0 })
  const error = new Error('something else')
  quiet.warn({ err: error }, 'A periodic job failed')
  quiet.warn({ err: error }, 'A periodic job failed')
  quiet.error({ err: new DatabaseUnavailable('down', 'X') }, 'The request failed')
  expect(lines).toEqual([
    ['warn', { err: error }, 'A periodic job failed'],
    ['warn', { err: error }, 'A periodic job failed'],
    ['error', { err: expect.any(DatabaseUnavailable) }, 'The request failed'],
  ])
})
