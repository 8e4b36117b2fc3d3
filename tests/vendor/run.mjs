// npm run vendor-suite -- --suite PATH [OPTIONS]: the vendor's public browser suite against this server.
// tests/vendor/README.md says more.
//
//   --suite PATH       a work tree of clerk/javascript, or a git directory without one
//   --work PATH        where the copy and its packages go; default: a folder for temporary files
//   --chromium PATH    the browser; default: CHROMIUM, or /usr/bin/chromium
//   --application ID   only the files of this application; null for those that build their own; may be given several times
//   --file NAME        only this file; may be given several times
//   --grep TEXT        only cases whose title has it
//   --trace            keeps Playwright's traces of cases that fail
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPrograms } from '../../scripts/build.mjs'
import { groups } from './files.mjs'
import { startGateway } from './gateway.mjs'
import { hostOf, keys } from './profiles.mjs'
import { casesOf, printTable } from './report.mjs'
import { Servers } from './servers.mjs'
import { isRepository, prepareSuite } from './suite.mjs'

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'latchkey-vendor-suite') },
    chromium: { type: 'string', default: process.env.CHROMIUM ?? '/usr/bin/chromium' },
    application: { type: 'string', multiple: true },
    file: { type: 'string', multiple: true },
    grep: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
})
if (!values.suite) {
  console.error('Give the suite: npm run vendor-suite -- --suite PATH. --help lists the options.')
  process.exit(2)
}
if (!isRepository(values.suite)) {
  console.error(`${values.suite} is neither a work tree of clerk/javascript nor a git directory`)
  process.exit(2)
}

const work = resolve(values.work)
const chosen = groups
  .filter(({ application }) => !values.application || values.application.includes(String(application)))
  .map((group) => ({ ...group, files: group.files.filter((file) => !values.file || values.file.includes(file)) }))
  .filter(({ files }) => files.length > 0)

await buildPrograms()
mkdirSync(join(work, 'logs'), { recursive: true })
const allFiles = [...new Set(groups.flatMap(({ files }) => files))]
const suite = prepareSuite({ from: resolve(values.suite), work, files: allFiles })
const servers = new Servers(join(work, 'logs'))
const gateway = await startGateway({ folder: work, suite, servers })
const cases = []
let playwright
for (const signal of ['SIGINT', 'SIGTERM']) {
  // Playwright ends its applications and browsers itself when it is interrupted, and then this program goes on to its end.
  process.on(signal, () => playwright?.kill('SIGINT'))
}
try {
  for (const group of chosen) {
    cases.push(...(await runGroup(group)))
    if (playwright.exitCode === 130) break
  }
} finally {
  await gateway.stop()
  await servers.stop()
}
process.exitCode = printTable(cases) ? 0 : 1

/** @returns what became of each case */
async function runGroup({ application, files }) {
  console.error(`\n${application ?? 'files that build their own application'}: ${files.join(', ')}`)
  const report = join(work, 'report.json')
  const temporary = join(work, 'tmp')
  rmSync(report, { force: true })
  // Applications of the group before may still write.
  rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 })
  mkdirSync(temporary, { recursive: true })
  playwright = spawn(
    process.execPath,
    [
      join(suite, 'node_modules/@playwright/test/cli.js'),
      'test',
      '--config',
      'integration/latchkey.config.ts',
      ...(values.grep ? ['--grep', values.grep] : []),
      ...files.map((file) => `tests/${file}.test.ts`.replaceAll('.', '\\.')),
    ],
    {
      cwd: suite,
      // A group of its own, so that it ends with its browsers and applications.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        PATH: [join(work, 'bin'), process.env.PATH].join(delimiter),
        HOME: process.env.HOME,
        TMPDIR: temporary,
        ...(application === null ? {} : { E2E_APP_ID: application }),
        // Two applications that are compiled at once keep pages waiting for longer than the files do.
        E2E_WORKERS: process.env.E2E_WORKERS ?? (application === null ? '1' : '2'),
        INTEGRATION_INSTANCE_KEYS: JSON.stringify(keys),
        // For an application whose secret key is not in its environment, where its file runs without the others.
        CLERK_FAPI: hostOf('with-email-codes'),
        E2E_APP_CLERK_JS: `${gateway.url}/clerk-js/clerk.browser.js`,
        E2E_APP_CLERK_UI: `${gateway.url}/ui/ui.browser.js`,
        NODE_OPTIONS: `--require ${join(import.meta.dirname, 'redirect.cjs')}`,
        NODE_EXTRA_CA_CERTS: gateway.certificateFile,
        NEXT_TELEMETRY_DISABLED: '1',
        NEXT_FONT_GOOGLE_MOCKED_RESPONSES: join(work, 'fonts.cjs'),
        VENDOR_SUITE_TLS_PORT: String(gateway.tlsPort),
        VENDOR_SUITE_PACKAGES: join(work, 'packages'),
        VENDOR_SUITE_REPORT: report,
        ...(values.trace ? { VENDOR_SUITE_TRACE: 'retain-on-failure' } : {}),
        VENDOR_SUITE_RESULTS: join(work, 'results'),
        VENDOR_SUITE_CHROMIUM: values.chromium,
        VENDOR_SUITE_HOSTS: [
          `MAP *.accounts.dev:443 127.0.0.1:${gateway.tlsPort}`,
          `MAP clerk.com:443 127.0.0.1:${gateway.tlsPort}`,
          `MAP clerk.com:80 127.0.0.1:${new URL(gateway.url).port}`,
          // The host that one file takes for this machine.
          'MAP lclclerk.com 127.0.0.1',
        ].join(', '),
      },
    },
  )
  await once(playwright, 'exit')
  if (!existsSync(report)) throw new Error(`Playwright wrote no report for ${application}`)
  return casesOf(JSON.parse(readFileSync(report, 'utf8')), application)
}
