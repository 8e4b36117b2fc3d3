import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The vendor's packages that the suite's own code imports, and others in the versions of the suite's repository. */
const VENDOR = ['backend', 'shared', 'testing', 'clerk-js', 'ui']
const OTHERS = [
  '@faker-js/faker',
  '@playwright/test',
  'chalk',
  'dotenv',
  'execa',
  'fs-extra',
  'get-port',
  'http-proxy',
  'http-server',
  'jsonwebtoken',
  'tree-kill',
  'uuid',
]

/** Packages that the vendor's others depend on. Of two versions in one application the types do not fit together. */
const BENEATH = ['backend', 'react', 'shared']

/** Templates, and the vendor's packages that their presets add. */
const TEMPLATES = {
  'react-vite': ['react', 'shared', 'ui', 'clerk-js'],
  'next-app-router': ['nextjs', 'shared', 'ui'],
  'express-vite': ['express', 'clerk-js', 'ui'],
  'hono-vite': ['hono', 'clerk-js', 'ui'],
  'fastify-vite': ['fastify', 'clerk-js', 'ui'],
  'vue-vite': ['vue', 'localizations'],
}

/**
 * Copies the suite's helpers, templates and the named test files, and installs what they need. A copy that is there
 * is used again.
 *
 * @param {{ from: string, work: string, files: string[] }} options `from`: a work tree, or a git directory without one
 */
export function prepareSuite({ from, work, files }) {
  const read = reader(from)
  const suite = join(work, 'suite')
  mkdirSync(suite, { recursive: true })
  const parts = ['constants.ts', 'models', 'playwright.config.ts', 'presets', 'scripts', 'templates', 'testUtils']
  const tests = [...files.map((file) => `${file}.test.ts`), 'global.setup.ts', 'global.teardown.ts']
  const all = [...parts, 'tsconfig.json', 'types.d.ts', ...tests.map((file) => `tests/${file}`)]
  read.copy(
    all.map((part) => `integration/${part}`),
    suite,
  )
  const root = JSON.parse(read.text('package.json'))
  const vendorPackages = (names) =>
    names.map((name) => {
      const { version } = JSON.parse(read.text(`packages/${name}/package.json`))
      return [`@clerk/${name}`, available(`@clerk/${name}`, version)]
    })
  install(suite, () => ({
    name: 'vendor-suite',
    private: true,
    dependencies: Object.fromEntries([
      ...vendorPackages(VENDOR),
      ...OTHERS.map((name) => [name, root.devDependencies[name]]),
    ]),
  }))
  waitForSlowPages(join(suite, 'node_modules/@clerk/testing/dist/playwright/unstable'))
  for (const [template, names] of Object.entries(TEMPLATES)) {
    const folder = join(work, 'packages', template)
    const manifest = JSON.parse(readFileSync(join(suite, 'integration/templates', template, 'package.json'), 'utf8'))
    const isNeeded = ([name]) => !name.includes('eslint')
    install(folder, () => ({
      ...manifest,
      dependencies: { ...manifest.dependencies, ...Object.fromEntries(vendorPackages(names)) },
      devDependencies: Object.fromEntries(Object.entries(manifest.devDependencies ?? {}).filter(isNeeded)),
      overrides: Object.fromEntries(vendorPackages(BENEATH)),
    }))
  }
  writeTools(work, suite)
  return suite
}

/** An application that is compiled page by page takes longer for its first than the 20 s of this helper, on two cores. */
function waitForSlowPages(folder) {
  for (const file of ['index.js', 'index.mjs']) {
    const code = readFileSync(join(folder, file), 'utf8')
    writeFileSync(join(folder, file), code.replace('.timeout??2e4', '.timeout??9e4'))
  }
}

/** The published version, or else the newest that may replace it: not every build of the repository is published. */
function available(name, version) {
  const { stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' })
  return stdout.trim() === '' ? `^${version}` : version
}

/** @param {() => object} manifest asked only if nothing is installed yet */
function install(folder, manifest) {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return
  console.error(`Installing ${folder}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest(), null, 2))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--force', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  })
}

/** Whether it is a work tree, or a git directory without one. */
export function isRepository(folder) {
  return ['integration', 'HEAD'].some((name) => existsSync(join(folder, name)))
}

function reader(from) {
  if (existsSync(join(from, 'integration'))) {
    return {
      text: (path) => readFileSync(join(from, path), 'utf8'),
      copy: (paths, to) => {
        for (const path of paths) {
          if (existsSync(join(from, path))) cpSync(join(from, path), join(to, path), { recursive: true })
        }
      },
    }
  }
  const git = (args, options) => execFileSync('git', ['--git-dir', from, ...args], { maxBuffer: 2 ** 30, ...options })
  return {
    text: (path) => git(['show', `HEAD:${path}`], { encoding: 'utf8' }),
    copy: (paths, to) => execFileSync('tar', ['x', '-C', to], { input: git(['archive', 'HEAD', ...paths]) }),
  }
}

/** Commands that stand before others in the path, and a configuration with the Chromium of this machine. */
function writeTools(work, suite) {
  const bin = join(work, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const name of ['pnpm', 'pkglab']) {
    // A link that an earlier run left may lead to a copy of this repository that is gone.
    rmSync(join(bin, name), { force: true })
    symlinkSync(fileURLToPath(new URL('pnpm.mjs', import.meta.url)), join(bin, name))
  }
  writeFileSync(join(work, 'fonts.cjs'), FONTS)
  writeFileSync(join(suite, 'integration/latchkey.config.ts'), CONFIG)
}

/** Next.js asks a foreign host for fonts otherwise. */
const FONTS = `module.exports = new Proxy({}, {
  get: () => "@font-face { font-family: 'Inter'; font-style: normal; font-weight: 100 900; src: local('sans-serif') }",
})
`

const CONFIG = `import { defineConfig, devices } from '@playwright/test';
import { common } from './playwright.config';

export default defineConfig({
  ...common,
  reporter: [['list'], ['json', { outputFile: process.env.VENDOR_SUITE_REPORT }]],
  outputDir: process.env.VENDOR_SUITE_RESULTS,
  workers: Number(process.env.E2E_WORKERS),
  // A machine that does other things too is slow, and nothing here measures time.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: { ...common.use, actionTimeout: 40_000, trace: process.env.VENDOR_SUITE_TRACE ?? 'off' },
  projects: [
    { name: 'setup', testMatch: /global\\.setup/, teardown: 'teardown', timeout: 600_000 },
    { name: 'teardown', testMatch: /global\\.teardown/ },
    {
      name: 'chrome',
      use: {
        ...devices['Desktop Chrome'],
        launchOptions: {
          executablePath: process.env.VENDOR_SUITE_CHROMIUM,
          args: ['--host-resolver-rules=' + process.env.VENDOR_SUITE_HOSTS],
        },
      },
      dependencies: ['setup'],
    },
  ],
});
`
