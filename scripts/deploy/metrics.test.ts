import { expect, it } from 'vitest'
import { createServer } from '../../packages/server/src/index.js'
import { read } from './names.js'

const URL = 'http://localhost:4400'

it.runIf(process.platform === 'linux')(
  'docs/operation.md describes every metric, and none that is not there',
  async () => {
    const server = await createServer()
    const { key } = await server.admin.createOperatorKey('test')
    const scrape = async () =>
      (await server.fetch(new Request(`${URL}/metrics`, { headers: { authorization: `Bearer ${key}` } }))).text()
    // Until the first look at the metrics of the process is over, those of garbage collection have no value.
    await scrape()
    const found = [...(await scrape()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!)
    await server.close()

    const documented = [...read('docs/operation.md').matchAll(/`((?:latchkey|process|nodejs)_\w+)`/g)].map(
      ([, name]) => name!,
    )
    expect([...new Set(documented)].toSorted()).toEqual([...new Set(found)].toSorted())
  },
)
