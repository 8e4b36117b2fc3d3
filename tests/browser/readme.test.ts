import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readyLines } from '../../packages/cli/src/ready-lines.js'
import { executablePath, useChromium } from './chromium.test-support.js'
import { continueWith, enterCode, expectQuiet } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PAGE =
  '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/main.jsx"></script>'

describe.skipIf(!executablePath)('the README', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()

  it('shows how an empty Vite application signs people up, with the lines that "latchkey dev" prints', async () => {
    const [, snippet = ''] = /```jsx\n([\s\S]+?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    const [, ...provider] = readyLines(latchkey.instance, { dependencies: { '@clerk/react': '^6.18.0' } })
    const main = snippet.replace(/<ClerkProvider .*>/, provider.join('\n'))
    expect(main).toContain(latchkey.instance.publishableKey)
    const own = snippet.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('//'))
    expect(own.length).toBeLessThanOrEqual(10)

    mkdirSync(join(root, '.build'), { recursive: true })
    const folder = mkdtempSync(join(root, '.build/readme-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'index.html'), PAGE)
    writeFileSync(join(folder, 'main.jsx'), main)
    const built = await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      plugins: [react()],
      build: { write: false, minify: false },
    })
    const { output } = built as Extract<typeof built, { output: unknown }>
    const files = new Map(output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]))
    const server = createServer((request, response) => {
      const path = request.url === '/' ? '/index.html' : (request.url ?? '')
      response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'text/html')
      response.end(files.get(path))
    }).listen(0, 'localhost')
    onTestFinished(() => void server.close())
    await once(server, 'listening')

    const visitor = await chromium.visit()
    await visitor.page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    await visitor.page.locator('input[name=identifier]').fill('ada@example.com')
    await visitor.page.getByRole('button', { name: 'Continue', exact: true }).click()
    await visitor.page.locator('input[name=emailAddress]').waitFor()
    await continueWith(visitor, 'Password', 'a quiet harbour at dusk')
    await enterCode(visitor, await latchkey.codeTo('ada@example.com'))
    await visitor.page.getByText('ada@example.com').waitFor()
    await visitor.page.getByRole('button', { name: 'Open user menu' }).waitFor()
    await visitor.picture('readme')
    expectQuiet(visitor)
  })
})
