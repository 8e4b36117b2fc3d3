import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { useLatchkey } from '../packages/cli/src/latchkey.test-support.js'
import { root } from './setup.mjs'

const quickstart = /```js\n([^]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))![1]!

describe('the lines of the README', () => {
  const latchkey = useLatchkey()

  it.each(['@latchkey/backend', '@clerk/backend'])('work with %s', async (sdk) => {
    const server = await latchkey.serve(['dev'])
    // Below the repository, where both packages are found.
    const folder = join(root, '.build')
    const file = join(folder, `quickstart-${process.pid}.mjs`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, quickstart.replace('@latchkey/backend', sdk))
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [file], {
        env: { CLERK_API_URL: server.apiUrl, CLERK_SECRET_KEY: server.secretKey },
      })
      expect(stdout).toMatch(/^true /)
    } finally {
      rmSync(file)
    }
    await server.stop()
  })
})

it('the README says how many operations are served', () => {
  const [readme, supported] = ['README.md', 'SUPPORTED.md'].map((file) => readFileSync(join(root, file), 'utf8'))
  const counts = (api: string) => new RegExp(`\\| ${api} API \\| (\\d+) \\| (\\d+) \\|`).exec(supported!)!
  const [, backend, servedOfBackend] = counts('Backend')
  const [, frontend, servedOfFrontend] = counts('Frontend')
  expect(readme!.replaceAll(/\s+/g, ' ')).toContain(
    `It serves ${servedOfBackend} of the ${backend} operations of the Backend API and ${servedOfFrontend} of the ${frontend} of the Frontend API`,
  )
})
