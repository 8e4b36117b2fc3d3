import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveApi } from './api.test-support.js'
import { createProject, type Project } from './project.test-support.js'
import { SEEN } from './seen.test-support.js'

const executablePath = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path))
if (!executablePath) console.warn('Skipped: there is no Chromium. Set CHROMIUM to its path.')
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A script may not set the cookies of a request: it is one of nobody. */
const IN_A_BROWSER = { ...SEEN, requests: { ...SEEN.requests, cookie: SEEN.requests.nobody } }

describe.skipIf(!executablePath)('the installed package in a browser', () => {
  let project: Project
  let api: Awaited<ReturnType<typeof serveApi>>
  let browser: Browser
  beforeAll(async () => {
    ;[project, api, browser] = await Promise.all([
      createProject(),
      serveApi(),
      chromium.launch({ executablePath, args }),
    ])
  })
  afterAll(async () => {
    await browser.close()
    api.close()
    project.remove()
  })

  /** A page of the API's own origin, with scripts in it. */
  async function openPage(...scripts: { content?: string; path?: string }[]): Promise<Page> {
    const page = await browser.newPage()
    await page.goto(`${api.url}/page`)
    for (const script of scripts) await page.addScriptTag(script)
    return page
  }

  it('works as a module of a bundle', async () => {
    const page = await openPage({ content: await project.bundle('on-edge.mjs', ['browser'], 'iife') })
    expect(await page.evaluate(`exercise(${JSON.stringify(api.url)})`)).toEqual(IN_A_BROWSER)
  })

  it('works as a plain script', async () => {
    const umd = { path: join(project.folder, 'node_modules/@latchkey/backend/dist/umd.cjs') }
    const page = await openPage(umd, { content: await project.bundle('on-edge.mjs', ['browser'], 'iife') })
    expect(await page.evaluate(`exerciseUmd(LatchkeyBackend, ${JSON.stringify(api.url)})`)).toEqual(IN_A_BROWSER)
  })
})
